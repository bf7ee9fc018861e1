import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import { markRejected } from '../../store/staging/problems.ts';
import { stageProblems } from '../../store/staging/stage-rows.ts';
import { buildDesiredTree } from '../../store/sync/desired-tree.ts';
import { findSyncDifference, type SyncDifference } from '../../store/sync/difference.ts';
import type { SyncScope } from '../../store/sync/sync-scope.ts';
import { planSynchronization, type SynchronizationPlan } from './plan-synchronization.ts';

/** How the desired state differs from the register, with the plan that makes them equal. */
export interface Comparison {
  readonly difference: SyncDifference;
  readonly plan: SynchronizationPlan;
}

/**
 * Compares the desired state with the register, and plans the differences. If invalid rows are skipped, units in
 * conflict stay as they are, and the rest is compared again, until there is no conflict.
 */
export async function compareWithRegister(
  session: BulkSession,
  scope: SyncScope,
  { skipInvalid, today }: { readonly skipInvalid: boolean; readonly today: Day },
): Promise<Comparison> {
  const retained: number[] = [];
  let comparison = await compare(session, scope, retained, today);
  while (comparison.plan.conflicts.length > 0) {
    await stageConflicts(session, comparison);
    if (!skipInvalid) return comparison;
    retained.push(...comparison.plan.conflicts.map(({ reshId }) => reshId));
    await markRejected(session, 'units.csv');
    await buildDesiredTree(session, scope.day, scope.within);
    comparison = await compare(session, scope, retained, today);
  }
  return comparison;
}

async function compare(
  session: BulkSession,
  scope: SyncScope,
  retained: readonly number[],
  today: Day,
): Promise<Comparison> {
  const difference = await findSyncDifference(session, scope, retained);
  return { difference, plan: await planSynchronization(session, difference, scope, today) };
}

async function stageConflicts(session: BulkSession, { difference, plan }: Comparison): Promise<void> {
  const lines = new Map(difference.units.map(({ reshId, line }) => [reshId, line]));
  const problems = plan.conflicts.map(({ reshId, column, value, problem, remedy }) => ({
    file: 'units.csv' as const,
    line: lines.get(reshId) ?? null,
    column,
    value,
    problem,
    remedy,
  }));
  await stageProblems(session, problems);
}
