/** Revisions in which a row of the alias is known. */
export function revisionRange(alias: string): string {
  return `int4range(${alias}.recorded_rev, ${alias}.superseded_rev)`;
}

/** Days times revisions; what is open ends where integers do. */
export function regionArea(validity: string, known: string): string {
  return `(coalesce(upper(${validity}), '5874897-12-31'::date) - lower(${validity}))::numeric * (coalesce(upper(${known}), 2147483647) - lower(${known}))`;
}

/**
 * A query for what is left of each region of days and revisions when its covers are taken from it, in as few rows as it has
 * different days: the columns of the key, `validity` and `known`.
 *
 * @param key columns that stand for a region, `id` among them
 * @param regions name of a query with the key, `validity` and `known`
 * @param covers name of a query with `id`, `validity` and `known`, which may reach outside the region
 */
export function uncoveredRegionsSql(key: string, regions: string, covers: string): string {
  return `select ${key}, validity, unnest(range_agg(slab)) as known
    from (
      select ${key}, slab, unnest(datemultirange(validity) - coalesce(range_agg(cover), '{}')) as validity
      from (
        select edge.*, c.validity as cover
        from (
          select w.*, int4range(at, coalesce(lead(at) over (partition by w.id order by at), upper(w.known))) as slab
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
