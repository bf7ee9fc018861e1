import type { LockedBulkTransaction } from '../database/transaction.ts';
import { loadSqlFile } from '../sql/load-sql-file.ts';

const writeReferenceDataSql = loadSqlFile(new URL('write-reference-data.sql', import.meta.url), 'revision');

/** Writes the staged reference data of an import or a synchronization. Write the units that it refers to first. */
export function writeReferenceData(transaction: LockedBulkTransaction, revision: number): Promise<void> {
  return transaction.execute(writeReferenceDataSql({ revision }));
}
