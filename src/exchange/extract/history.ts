import type { Database } from '../../store/database/database.ts';
import { readExtractHistory, type HistoryRow } from '../../store/read/extract-history.ts';
import { unitFactColumns } from '../../store/sql/unit-file.ts';
import { unitFileColumns, type UnitFileColumn } from '../../store/tables.ts';
import type { CsvValue } from '../../domain/text/csv.ts';
import { pageThrough } from './page-through.ts';
import { prefetch } from './prefetch.ts';

interface HistoryColumn {
  readonly description: string;
  readonly value: (row: HistoryRow) => CsvValue;
}

const factColumns = Object.fromEntries(
  unitFactColumns.map((column): [string, HistoryColumn] => {
    const { fact, description } = unitFileColumns[column];
    return [column, { description, value: (row) => row[fact] }];
  }),
) as Readonly<Record<UnitFileColumn, HistoryColumn>>;

/** Columns of unit-history.csv, in order. */
export const historyColumns = {
  resh_id: { description: 'RESH-id', value: ({ reshId }) => reshId },
  ...factColumns,
  path: {
    description: 'RESH-ids from the root to the unit itself, a slash between them',
    value: ({ path }) => path.join('/'),
  },
  valid_from: { description: 'First day on which all of this holds', value: ({ from }) => from },
  valid_to: { description: 'First day on which it no longer does; empty while it has no end', value: ({ to }) => to },
  recorded_revision: { description: 'Revision that recorded the row', value: ({ recordedRev }) => recordedRev },
  recorded_at: { description: 'Instant of that revision', value: ({ recordedAt }) => recordedAt.toISOString() },
  superseded_revision: {
    description: 'Revision that superseded the row; empty while it is what is known',
    value: ({ supersededRev }) => supersededRev,
  },
  superseded_at: {
    description: 'Instant of that revision',
    value: ({ supersededAt }) => supersededAt?.toISOString() ?? null,
  },
} as const satisfies Record<string, HistoryColumn>;

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
