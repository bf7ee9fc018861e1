import type { BulkSession } from '../database/bulk-session.ts';
import { countRows } from './problems.ts';
import type { ImportFileName } from '../tables.ts';

/**
 * Removes staged rows of reference data that is already registered.
 *
 * @param removalSql statements that warn about differences and delete the rows
 * @returns number of removed rows
 */
export async function removeRegisteredRows(
  session: BulkSession,
  file: ImportFileName,
  removalSql: string,
): Promise<number> {
  const before = await countRows(session, file);
  await session.execute(removalSql);
  const after = await countRows(session, file);
  return before.loadable - after.loadable;
}
