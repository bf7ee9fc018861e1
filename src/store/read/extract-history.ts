import { z } from 'zod';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { unitColumns, unitRow } from '../sql/unit-row.ts';

const historyRow = unitRow.extend({ recordedAt: z.date(), supersededAt: z.date().nullable() });

/** A version of a unit with the instants at which it was recorded and superseded. */
export type HistoryRow = z.infer<typeof historyRow>;

/** Last version of the previous page of the history. */
export type HistoryCursor = Pick<HistoryRow, 'reshId' | 'from' | 'recordedRev'>;

/**
 * Returns a page of the versions that were recorded up to a revision, by RESH-id, first day and revision. A version
 * that a later revision superseded is returned as not superseded. One statement.
 */
export async function readExtractHistory(
  prisma: PrismaClient,
  revision: number,
  after: HistoryCursor | undefined,
  first: number,
): Promise<HistoryRow[]> {
  const afterCondition = after
    ? Prisma.sql`
      and (v.resh_id, v.valid_from, v.recorded_rev)
        > (${after.reshId}::integer, ${after.from}::date, ${after.recordedRev}::integer)`
    : Prisma.empty;
  const rows = await prisma.$queryRaw`
    -- history of units
    select ${unitColumns('v')}, recorded.recorded_at as "recordedAt", superseded.recorded_at as "supersededAt"
    from unit_version v
    join change recorded on recorded.revision = v.recorded_rev
    left join change superseded on superseded.revision = v.superseded_rev
      and superseded.revision <= ${revision}::integer
    where v.recorded_rev <= ${revision}::integer
      ${afterCondition}
    order by v.resh_id, v.valid_from, v.recorded_rev
    limit ${first}::integer`;
  return z
    .array(historyRow)
    .parse(rows)
    .map((row) => (row.supersededAt ? row : { ...row, supersededRev: null }));
}
