import { expect } from 'vitest';
import { Draft } from '../../../src/domain/plan/draft.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { createEmptyUnit, type VersionRow } from '../../../src/domain/unit/state.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { readNextReshId, readVersions } from '../../../src/store/change/units.ts';
import { advanceReshIdSequence, writeChange } from '../../../src/store/change/write-change.ts';
import { homeClinic, expectUserErrors, type ChangingWorld } from './changing-world.ts';
import { createClient } from '../http/client.ts';
import { graphql } from '../generated/gql.ts';
import type { ChangeResponse, ChangePayload } from '../mutations/mutations.ts';
import { readTableDigests } from '../database/table-digests.ts';
import { subjects, worldDay } from './world.ts';

const successionsQuery = graphql(`
  query Became($reshId: ReshId!, $revision: Revision, $transitive: Boolean) {
    register(revision: $revision) {
      units(reshIds: [$reshId]) {
        outcome
        unit {
          seenOn
          predecessors(transitive: $transitive) {
            ...BecameEdge
          }
          successors(transitive: $transitive) {
            ...BecameEdge
          }
        }
      }
    }
  }

  fragment BecameEdge on Succession {
    from {
      reshId
    }
    to {
      reshId
    }
    kind
    extent
    effectiveOn
  }
`);

const viewerCanQuery = graphql(`
  query Rights($reshId: ReshId!) {
    unit(reshId: $reshId) {
      viewerCan {
        edit {
          allowed
        }
        addChild {
          allowed
        }
        grantAccess {
          allowed
        }
      }
    }
  }
`);

/** What a unit came from and became, each succession as `110 > 120 MERGE FULL 2027-01-01`. */
export async function readUnitSuccessions(
  { database }: ChangingWorld,
  reshId: number,
  options: { transitive?: boolean; revision?: number } = {},
): Promise<{ outcome: string | undefined; seenOn: Day | undefined; from: string[]; to: string[] }> {
  const client = createClient(database, { today: worldDay });
  const [found] = (await client.query(successionsQuery, { reshId, ...options })).register.units;
  const formatSuccession = ({
    from,
    to,
    kind,
    extent,
    effectiveOn,
  }: NonNullable<typeof found>['unit'] extends infer U
    ? NonNullable<U> extends { successors: (infer Edge)[] }
      ? Edge
      : never
    : never): string => `${from.reshId} > ${to.reshId} ${kind} ${extent} ${effectiveOn}`;
  return {
    outcome: found?.outcome,
    seenOn: found?.unit?.seenOn,
    from: (found?.unit?.predecessors ?? []).map(formatSuccession),
    to: (found?.unit?.successors ?? []).map(formatSuccession),
  };
}

/** Whether somebody may edit a unit today, create beneath it and grant access on it: one answer, as the three go together. */
export async function canEdit(
  { database }: ChangingWorld,
  subject: keyof typeof subjects,
  reshId: number,
): Promise<boolean | undefined> {
  const client = createClient(database, { today: worldDay, as: subjects[subject] });
  const can = (await client.query(viewerCanQuery, { reshId })).unit?.viewerCan;
  if (!can) return undefined;
  const { edit, addChild, grantAccess } = can;
  expect([addChild.allowed, grantAccess.allowed]).toEqual([edit.allowed, edit.allowed]);
  return edit.allowed;
}

/** Kinds of what happened to each unit, by RESH-id, with the day where it is not the change's. */
export function kindsByUnit({ impact }: Pick<ChangePayload, 'impact'>, day?: Day): Record<number, string> {
  return Object.fromEntries(
    (impact?.units ?? []).map(({ reshId, kinds, effectiveOn }) => [
      reshId,
      [...kinds, ...(day === undefined || effectiveOn === day ? [] : [effectiveOn])].join(' '),
    ]),
  );
}

/** What a person is told to mend, each as `CODE at path: message`. */
export function formatUserErrors(answer: ChangeResponse): string[] {
  return expectUserErrors(answer).map(
    ({ code, field, message }) => `${code} at ${(field ?? []).join('.')}: ${message}`,
  );
}

/** Codes of the errors at the field of a mutation that was not allowed. */
export function expectDenied({ payload, errors }: ChangeResponse): unknown[] {
  expect(payload).toBeNull();
  return errors.map(({ extensions }) => extensions?.['code']);
}

/** Runs something that is to write nothing, and looks whether it does. */
export async function expectNoWrites<Answer>(
  { database }: ChangingWorld,
  action: () => Promise<Answer>,
): Promise<Answer> {
  const rows = async () =>
    Object.fromEntries(Object.entries(await readTableDigests(database)).filter(([name]) => !name.endsWith('_seq')));
  const before = await rows();
  const answer = await action();
  expect(await rows()).toEqual(before);
  return answer;
}

const plainDepartment: Omit<VersionRow, 'name' | 'parentReshId' | 'from' | 'to'> = {
  type: 'DEPARTMENT',
  ...{ shortName: null, designationCode: null, designationText: null, organizationNumber: null },
  ...{ treatmentSiteNumber: null, responsiblePerson: null, path: [] },
};

/** A department that a test wants. */
interface DepartmentInput {
  readonly name: string;
  /** RESH-id of its parent, or which of those wanted before it is */
  readonly under: number | string;
  readonly from?: Day;
  readonly validTo?: Day;
}

/** Two wards with a room each. */
export function addTwoWards(world: ChangingWorld, under: number = homeClinic) {
  return addUnits(world, {
    east: { name: 'East', under },
    west: { name: 'West', under },
    eastRoom: { name: 'East room', under: 'east' },
    westRoom: { name: 'West room', under: 'west' },
  });
}

/** Adds departments to a world as one change, from 2020 on where no day is given; gives their RESH-ids. */
export async function addUnits<Name extends string>(
  { database }: ChangingWorld,
  departments: Readonly<Record<Name, DepartmentInput>>,
): Promise<Record<Name, number>> {
  const ids: Record<string, number> = {};
  const entry = { actor: { subject: 'test', name: 'Test' }, effectiveOn: null, reason: null, input: {} } as const;
  await database.bulk((session) =>
    recordChange(session, { ...entry, operation: 'DEMO' }, async (revision, transaction) => {
      const units = Object.entries<DepartmentInput>(departments);
      const parents = await readVersions(
        transaction,
        units.flatMap(([, { under }]) => (typeof under === 'number' ? [under] : [])),
      );
      const draft = new Draft([...parents].map(([reshId, versions]) => ({ ...createEmptyUnit(reshId), versions })));
      let reshId = await readNextReshId(transaction);
      for (const [key, { name, under, from = '2020-01-01', validTo = null }] of units) {
        const parentReshId = typeof under === 'number' ? under : (ids[under] ?? null);
        draft.addUnit(reshId);
        draft.set(reshId, { versions: [{ ...plainDepartment, name, parentReshId, from, to: validTo }] });
        ids[key] = reshId;
        reshId += 1;
      }
      const writes = draft.buildWriteSet();
      await writeChange(transaction, revision, writes);
      await advanceReshIdSequence(transaction, writes);
    }),
  );
  return ids;
}
