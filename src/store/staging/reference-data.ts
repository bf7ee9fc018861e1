import type { BulkSession } from '../database/bulk-session.ts';
import { insertProblemsSql } from './problems.ts';

/** Numbers of rows of reference data to write. */
export interface PreparedReferenceData {
  readonly sites: number;
  /** Treatment sites that units use but no row describes */
  readonly missingSites: number;
  readonly codes: number;
}

/**
 * Finds the treatment sites that units use but no row describes, and counts the reference data to write. It does not
 * need the register's lock.
 */
export async function prepareReferenceData(session: BulkSession): Promise<PreparedReferenceData> {
  await session.execute(createMissingSitesSql);
  const [counts] = await session.query<PreparedReferenceData & Record<string, unknown>>(
    `-- reference data to write
     select
       (select count(*) from import_site where not rejected)::integer as sites,
       (select count(*) from import_missing_site)::integer as "missingSites",
       (select count(*) from import_code where not rejected)::integer as codes`,
  );
  if (!counts) throw new Error('The query that counts the reference data returned no row.');
  return counts;
}

const createMissingSitesSql = `-- treatment sites that units use but no row describes
  drop table if exists import_missing_site;
  create temporary table import_missing_site as
  select u.treatment_site_number as organization_number, min(u.line) as line, count(*)::integer as units
  from import_unit u
  where not u.rejected
    and u.treatment_site_number is not null
    and not exists (
      select from import_site s
      where s.organization_number = u.treatment_site_number and not s.rejected
    )
    and not exists (
      select from treatment_site_version v
      where v.organization_number = u.treatment_site_number and v.superseded_rev is null
    )
  group by u.treatment_site_number;
  ${insertProblemsSql('units.csv', 's', 'WARNING')} 'treatment_site_number', s.organization_number,
    'is not in treatment_sites.csv', 'the site is registered with its number as name; add the site to name it'
  from import_missing_site s`;
