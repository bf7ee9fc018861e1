import type { Database } from '../../store/database/database.ts';
import { readExtractHistory, type HistoryRow } from '../../store/read/extract-history.ts';
import { createFactColumns, type Column } from './columns.ts';
import { pageThrough } from './page-through.ts';
import { prefetch } from './prefetch.ts';

/** Columns of unit-history.csv, in order. */
export const historyColumns = {
  resh_id: { description: 'RESH-id', value: ({ reshId }) => reshId },
  ...createFactColumns((row: HistoryRow) => row),
  path: {
    description: 'RESH-ids from the root to the unit itself, separated by slashes',
    value: ({ path }) => path.join('/'),
  },
  valid_from: { description: 'First day on which the facts hold', value: ({ from }) => from },
  valid_to: { description: 'First day on which they no longer hold; empty while open', value: ({ to }) => to },
  recorded_revision: { description: 'Revision that recorded the row', value: ({ recordedRev }) => recordedRev },
  recorded_at: { description: 'Instant of that revision', value: ({ recordedAt }) => recordedAt.toISOString() },
  superseded_revision: {
    description: 'Revision that superseded the row; empty if it is current',
    value: ({ supersededRev }) => supersededRev,
  },
  superseded_at: {
    description: 'Instant of that revision',
    value: ({ supersededAt }) => supersededAt?.toISOString() ?? null,
  },
} as const satisfies Record<string, Column<HistoryRow>>;

const ROWS_PER_PAGE = 2_000;

/**
 * Reads all versions at a revision, a page at a time. Rows are never removed, so the pages are consistent without a
 * transaction.
 */
export function streamHistoryPages(
  prisma: Database['prisma'],
  revision: number,
): AsyncGenerator<readonly HistoryRow[]> {
  return prefetch(
    pageThrough<HistoryRow>(ROWS_PER_PAGE, (after) => readExtractHistory(prisma, revision, after, ROWS_PER_PAGE)),
  );
}
