import type { BulkSession } from '../database/bulk-session.ts';
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
  if (readable.units) await session.execute(unknownLegalEntitiesSql);
  await markRejected(session, 'treatment_sites.csv');
  await resolveRowConflicts(session, 'treatment_sites.csv', [siteKey]);
  return { alreadyRegistered };
}

/**
 * Clears the legal entity of staged sites if its unit was rejected. The site itself loads, because the units that use
 * it need its name. Call it after all checks of units.
 */
export async function checkLegalEntities(session: BulkSession): Promise<void> {
  await session.execute(rejectedLegalEntitiesSql);
}

const registeredSitesSql = `-- treatment sites that the register has
  ${insertProblemsSql('treatment_sites.csv', 's', 'WARNING')} 'organization_number', s.organization_number,
    'differs from the register', 'the row is ignored; the register keeps its treatment site'
  from import_site s
  join treatment_site k on k.organization_number = s.organization_number
  where not s.rejected
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
  using treatment_site k
  where k.organization_number = s.organization_number and not s.rejected;`;

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

const rejectedLegalEntitiesSql = `-- sites with a rejected legal entity
  ${insertProblemsSql('treatment_sites.csv', 's', 'WARNING')} 'trust_resh_id', s.trust_resh_id,
    'is the RESH-id of a unit with a rejected row', 'the site loads without a legal entity; correct the row of the unit'
  from import_site s
  where ${hasRejectedLegalEntitySql};
  update import_site s
  set trust_resh_id = null
  where ${hasRejectedLegalEntitySql}`;
