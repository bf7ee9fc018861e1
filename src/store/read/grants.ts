import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { groupByKey, keyRows, knownAtKeyRevision, validOnKeyDay } from '../sql/temporal-conditions.ts';

/** Somebody who holds grants, on a day, as known at a revision. */
export interface SubjectKey {
  readonly subject: string;
  readonly revision: number;
  readonly day: Day;
}
const subjectKeyColumns = 'subject text, revision integer, day date';

const grantRow = z.object({
  n: z.number(),
  subject: z.string(),
  role: z.enum(['OPERATOR', 'SPECIALIST_REGISTRAR', 'ADMINISTRATOR']),
  reshId: z.number().nullable(),
  from: z.string(),
  to: z.string().nullable(),
});
/** What a subject may do, where, over which days. */
export type GrantRow = Omit<z.infer<typeof grantRow>, 'n'>;

/** Grants that subjects have on their days, by role and RESH-id. One statement. */
export async function readGrants(prisma: PrismaClient, keys: readonly SubjectKey[]): Promise<GrantRow[][]> {
  const rows = await prisma.$queryRaw`
    -- grants of subjects
    select
      key.n,
      access_grant.subject,
      access_grant.role::text as role,
      access_grant.resh_id as "reshId",
      access_grant.valid_from::text as "from",
      access_grant.valid_to::text as "to"
    from ${keyRows(keys, subjectKeyColumns)}
    join access_grant on access_grant.subject = key.subject
    where ${knownAtKeyRevision('access_grant')}
      and ${validOnKeyDay('access_grant')}
    order by key.n, access_grant.role, access_grant.resh_id`;
  return groupByKey(z.array(grantRow).parse(rows), keys.length);
}

const administratorRow = z.object({
  n: z.number(),
  subject: z.string(),
  name: z.string(),
  email: z.string().nullable(),
});
/** Name and e-mail address of somebody who holds grants. */
export type AdministratorRow = Omit<z.infer<typeof administratorRow>, 'n'>;

/**
 * Names and e-mail addresses of subjects on their days, or the next to come: somebody may be granted access from a later day.
 * Undefined where the register has none. One statement.
 */
export async function readAdministrators(
  prisma: PrismaClient,
  keys: readonly SubjectKey[],
): Promise<(AdministratorRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- administrators by subject
    select key.n, administrator.subject, administrator.name, administrator.email
    from ${keyRows(keys, subjectKeyColumns)}
    join administrator on administrator.subject = key.subject
    where ${knownAtKeyRevision('administrator')}
      and (administrator.valid_to is null or administrator.valid_to > key.day)
    order by key.n, administrator.valid_from`;
  return groupByKey(z.array(administratorRow).parse(rows), keys.length).map(([row]) => row);
}

/** Path whose administrators are asked for: RESH-ids from the root to the unit. */
export interface AdministeredPathKey {
  readonly path: readonly number[];
  readonly revision: number;
  readonly day: Day;
}

const administratorOfUnit = administratorRow.extend({ reshId: z.number() });
/** An administrator with the RESH-id of the unit that the grant is on. */
export type AdministratorOfUnitRow = Omit<z.infer<typeof administratorOfUnit>, 'n'>;

/** Administrators of the units on paths, nearest first, then by name; the subject where no name is known. One statement. */
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
  return groupByKey(z.array(administratorOfUnit).parse(rows), keys.length);
}
