import type { NewSuccession, RowChanges, WriteSet } from '../../domain/plan/write-set.ts';
import type { Row } from '../../domain/time/timeline.ts';
import { detailLists } from '../../domain/unit/state.ts';
import { insertStatement } from '../sql/columns.ts';
import { formatPathText } from '../sql/path-text.ts';
import {
  accessGrant,
  administrator,
  mappingNode,
  succession,
  treatmentSiteVersion,
  unitTables,
  type Table,
} from '../tables.ts';
import { writeDescendantPaths } from './descendant-paths.ts';
import type { LockedTransaction } from '../database/transaction.ts';

// PostgreSQL limits the size of a value, so the rows of a large change are written in batches.
const rowsPerStatement = 20_000;

/**
 * Advances the sequence of RESH-ids past the new ids of a change. A rollback does not reset a sequence, so call it only
 * for a change that will be committed.
 */
export async function advanceReshIdSequence(tx: LockedTransaction, { units }: WriteSet): Promise<void> {
  const newReshIds = units.filter(({ isNew }) => isNew).map(({ reshId }) => reshId);
  if (newReshIds.length === 0) return;
  await tx.query(
    `-- advance the sequence of RESH-ids
     select setval('resh_id_seq', greatest($1::integer, last_value))::text as set
     from resh_id_seq`,
    [newReshIds.reduce((one, other) => Math.max(one, other))],
  );
}

/**
 * Supersedes and adds the rows of a change with its revision, and rewrites the paths under moved units. The plan must
 * ensure that a child is valid only on days of its parent.
 *
 * @param writeReference writes the reference data that the rows refer to; called after the new units are written
 */
export async function writeChange(
  tx: LockedTransaction,
  revision: number,
  writes: WriteSet,
  writeReference = async (): Promise<void> => {},
): Promise<void> {
  await writeIdentities(tx, revision, writes);
  await writeReference();
  await writeRows(tx, revision, administrator, writes.administrators);
  const versions = mergeRowChanges(writes.units.map(({ reshId, versions: rows }) => withReshId(reshId, rows)));
  await writeRows(tx, revision, unitTables.versions, {
    superseded: versions.superseded,
    added: versions.added.map((row) => ({
      ...row,
      pathText: 'path' in row ? formatPathText(row.path as number[]) : '',
    })),
  });
  for (const list of detailLists)
    await writeRows(
      tx,
      revision,
      unitTables[list],
      mergeRowChanges(writes.units.map((unit) => withReshId(unit.reshId, unit.details[list]))),
    );
  await insertRows(tx, revision, treatmentSiteVersion, writes.sites);
  await supersedeRows(tx, revision, succession.name, writes.endedSuccessions);
  await insertRows(tx, revision, succession, writes.successions.map(toSuccessionRow));
  await writeRows(tx, revision, accessGrant, writes.grants);
  await writeRows(tx, revision, mappingNode, writes.mappingNodes);
  await writeDescendantPaths(tx, revision, writes.units);
}

async function writeIdentities(tx: LockedTransaction, revision: number, { units, sites }: WriteSet): Promise<void> {
  const newReshIds = units.filter(({ isNew }) => isNew).map(({ reshId }) => reshId);
  if (newReshIds.length > 0) {
    await tx.query(
      `-- add units
       insert into unit (resh_id, registered_rev)
       select resh_id, $2::integer
       from unnest($1::integer[]) as resh_id`,
      [newReshIds, revision],
    );
  }
  if (sites.length > 0)
    await tx.query(
      `-- add treatment sites
       insert into treatment_site (organization_number, registered_rev)
       select organization_number, $2::integer
       from unnest($1::text[]) as organization_number`,
      [sites.map(({ organizationNumber }) => organizationNumber), revision],
    );
}

async function writeRows(
  tx: LockedTransaction,
  revision: number,
  table: Table,
  { superseded, added }: RowChanges<Row>,
): Promise<void> {
  await supersedeRows(tx, revision, table.name, superseded);
  await insertRows(tx, revision, table, added);
}

async function supersedeRows(
  tx: LockedTransaction,
  revision: number,
  table: string,
  rows: readonly Pick<Row, 'id'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `-- supersede ${table} rows
     update ${table}
     set superseded_rev = $2::integer
     where id = any($1::text[]::bigint[])`,
    [rows.map(({ id }) => id), revision],
  );
}

async function insertRows(
  tx: LockedTransaction,
  revision: number,
  table: Table,
  rows: readonly object[],
): Promise<void> {
  if (rows.length === 0) return;
  for (let start = 0; start < rows.length; start += rowsPerStatement)
    await tx.query(
      `-- add ${table.name} rows
     ${insertStatement(table)}`,
      [JSON.stringify(rows.slice(start, start + rowsPerStatement)), revision],
    );
}

function toSuccessionRow({ from, to, kind, extent, effectiveOn }: NewSuccession) {
  return { fromReshId: from, toReshId: to, kind, extent, effectiveOn };
}

function mergeRowChanges(changes: readonly RowChanges<Row>[]): RowChanges<Row> {
  return {
    superseded: changes.flatMap(({ superseded }) => superseded),
    added: changes.flatMap(({ added }) => added),
  };
}

function withReshId(reshId: number, { superseded, added }: RowChanges<Row>): RowChanges<Row> {
  return {
    superseded,
    added: added.map((row) => ({ ...row, reshId })),
  };
}
