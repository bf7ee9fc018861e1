import { setImmediate } from 'node:timers/promises';
import type { LockedBulkTransaction } from '../database/transaction.ts';
import { writeReferenceData } from '../staging/write-reference-data.ts';
import type { PreparedImport } from './prepare-import.ts';
import { columnNames, insertColumns } from '../sql/columns.ts';
import { unitVersion } from '../tables.ts';

const rowsPerBatch = 20_000;

/**
 * Writes a prepared import.
 *
 * @param onRows receives the number of rows written so far and the total number of rows
 */
export async function writeImport(
  transaction: LockedBulkTransaction,
  revision: number,
  prepared: PreparedImport,
  onRows: (written: number, total: number) => void,
): Promise<void> {
  await transaction.execute(insertUnitsSql(revision));
  await writeReferenceData(transaction, revision);
  await transaction.execute(
    `-- statistics for the checks of foreign keys
     analyze unit, treatment_site, code`,
  );
  const total = prepared.versions + prepared.unitCodes + prepared.identifiers + prepared.successions;
  let writtenBefore = 0;
  const inserts: [string, number][] = [
    [insertVersionsSql, prepared.versions],
    [insertUnitCodesSql, prepared.unitCodes],
    [insertIdentifiersSql, prepared.identifiers],
    [insertSuccessionsSql, prepared.successions],
  ];
  for (const [statement, rows] of inserts) {
    for (let offset = 0; offset < rows; offset += rowsPerBatch) {
      await transaction.query(statement, [revision, offset, offset + rowsPerBatch]);
      // The embedded database runs a statement without yielding to the event loop: let signals and timers run.
      await setImmediate();
      onRows(writtenBefore + Math.min(offset + rowsPerBatch, rows), total);
    }
    writtenBefore += rows;
  }
}

function insertUnitsSql(revision: number): string {
  return `-- identities
  insert into unit (resh_id, registered_rev)
  select distinct resh_id, ${revision}
  from import_version
  order by resh_id;
  select setval('resh_id_seq', greatest(max(resh_id), (select last_value from resh_id_seq)))
  from unit
  having max(resh_id) is not null`;
}

const versionColumns = columnNames(insertColumns(unitVersion)).join(', ');

const insertVersionsSql = `-- unit versions in tree order
  insert into unit_version (${versionColumns}, recorded_rev)
  select ${versionColumns}, $1::integer
  from import_version
  where position > $2::bigint and position <= $3::bigint
  order by position`;

const insertUnitCodesSql = `-- codes of units
  insert into unit_code (resh_id, code_set, code, attributes, valid_from, valid_to, recorded_rev)
  select resh_id, code_set, code, '{}', lower(validity), upper(validity), $1::integer
  from import_code_period
  where position > $2::bigint and position <= $3::bigint
  order by position`;

const insertIdentifiersSql = `-- identifiers of units
  insert into unit_identifier (resh_id, system, value, valid_from, valid_to, recorded_rev)
  select resh_id, system, value, lower(validity), upper(validity), $1::integer
  from import_identifier_period
  where position > $2::bigint and position <= $3::bigint
  order by position`;

const insertSuccessionsSql = `-- successions of units
  insert into succession (from_resh_id, to_resh_id, kind, extent, effective_on, recorded_rev)
  select from_resh_id, to_resh_id, kind::succession_kind, extent::succession_extent, effective_on, $1::integer
  from import_new_succession
  where position > $2::bigint and position <= $3::bigint
  order by position`;
