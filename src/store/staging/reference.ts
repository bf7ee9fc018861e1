import type { BulkSession } from '../database/bulk-session.ts';
import { markRejected } from './problems.ts';
import { resolveRowConflicts, isInRoundSql, type UniqueKey, type PlaceRows } from './row-conflicts.ts';
import type { ReadableFiles } from './tables.ts';

// What is in the register already stays as it is there, so that a folder's reference data may be imported again.
const registeredCodesSql = `-- codes that the register has: differences are told, the rows set aside
  insert into import_problem (file, line, column_name, value, problem, remedy, kind)
  select 'codes.csv', c.line, 'code', c.code_set || ':' || c.code, 'is in the register with other facts', 'they are kept as they are there', 'WARNING'
  from import_code c
  join code k on k.code_set = c.code_set and k.code = c.code
  where not c.rejected
    and not exists (
      select from code_version v
      where v.code_set = c.code_set
        and v.code = c.code
        and v.superseded_rev is null
        and (v.name, v.parent_code, v.retired, v.valid_from, v.valid_to)
          is not distinct from (c.name, c.parent_code, c.retired, c.valid_from, c.valid_to)
    );
  delete from import_code c
  using code k
  where k.code_set = c.code_set and k.code = c.code and not c.rejected;`;

const registeredSitesSql = `-- treatment sites that the register has: differences are told, the rows set aside
  insert into import_problem (file, line, column_name, value, problem, remedy, kind)
  select 'treatment_sites.csv', s.line, 'organization_number', s.organization_number, 'is in the register with other facts', 'they are kept as they are there', 'WARNING'
  from import_site s
  join treatment_site k on k.organization_number = s.organization_number
  where not s.rejected
    and not exists (
      select from treatment_site_version v
      where v.organization_number = s.organization_number
        and v.superseded_rev is null
        and (v.name, v.municipality, v.postal_code, v.city, v.legal_entity_resh_id, v.valid_from, v.valid_to)
          is not distinct from (s.name, s.municipality, s.postal_code, s.city, s.trust_resh_id, s.valid_from, s.valid_to)
    );
  delete from import_site s
  using treatment_site k
  where k.organization_number = s.organization_number and not s.rejected;`;

const codeChecksSql = `-- codes under a code that nobody knows
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'codes.csv', c.line, 'parent_code', c.parent_code, 'is no code of set ' || c.code_set, 'add the code, or leave the column empty'
  from import_code c
  where c.parent_code is not null
    and c.code_set is not null
    and not exists (select from import_code p where p.code_set = c.code_set and p.code = c.parent_code)
    and not exists (select from code p where p.code_set = c.code_set and p.code = c.parent_code);
  -- codes replaced by a code that nobody knows
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'codes.csv', c.line, 'replaced_by', replacement, 'is no code that is known', 'add the code, written as set:code, or leave it out'
  from import_code c
  cross join lateral unnest(c.replaced_by) as replacement
  where not exists (select from import_code p where p.code_set || ':' || p.code = replacement)
    and not exists (select from code p where p.code_set || ':' || p.code = replacement);`;

const codeKey: UniqueKey = {
  key: "r.code_set || ':' || r.code",
  column: 'code',
  value: "r.code_set || ':' || r.code",
  problem: "'stands on %s too, on some of the same days'",
  rowLabel: "'line ' || r.line",
  remedy: 'keep one of the rows, or give them periods that do not overlap',
};

const reachableCodesSql = `with recursive reached as (
    select r.code_set, r.code
    from import_code r
    where r.parent_code is null and ${isInRoundSql}
    union
    select k.code_set, k.code
    from code k
    union
    select r.code_set, r.code
    from reached above
    join import_code r on r.code_set = above.code_set and r.parent_code = above.code and ${isInRoundSql}
  )`;

const placeCodes: PlaceRows = (session) =>
  session.execute(`drop table if exists import_placed;
    create temporary table import_placed as
    ${reachableCodesSql}
    select r.line
    from import_code r
    where ${isInRoundSql}
      and exists (select from reached k where k.code_set = r.code_set and k.code = coalesce(r.parent_code, r.code));
    create index on import_placed (line)`);

const unreachableCodesSql = `-- codes whose parents were rejected or lead back to the code itself
  ${reachableCodesSql}
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'codes.csv', r.line, 'parent_code', r.parent_code, 'was rejected, or leads back to the code itself', 'mend the row of the parent code'
  from import_code r
  where not r.rejected
    and not exists (select from reached k where k.code_set = r.code_set and k.code = coalesce(r.parent_code, r.code));`;

/** Checks the staged codes against each other and the register; what the register has already is set aside. */
export async function checkCodes(
  session: BulkSession,
  readable: ReadableFiles,
): Promise<{ alreadyRegistered: number }> {
  const count = async () =>
    (await session.query<{ count: string }>('select count(*)::text as count from import_code'))[0]?.count ?? '0';
  const before = Number(await count());
  await session.execute(registeredCodesSql);
  const after = Number(await count());
  const runCheck = async (check: string) => {
    await session.execute(check);
    await markRejected(session, 'codes.csv');
  };
  if (readable.codes) await runCheck(codeChecksSql);
  await resolveRowConflicts(session, 'codes.csv', [codeKey], readable.codes ? placeCodes : undefined);
  if (readable.codes) await runCheck(unreachableCodesSql);
  return { alreadyRegistered: before - after };
}

const unknownLegalEntitiesSql = `-- sites whose legal entity is no unit
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'treatment_sites.csv', s.line, 'trust_resh_id', s.trust_resh_id, 'is the RESH-id of no unit, neither in units.csv nor in the register', 'correct it, or leave it empty'
  from import_site s
  where s.trust_resh_id is not null
    and not exists (select from import_unit u where u.resh_id = s.trust_resh_id)
    and not exists (select from unit u where u.resh_id = s.trust_resh_id)`;

const siteKey: UniqueKey = {
  key: 'r.organization_number',
  column: 'organization_number',
  value: 'r.organization_number',
  problem: "'stands on %s too, on some of the same days'",
  rowLabel: "'line ' || r.line",
  remedy: 'keep one of the rows, or give them periods that do not overlap',
};

/** Checks the staged treatment sites against the units and each other; what the register has already is set aside. */
export async function checkSites(
  session: BulkSession,
  readable: ReadableFiles,
): Promise<{ alreadyRegistered: number }> {
  const count = async () =>
    (await session.query<{ count: string }>('select count(*)::text as count from import_site'))[0]?.count ?? '0';
  const before = Number(await count());
  await session.execute(registeredSitesSql);
  const after = Number(await count());
  if (readable.units) await session.execute(unknownLegalEntitiesSql);
  await markRejected(session, 'treatment_sites.csv');
  await resolveRowConflicts(session, 'treatment_sites.csv', [siteKey]);
  return { alreadyRegistered: before - after };
}

const legalEntityExistsSql = `(
      exists (select from import_unit u where u.resh_id = s.trust_resh_id and not u.rejected)
      or exists (select from unit u where u.resh_id = s.trust_resh_id)
    )`;

/**
 * Settles the legal entities of the staged sites, once it is known which units load. A site whose legal entity was rejected
 * loads without it: its name is still needed by the units that use it.
 */
export async function checkLegalEntities(session: BulkSession): Promise<void> {
  await session.execute(`-- sites whose legal entity was rejected
    insert into import_problem (file, line, column_name, value, problem, remedy, kind)
    select 'treatment_sites.csv', s.line, 'trust_resh_id', s.trust_resh_id, 'is the RESH-id of a unit whose row was rejected', 'the site loads without a legal entity; mend the row of the unit', 'WARNING'
    from import_site s
    where s.trust_resh_id is not null
      and not s.rejected
      and not ${legalEntityExistsSql};
    update import_site s
    set trust_resh_id = null
    where s.trust_resh_id is not null and not s.rejected and not ${legalEntityExistsSql}`);
}
