import type { Database } from '../../store/database/database.ts';
import { readExtractHistory, type HistoryRow } from '../../store/read/extract-history.ts';
import { column, createFactColumns, type Column } from './columns.ts';
import { pageThrough } from './page-through.ts';
import { prefetch } from './prefetch.ts';

/** Columns of unit-history.csv, in order. */
export const historyColumns = {
  resh_id: column('RESH-id', ({ reshId }) => reshId),
  ...createFactColumns((row: HistoryRow) => row),
  path: column('RESH-ids from the root to the unit itself, separated by slashes', ({ path }) => path.join('/')),
  valid_from: column('First day on which the facts hold', ({ from }) => from),
  valid_to: column('First day on which they no longer hold; empty while open', ({ to }) => to),
  recorded_revision: column('Revision that recorded the row', ({ recordedRev }) => recordedRev),
  recorded_at: column('Instant of that revision', ({ recordedAt }) => recordedAt.toISOString()),
  superseded_revision: column(
    'Revision that superseded the row; empty if it is current',
    ({ supersededRev }) => supersededRev,
  ),
  superseded_at: column('Instant of that revision', ({ supersededAt }) => supersededAt?.toISOString() ?? null),
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
