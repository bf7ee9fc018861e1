import { z } from 'zod';
import type { SiteUse } from '../../domain/plan/treatment-sites/plan-site.ts';
import type { SiteRow } from '../../domain/plan/write-set.ts';
import { FIRST_DAY, type Day } from '../../domain/time/day.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { Transaction } from '../database/transaction.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { rowId, treatmentSiteVersion, unitVersion } from '../tables.ts';

// Read within a change, under the lock, so at the newest revision: current rows have no superseded_rev.
export const siteColumns = {
  ...rowId,
  ...treatmentSiteVersion.key,
  ...treatmentSiteVersion.period,
  ...treatmentSiteVersion.facts,
};

/** Parses a row of a treatment site; the first day of all stands for an unknown one. */
export const siteRow: z.ZodType<SiteRow> = rowSchema(siteColumns).transform(({ from, ...site }) => ({
  ...site,
  from: from ?? FIRST_DAY,
}));

/** Returns the periods of treatment sites in order of days, without unknown sites. One statement. */
export async function readSiteRows(tx: SqlClient, organizationNumbers: readonly string[]): Promise<SiteRow[]> {
  return z.array(siteRow).parse(
    await tx.query(
      `-- periods of treatment sites
       select ${selectList(siteColumns)}
       from treatment_site_version
       where organization_number = any($1::text[])
         and superseded_rev is null
       order by organization_number, valid_from nulls first`,
      [organizationNumbers],
    ),
  );
}

/**
 * Returns all periods of the treatment sites that belong to one of the legal entities on any day, in order of days. One
 * statement.
 *
 * @param legalEntities RESH-ids
 */
export async function readSitesOfLegalEntities(tx: SqlClient, legalEntities: readonly number[]): Promise<SiteRow[]> {
  return z.array(siteRow).parse(
    await tx.query(
      `-- treatment sites of legal entities
       select ${selectList(siteColumns)}
       from treatment_site_version
       where organization_number in (
           select organization_number
           from treatment_site_version
           where legal_entity_resh_id = any($1::integer[])
             and superseded_rev is null
         )
         and superseded_rev is null
       order by organization_number, valid_from nulls first`,
      [legalEntities],
    ),
  );
}

const siteUseRow = z.object({
  unitCount: z.number(),
  example: z.object({ reshId: z.number(), name: z.string(), from: z.string() }).nullable(),
});

/** Returns the use of a treatment site by units on a day or later. One statement. */
export async function readSiteUse(tx: SqlClient, organizationNumber: string, day: Day): Promise<SiteUse> {
  const [row] = await tx.query(
    `-- units of a treatment site from a day on
     with used as (
       select resh_id, name, valid_from
       from unit_version
       where treatment_site_number = $1
         and superseded_rev is null
         and (valid_to is null or valid_to > $2::text::date)
     )
     select
       (select count(distinct resh_id)::integer from used) as "unitCount",
       (
         select json_build_object('reshId', resh_id, 'name', name, 'from', valid_from)
         from used
         order by valid_from, resh_id
         limit 1
       ) as example`,
    [organizationNumber, day],
  );
  return siteUseRow.parse(row);
}

const siteUseColumns = {
  ...unitVersion.key,
  ...unitVersion.period,
  name: unitVersion.facts.name,
  organizationNumber: { ...treatmentSiteVersion.key.organizationNumber, column: 'treatment_site_number' },
};
const siteUse = rowSchema(siteUseColumns);

/** A unit that uses a treatment site over a period. */
export type SiteUseRow = z.infer<typeof siteUse>;

/** Returns the uses of treatment sites by units on all days. One statement. */
export async function readSiteUses(tx: SqlClient, organizationNumbers: readonly string[]): Promise<SiteUseRow[]> {
  return z.array(siteUse).parse(
    await tx.query(
      `-- units of treatment sites on all days
       select ${selectList(siteUseColumns)}
       from unit_version
       where treatment_site_number = any($1::text[])
         and superseded_rev is null`,
      [organizationNumbers],
    ),
  );
}

/** Returns the newest revision that changed a treatment site; undefined if it never existed. One statement. */
export async function readNewestSiteChange(tx: Transaction, organizationNumber: string): Promise<number | undefined> {
  const [row] = z.array(z.object({ revision: z.number().nullable() })).parse(
    await tx.query(
      `-- newest change of a treatment site
       select max(greatest(recorded_rev, superseded_rev)) as revision
       from treatment_site_version
       where organization_number = $1`,
      [organizationNumber],
    ),
  );
  return row?.revision ?? undefined;
}
