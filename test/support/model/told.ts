import type { Database } from '../../../src/store/database/database.ts';
import { recordKnowledge } from './record.ts';
import { nothingKnown, type Facts, type Knowledge, type Stated } from './register.ts';

/** Facts over a period, as a story tells them: the end is left out while it is open, and of the facts what does not matter. */
export type Told = Partial<Omit<Facts, 'parentReshId'>> & {
  readonly from: string;
  readonly to?: string;
  readonly under: number | null;
};

const stated = (reshId: number, { under, from, to, ...facts }: Told): Stated => ({
  type: 'DEPARTMENT',
  name: `Unit ${reshId}`,
  shortName: null,
  organizationNumber: null,
  treatmentSiteNumber: null,
  ...facts,
  parentReshId: under,
  from,
  to: to ?? null,
});

/** What is known once some units' whole timelines are told anew; an empty one withdraws its unit. */
export const told = (before: Knowledge, timelines: Record<number, readonly Told[]>): Knowledge => ({
  ...before,
  timelines: new Map([
    ...before.timelines,
    ...Object.entries(timelines).map(
      ([reshId, periods]) => [Number(reshId), periods.map((period) => stated(Number(reshId), period))] as const,
    ),
  ]),
});

/** Records changes one after another, each naming the timelines it changes. */
export const recordStory = async (
  database: Database,
  changes: readonly Record<number, readonly Told[]>[],
  before: Knowledge = nothingKnown,
): Promise<Knowledge> => {
  let known = before;
  for (const change of changes) {
    const after = told(known, change);
    await recordKnowledge(database, known, after);
    known = after;
  }
  return known;
};
