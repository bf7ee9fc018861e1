import { z } from 'zod';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { groupByKey, keyRows, knownAtKeyRevision } from '../sql/temporal-conditions.ts';

/** RESH-ids that may have been meant, likeliest first, as known at a revision; `first` is how many of those that exist are wanted. */
export interface ReshIdCandidatesKey {
  readonly candidates: readonly number[];
  readonly revision: number;
  readonly first: number;
}

const existingReshIdRow = z.object({ n: z.number(), reshId: z.number() });

/** Which of the candidates are units of the register on some day, withdrawn ones left out, in the order of the candidates. One statement. */
export async function readExistingReshIds(
  prisma: PrismaClient,
  keys: readonly ReshIdCandidatesKey[],
): Promise<number[][]> {
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
          and ${knownAtKeyRevision('v')}
        limit 1
      ) existing
      order by candidate.place
      limit key.first
    ) near
    order by key.n, near.place`;
  return groupByKey(z.array(existingReshIdRow).parse(rows), keys.length).map((near) =>
    near.map(({ reshId }) => reshId),
  );
}
