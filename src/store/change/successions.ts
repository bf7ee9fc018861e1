import { z } from 'zod';
import type { RecordedSuccession } from '../../domain/plan/write-set.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { rowId, succession } from '../tables.ts';
import type { SqlClient } from '../database/sql-client.ts';

const { toReshId, ...facts } = succession.facts;
const successionColumns = { ...rowId, from: succession.key.fromReshId, to: toReshId, ...facts };
const successionRows = z.array(rowSchema(successionColumns));
const reshIdRows = z.array(z.object({ reshId: z.number() }));

/** Returns the successions of units and of their successors, to the end of each chain. One statement. */
export async function readSuccessionChains(tx: SqlClient, reshIds: readonly number[]): Promise<RecordedSuccession[]> {
  return successionRows.parse(
    await tx.query(
      `-- succession chains
       with recursive reached (resh_id) as (
         select unnest($1::integer[])
         union
         select s.to_resh_id
         from reached r
         join succession s on s.from_resh_id = r.resh_id and s.superseded_rev is null
       )
       select distinct ${selectList(successionColumns, 's')}
       from reached r
       join succession s on s.from_resh_id = r.resh_id and s.superseded_rev is null`,
      [reshIds],
    ),
  );
}

/** Returns the given units that are a predecessor or successor of another unit. One statement. */
export async function readReshIdsWithSuccessions(
  tx: SqlClient,
  reshIds: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await tx.query(
    `-- units with successions
     select from_resh_id as "reshId"
     from succession
     where superseded_rev is null
       and from_resh_id = any($1::integer[])
     union
     select to_resh_id
     from succession
     where superseded_rev is null
       and to_resh_id = any($1::integer[])`,
    [reshIds],
  );
  return new Set(reshIdRows.parse(rows).map(({ reshId }) => reshId));
}

const successionIdColumns = { ...rowId, from: succession.key.fromReshId, to: toReshId };
const successionIdRow = rowSchema(successionIdColumns);

/** A recorded succession: its row and its two units. */
export type SuccessionId = z.infer<typeof successionIdRow>;

/** Returns the successions that units are a predecessor or a successor in. One statement. */
export async function readSuccessionIds(tx: SqlClient, reshIds: readonly number[]): Promise<SuccessionId[]> {
  return z.array(successionIdRow).parse(
    await tx.query(
      `-- successions from and to units
       select ${selectList(successionIdColumns)}
       from succession
       where superseded_rev is null
         and (from_resh_id = any($1::integer[]) or to_resh_id = any($1::integer[]))`,
      [reshIds],
    ),
  );
}
