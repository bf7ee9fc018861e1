import { lockRegister, runInTransaction } from '../database/transaction.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { computePaths } from './paths.ts';

/**
 * Recomputes the paths of all rows in all revisions from the parents, under the register's lock. It adds no revision:
 * paths are derived, and the ledger's digests leave them out.
 *
 * @param onLevel receives the number of paths computed so far, after each level
 * @returns number of rows with a repaired path, and number of rows that no single path fits, which `verify` reports
 */
export async function rebuildPaths(
  session: BulkSession,
  onLevel: (placedCount: number) => void,
): Promise<{ changed: number; notRepaired: number }> {
  return runInTransaction(session, async (unlocked) => {
    const transaction = await lockRegister(unlocked);
    await computePaths(transaction, onLevel);
    const [row] = await transaction.query<{ changed: number; not_repaired: number }>(
      `-- repair paths
       with repaired as (
         update unit_version v
         set path = s.path,
           path_text = s.path_text
         from verify_segment s
         where s.id = v.id
           and s.is_whole
           and (v.path <> s.path or v.path_text <> s.path_text)
         returning 1
       )
       select (select count(*) from repaired)::integer as changed, (
         select count(*)
         from unit_version v
         where not exists (select from verify_segment s where s.id = v.id and s.is_whole)
       )::integer as not_repaired`,
    );
    await transaction.execute('drop table verify_segment');
    return { changed: row?.changed ?? 0, notRepaired: row?.not_repaired ?? 0 };
  });
}
