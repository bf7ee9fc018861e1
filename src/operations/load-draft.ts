import { Draft } from '../domain/draft.ts';
import { readUnitStates } from '../store/change-reader.ts';
import type { ChangeTransaction } from '../store/ledger.ts';

/** A draft of the named units with all that is known of them; those that are unknown or withdrawn are not in it. */
export const loadDraft = async (
  tx: ChangeTransaction,
  reshIds: readonly (number | null | undefined)[],
): Promise<Draft> => {
  const ids = reshIds.filter((id) => typeof id === 'number');
  return new Draft([...(await readUnitStates(tx, ids)).values()]);
};
