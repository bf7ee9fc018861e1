import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { rowSchema, selectListSql } from '../sql/columns.ts';
import { groupByKey, keyRows, knownAtKeyRevision, validOnKeyDay } from '../sql/temporal-conditions.ts';
import { accessGrant, administrator, unitVersion } from '../tables.ts';

/** A subject on a day, as known at a revision. */
export interface SubjectKey {
  readonly subject: string;
  readonly revision: number;
  readonly day: Day;
}
const subjectKeyColumns = 'subject text, revision integer, day date';

const grantColumns = { ...accessGrant.key, ...accessGrant.facts, ...accessGrant.period };
const grantRow = rowSchema(grantColumns);
const keyedGrantRows = z.array(grantRow.extend({ n: z.number() }));
/** A role of a subject, with its unit and days. */
export type GrantRow = z.infer<typeof grantRow>;

/** Returns the grants of subjects on their days, by role and RESH-id. One statement. */
export async function readGrants(prisma: PrismaClient, keys: readonly SubjectKey[]): Promise<GrantRow[][]> {
  const rows = await prisma.$queryRaw`
    -- grants of subjects
    select key.n, ${selectListSql(grantColumns, 'access_grant')}
    from ${keyRows(keys, subjectKeyColumns)}
    join access_grant on access_grant.subject = key.subject
    where ${knownAtKeyRevision('access_grant')}
      and ${validOnKeyDay('access_grant')}
    order by key.n, access_grant.role, access_grant.resh_id`;
  return groupByKey(keyedGrantRows.parse(rows), keys.length);
}

const administratorColumns = { ...administrator.key, ...administrator.facts };
const administratorRow = rowSchema(administratorColumns);
const keyedAdministratorRows = z.array(administratorRow.extend({ n: z.number() }));
/** Name and e-mail address of a subject. */
export type AdministratorRow = z.infer<typeof administratorRow>;

/**
 * Returns the names and e-mail addresses of subjects on their days or, if they have none on the day, the next ones
 * after it: access can be granted from a later day. Undefined if the register has neither. One statement.
 */
export async function readAdministrators(
  prisma: PrismaClient,
  keys: readonly SubjectKey[],
): Promise<(AdministratorRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- administrators by subject
    select key.n, ${selectListSql(administratorColumns, 'administrator')}
    from ${keyRows(keys, subjectKeyColumns)}
    join administrator on administrator.subject = key.subject
    where ${knownAtKeyRevision('administrator')}
      and (administrator.valid_to is null or administrator.valid_to > key.day)
    order by key.n, administrator.valid_from`;
  return groupByKey(keyedAdministratorRows.parse(rows), keys.length).map(([row]) => row);
}

/** A path, RESH-ids from the root to a unit, on a day, as known at a revision. */
export interface AdministeredPathKey {
  readonly path: readonly number[];
  readonly revision: number;
  readonly day: Day;
}

const administratorOfUnit = rowSchema({ ...administratorColumns, ...unitVersion.key });
const keyedAdministratorsOfUnits = z.array(administratorOfUnit.extend({ n: z.number() }));
/** An administrator with the RESH-id of the unit of the grant. */
export type AdministratorOfUnitRow = z.infer<typeof administratorOfUnit>;

/**
 * Returns the administrators of the units on paths, nearest unit first, then by name. An administrator without a name
 * has the subject as name. One statement.
 */
export async function readAdministratorsOnPath(
  prisma: PrismaClient,
  keys: readonly AdministeredPathKey[],
): Promise<AdministratorOfUnitRow[][]> {
  const rows = await prisma.$queryRaw`
    -- administrators on paths
    select
      key.n,
      access_grant.subject,
      coalesce(administrator.name, access_grant.subject) as name,
      administrator.email,
      access_grant.resh_id as "reshId"
    from ${keyRows(
      keys.map(({ path, revision, day }) => ({ path: `{${path.join(',')}}`, revision, day })),
      'path integer[], revision integer, day date',
    )}
    cross join lateral unnest(key.path) with ordinality as step (resh_id, depth)
    join access_grant on access_grant.resh_id = step.resh_id
    left join administrator on administrator.subject = access_grant.subject
      and ${knownAtKeyRevision('administrator')}
      and ${validOnKeyDay('administrator')}
    where access_grant.role = 'ADMINISTRATOR'
      and ${knownAtKeyRevision('access_grant')}
      and ${validOnKeyDay('access_grant')}
    order by
      key.n,
      step.depth desc,
      norwegian_sort_key(coalesce(administrator.name, access_grant.subject)),
      access_grant.subject collate "C"`;
  return groupByKey(keyedAdministratorsOfUnits.parse(rows), keys.length);
}
