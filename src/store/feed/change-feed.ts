import { z } from 'zod';
import type { SqlClient } from '../database/sql-client.ts';
import { changedUnitsSql, matchesRevision, placedVersionTable, unitChangeTables } from '../sql/fact-tables.ts';

/** Which part of the feed of changes that concern a unit: revisions after `since`, up to and with `upTo`. */
export interface FeedRange {
  readonly within: number;
  readonly since: number;
  readonly upTo: number;
}

// What is said of the days within, the place of the unit among it: so a unit above that moved counts as well.
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

// The offset keeps PostgreSQL from joining all versions at once, whatever it believes of their number: it looks each up.
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
 * RESH-ids of the rows that a revision touched, duplicates and all: they are looked at one by one, and the first that counts ends
 * it. Their order is that of the index, along which they are read by that, whatever the figures of the table.
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
 * The first revisions that changed a unit which lies at or beneath another on some day, as known before the change or after it, or
 * that gave it another place there. One statement, which reads no more than the revisions touched.
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
