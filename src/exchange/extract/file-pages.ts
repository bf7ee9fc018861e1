import type { Database } from '../../store/database/database.ts';
import { readExtractTable, type ExtractTableRow } from '../../store/read/extract-tables.ts';
import type { ImportFileName } from '../../store/tables.ts';
import { pageThrough } from './page-through.ts';

const ROWS_PER_PAGE = 2_000;

/**
 * Reads the rows of a file that an import can read, a page at a time: all days as known at a revision. Rows are never
 * removed, so the pages are consistent without a transaction.
 */
export function readFilePages(
  prisma: Database['prisma'],
  file: ImportFileName,
  revision: number,
): AsyncGenerator<readonly ExtractTableRow[]> {
  return pageThrough<ExtractTableRow>(ROWS_PER_PAGE, (after) =>
    readExtractTable(prisma, file, revision, after?.cursor, ROWS_PER_PAGE),
  );
}
