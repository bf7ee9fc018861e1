import type { Database } from '../../../src/store/database/database.ts';
import { recordState } from './record-state.ts';
import { emptyState, type Facts, type RegisterState, type DatedFacts } from './register-state.ts';

/** Facts over a period; `to` and facts that do not matter to a test may be left out. */
export type PeriodInput = Partial<Omit<Facts, 'parentReshId'>> & {
  readonly from: string;
  readonly to?: string;
  readonly under: number | null;
};

/** Records changes in sequence; each names the timelines that it replaces. */
export async function recordTimelineChanges(
  database: Database,
  changes: readonly Record<number, readonly PeriodInput[]>[],
  before: RegisterState = emptyState,
): Promise<RegisterState> {
  let state = before;
  for (const change of changes) {
    const nextState = replaceTimelines(state, change);
    await recordState(database, state, nextState);
    state = nextState;
  }
  return state;
}

/** Returns the state after replacing the whole timelines of some units; an empty timeline withdraws its unit. */
export function replaceTimelines(
  before: RegisterState,
  timelines: Record<number, readonly PeriodInput[]>,
): RegisterState {
  return {
    ...before,
    timelines: new Map([
      ...before.timelines,
      ...Object.entries(timelines).map(
        ([reshId, periods]) =>
          [Number(reshId), periods.map((period) => buildDatedFacts(Number(reshId), period))] as const,
      ),
    ]),
  };
}

function buildDatedFacts(reshId: number, { under, from, to, ...facts }: PeriodInput): DatedFacts {
  return {
    type: 'DEPARTMENT',
    name: `Unit ${reshId}`,
    shortName: null,
    organizationNumber: null,
    treatmentSiteNumber: null,
    ...facts,
    parentReshId: under,
    from,
    to: to ?? null,
  };
}
