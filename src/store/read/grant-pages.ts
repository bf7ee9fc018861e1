import { z } from 'zod';
import type { Role } from '../../domain/plan/change-input.ts';
import type { Day } from '../../domain/time/day.ts';
import { Prisma, type AccessGrant, type PrismaClient } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, validOnKeyDay } from '../sql/temporal-conditions.ts';

/** Which grants are listed. */
export interface GrantFilter {
  /** RESH-ids of units: only grants on these and on units under them; null for all, those of national roles too */
  readonly withinReshIds: readonly number[] | null;
  readonly role: Role | null;
  readonly subject: string | null;
  /** Day on which the grants are valid */
  readonly validAt: Day;
  /** Day that decides where a unit stands */
  readonly today: Day;
  readonly revision: number;
}

/** Position of a grant in a page: the RESH-id of its unit, 0 for a national role, and its row. */
export type GrantPosition = [reshId: number, id: string];

/** Returns the position of a grant. */
export function toGrantPosition({ reshId, id }: Pick<AccessGrant, 'reshId' | 'id'>): GrantPosition {
  return [reshId ?? 0, String(id)];
}

const idRow = z.object({ id: z.bigint() });

/** Returns up to `first` grants after a position: those of national roles, then by RESH-id. Two statements. */
export async function readGrantPage(
  prisma: PrismaClient,
  filter: GrantFilter,
  first: number,
  after: GrantPosition | undefined,
): Promise<AccessGrant[]> {
  const position = after
    ? Prisma.sql`and (coalesce(g.resh_id, 0), g.id) > (${after[0]}::integer, ${after[1]}::bigint)`
    : Prisma.empty;
  const rows = await prisma.$queryRaw`
    -- page of grants
    select g.id
    from ${keyOf(filter)}
    cross join access_grant g
    where ${matches(filter)}
      ${position}
    order by coalesce(g.resh_id, 0), g.id
    limit ${first}`;
  const ids = idRow
    .array()
    .parse(rows)
    .map(({ id }) => id);
  const grants = new Map(
    (await prisma.accessGrant.findMany({ where: { id: { in: ids } } })).map((grant) => [grant.id, grant]),
  );
  return ids.flatMap((id) => grants.get(id) ?? []);
}

/** Returns the number of grants on all pages. One statement. */
export async function countGrants(prisma: PrismaClient, filter: GrantFilter): Promise<number> {
  const rows = await prisma.$queryRaw`
    -- number of grants
    select count(*)::integer as count
    from ${keyOf(filter)}
    cross join access_grant g
    where ${matches(filter)}`;
  return z.tuple([z.object({ count: z.number() })]).parse(rows)[0].count;
}

/** Returns the day and the revision of a filter as the row `key`. */
function keyOf({ validAt, revision }: GrantFilter): Prisma.Sql {
  return Prisma.sql`(select ${revision}::integer as revision, ${validAt}::date as day) key`;
}

// A unit that is not valid today stands where it does next, otherwise where it last did.
function matches({ withinReshIds, role, subject, today }: GrantFilter): Prisma.Sql {
  const conditions = [
    knownAtKeyRevision('g'),
    validOnKeyDay('g'),
    ...(role === null ? [] : [Prisma.sql`g.role = ${role}::access_role`]),
    ...(subject === null ? [] : [Prisma.sql`g.subject = ${subject}`]),
    ...(withinReshIds === null
      ? []
      : [
          Prisma.sql`(
            select v.path
            from unit_version v
            where v.resh_id = g.resh_id
              and ${knownAtKeyRevision('v')}
            order by
              v.valid_from <= ${today}::date and (v.valid_to is null or v.valid_to > ${today}::date) desc,
              v.valid_from > ${today}::date desc,
              abs(v.valid_from - ${today}::date)
            limit 1
          ) && ${withinReshIds}::integer[]`,
        ]),
  ];
  return Prisma.join(conditions, ' and ');
}
