import { z } from 'zod';
import type { SqlClient } from '../database/sql-client.ts';
import { changedUnitsSql, matchesRevision, placedVersionTable, unitChangeTables } from '../sql/fact-tables.ts';

/** Part of the change feed of a subtree: revisions after `since`, up to and including `upTo`. */
export interface FeedRange {
  /** RESH-id of the unit at the top */
  readonly within: number;
  readonly since: number;
  readonly upTo: number;
}

// Compares facts and path on the days within the subtree, so that a move of an ancestor counts too.
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

// `offset 0` makes PostgreSQL look up each unit; its estimates could lead it to join all versions at once.
const isWithinUnitSql = `
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
        where exists (${isWithinUnitSql}
        )
          and exists (
            ${changedUnitSql}
        )
      )
    )
  order by revision
  limit $4::integer`;

/**
 * Returns a query of the units that a revision touched, with duplicates, because the search ends at the first one in
 * the subtree. It is in the order of the index, so that the planner reads along the index regardless of statistics.
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
 * Returns the first revisions that changed or moved a unit in a subtree: a unit that is, before or after the change, at
 * or under the top unit on some day. One statement, which reads only rows that the revisions touched.
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
