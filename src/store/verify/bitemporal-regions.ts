import { dateRangeSql } from '../sql/date-range.ts';

/** Returns the region of a row: its days as the column `validity` and the revisions that know it as `known`. */
export function regionColumns(alias: string): string {
  return `${dateRangeSql(alias)} as validity, ${revisionRange(alias)} as known`;
}

/** Returns the region of a row as text, for the columns `days` and `revisions` of a violation. */
export function regionText(alias: string): string {
  return `${dateRangeSql(alias)}::text, ${revisionRange(alias)}::text`;
}

/** Returns the region that two rows share as text, for the columns `days` and `revisions` of a violation. */
export function sharedRegionText(one: string, other: string): string {
  return `${sharedDays(one, other)}::text, ${sharedRevisions(one, other)}::text`;
}

/** Returns the condition that two rows are valid on the same days in the same revisions. */
export function regionsOverlapSql(one: string, other: string): string {
  return `${dateRangeSql(one)} && ${dateRangeSql(other)} and ${revisionRange(one)} && ${revisionRange(other)}`;
}

/**
 * Returns the condition on a group that the rows of `cover` cover less than the whole region of the group's row. The
 * rows of `cover` must not overlap each other.
 *
 * @param row alias of the row
 * @param cover alias of the rows that overlap it, from a left join
 */
export function isPartlyCoveredSql(row: string, cover: string): string {
  // Without the filter the null row of the left join would count as an unbounded range.
  return `coalesce(
      sum(${regionArea(sharedDays(cover, row), sharedRevisions(cover, row))}) filter (where ${cover}.id is not null),
      0
    ) <> ${regionArea(dateRangeSql(row), revisionRange(row))}`;
}

function sharedDays(one: string, other: string): string {
  return `(${dateRangeSql(one)} * ${dateRangeSql(other)})`;
}

function sharedRevisions(one: string, other: string): string {
  return `(${revisionRange(one)} * ${revisionRange(other)})`;
}

/** Returns the revisions that know a row, as an `int4range`. */
export function revisionRange(alias: string): string {
  return `int4range(${alias}.recorded_rev, ${alias}.superseded_rev)`;
}

/** Returns the number of days multiplied by the number of revisions; an open end counts as the greatest value. */
export function regionArea(validity: string, known: string): string {
  const days = `(coalesce(upper(${validity}), '5874897-12-31'::date) - lower(${validity}))::numeric`;
  const revisions = `(coalesce(upper(${known}), 2147483647) - lower(${known}))`;
  return `${days} * ${revisions}`;
}

/**
 * Returns a query of the parts of regions that no cover covers, as the columns of the key, `validity` and `known`.
 * Revisions with the same uncovered days share a row.
 *
 * @param key columns that identify a region, `id` among them
 * @param regions name of a query with the key, `validity` and `known`
 * @param covers name of a query with `id`, `validity` and `known`; a cover can reach outside the region
 */
export function uncoveredRegionsSql(key: string, regions: string, covers: string): string {
  return `select ${key}, validity, unnest(range_agg(slab)) as known
    from (
      select ${key}, slab, unnest(datemultirange(validity) - coalesce(range_agg(cover), '{}')) as validity
      from (
        select edge.*, c.validity as cover
        from (
          select w.*,
            int4range(at, coalesce(lead(at) over (partition by w.id order by at), upper(w.known))) as slab
          from ${regions} w
          join (
            select id as border_id, lower(known) as at
            from ${regions}
            union
            select w.id, unnest(array[lower(c.known * w.known), upper(c.known * w.known)])
            from ${regions} w
            join ${covers} c on c.id = w.id
          ) as border on border_id = w.id
          where w.known @> at
        ) as edge
        left join ${covers} c on c.id = edge.id and c.known @> edge.slab
      ) as covered
      group by ${key}, slab, covered.validity
    ) as pieces
    group by ${key}, validity`;
}
