import { z } from 'zod';
import type { SqlClient } from '../database/sql-client.ts';
import { changedUnitsSql, matchesRevision, placedVersionTable, unitChangeTables } from '../sql/fact-tables.ts';

/** Range of the feed of changes within a unit: revisions after `since`, up to and including `upTo`. */
export interface FeedRange {
  readonly within: number;
  readonly since: number;
  readonly upTo: number;
}

// Facts and path of the days within the unit: a move of a unit above counts as well.
const changedOnPathSql = changedUnitsSql(
  placedVersionTable,
  (revisionColumn) => `${matchesTouchedUnit(revisionColumn)} and $1::integer = any(path)`,
);

function matchesTouchedUnit(revisionColumn: string): string {
  return `${revisionColumn} = change.revision and resh_id = touched.resh_id`;
}

const changedUnitSql = unitChangeTables
  .map((table) => changedUnitsSql(table, matchesTouchedUnit))
  .join('\n            union all\n            ');

// The offset makes PostgreSQL look up each unit; by its estimates it might join all versions at once.
const liesWithinUnitSql = `
            select from unit_version v
            where v.resh_id = touched.resh_id
              and $1::integer = any(v.path)
              and v.recorded_rev <= change.revision
              and (v.superseded_rev is null or v.superseded_rev >= change.revision)
            offset 0`;

const pageStatement = `-- changes that concern a unit
  select revision
  from change
  where revision > $2::integer
    and revision <= $3::integer
    and (
      exists (
        select from (${touchedUnitsSql('unit_version', ' and $1::integer = any(path)')}
        ) as touched
        where exists (
            ${changedOnPathSql}
        )
      )
      or exists (
        select from (${unitChangeTables.map(({ name }) => touchedUnitsSql(name)).join('\n            union all')}
        ) as touched
        where exists (${liesWithinUnitSql}
        )
          and exists (
            ${changedUnitSql}
        )
      )
    )
  order by revision
  limit $4::integer`;

/**
 * Returns a query of the units that a revision touched, with duplicates: the first one within the unit ends the search. Its order is
 * that of the index, so the planner reads along the index whatever the table's statistics.
 */
function touchedUnitsSql(table: string, condition = ''): string {
  return ['recorded_rev', 'superseded_rev']
    .map(
      (revisionColumn) => `
            (
              select resh_id
              from ${table}
              where ${matchesRevision('change.revision')(revisionColumn)}${condition}
              order by ${revisionColumn}, resh_id
            )`,
    )
    .join('\n            union all');
}

const revisionRows = z.array(z.object({ revision: z.number() }));

/**
 * Returns the first revisions that changed or moved a unit that is at or below another on some day, as known before or after the
 * change. One statement, which reads only rows that the revisions touched.
 */
export async function readRevisionsWithin(
  client: SqlClient,
  { within, since, upTo }: FeedRange,
  first: number,
): Promise<number[]> {
  return revisionRows
    .parse(await client.query(pageStatement, [within, since, upTo, first]))
    .map(({ revision }) => revision);
}
