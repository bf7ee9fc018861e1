import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { CodeKey } from '../../domain/unit/filter.ts';
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
    /** RESH-id, organization number, or code with its set, as `set:code` */
    value: z.string(),
    /** Similar values, the most similar first, each with its name if it has one */
    near: z.array(z.string()),
  }),
);
/** A value of a filter that nothing in the register has, with similar ones. */
export type UnknownValue = Omit<z.infer<typeof unknownRows>[number], 'n'>;

const NEAR_LIMIT = 3;

/** Returns the values of filters that name nothing known at the revision, each with similar ones. One statement. */
export async function readUnknownFilterValues(
  prisma: PrismaClient,
  keys: readonly FilterValuesKey[],
): Promise<UnknownValue[][]> {
  // The unknown values are found first, so that known ones are not compared with all others.
  const rows = await prisma.$queryRaw`
    -- unknown values of a filter
    with key as materialized (
      select *
      from ${keyRows(keys, 'codes jsonb, sites jsonb, roots jsonb, revision integer, day date')}
    ),
    unknown_code as materialized (
      select key.n, key.revision, asked.code_set, asked.code
      from key
      cross join lateral rows from (
        jsonb_to_recordset(key.codes) as ("codeSet" integer, code text)
      ) as asked (code_set, code)
      where not exists (
        select 1
        from code
        where code.code_set = asked.code_set
          and code.code = asked.code
          and code.registered_rev <= key.revision
      )
    ),
    unknown_site as materialized (
      select key.n, key.revision, asked.number
      from key
      cross join lateral jsonb_array_elements_text(key.sites) as asked (number)
      where not exists (
        select 1
        from treatment_site
        where treatment_site.organization_number = asked.number
          and treatment_site.registered_rev <= key.revision
      )
    ),
    unknown_root as materialized (
      select key.n, key.revision, key.day, asked.resh_id
      from key
      cross join lateral jsonb_array_elements_text(key.roots) as asked (resh_id)
      where not exists (
        select 1
        from unit_version v
        where v.resh_id = asked.resh_id::integer
          and v.parent_resh_id is null
          and ${knownAtKeyRevision('v')}
      )
    )
    select key.n, 'code' as kind, (key.code_set || ':' || key.code) as value, array(
      select candidate.label
      from (
        select distinct on (c.code)
          c.code,
          c.code || ' (' || c.name || ')' as label,
          similarity(c.code, key.code) as similarity
        from code_version c
        where c.code_set = key.code_set
          and ${knownAtKeyRevision('c')}
        order by c.code, c.id desc
      ) candidate
      order by candidate.similarity desc, candidate.code
      limit ${NEAR_LIMIT}::integer
    ) as near
    from unknown_code key
    union all
    select key.n, 'site', key.number, array(
      select site.organization_number
      from treatment_site site
      where site.registered_rev <= key.revision
      order by similarity(site.organization_number, key.number) desc, site.organization_number
      limit ${NEAR_LIMIT}::integer
    )
    from unknown_site key
    union all
    select key.n, 'root', key.resh_id, array(
      select v.resh_id || ' (' || v.name || ')'
      from unit_version v
      where v.parent_resh_id is null
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
      order by similarity(v.resh_id::text, key.resh_id) desc, v.name_sort_key
      limit ${NEAR_LIMIT}::integer
    )
    from unknown_root key`;
  const unknown = unknownRows.parse(rows);
  return keys.map((_key, n) => unknown.filter((row) => row.n === n));
}
