import { z } from 'zod';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { rowSchema, selectListSql } from '../sql/columns.ts';
import { groupByKey, keyRows, knownAt, knownAtKeyRevision } from '../sql/temporal-conditions.ts';
import type { UnitRevisionKey } from '../sql/unit-row.ts';
import { knownBetween, succession } from '../tables.ts';

const successionColumns = { ...succession.key, ...succession.facts, recordedRev: knownBetween.recordedRev };
const successionRow = rowSchema(successionColumns);
/** A recorded succession from one unit to another. */
export type SuccessionRow = z.infer<typeof successionRow>;

/** A unit as known at a revision; `transitive` follows the successions of its successors (or predecessors) too. */
export interface SuccessionsKey extends UnitRevisionKey {
  readonly transitive: boolean;
}

// From a unit reached by a succession, the search follows only successions that take effect on that day or further in
// the same direction of time: the others do not concern what the unit received. A unit and day that were reached before
// are not followed again, so cycles end.
const directions = {
  SUCCESSORS: { nearColumn: 'from_resh_id', farColumn: 'to_resh_id', dayCondition: 's.effective_on >= reached.day' },
  PREDECESSORS: { nearColumn: 'to_resh_id', farColumn: 'from_resh_id', dayCondition: 's.effective_on <= reached.day' },
} as const;

/** Returns the successions from units, by day, then RESH-ids. One statement. */
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
    select found.n, ${selectListSql(successionColumns, 's')}
    from found
    join succession s on s.id = found.id
    order by found.n, s.effective_on, s.from_resh_id, s.to_resh_id, s.id`;
    return groupByKey(z.array(successionRow.extend({ n: z.number() })).parse(rows), keys.length);
  };
}

/** Returns the successions to units, by day, then RESH-ids. One statement. */
export const readPredecessors = createSuccessionsReader('PREDECESSORS');

/**
 * Returns for each unit all successions that are connected with it, over any number of units and in either direction,
 * by day, then RESH-ids; units that are connected share one array. One statement.
 */
export async function readSuccessionNetworks(
  prisma: PrismaClient,
  keys: readonly UnitRevisionKey[],
): Promise<(readonly SuccessionRow[])[]> {
  const isKnown = Prisma.raw(knownAt('reached.revision', 's'));
  const rows = await prisma.$queryRaw`
    -- succession networks of units
    with recursive reached (revision, resh_id) as (
      select key.revision, key.resh_id
      from ${keyRows(
        keys.map(({ reshId, revision }) => ({ resh_id: reshId, revision })),
        'resh_id integer, revision integer',
      )}
      union
      select reached.revision, neighbor.resh_id
      from reached
      cross join lateral (
        select s.to_resh_id as resh_id
        from succession s
        where s.from_resh_id = reached.resh_id
          and ${isKnown}
        union all
        select s.from_resh_id
        from succession s
        where s.to_resh_id = reached.resh_id
          and ${isKnown}
      ) neighbor
    )
    select reached.revision, ${selectListSql(successionColumns, 's')}
    from reached
    join succession s on s.from_resh_id = reached.resh_id
    where ${isKnown}
    order by s.effective_on, s.from_resh_id, s.to_resh_id, s.id`;
  return groupByNetwork(z.array(successionRow.extend({ revision: z.number() })).parse(rows), keys);
}

function groupByNetwork(
  rows: readonly (SuccessionRow & { readonly revision: number })[],
  keys: readonly UnitRevisionKey[],
): (readonly SuccessionRow[])[] {
  const members = new Map<string, { readonly units: string[]; readonly rows: SuccessionRow[] }>();
  const findNetwork = (unit: string) => {
    const network = members.get(unit) ?? { units: [unit], rows: [] };
    members.set(unit, network);
    return network;
  };
  for (const { revision, fromReshId, toReshId } of rows) {
    const [one, other] = [findNetwork(`${fromReshId}@${revision}`), findNetwork(`${toReshId}@${revision}`)];
    if (one === other) continue;
    const [large, small] = one.units.length < other.units.length ? [other, one] : [one, other];
    for (const unit of small.units) members.set(unit, large);
    large.units.push(...small.units);
  }
  for (const { revision, ...row } of rows) findNetwork(`${row.fromReshId}@${revision}`).rows.push(row);
  return keys.map(({ reshId, revision }) => findNetwork(`${reshId}@${revision}`).rows);
}
