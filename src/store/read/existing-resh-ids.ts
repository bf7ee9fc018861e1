import { z } from 'zod';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { groupByKey, keyRows, knownAtKeyRevision } from '../sql/temporal-conditions.ts';

/** RESH-ids similar to a mistyped one, most likely first; `first` limits the number of existing ones to return. */
export interface ReshIdCandidatesKey {
  readonly candidates: readonly number[];
  readonly revision: number;
  readonly first: number;
}

const existingReshIdRow = z.object({ n: z.number(), reshId: z.number() });

/** Returns the candidates that are units on some day, in the given order, without withdrawn units. One statement. */
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
      select candidate.resh_id, candidate.position
      from unnest(key.candidates) with ordinality as candidate (resh_id, position)
      cross join lateral (
        select
        from unit_version v
        where v.resh_id = candidate.resh_id
          and ${knownAtKeyRevision('v')}
        limit 1
      ) existing
      order by candidate.position
      limit key.first
    ) near
    order by key.n, near.position`;
  return groupByKey(z.array(existingReshIdRow).parse(rows), keys.length).map((near) =>
    near.map(({ reshId }) => reshId),
  );
}
