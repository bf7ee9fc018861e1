import { z } from 'zod';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { grouped, keyRows, known } from '../sql/temporal-conditions.ts';

/** RESH-ids that may have been meant, likeliest first, as known at a revision; `first` is how many of those that exist are wanted. */
export interface NearIds {
  readonly candidates: readonly number[];
  readonly revision: number;
  readonly first: number;
}

const nearId = z.object({ n: z.number(), reshId: z.number() });

/** Which of the candidates are units of the register on some day, withdrawn ones left out, in the order of the candidates. One statement. */
export const readNearIds = async (prisma: PrismaClient, keys: readonly NearIds[]): Promise<number[][]> => {
  const rows = await prisma.$queryRaw`
    -- RESH-ids near mistyped ones
    select key.n, near.resh_id as "reshId"
    from ${keyRows(
      keys.map(({ candidates, ...key }) => ({ ...key, candidates: `{${candidates.join(',')}}` })),
      'candidates integer[], revision integer, first integer',
    )}
    cross join lateral (
      select candidate.resh_id, candidate.place
      from unnest(key.candidates) with ordinality as candidate (resh_id, place)
      cross join lateral (
        select
        from unit_version v
        where v.resh_id = candidate.resh_id
          and ${known('v')}
        limit 1
      ) existing
      order by candidate.place
      limit key.first
    ) near
    order by key.n, near.place`;
  return grouped(z.array(nearId).parse(rows), keys.length).map((near) => near.map(({ reshId }) => reshId));
};
