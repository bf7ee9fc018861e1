import { Draft } from '../../../src/domain/plan/draft.ts';
import type { UnitType } from '../../../src/domain/unit/unit-type.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { readUnitStates } from '../../../src/store/change/units.ts';
import { writeChange } from '../../../src/store/change/write-change.ts';
import { changeEntry } from '../builders/change-entry.ts';
import type { ChangingWorld } from './changing-world.ts';

/** Changes the type of a unit on all of its days, as a synchronization may, and returns the revision. */
export async function changeType({ database }: ChangingWorld, reshId: number, type: UnitType): Promise<number> {
  const entry = changeEntry({ operation: 'SYNCHRONIZE' });
  const { revision } = await database.bulk((session) =>
    recordChange(session, entry, async (next, transaction) => {
      const draft = new Draft([...(await readUnitStates(transaction, [reshId])).values()]);
      const versions = draft.unit(reshId)?.versions ?? [];
      draft.set(reshId, { versions: versions.map((row) => ({ ...row, id: undefined, type })) });
      await writeChange(transaction, next, draft.buildWriteSet());
    }),
  );
  return revision;
}
