import type { NewSuccession, RowChanges, SiteRow, WriteSet } from '../../domain/plan/write-set.ts';
import { FIRST_DAY } from '../../domain/time/day.ts';
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
 * for a change that will be committed. One statement, not awaited, or none if there is no new unit.
 */
export function advanceReshIdSequence(tx: LockedTransaction, { units }: WriteSet): void {
  const newReshIds = units.filter(({ isNew }) => isNew).map(({ reshId }) => reshId);
  if (newReshIds.length === 0) return;
  tx.send(
    `-- advance the sequence of RESH-ids
     select setval('resh_id_seq', greatest($1::integer, last_value))::text as set
     from resh_id_seq`,
    [newReshIds.reduce((one, other) => Math.max(one, other))],
  );
}

/** What a change has written. */
export interface WrittenChange {
  /** Tables with rows that the change added or superseded */
  readonly tables: ReadonlySet<string>;
  /** Units that got another path because an ancestor moved */
  readonly movedReshIds: readonly number[];
}

/**
 * Supersedes and adds the rows of a change with its revision, and rewrites the paths under moved units. The plan must
 * ensure that a child is valid only on days of its parent. Only the statement for moved units and statements of large
 * changes are awaited; an error of the others ends the transaction.
 *
 * @param writeReference writes the reference data that the rows refer to; called after the new units are written
 */
export async function writeChange(
  tx: LockedTransaction,
  revision: number,
  writes: WriteSet,
  writeReference = async (): Promise<void> => {},
): Promise<WrittenChange> {
  const writer = new RowWriter(tx, revision);
  writeIdentities(writer, writes);
  await writeReference();
  await writer.write(administrator, writes.administrators);
  const versions = mergeRowChanges(writes.units.map(({ reshId, versions: rows }) => withReshId(reshId, rows)));
  await writer.write(unitTables.versions, {
    superseded: versions.superseded,
    added: versions.added.map((row) => ({
      ...row,
      pathText: 'path' in row ? formatPathText(row.path as number[]) : '',
    })),
  });
  for (const list of detailLists)
    await writer.write(
      unitTables[list],
      mergeRowChanges(writes.units.map((unit) => withReshId(unit.reshId, unit.details[list]))),
    );
  await writer.write(treatmentSiteVersion, { ...writes.sites, added: writes.sites.added.map(toSiteVersion) });
  await writer.write(succession, {
    superseded: writes.endedSuccessions,
    added: writes.successions.map(toSuccessionRow),
  });
  await writer.write(accessGrant, writes.grants);
  await writer.write(mappingNode, writes.mappingNodes);
  return { tables: writer.tables, movedReshIds: await writeDescendantPaths(tx, revision, writes.units) };
}

function writeIdentities(writer: RowWriter, { units, newSites }: WriteSet): void {
  const newReshIds = units.filter(({ isNew }) => isNew).map(({ reshId }) => reshId);
  writer.addIdentities(
    'unit',
    `-- add units
       insert into unit (resh_id, registered_rev)
       select resh_id, $2::integer
       from unnest($1::integer[]) as resh_id`,
    newReshIds,
  );
  writer.addIdentities(
    'treatment_site',
    `-- add treatment sites
       insert into treatment_site (organization_number, registered_rev)
       select organization_number, $2::integer
       from unnest($1::text[]) as organization_number
       on conflict do nothing`,
    newSites,
  );
}

/** Sends the statements of a change, and remembers the tables that it writes. */
class RowWriter {
  readonly tables = new Set<string>();

  constructor(
    private readonly tx: LockedTransaction,
    private readonly revision: number,
  ) {}

  addIdentities(table: string, statement: string, keys: readonly unknown[]): void {
    if (keys.length > 0) this.send(table, statement, keys);
  }

  async write(
    table: Table,
    { superseded, added }: { superseded: readonly Pick<Row, 'id'>[]; added: readonly object[] },
  ): Promise<void> {
    if (superseded.length > 0)
      this.send(
        table.name,
        `-- supersede ${table.name} rows
     update ${table.name}
     set superseded_rev = $2::integer
     where id = any($1::text[]::bigint[])`,
        superseded.map(({ id }) => id),
      );
    for (let start = 0; start < added.length; start += rowsPerStatement) {
      this.send(
        table.name,
        `-- add ${table.name} rows
     ${insertStatement(table)}`,
        JSON.stringify(added.slice(start, start + rowsPerStatement)),
      );
      // Bounds the memory of statements that are sent but not answered.
      if (added.length > rowsPerStatement) await this.tx.settle();
    }
  }

  private send(table: string, statement: string, rows: unknown): void {
    this.tables.add(table);
    this.tx.send(statement, [rows, this.revision]);
  }
}

// The first day of all stands for an unknown one.
function toSiteVersion({ from, ...site }: SiteRow) {
  return { ...site, from: from === FIRST_DAY ? null : from };
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
