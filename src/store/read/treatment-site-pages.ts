import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, snapshotKeySql, validOnKeyDay } from '../sql/temporal-conditions.ts';

/** Conditions that treatment sites must meet; an absent one sets none. */
export interface SiteFilter {
  /** Part of the name */
  readonly name?: string | undefined;
  readonly municipality?: string | undefined;
  /** RESH-id of a unit that is the legal entity, or above it */
  readonly legalEntityWithinReshId?: number | undefined;
  /** Whether units use the site */
  readonly isInUse?: boolean | undefined;
}

const numberRows = z.array(z.object({ number: z.string() }));

/** Returns up to `first` numbers of the treatment sites valid on a day, in order, after a number. One statement. */
export async function readSiteNumbers(
  prisma: PrismaClient,
  at: Snapshot,
  filter: SiteFilter,
  first: number,
  after: string | undefined,
): Promise<string[]> {
  const rows = await prisma.$queryRaw`
    -- page of treatment sites
    select s.organization_number as number
    from ${snapshotKeySql(at)}
    cross join treatment_site_version s
    where ${matches(filter)}
      ${after === undefined ? Prisma.empty : Prisma.sql`and s.organization_number collate "C" > ${after}`}
    order by s.organization_number collate "C"
    limit ${first}`;
  return numberRows.parse(rows).map(({ number }) => number);
}

/** Returns the number of treatment sites on all pages. One statement. */
export async function countSites(prisma: PrismaClient, at: Snapshot, filter: SiteFilter): Promise<number> {
  const rows = await prisma.$queryRaw`
    -- number of treatment sites
    select count(*)::integer as count
    from ${snapshotKeySql(at)}
    cross join treatment_site_version s
    where ${matches(filter)}`;
  return z.array(z.object({ count: z.number() })).parse(rows)[0]?.count ?? 0;
}

function matches({ name, municipality, legalEntityWithinReshId, isInUse }: SiteFilter): Prisma.Sql {
  return Prisma.sql`${knownAtKeyRevision('s')}
      and (s.valid_from is null or s.valid_from <= key.day)
      and (s.valid_to is null or s.valid_to > key.day)
      ${name === undefined ? Prisma.empty : Prisma.sql`and position(fold_text(${name}) in fold_text(s.name)) > 0`}
      ${
        municipality === undefined
          ? Prisma.empty
          : Prisma.sql`and fold_text(s.municipality) = fold_text(${municipality})`
      }
      ${
        legalEntityWithinReshId === undefined
          ? Prisma.empty
          : Prisma.sql`and exists (
            select 1
            from unit_version v
            where v.resh_id = s.legal_entity_resh_id
              and ${legalEntityWithinReshId}::integer = any(v.path)
              and ${knownAtKeyRevision('v')}
              and ${validOnKeyDay('v')}
          )`
      }
      ${isInUse === undefined ? Prisma.empty : Prisma.sql`and ${isInUse}::boolean = ${isUsedSql}`}`;
}

const isUsedSql = Prisma.sql`exists (
        select 1
        from unit_version v
        where v.treatment_site_number = s.organization_number
          and ${knownAtKeyRevision('v')}
          and ${validOnKeyDay('v')}
      )`;
