import { Draft } from '../../../src/domain/plan/draft.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { createEmptyUnit } from '../../../src/domain/unit/state.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { readNextReshId, readVersions } from '../../../src/store/change/units.ts';
import { advanceReshIdSequence, writeChange } from '../../../src/store/change/write-change.ts';
import { changeEntry } from '../builders/change-entry.ts';
import { homeClinic, type ChangingWorld } from './changing-world.ts';
import { versionRow } from '../builders/version-row.ts';
import { expectAccepted } from '../mutations/change-assertions.ts';
import { lastYear } from './days.ts';

/** A department to add. */
interface DepartmentInput {
  readonly name: string;
  /** RESH-id of the parent, or the name of an earlier department */
  readonly under: number | string;
  readonly from?: Day;
  readonly validTo?: Day;
}

/** Adds two wards with a room each. */
export function addTwoWards(world: ChangingWorld, under: number = homeClinic) {
  return addUnits(world, {
    east: { name: 'East', under },
    west: { name: 'West', under },
    eastRoom: { name: 'East room', under: 'east' },
    westRoom: { name: 'West room', under: 'west' },
  });
}

/** Adds a ward that closed a year ago and reopens on the day of the tests, and another unit. */
export async function addReopenedWard(world: ChangingWorld) {
  const { ward, other } = await addUnits(world, {
    ward: { name: 'Ward', under: homeClinic },
    other: { name: 'Other', under: homeClinic },
  });
  const operator = world.as('operator');
  expectAccepted(await operator.closeUnit({ reshId: ward, effectiveOn: lastYear }));
  expectAccepted(await operator.reopenUnit({ reshId: ward }));
  return { ward, other };
}

/** Adds departments to a world as one change, by default from 2020 on, and returns their RESH-ids. */
export async function addUnits<Name extends string>(
  { database }: Pick<ChangingWorld, 'database'>,
  departments: Readonly<Record<Name, DepartmentInput>>,
): Promise<Record<Name, number>> {
  const ids: Record<string, number> = {};
  const entry = changeEntry();
  await database.bulk((session) =>
    recordChange(session, entry, async (revision, transaction) => {
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
        draft.set(reshId, { versions: [versionRow({ name, parentReshId, from, to: validTo })] });
        ids[key] = reshId;
        reshId += 1;
      }
      const writes = draft.buildWriteSet();
      await writeChange(transaction, revision, writes);
      advanceReshIdSequence(transaction, writes);
    }),
  );
  return ids;
}
