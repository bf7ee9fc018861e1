import type { BulkSession } from './bulk-session.ts';
import { markRejected } from './import-staging-problems.ts';
import type { ReadableFiles } from './import-staging.ts';

// What is in the register already stays as it is there, so that a folder's reference data may be imported again.
const codesInRegister = `-- codes that the register has: differences are told, the rows set aside
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

const sitesInRegister = `-- treatment sites that the register has: differences are told, the rows set aside
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

const codeChecks = `-- codes under a code that nobody knows
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

// A row that does not load takes nothing from another.
const sameCodeCheck = `-- codes given twice on one day
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'codes.csv', c.line, 'code', c.code_set || ':' || c.code, 'stands on line ' || earlier.line || ' too, on some of the same days', 'keep one of the rows, or give them periods that do not overlap'
  from import_code c
  cross join lateral (
    select e.line
    from import_code e
    where e.code_set = c.code_set and e.code = c.code and e.line < c.line and not e.rejected
      and daterange(e.valid_from, e.valid_to) && daterange(c.valid_from, c.valid_to)
    limit 1
  ) as earlier`;

const codesWithoutTop = `-- codes whose parents were rejected or lead back to the code itself
  with recursive reached as (
    select c.code_set, c.code
    from import_code c
    where c.parent_code is null and not c.rejected
    union
    select k.code_set, k.code
    from code k
    union
    select c.code_set, c.code
    from reached r
    join import_code c on c.code_set = r.code_set and c.parent_code = r.code and not c.rejected
  )
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'codes.csv', c.line, 'parent_code', c.parent_code, 'was rejected, or leads back to the code itself', 'mend the row of the parent code'
  from import_code c
  where not c.rejected
    and not exists (select from reached r where r.code_set = c.code_set and r.code = c.code);`;

/** Checks the staged codes against each other and the register; what the register has already is set aside. */
export const checkCodes = async (session: BulkSession, readable: ReadableFiles): Promise<{ inRegister: number }> => {
  const count = async () =>
    (await session.query<{ count: string }>('select count(*)::text as count from import_code'))[0]?.count ?? '0';
  const before = Number(await count());
  await session.execute(codesInRegister);
  const after = Number(await count());
  for (const check of readable.codes ? [codeChecks, sameCodeCheck, codesWithoutTop] : [sameCodeCheck]) {
    await session.execute(check);
    await markRejected(session, 'codes.csv');
  }
  return { inRegister: before - after };
};

const unknownLegalEntities = `-- sites whose legal entity is no unit
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'treatment_sites.csv', s.line, 'trust_resh_id', s.trust_resh_id, 'is the RESH-id of no unit, neither in units.csv nor in the register', 'correct it, or leave it empty'
  from import_site s
  where s.trust_resh_id is not null
    and not exists (select from import_unit u where u.resh_id = s.trust_resh_id)
    and not exists (select from unit u where u.resh_id = s.trust_resh_id)`;

/** Checks the staged treatment sites against the units and each other; what the register has already is set aside. */
export const checkSites = async (session: BulkSession, readable: ReadableFiles): Promise<{ inRegister: number }> => {
  const count = async () =>
    (await session.query<{ count: string }>('select count(*)::text as count from import_site'))[0]?.count ?? '0';
  const before = Number(await count());
  await session.execute(sitesInRegister);
  const after = Number(await count());
  if (readable.units) await session.execute(unknownLegalEntities);
  await markRejected(session, 'treatment_sites.csv');
  await session.execute(`-- treatment sites given twice on one day
    insert into import_problem (file, line, column_name, value, problem, remedy)
    select 'treatment_sites.csv', s.line, 'organization_number', s.organization_number, 'stands on line ' || earlier.line || ' too, on some of the same days', 'keep one of the rows, or give them periods that do not overlap'
    from import_site s
    cross join lateral (
      select e.line
      from import_site e
      where e.organization_number = s.organization_number and e.line < s.line and not e.rejected
        and daterange(e.valid_from, e.valid_to) && daterange(s.valid_from, s.valid_to)
      limit 1
    ) as earlier`);
  await markRejected(session, 'treatment_sites.csv');
  return { inRegister: before - after };
};

const legalEntityLoads = `(
      exists (select from import_unit u where u.resh_id = s.trust_resh_id and not u.rejected)
      or exists (select from unit u where u.resh_id = s.trust_resh_id)
    )`;

/**
 * Settles the legal entities of the staged sites, once it is known which units load. A site whose legal entity was rejected
 * loads without it: its name is still needed by the units that use it.
 */
export const checkLegalEntities = async (session: BulkSession): Promise<void> => {
  await session.execute(`-- sites whose legal entity was rejected
    insert into import_problem (file, line, column_name, value, problem, remedy, kind)
    select 'treatment_sites.csv', s.line, 'trust_resh_id', s.trust_resh_id, 'is the RESH-id of a unit whose row was rejected', 'the site loads without a legal entity; mend the row of the unit', 'WARNING'
    from import_site s
    where s.trust_resh_id is not null
      and not s.rejected
      and not ${legalEntityLoads};
    update import_site s
    set trust_resh_id = null
    where s.trust_resh_id is not null and not s.rejected and not ${legalEntityLoads}`);
};
