import { Draft } from '../../../src/domain/plan/draft.ts';
import type { Day } from '../../../src/domain/time/day.ts';
import { createEmptyUnit } from '../../../src/domain/unit/state.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { readNextReshId, readVersions } from '../../../src/store/change/units.ts';
import { advanceReshIdSequence, writeChange } from '../../../src/store/change/write-change.ts';
import { changeEntry } from '../builders/change-entry.ts';
import { homeClinic, type ChangingWorld } from './changing-world.ts';
import { versionRow } from '../builders/version-row.ts';

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
      await advanceReshIdSequence(transaction, writes);
    }),
  );
  return ids;
}
