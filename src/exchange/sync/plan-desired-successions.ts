import type { Draft } from '../../domain/plan/draft.ts';
import { planSuccessions } from '../../domain/plan/successions.ts';
import { readSuccessionChains } from '../../store/change/successions.ts';
import { readUnitStates } from '../../store/change/units.ts';
import type { SqlClient } from '../../store/database/sql-client.ts';
import type { NewSuccession } from '../../domain/plan/write-set.ts';

/**
 * Plans the successions of a desired state, in addition to those that the register has. One that the register already
 * has is no change.
 *
 * @param draft plan of the units; its units have their desired states
 * @param successions checked successions
 */
export async function planDesiredSuccessions(
  client: SqlClient,
  draft: Draft,
  successions: readonly NewSuccession[],
): Promise<void> {
  if (successions.length === 0) return;
  const sources = new Set(successions.map(({ from }) => from));
  const unloaded = [...sources].filter((reshId) => !draft.has(reshId));
  if (unloaded.length > 0) for (const unit of (await readUnitStates(client, unloaded)).values()) draft.track(unit);
  const known = await readSuccessionChains(client, [...new Set(successions.flatMap(({ from, to }) => [from, to]))]);
  planSuccessions(draft, successions, known, ({ from, to }, problem) => {
    throw new Error(`The succession of unit ${from} by unit ${to} passed the checks in spite of ${problem}.`);
  });
}
