import { z } from 'zod';
import type { AdministratorRow, GrantRow } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { validOn } from '../sql/temporal-conditions.ts';
import { accessGrant, administrator, rowId } from '../tables.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { Transaction } from '../database/transaction.ts';

// Read within a change, under the lock, so at the newest revision: current rows have no superseded_rev.
const grantColumns = { ...rowId, ...accessGrant.key, ...accessGrant.period, ...accessGrant.facts };
export const grantRow = rowSchema(grantColumns);

/** Returns the grants of a subject on all days. One statement. */
export function readGrantsOfSubject(tx: SqlClient, subject: string): Promise<GrantRow[]> {
  return readGrants(tx, 'grants of a subject', 'subject = $1', subject);
}

/** Returns a query of the grants of a subject on all days. */
export function grantsOfSubjectSql(subject: string): string {
  return grantsSql(`subject = ${subject}`);
}

/** Returns the grants on units on all days. One statement. */
export function readGrantsOnUnits(tx: SqlClient, reshIds: readonly number[]): Promise<GrantRow[]> {
  return readGrants(tx, 'grants on units', 'resh_id = any($1::integer[])', reshIds);
}

/** Returns the grants of a national role on all days. One statement. */
export function readGrantsOfRole(tx: Transaction, role: 'OPERATOR' | 'SPECIALIST_REGISTRAR'): Promise<GrantRow[]> {
  return readGrants(tx, 'grants of a role', 'role = $1::text::access_role', role);
}

async function readGrants(tx: SqlClient, name: string, condition: string, value: unknown): Promise<GrantRow[]> {
  return z.array(grantRow).parse(
    await tx.query(
      `-- ${name}
       ${grantsSql(condition)}`,
      [value],
    ),
  );
}

function grantsSql(condition: string): string {
  return `select ${selectList(grantColumns)}
       from access_grant
       where ${condition}
         and superseded_rev is null
       order by valid_from`;
}

const administratorColumns = { ...rowId, ...administrator.key, ...administrator.period, ...administrator.facts };
const administratorRow = rowSchema(administratorColumns);

/** Returns the names and e-mail addresses of a subject on all days. One statement. */
export async function readAdministratorRows(tx: Transaction, subject: string): Promise<AdministratorRow[]> {
  return z.array(administratorRow).parse(
    await tx.query(
      `-- name of a subject
       select ${selectList(administratorColumns)}
       from administrator
       where subject = $1
         and superseded_rev is null
       order by valid_from`,
      [subject],
    ),
  );
}

export const contactRow = rowSchema(administrator.facts);

/** Name and e-mail address of a person. */
export type Contact = z.infer<typeof contactRow>;

/** Returns a query of the contact of a subject on a day or, if there is none on that day, the next one after it. */
export function contactOfSubjectSql(subject: string, day: string): string {
  return `select ${selectList(administrator.facts)}
       from administrator
       where subject = ${subject}
         and superseded_rev is null
         and (valid_to is null or valid_to > ${day})
       order by valid_from
       limit 1`;
}

/**
 * Returns up to five people to ask about a unit on a day: the registrars if they are responsible for it, then the
 * administrators of the units on its path, nearest unit first; if there is none, the operators. One statement.
 */
export async function readContacts(
  tx: SqlClient,
  path: readonly number[],
  hasRegistrar: boolean,
  day: Day,
): Promise<Contact[]> {
  return z.array(contactRow).parse(
    await tx.query(
      `-- contacts on a path
       with holder as (
         select g.subject, g.role, cardinality($1::integer[]) - step.depth as distance
         from unnest($1::integer[]) with ordinality as step (resh_id, depth)
         join access_grant g on g.resh_id = step.resh_id
         where g.superseded_rev is null
           and ${validOn('$3::text::date', 'g')}
         union all
         select g.subject, g.role, -1
         from access_grant g
         where g.resh_id is null
           and (g.role = 'OPERATOR' or $2::boolean)
           and g.superseded_rev is null
           and ${validOn('$3::text::date', 'g')}
       )
       select coalesce(a.name, holder.subject) as name, a.email
       from holder
       left join administrator a on a.subject = holder.subject
         and a.superseded_rev is null
         and ${validOn('$3::text::date', 'a')}
       where holder.role <> 'OPERATOR'
         or not exists (select from holder other where other.role <> 'OPERATOR')
       order by holder.distance, norwegian_sort_key(coalesce(a.name, holder.subject)), holder.subject
       limit 5`,
      [path, hasRegistrar, day],
    ),
  );
}

const namedGrantRow = grantRow.extend(contactRow.shape);

/**
 * Returns grants on units that hold on a day or later, with the name of the subject on the first of those days. One
 * statement.
 */
export async function readNamedGrantsFromDay(
  tx: Transaction,
  reshIds: readonly number[],
  day: Day,
): Promise<z.infer<typeof namedGrantRow>[]> {
  return z.array(namedGrantRow).parse(
    await tx.query(
      `-- grants on units with names
       select ${selectList(grantColumns, 'g')}, coalesce(a.name, g.subject) as name, a.email
       from access_grant g
       left join administrator a on a.subject = g.subject
         and a.superseded_rev is null
         and ${validOn('greatest(g.valid_from, $2::text::date)', 'a')}
       where g.resh_id = any($1::integer[])
         and g.superseded_rev is null
         and (g.valid_to is null or g.valid_to > $2::text::date)
       order by g.resh_id, name, g.valid_from`,
      [reshIds, day],
    ),
  );
}

const subjectColumns = { ...administrator.key, ...administrator.facts };
const subjectRow = rowSchema(subjectColumns);

/**
 * Returns the names and e-mail addresses of subjects on a day or, if they have none on that day, the next ones after
 * it. Subjects without a name on these days are absent. One statement.
 */
export async function readSubjectContacts(
  tx: Transaction,
  subjects: readonly string[],
  day: Day,
): Promise<Map<string, Contact>> {
  const rows = subjectRow.array().parse(
    await tx.query(
      `-- names of subjects
       select distinct on (subject) ${selectList(subjectColumns)}
       from administrator
       where subject = any($1::text[])
         and superseded_rev is null
         and (valid_to is null or valid_to > $2::text::date)
       order by subject, valid_from`,
      [subjects, day],
    ),
  );
  return new Map(rows.map(({ subject, ...contact }) => [subject, contact]));
}
