import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { rowSchema, selectListSql } from '../sql/columns.ts';
import { groupByKey, keyRows, knownAtKeyRevision, validOnKeyDay } from '../sql/temporal-conditions.ts';
import { accessGrant, administrator } from '../tables.ts';

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

/** A unit on a day, as known at a revision. */
export interface AdministeredUnitKey {
  /** RESH-ids from the root to the unit */
  readonly path: readonly number[];
  /** Indicates whether the registrar of contract specialists is responsible for the unit */
  readonly hasRegistrar: boolean;
  readonly revision: number;
  readonly day: Day;
}

/** Sorts after every administrator on a path. */
const OPERATOR_DISTANCE = 1_000_000;

const administratorOfUnit = rowSchema({ ...administratorColumns, reshId: accessGrant.facts.reshId });
const keyedAdministratorsOfUnits = z.array(administratorOfUnit.extend({ n: z.number() }));
/** A person who may change a unit, with the RESH-id of the unit of the grant; null for a national role. */
export type AdministratorOfUnitRow = z.infer<typeof administratorOfUnit>;

/**
 * Returns the people to ask about units: the registrars if they are responsible for the unit, then the administrators
 * of the unit and the units above it, nearest first, then by name; if there is none, the operators. A person without a
 * name has the subject as name. One statement.
 */
export async function readAdministratorsOfUnits(
  prisma: PrismaClient,
  keys: readonly AdministeredUnitKey[],
): Promise<AdministratorOfUnitRow[][]> {
  const rows = await prisma.$queryRaw`
    -- administrators of units
    with holder as (
      select
        key.n,
        key.revision,
        key.day,
        nearest.subject,
        nearest.role,
        nearest.resh_id,
        nearest.distance,
        min(nearest.distance) over (partition by key.n) as shortest_distance
      from ${keyRows(
        keys.map(({ path, hasRegistrar, revision, day }) => ({
          path: `{${path.join(',')}}`,
          has_registrar: hasRegistrar,
          revision,
          day,
        })),
        'path integer[], has_registrar boolean, revision integer, day date',
      )}
      cross join lateral (
        select
          access_grant.subject,
          access_grant.role,
          access_grant.resh_id,
          cardinality(key.path) - step.depth as distance
        from unnest(key.path) with ordinality as step (resh_id, depth)
        join access_grant on access_grant.resh_id = step.resh_id
        where ${knownAtKeyRevision('access_grant')}
          and ${validOnKeyDay('access_grant')}
        union all
        select
          access_grant.subject,
          access_grant.role,
          null,
          case access_grant.role when 'OPERATOR' then ${OPERATOR_DISTANCE}::integer else -1 end
        from access_grant
        where access_grant.resh_id is null
          and (access_grant.role = 'OPERATOR' or key.has_registrar)
          and ${knownAtKeyRevision('access_grant')}
          and ${validOnKeyDay('access_grant')}
      ) nearest
    )
    select
      key.n,
      key.subject,
      key.resh_id as "reshId",
      coalesce(administrator.name, key.subject) as name,
      administrator.email
    from holder key
    left join administrator on administrator.subject = key.subject
      and ${knownAtKeyRevision('administrator')}
      and ${validOnKeyDay('administrator')}
    where key.role <> 'OPERATOR'
      or key.shortest_distance = ${OPERATOR_DISTANCE}::integer
    order by
      key.n,
      key.distance,
      norwegian_sort_key(coalesce(administrator.name, key.subject)),
      key.subject collate "C"`;
  return groupByKey(keyedAdministratorsOfUnits.parse(rows), keys.length);
}
