import { z } from 'zod';
import type { CodeKey } from '../../domain/unit/filter.ts';
import type { Day } from '../../domain/time/day.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, keyRows, validOnKeyDay } from '../sql/temporal-conditions.ts';

/** Values of a filter that name something in the register. */
export interface FilterValuesKey {
  /** Codes, designations as codes of their set */
  readonly codes: readonly CodeKey[];
  /** Numbers of treatment sites */
  readonly sites: readonly string[];
  /** RESH-ids of roots */
  readonly roots: readonly number[];
  readonly revision: number;
  readonly day: Day;
}

const unknownRows = z.array(
  z.object({
    n: z.number(),
    kind: z.enum(['code', 'site', 'root']),
    value: z.string(),
    /** Similar values, the most similar first, each with its name */
    near: z.array(z.string()),
  }),
);
/** A value of a filter that nothing in the register has, with similar ones. */
export type UnknownValue = Omit<z.infer<typeof unknownRows>[number], 'n'>;

const NEAR_LIMIT = 3;

/** Returns the values of filters that name nothing known at the revision, in the order given. One statement. */
export async function readUnknownFilterValues(
  prisma: PrismaClient,
  keys: readonly FilterValuesKey[],
): Promise<UnknownValue[][]> {
  const rows = await prisma.$queryRaw`
    -- unknown values of a filter
    with key as materialized (
      select *
      from ${keyRows(keys, 'codes jsonb, sites jsonb, roots jsonb, revision integer, day date')}
    )
    select key.n, 'code' as kind, (asked.code_set || ':' || asked.code) as value, near.near
    from key
    cross join lateral rows from (
      jsonb_to_recordset(key.codes) as ("codeSet" integer, code text)
    ) with ordinality as asked (code_set, code, place)
    cross join lateral (
      select coalesce(array_agg(candidate.label order by candidate.similarity desc, candidate.code), '{}') as near
      from (
        select
          c.code,
          c.code || ' (' || c.name || ')' as label,
          greatest(similarity(c.code, asked.code), similarity(c.name, asked.code)) as similarity
        from code_version c
        where c.code_set = asked.code_set
          and ${knownAtKeyRevision('c')}
        order by similarity desc, c.code
        limit ${NEAR_LIMIT}::integer
      ) candidate
    ) near
    where not exists (
      select 1
      from code
      where code.code_set = asked.code_set
        and code.code = asked.code
        and code.registered_rev <= key.revision
    )
    union all
    select key.n, 'site', asked.number, near.near
    from key
    cross join lateral jsonb_array_elements_text(key.sites) as asked (number)
    cross join lateral (
      select coalesce(array_agg(candidate.label order by candidate.similarity desc, candidate.label), '{}') as near
      from (
        select site.organization_number as label, similarity(site.organization_number, asked.number) as similarity
        from treatment_site site
        where site.registered_rev <= key.revision
        order by similarity desc, site.organization_number
        limit ${NEAR_LIMIT}::integer
      ) candidate
    ) near
    where not exists (
      select 1
      from treatment_site site
      where site.organization_number = asked.number
        and site.registered_rev <= key.revision
    )
    union all
    select key.n, 'root', asked.resh_id, near.near
    from key
    cross join lateral jsonb_array_elements_text(key.roots) as asked (resh_id)
    cross join lateral (
      select coalesce(array_agg(root.label), '{}') as near
      from (
        select v.resh_id || ' (' || v.name || ')' as label
        from unit_version v
        where v.parent_resh_id is null
          and ${knownAtKeyRevision('v')}
          and ${validOnKeyDay('v')}
        order by v.name_sort_key
        limit 5
      ) root
    ) near
    where not exists (
      select 1
      from unit_version v
      where v.resh_id = asked.resh_id::integer
        and v.parent_resh_id is null
        and ${knownAtKeyRevision('v')}
    )`;
  const unknown = unknownRows.parse(rows);
  return keys.map((_key, n) => unknown.filter((row) => row.n === n));
}
