import { z } from 'zod';
import type { PlacementRow } from '../../domain/plan/undo/later-revisions.ts';
import type { Recorded } from '../../domain/plan/undo/recorded.ts';
import type { InvalidSite } from '../../domain/plan/undo/references.ts';
import type { RecordedUnit } from '../../domain/plan/undo/undo-unit.ts';
import type {
  AdministratorRow,
  GrantRow,
  MappingNodeRow,
  RecordedSuccession,
  SiteRow,
} from '../../domain/plan/write-set.ts';
import { detailLists } from '../../domain/unit/state.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { firstChangedUnitsSql, ownChangeTables } from '../sql/fact-tables.ts';
import {
  accessGrant,
  administrator,
  knownBetween,
  mappingNode,
  rowId,
  succession,
  treatmentSiteVersion,
  unitTables,
  unitVersion,
  type Columns,
  type Table,
} from '../tables.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { siteColumns, siteRow } from './treatment-sites.ts';
import { rowSchemas, stateColumns } from './units.ts';

// What a change recorded and superseded, with everything known about the same records since: the rows known before the
// change, after it, at later revisions and now.

const revisionsRow = rowSchema(knownBetween);

/** Returns a parser that puts the revisions of a row beside it. */
function recordedRow<R>(schema: z.ZodType<R>): z.ZodType<Recorded<R>> {
  return z.unknown().transform((value) => ({ row: schema.parse(value), ...revisionsRow.parse(value) }));
}

/** What a change altered. */
export interface UndoneChange {
  /** Units with facts, lists or successions that the change altered; one more than the limit if there are more */
  readonly reshIds: readonly number[];
  /** Whether it registered, changed or ended codes of code sets */
  readonly changesCodes: boolean;
}

const undoneChangeRow = z.object({
  reshIds: z.array(z.number()),
  changesCodes: z.boolean(),
});

const undoneChangeStatement = `-- change to undo
  select
    array(
      ${ownChangeTables
        .map((table) => `(${firstChangedUnitsSql(table, '$1::integer', '0', '$2::integer + 1')})`)
        .join('\n      union ')}
      order by resh_id
      limit $2::integer + 1
    ) as "reshIds",
    exists (select from code_version where recorded_rev = $1::integer)
      or exists (select from code_version where superseded_rev = $1::integer) as "changesCodes"`;

/** Returns what a change altered. One statement. */
export async function readUndoneChange(tx: SqlClient, revision: number, unitLimit: number): Promise<UndoneChange> {
  const [row] = await tx.query(undoneChangeStatement, [revision, unitLimit]);
  return undoneChangeRow.parse(row);
}

const recordedUnitRows: z.ZodType<RecordedUnit[]> = z.array(
  z.object({
    reshId: z.number(),
    versions: z.array(recordedRow(rowSchemas.versions)),
    codes: z.array(recordedRow(rowSchemas.codes)),
    identifiers: z.array(recordedRow(rowSchemas.identifiers)),
    names: z.array(recordedRow(rowSchemas.names)),
    addresses: z.array(recordedRow(rowSchemas.addresses)),
    contactPoints: z.array(recordedRow(rowSchemas.contactPoints)),
  }),
);

const recordedUnitsStatement = `-- units of a change to undo
  select requested.resh_id as "reshId",${(['versions', ...detailLists] as const)
    .map(
      (list) => `
    (
      select coalesce(json_agg(item), '[]')
      from (
        select ${selectList({ ...stateColumns[list], ...knownBetween })}
        from ${unitTables[list].name}
        where resh_id = requested.resh_id
          and (superseded_rev is null or superseded_rev >= $2::integer)
        order by valid_from
      ) as item
    ) as "${list}"`,
    )
    .join(',')}
  from unnest($1::integer[]) as requested (resh_id)`;

/** Returns units with their rows that are known before a revision, after it or later. One statement. */
export async function readRecordedUnits(
  tx: SqlClient,
  reshIds: readonly number[],
  revision: number,
): Promise<readonly RecordedUnit[]> {
  return recordedUnitRows.parse(await tx.query(recordedUnitsStatement, [reshIds, revision]));
}

const nodeColumns = { ...rowId, ...mappingNode.key, ...mappingNode.period, ...mappingNode.facts };
const nodeRows = z.array(recordedRow(rowSchema(nodeColumns)));

/** Returns the rows of the mapping nodes that a change altered, as {@link readRecordedUnits} does. One statement. */
export async function readRecordedNodes(tx: SqlClient, revision: number): Promise<Recorded<MappingNodeRow>[]> {
  return nodeRows.parse(await readAlteredRecords(tx, mappingNode, nodeColumns, revision));
}

const siteRows = z.array(recordedRow(siteRow));

/** Returns the rows of the treatment sites that a change altered, as {@link readRecordedUnits} does. One statement. */
export async function readRecordedSites(tx: SqlClient, revision: number): Promise<Recorded<SiteRow>[]> {
  return siteRows.parse(await readAlteredRecords(tx, treatmentSiteVersion, siteColumns, revision));
}

const personColumns = { ...rowId, ...administrator.key, ...administrator.period, ...administrator.facts };
const personRows = z.array(recordedRow(rowSchema(personColumns)));

/** Returns the names of the persons that a change altered, as {@link readRecordedUnits} does. One statement. */
export async function readRecordedPersons(tx: SqlClient, revision: number): Promise<Recorded<AdministratorRow>[]> {
  return personRows.parse(await readAlteredRecords(tx, administrator, personColumns, revision));
}

const grantColumns = { ...rowId, ...accessGrant.key, ...accessGrant.period, ...accessGrant.facts };
const grantRows = z.array(recordedRow(rowSchema(grantColumns)));

/**
 * Returns the grants of the subjects whose grants a change altered, as {@link readRecordedUnits} does. One statement.
 */
export async function readRecordedGrants(tx: SqlClient, revision: number): Promise<Recorded<GrantRow>[]> {
  return grantRows.parse(await readAlteredRecords(tx, accessGrant, grantColumns, revision));
}

/** Returns the rows of the records of a table that a change altered, known before the change, after it or later. */
async function readAlteredRecords(tx: SqlClient, table: Table, columns: Columns, revision: number): Promise<unknown[]> {
  const keys = Object.values(table.key).map(({ column }) => column);
  const touchedKeysSql = (revisionColumn: string): string =>
    `select ${keys.join(', ')} from ${table.name} where ${revisionColumn} = $1::integer`;
  return tx.query(
    `-- ${table.name} rows of a change to undo
     select ${selectList({ ...columns, ...knownBetween }, 't')}
     from (
       ${touchedKeysSql('recorded_rev')}
       union
       ${touchedKeysSql('superseded_rev')}
     ) as touched
     join ${table.name} t using (${keys.join(', ')})
     where superseded_rev is null
       or superseded_rev >= $1::integer
     order by valid_from nulls first`,
    [revision],
  );
}

const { toReshId, ...successionFacts } = succession.facts;
const successionColumns = { ...rowId, from: succession.key.fromReshId, to: toReshId, ...successionFacts };
const successionRows = z.array(recordedRow(rowSchema(successionColumns)));

/** Returns the successions that a change recorded or superseded. One statement. */
export async function readAlteredSuccessions(tx: SqlClient, revision: number): Promise<Recorded<RecordedSuccession>[]> {
  return successionRows.parse(
    await tx.query(
      `-- successions of a change to undo
       ${['recorded_rev', 'superseded_rev']
         .map(
           (revisionColumn) => `select ${selectList({ ...successionColumns, ...knownBetween })}
       from succession
       where ${revisionColumn} = $1::integer`,
         )
         .join('\n       union all\n       ')}`,
      [revision],
    ),
  );
}

/** Returns the current successions from and to units, with the revisions that recorded them. One statement. */
export async function readCurrentSuccessions(
  tx: SqlClient,
  reshIds: readonly number[],
): Promise<Recorded<RecordedSuccession>[]> {
  return successionRows.parse(
    await tx.query(
      `-- successions from and to units
       select ${selectList({ ...successionColumns, ...knownBetween })}
       from succession
       where from_resh_id = any($1::integer[])
         and superseded_rev is null
       union
       select ${selectList({ ...successionColumns, ...knownBetween })}
       from succession
       where to_resh_id = any($1::integer[])
         and superseded_rev is null`,
      [reshIds],
    ),
  );
}

const placementColumns = {
  ...unitVersion.key,
  ...unitVersion.period,
  name: unitVersion.facts.name,
  parentReshId: unitVersion.facts.parentReshId,
  type: unitVersion.facts.type,
  organizationNumber: unitVersion.facts.organizationNumber,
};
const placementRows = z.array(recordedRow(rowSchema(placementColumns)));

/** Returns the rows of units that are known at a revision or later. One statement. */
export async function readPlacementHistory(
  tx: SqlClient,
  reshIds: readonly number[],
  revision: number,
): Promise<Recorded<PlacementRow>[]> {
  return placementRows.parse(
    await tx.query(
      `-- later placements of units
       select ${selectList({ ...placementColumns, ...knownBetween })}
       from unit_version
       where resh_id = any($1::integer[])
         and (superseded_rev is null or superseded_rev > $2::integer)
       order by superseded_rev, valid_from`,
      [reshIds, revision],
    ),
  );
}

const supersededSiteRow = z.object({ organizationNumber: z.string(), day: z.string(), revision: z.number() });

/** Returns the newest revision after a given one that ended or replaced each site on a day. One statement. */
export async function readSupersededSites(
  tx: SqlClient,
  sites: readonly InvalidSite[],
  revision: number,
): Promise<(InvalidSite & { readonly revision: number })[]> {
  return z.array(supersededSiteRow).parse(
    await tx.query(
      `-- later changes of treatment sites
       select site."organizationNumber", site.day, max(v.superseded_rev) as revision
       from jsonb_to_recordset($1::text::jsonb) as site ("organizationNumber" text, day text)
       join treatment_site_version v on v.organization_number = site."organizationNumber"
         and ${dateRangeSql('v')} @> site.day::date
         and v.superseded_rev > $2::integer
       group by site."organizationNumber", site.day`,
      [JSON.stringify(sites.map(({ organizationNumber, day }) => ({ organizationNumber, day }))), revision],
    ),
  );
}
