import { setImmediate } from 'node:timers/promises';
import type { BulkSession } from '../database/bulk-session.ts';
import type { LockedBulkTransaction } from '../database/transaction.ts';

const rowsPerBatch = 20_000;

const prepareImportSql = `drop table if exists import_version;
  create temporary table import_version as
  select row_number() over (order by s.path_text, s.validity) as position, u.resh_id, lower(s.validity) as valid_from, upper(s.validity) as valid_to,
    u.parent_resh_id, u.type::unit_type as type, u.name, u.short_name, u.designation, u.designation_text, u.organization_number,
    u.treatment_site_number, u.responsible_person, s.path, s.path_text
  from import_segment s
  join import_unit u on u.line = s.line
  order by s.path_text, s.validity;
  create index on import_version (position);
  analyze import_version;
  delete from import_code_period p
  using import_unit_code d
  where d.line = p.line and d.rejected;
  alter table import_code_period add column position bigint generated always as identity;
  create index on import_code_period (position);
  delete from import_identifier_period p
  using import_identifier d
  where d.line = p.line and d.rejected;
  alter table import_identifier_period add column position bigint generated always as identity;
  create index on import_identifier_period (position)`;

const missingSitesSql = `-- sites that units use and nobody describes
  drop table if exists import_missing_site;
  create temporary table import_missing_site as
  select u.treatment_site_number as organization_number, min(u.line) as line, count(*)::integer as units
  from import_unit u
  where not u.rejected
    and u.treatment_site_number is not null
    and not exists (select from import_site s where s.organization_number = u.treatment_site_number and not s.rejected)
    and not exists (select from treatment_site s where s.organization_number = u.treatment_site_number)
  group by u.treatment_site_number;
  insert into import_problem (file, line, column_name, value, problem, remedy, kind)
  select 'units.csv', line, 'treatment_site_number', organization_number, 'is not in treatment_sites.csv', 'it is registered under its number; add the site to give it a name', 'WARNING'
  from import_missing_site`;

/** What an import is about to write, in rows and in units. */
export interface PreparedImport {
  readonly units: number;
  readonly versions: number;
  readonly unitCodes: number;
  readonly identifiers: number;
  readonly sites: number;
  readonly missingSites: number;
  readonly codes: number;
}

/** Reference data that an import is about to write, in rows. */
export type PreparedReferenceData = Pick<PreparedImport, 'sites' | 'missingSites' | 'codes'>;

const referenceCountsSql = `(select count(*) from import_site where not rejected)::integer as sites,
       (select count(*) from import_missing_site)::integer as "missingSites",
       (select count(*) from import_code where not rejected)::integer as codes`;

/** Finds the treatment sites that units use and nobody describes, and counts the reference data to be written. Needs no lock. */
export async function prepareReferenceData(session: BulkSession): Promise<PreparedReferenceData> {
  await session.execute(missingSitesSql);
  const [row] = await session.query<PreparedReferenceData & Record<string, unknown>>(
    `-- reference data that is about to be written\n     select ${referenceCountsSql}`,
  );
  if (!row) throw new Error('The prepared reference data could not be counted.');
  return row;
}

/** Puts what is to be written in tree order, so that a subtree will lie together on disk. Needs no lock. */
export async function prepareImport(session: BulkSession): Promise<PreparedImport> {
  await session.execute(prepareImportSql);
  await session.execute(missingSitesSql);
  const [row] = await session.query<PreparedImport & Record<string, unknown>>(
    `-- what is about to be written
     select (select count(distinct resh_id) from import_version)::integer as units,
       (select count(*) from import_version)::integer as versions,
       (select count(*) from import_code_period)::integer as "unitCodes",
       (select count(*) from import_identifier_period)::integer as identifiers,
       ${referenceCountsSql}`,
  );
  if (!row) throw new Error('The prepared import could not be counted.');
  return row;
}

const insertVersionsSql = `-- unit versions in tree order
  insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name, short_name, designation_code, designation_text,
    organization_number, treatment_site_number, responsible_person, path, path_text)
  select resh_id, valid_from, valid_to, $1::integer, parent_resh_id, type, name, short_name, designation, designation_text,
    organization_number, treatment_site_number, responsible_person, path, path_text
  from import_version
  where position > $2::bigint and position <= $3::bigint
  order by position`;

const insertUnitCodesSql = `-- codes of units
  insert into unit_code (resh_id, code_set, code, attributes, valid_from, valid_to, recorded_rev)
  select resh_id, code_set, code, '{}', lower(validity), upper(validity), $1::integer
  from import_code_period
  where position > $2::bigint and position <= $3::bigint
  order by position`;

const insertIdentifiersSql = `-- identifiers of units
  insert into unit_identifier (resh_id, system, value, valid_from, valid_to, recorded_rev)
  select resh_id, system, value, lower(validity), upper(validity), $1::integer
  from import_identifier_period
  where position > $2::bigint and position <= $3::bigint
  order by position`;

/**
 * Writes a prepared import.
 *
 * @param onRows hears of the rows written so far and of all there are
 */
export async function writeImport(
  transaction: LockedBulkTransaction,
  revision: number,
  prepared: PreparedImport,
  onRows: (written: number, total: number) => void,
): Promise<void> {
  await transaction.execute(insertUnitsSql(revision));
  await writeReferenceData(transaction, revision);
  await transaction.execute(
    '-- references are checked by plans made for tables of this size\nanalyze unit, treatment_site, code',
  );
  const total = prepared.versions + prepared.unitCodes + prepared.identifiers;
  let writtenBefore = 0;
  const inserts: [string, number][] = [
    [insertVersionsSql, prepared.versions],
    [insertUnitCodesSql, prepared.unitCodes],
    [insertIdentifiersSql, prepared.identifiers],
  ];
  for (const [statement, rows] of inserts) {
    for (let offset = 0; offset < rows; offset += rowsPerBatch) {
      await transaction.query(statement, [revision, offset, offset + rowsPerBatch]);
      // The embedded database answers without leaving the turn of the event loop: signals and timers need one.
      await setImmediate();
      onRows(writtenBefore + Math.min(offset + rowsPerBatch, rows), total);
    }
    writtenBefore += rows;
  }
}

function insertUnitsSql(revision: number): string {
  return `-- identities
  insert into unit (resh_id, registered_rev)
  select distinct resh_id, ${revision}
  from import_version
  order by resh_id;
  select setval('resh_id_seq', greatest(max(resh_id), (select last_value from resh_id_seq)))
  from unit
  having max(resh_id) is not null`;
}

/** Writes the reference data of an import or a picture; units that it names must be there. */
export function writeReferenceData(transaction: LockedBulkTransaction, revision: number): Promise<void> {
  return transaction.execute(insertReferenceDataSql(revision));
}

function insertReferenceDataSql(revision: number): string {
  return `-- reference data
  insert into treatment_site (organization_number, registered_rev)
  select distinct organization_number, ${revision}
  from import_site
  where not rejected
  union
  select organization_number, ${revision}
  from import_missing_site
  order by organization_number;
  insert into treatment_site_version (organization_number, name, municipality, address_lines, postal_code, city, legal_entity_resh_id, valid_from, valid_to, recorded_rev)
  select organization_number, name, municipality, '{}', postal_code, city, trust_resh_id, valid_from, valid_to, ${revision}
  from import_site
  where not rejected
  order by organization_number, valid_from nulls first;
  insert into treatment_site_version (organization_number, name, address_lines, recorded_rev)
  select organization_number, organization_number, '{}', ${revision}
  from import_missing_site
  order by organization_number;
  insert into code_set (number, oid, name, registered_rev)
  select c.code_set, '2.16.578.1.12.4.1.1.' || c.code_set, coalesce((array_agg(c.code_set_name order by c.line) filter (where c.code_set_name is not null))[1], 'Code set ' || c.code_set), ${revision}
  from import_code c
  where not c.rejected
    and not exists (select from code_set s where s.number = c.code_set)
  group by c.code_set
  order by c.code_set;
  insert into code (code_set, code, registered_rev)
  select distinct code_set, code, ${revision}
  from import_code
  where not rejected
  order by code_set, code;
  insert into code_version (code_set, code, name, parent_code, retired, replaced_by, valid_from, valid_to, recorded_rev)
  select code_set, code, name, parent_code, retired, replaced_by, valid_from, valid_to, ${revision}
  from import_code
  where not rejected
  order by code_set, code, valid_from nulls first`;
}
