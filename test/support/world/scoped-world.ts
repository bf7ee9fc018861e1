import { Draft } from '../../../src/domain/plan/draft.ts';
import type { GrantRow } from '../../../src/domain/plan/write-set.ts';
import { addDays } from '../../../src/domain/time/day.ts';
import { emptyFacts } from '../../../src/domain/unit/facts.ts';
import type { VersionRow } from '../../../src/domain/unit/state.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { readUnitStates } from '../../../src/store/change/units.ts';
import { advanceReshIdSequence, writeChange } from '../../../src/store/change/write-change.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../builders/change-entry.ts';
import { buildWorld, subjects, units, worldStart, worldDay } from './world.ts';

export const yesterday = addDays(worldDay, -1);
export const tomorrow = addDays(worldDay, 1);
/** Day on which the closed units of the world closed. */
export const closedOn = '2020-01-01';

/** Additional units: closed ones, one that left the north yesterday, a withdrawn one, and one that never existed. */
export const additionalUnits = {
  closedWard: 301,
  closedClinic: 302,
  closedSiblingClinic: 303,
  closedSouthClinic: 304,
  closedTrust: 305,
  closedSpecialist: 306,
  closedRegion: 307,
  moved: 310,
  withdrawn: 311,
  unknown: 999,
} as const;

/** All units that a test of permissions may name. */
export const allUnits = { ...units, ...additionalUnits };
export type ScopedUnitName = keyof typeof allUnits;

/**
 * Subjects without access: one without a grant, one whose grant begins tomorrow, and one whose grant ended yesterday.
 */
export const outsiders = { stranger: 'stranger', early: 'early', late: 'late' } as const;

/** A version of a unit in a test. */
export interface VersionInput {
  /** Parent, by name or RESH-id; may be added by the same change */
  readonly under: ScopedUnitName | number | null;
  readonly from?: string;
  readonly to?: string;
  readonly designation?: string;
  readonly type?: 'ORGANIZATION' | 'DEPARTMENT';
}

const entry = changeEntry();

const organization = { type: 'ORGANIZATION' } as const;

/** Fills an empty register with the world and the units above, at revisions 1 to 3. */
export async function buildScopedWorld(database: Database): Promise<void> {
  await buildWorld(database);
  await addUnitsAndGrants(
    database,
    {
      closedWard: { reshId: additionalUnits.closedWard, stays: closedVersion('clinic') },
      closedClinic: { reshId: additionalUnits.closedClinic, stays: closedVersion('northTrust') },
      closedSiblingClinic: { reshId: additionalUnits.closedSiblingClinic, stays: closedVersion('siblingTrust') },
      closedSouthClinic: { reshId: additionalUnits.closedSouthClinic, stays: closedVersion('southTrust') },
      closedTrust: { reshId: additionalUnits.closedTrust, stays: closedVersion('north', organization) },
      closedSpecialist: {
        reshId: additionalUnits.closedSpecialist,
        stays: closedVersion('north', { ...organization, designation: '61' }),
      },
      closedRegion: { reshId: additionalUnits.closedRegion, stays: closedVersion(null, organization) },
      moved: {
        reshId: additionalUnits.moved,
        stays: [
          { under: 'clinic', to: yesterday },
          { under: 'southClinic', from: yesterday },
        ],
      },
      withdrawn: { reshId: additionalUnits.withdrawn, stays: [{ under: 'southClinic' }] },
    },
    [
      { subject: outsiders.early, role: 'OPERATOR', reshId: null, from: tomorrow, to: null },
      { subject: outsiders.early, role: 'ADMINISTRATOR', reshId: units.north, from: tomorrow, to: null },
      { subject: outsiders.late, role: 'OPERATOR', reshId: null, from: worldStart, to: worldDay },
      { subject: outsiders.late, role: 'ADMINISTRATOR', reshId: units.north, from: worldStart, to: worldDay },
    ],
  );
  await database.bulk((session) =>
    recordChange(session, entry, async (revision, transaction) => {
      await transaction.query('update unit_version set superseded_rev = $1::integer where resh_id = $2::integer', [
        revision,
        additionalUnits.withdrawn,
      ]);
    }),
  );
}

/** Adds versions of units, and grants, as one change. */
export function addUnitsAndGrants(
  database: Database,
  newUnits: Readonly<Record<string, { readonly reshId: number; readonly stays: readonly VersionInput[] }>>,
  grants: readonly Omit<GrantRow, 'id'>[] = [],
): Promise<unknown> {
  return database.bulk((session) =>
    recordChange(session, entry, async (revision, transaction) => {
      const draft = new Draft([...(await readUnitStates(transaction, Object.values(allUnits))).values()]);
      for (const [name, { reshId, stays: versions }] of Object.entries(newUnits)) {
        draft.addUnit(reshId);
        draft.set(reshId, { versions: versions.map((version) => buildVersion(name, version)) });
      }
      draft.grants = { superseded: [], added: grants };
      const writes = draft.buildWriteSet();
      await writeChange(transaction, revision, writes);
      advanceReshIdSequence(transaction, writes);
    }),
  );
}

function buildVersion(name: string, versionInput: VersionInput): VersionRow {
  return {
    ...emptyFacts,
    from: versionInput.from ?? worldStart,
    to: versionInput.to ?? null,
    parentReshId: typeof versionInput.under === 'string' ? allUnits[versionInput.under] : versionInput.under,
    type: versionInput.type ?? 'DEPARTMENT',
    name,
    designationCode: versionInput.designation ?? null,
    path: [],
  };
}

function closedVersion(under: ScopedUnitName | null, overrides: Partial<VersionInput> = {}): VersionInput[] {
  return [{ under, to: closedOn, ...overrides }];
}

/** Returns the label of a unit in an authorization error. */
export function unitLabel(unit: ScopedUnitName): string {
  return `${allUnits[unit]} "${unit}"`;
}

/** Subjects in the tests of permissions; `nobody` sends no token. */
export const people = { nobody: undefined, ...subjects, ...outsiders } as const;
export type PersonKind = keyof typeof people;
