import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { insertProblemsSql, markRejected } from './problems.ts';
import { removeRegisteredRows } from './registered-rows.ts';
import { resolveRowConflicts } from './row-conflicts.ts';
import type { ReadableFiles } from './tables.ts';
import type { UniqueKey } from './unique-key.ts';

/** Checks the staged treatment sites against the units and each other, and removes registered sites. */
export async function checkSites(
  session: BulkSession,
  readable: ReadableFiles,
): Promise<{ alreadyRegistered: number }> {
  const alreadyRegistered = await removeRegisteredRows(session, 'treatment_sites.csv', registeredSitesSql);
  await checkSiteRows(session, readable);
  return { alreadyRegistered };
}

/** Checks the staged treatment sites as {@link checkSites} does, and sets registered sites aside for a comparison. */
export async function checkDesiredSites(session: BulkSession, readable: ReadableFiles): Promise<void> {
  await checkSiteRows(session, readable);
  await session.execute(setRegisteredSitesAsideSql);
}

async function checkSiteRows(session: BulkSession, readable: ReadableFiles): Promise<void> {
  if (readable.units) await session.execute(unknownLegalEntitiesSql);
  await markRejected(session, 'treatment_sites.csv');
  await resolveRowConflicts(session, 'treatment_sites.csv', [siteKey]);
}

const registeredSiteRow = z.object({
  organizationNumber: z.string(),
  name: z.string(),
  municipality: z.string().nullable(),
  postalCode: z.string().nullable(),
  city: z.string().nullable(),
  legalEntityReshId: z.number().nullable(),
});

/** Facts of a treatment site that a file has and the register too. */
export type RegisteredSiteRow = z.infer<typeof registeredSiteRow>;

/**
 * Returns the rows of registered treatment sites that cover a day, by number. Warns about rows that are not compared:
 * the site is closed on the day, or the row of its legal entity was rejected. Call it after all checks of units.
 */
export async function readRegisteredSites(session: BulkSession, day: Day): Promise<RegisteredSiteRow[]> {
  await session.execute(uncomparedSitesSql(day));
  return z.array(registeredSiteRow).parse(
    await session.query(
      `-- registered treatment sites of the files
       select organization_number as "organizationNumber", name, municipality, postal_code as "postalCode", city,
         trust_resh_id as "legalEntityReshId"
       from import_registered_site
       order by organization_number`,
    ),
  );
}

/**
 * Clears the legal entity of staged sites if its unit was rejected. The site itself loads, because the units that use
 * it need its name. Call it after all checks of units.
 */
export async function checkLegalEntities(session: BulkSession): Promise<void> {
  await session.execute(rejectedLegalEntitiesSql);
}

// A site whose registration was undone has its number in the register, but no days.
const isRegisteredSql = `exists (
      select from treatment_site_version v
      where v.organization_number = s.organization_number and v.superseded_rev is null
    )`;

const registeredSitesSql = `-- treatment sites that the register has
  ${insertProblemsSql('treatment_sites.csv', 's', 'WARNING')} 'organization_number', s.organization_number,
    'differs from the register',
    'the row is ignored; change the site with import --sync, or with updateTreatmentSite'
  from import_site s
  where not s.rejected
    and ${isRegisteredSql}
    and not exists (
      select from treatment_site_version v
      where v.organization_number = s.organization_number
        and v.superseded_rev is null
        and (
          v.name, v.municipality, v.postal_code, v.city, v.legal_entity_resh_id, v.valid_from, v.valid_to
        ) is not distinct from (
          s.name, s.municipality, s.postal_code, s.city, s.trust_resh_id, s.valid_from, s.valid_to
        )
    );
  delete from import_site s
  where not s.rejected and ${isRegisteredSql};`;

const setRegisteredSitesAsideSql = `-- treatment sites that the register has
  drop table if exists import_registered_site;
  create temporary table import_registered_site as
  select s.*
  from import_site s
  where not s.rejected and ${isRegisteredSql};
  delete from import_site s
  where not s.rejected and ${isRegisteredSql};`;

const unknownLegalEntitiesSql = `-- sites with an unknown legal entity
  ${insertProblemsSql('treatment_sites.csv', 's')} 'trust_resh_id', s.trust_resh_id,
    'is a RESH-id that neither units.csv nor the register has', 'correct it, or leave it empty'
  from import_site s
  where s.trust_resh_id is not null
    and not exists (select from import_unit u where u.resh_id = s.trust_resh_id)
    and not exists (select from unit u where u.resh_id = s.trust_resh_id)`;

const siteKey: UniqueKey = {
  key: 'r.organization_number',
  column: 'organization_number',
  value: 'r.organization_number',
  problem: "'is also on %s, for some of the same days'",
  rowLabel: "'line ' || r.line",
  remedy: 'keep one of the rows, or give them periods that do not overlap',
};

const hasRejectedLegalEntitySql = `s.trust_resh_id is not null
    and not s.rejected
    and not exists (select from import_unit u where u.resh_id = s.trust_resh_id and not u.rejected)
    and not exists (select from unit u where u.resh_id = s.trust_resh_id)`;

function uncomparedSitesSql(day: Day): string {
  return `-- rows of registered sites that are not compared
  delete from import_registered_site s
  where not ${dateRangeSql('s')} @> date '${day}';
  ${insertProblemsSql('treatment_sites.csv', 's', 'WARNING')} 'organization_number', s.organization_number,
    'is not valid on ${day} in the register', 'the row is ignored; reopen the site with reopenTreatmentSite'
  from import_registered_site s
  where ${isClosedSql(day)};
  ${insertProblemsSql('treatment_sites.csv', 's', 'WARNING')} 'trust_resh_id', s.trust_resh_id,
    'is the RESH-id of a unit with a rejected row', 'the row is ignored; correct the row of the unit'
  from import_registered_site s
  where ${hasRejectedLegalEntitySql} and not ${isClosedSql(day)};
  delete from import_registered_site s
  where ${isClosedSql(day)} or ${hasRejectedLegalEntitySql}`;
}

function isClosedSql(day: Day): string {
  return `not exists (
    select from treatment_site_version v
    where v.organization_number = s.organization_number
      and v.superseded_rev is null
      and ${dateRangeSql('v')} @> date '${day}'
  )`;
}

const rejectedLegalEntitiesSql = `-- sites with a rejected legal entity
  ${insertProblemsSql('treatment_sites.csv', 's', 'WARNING')} 'trust_resh_id', s.trust_resh_id,
    'is the RESH-id of a unit with a rejected row', 'the site loads without a legal entity; correct the row of the unit'
  from import_site s
  where ${hasRejectedLegalEntitySql};
  update import_site s
  set trust_resh_id = null
  where ${hasRejectedLegalEntitySql}`;
