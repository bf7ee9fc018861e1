import { z } from 'zod';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { groupByKey, keyRows, knownAtKeyRevision } from '../sql/temporal-conditions.ts';
import type { UnitRevisionKey } from '../sql/unit-row.ts';

const successionRow = z.object({
  fromReshId: z.number(),
  toReshId: z.number(),
  kind: z.enum(['MERGE', 'SPLIT', 'REPLACEMENT']),
  extent: z.enum(['FULL', 'PARTIAL']),
  effectiveOn: z.string(),
  recordedRev: z.number(),
});
/** What a unit went over to: one recorded edge. */
export type SuccessionRow = z.infer<typeof successionRow>;

/** Successions of a unit as known at a revision, of all days; `transitive` goes on from what it became (or came from). */
export interface SuccessionsKey extends UnitRevisionKey {
  readonly transitive: boolean;
}

// A unit that was reached by a succession goes on with what takes effect on that day or further on in the same direction of time:
// what it gave away before is no part of what came to it. A unit and day that were met before lead nowhere new, so cycles end.
const directions = {
  SUCCESSORS: { nearColumn: 'from_resh_id', farColumn: 'to_resh_id', dayCondition: 's.effective_on >= reached.day' },
  PREDECESSORS: { nearColumn: 'to_resh_id', farColumn: 'from_resh_id', dayCondition: 's.effective_on <= reached.day' },
} as const;

/** What units became, by day, then RESH-ids. One statement, whatever the length of the chains. */
export const readSuccessors = createSuccessionsReader('SUCCESSORS');

function createSuccessionsReader(direction: keyof typeof directions) {
  return async (prisma: PrismaClient, keys: readonly SuccessionsKey[]): Promise<SuccessionRow[][]> => {
    const { nearColumn, farColumn, dayCondition } = directions[direction];
    const joinCondition = Prisma.raw(`s.${nearColumn} = reached.resh_id and (reached.day is null or ${dayCondition})`);
    const rows = await prisma.$queryRaw`
    -- ${Prisma.raw(direction.toLowerCase())} of units
    with recursive key as materialized (
      select key.*
      from ${keyRows(
        keys.map(({ reshId, revision, transitive }) => ({ resh_id: reshId, revision, transitive })),
        'resh_id integer, revision integer, transitive boolean',
      )}
    ),
    reached (n, resh_id, day) as (
      select key.n, key.resh_id, null::date
      from key
      union
      select key.n, s.${Prisma.raw(farColumn)}, s.effective_on
      from reached
      join key on key.n = reached.n and key.transitive
      join succession s on ${joinCondition}
      where ${knownAtKeyRevision('s')}
    ),
    found as (
      select distinct key.n, s.id
      from reached
      join key on key.n = reached.n
      join succession s on ${joinCondition}
      where ${knownAtKeyRevision('s')}
    )
    select
      found.n,
      s.from_resh_id as "fromReshId",
      s.to_resh_id as "toReshId",
      s.kind::text as kind,
      s.extent::text as extent,
      s.effective_on::text as "effectiveOn",
      s.recorded_rev as "recordedRev"
    from found
    join succession s on s.id = found.id
    order by found.n, s.effective_on, s.from_resh_id, s.to_resh_id, s.id`;
    return groupByKey(z.array(successionRow.extend({ n: z.number() })).parse(rows), keys.length);
  };
}

/** What units came from, by day, then RESH-ids. One statement, whatever the length of the chains. */
export const readPredecessors = createSuccessionsReader('PREDECESSORS');
