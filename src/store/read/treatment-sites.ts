import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { rowSchema, selectListSql } from '../sql/columns.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import {
  byDistanceToKeyDay,
  groupByKey,
  keyRows,
  knownAtKeyRevision,
  validOnKeyDay,
} from '../sql/temporal-conditions.ts';
import { unitColumns, unitRow, type UnitRow } from '../sql/unit-row.ts';
import { treatmentSiteVersion } from '../tables.ts';
import type { SubtreeKey } from './hierarchy.ts';

const factColumns = { ...treatmentSiteVersion.key, ...treatmentSiteVersion.facts };
const siteRow = rowSchema({ ...factColumns, ...treatmentSiteVersion.period });
/** A treatment site on a day, with the unbroken period in which it is valid. */
export type TreatmentSiteRow = z.infer<typeof siteRow>;

/** A treatment site on a day, as known at a revision. */
export interface TreatmentSiteKey {
  readonly organizationNumber: string;
  readonly revision: number;
  readonly day: Day;
}

const siteKeyColumns = 'number text, revision integer, day date';

/**
 * Returns treatment sites on their days, or on the nearest day on which they are valid; undefined if a site is unknown.
 * One statement.
 */
export async function readTreatmentSites(
  prisma: PrismaClient,
  keys: readonly TreatmentSiteKey[],
): Promise<(TreatmentSiteRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- treatment sites
    select key.n, site.*
    from ${keyRows(keys.map(toSiteKeyRow), siteKeyColumns)}
    cross join lateral (
      select ${selectListSql(factColumns, 's')},
        lower(unbroken.days)::text as "from", upper(unbroken.days)::text as "to"
      from treatment_site_version s
      cross join lateral (
        select days
        from unnest((
          select range_agg(${Prisma.raw(dateRangeSql('v'))})
          from treatment_site_version v
          where v.organization_number = key.number
            and ${knownAtKeyRevision('v')}
        )) as days
        where days @> ${Prisma.raw(dateRangeSql('s'))}
      ) unbroken
      where s.organization_number = key.number
        and ${knownAtKeyRevision('s')}
      order by ${byDistanceToKeyDay('s')}
      limit 1
    ) site`;
  return groupByKey(z.array(siteRow.extend({ n: z.number() })).parse(rows), keys.length).map(([row]) => row);
}

function toSiteKeyRow({ organizationNumber, revision, day }: TreatmentSiteKey) {
  return { number: organizationNumber, revision, day };
}

/** A page of the treatment sites of a subtree; `after` is the last number of the previous page. */
export interface SubtreeSitesPageKey extends SubtreeKey {
  readonly first: number;
  readonly after?: string | undefined;
}

// Includes the site of the unit at the top.
const subtreeSitesSql = Prisma.sql`
      select distinct v.treatment_site_number as number
      from unit_version v
      where v.path_text >= key.path_text
        and v.path_text < key.path_text || ':'
        and v.treatment_site_number is not null
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}`;

/** Returns pages of the numbers of treatment sites that the units of subtrees use, in order. One statement. */
export async function readSubtreeSites(
  prisma: PrismaClient,
  keys: readonly SubtreeSitesPageKey[],
): Promise<string[][]> {
  const rows = await prisma.$queryRaw`
    -- treatment sites of subtrees
    select key.n, page.number
    from ${keyRows(
      keys.map(({ pathText, revision, day, first, after }) => ({
        path_text: pathText,
        revision,
        day,
        first,
        after: after ?? null,
      })),
      'path_text text, revision integer, day date, first integer, after text',
    )}
    cross join lateral (
      select used.number
      from (${subtreeSitesSql}) used
      where key.after is null
        or used.number collate "C" > key.after
      order by used.number collate "C"
      limit key.first
    ) page`;
  return groupByKey(z.array(z.object({ n: z.number(), number: z.string() })).parse(rows), keys.length).map((sites) =>
    sites.map(({ number }) => number),
  );
}

const countRows = z.array(z.object({ n: z.number(), count: z.number() }));

/** Counts the treatment sites that the units of subtrees use. One statement. */
export async function countSubtreeSites(prisma: PrismaClient, keys: readonly SubtreeKey[]): Promise<number[]> {
  const rows = await prisma.$queryRaw`
    -- number of treatment sites of subtrees
    select key.n, counted.count
    from ${keyRows(
      keys.map(({ pathText, revision, day }) => ({ path_text: pathText, revision, day })),
      'path_text text, revision integer, day date',
    )}
    cross join lateral (
      select count(*)::integer as count
      from (${subtreeSitesSql}) used
    ) counted`;
  return groupByKey(countRows.parse(rows), keys.length).map(([row]) => row?.count ?? 0);
}

/** The units of a treatment site, or those of them in the subtree of a unit. */
export interface SiteUnitsKey extends TreatmentSiteKey {
  /** RESH-id of the unit; undefined for all units of the site */
  readonly within?: number | undefined;
}

/** A page of the units of a treatment site; `after` is the last unit of the previous page. */
export interface SiteUnitsPageKey extends SiteUnitsKey {
  readonly first: number;
  readonly after?: { readonly nameSortKey: string; readonly reshId: number } | undefined;
}

/** Returns pages of the units that use treatment sites, by name. One statement. */
export async function readSiteUnits(prisma: PrismaClient, keys: readonly SiteUnitsPageKey[]): Promise<UnitRow[][]> {
  const rows = await prisma.$queryRaw`
    -- units of treatment sites
    select key.n, page.*
    from ${keyRows(
      keys.map((key) => ({
        ...toSiteUnitsKeyRow(key),
        first: key.first,
        after_name: key.after?.nameSortKey ?? null,
        after_id: key.after?.reshId ?? null,
      })),
      `${siteUnitsKeyColumns}, first integer, after_name text, after_id integer`,
    )}
    cross join lateral (
      select ${unitColumns('v')}
      from unit_version v
      where v.treatment_site_number = key.number
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
        and (key.within is null or key.within = any(v.path))
        and (key.after_id is null or (v.name_sort_key, v.resh_id) > (key.after_name, key.after_id))
      order by v.name_sort_key, v.resh_id
      limit key.first
    ) page`;
  return groupByKey(z.array(unitRow.extend({ n: z.number() })).parse(rows), keys.length);
}

/** Counts the units that use treatment sites. One statement. */
export async function countSiteUnits(prisma: PrismaClient, keys: readonly SiteUnitsKey[]): Promise<number[]> {
  const rows = await prisma.$queryRaw`
    -- number of units of treatment sites
    select key.n, counted.count
    from ${keyRows(keys.map(toSiteUnitsKeyRow), siteUnitsKeyColumns)}
    cross join lateral (
      select count(*)::integer as count
      from unit_version v
      where v.treatment_site_number = key.number
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
        and (key.within is null or key.within = any(v.path))
    ) counted`;
  return groupByKey(countRows.parse(rows), keys.length).map(([row]) => row?.count ?? 0);
}

const siteUnitsKeyColumns = `${siteKeyColumns}, within integer`;

function toSiteUnitsKeyRow({ within, ...key }: SiteUnitsKey) {
  return { ...toSiteKeyRow(key), within: within ?? null };
}
