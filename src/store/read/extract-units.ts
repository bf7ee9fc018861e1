import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { rowSchema, selectListSql } from '../sql/columns.ts';
import { unitColumns, unitRow, type UnitRow } from '../sql/unit-row.ts';
import { unitTables } from '../tables.ts';

/** A page of an extract: at most `first` units with a path text after `after` and before `until`. */
export interface ExtractPage extends Snapshot {
  readonly after: string;
  readonly until: string;
  readonly first: number;
}

/**
 * Returns a page of units in tree order: each unit follows its parent, siblings are sorted by RESH-id. One statement.
 */
export async function readExtractUnits(
  prisma: PrismaClient,
  { revision, day, after, until, first }: ExtractPage,
): Promise<UnitRow[]> {
  const rows = await prisma.$queryRaw`
    -- units of an extract
    select ${unitColumns('v')}
    from unit_version v
    where v.path_text > ${after}
      and v.path_text < ${until}
      and v.recorded_rev <= ${revision}::integer
      and (v.superseded_rev is null or v.superseded_rev > ${revision}::integer)
      and v.valid_from <= ${day}::date
      and (v.valid_to is null or v.valid_to > ${day}::date)
    order by v.path_text
    limit ${first}::integer`;
  return z.array(unitRow).parse(rows);
}

const codeColumns = { ...unitTables.codes.key, ...unitTables.codes.facts };
const codeRow = rowSchema(codeColumns);
/** A code of a unit in an extract. */
export type ExtractCodeRow = z.infer<typeof codeRow>;

/** Returns the codes of units on a day, by unit, set and code. One statement. */
export async function readExtractCodes(
  prisma: PrismaClient,
  reshIds: readonly number[],
  { revision, day }: Snapshot,
): Promise<ExtractCodeRow[]> {
  const rows = await prisma.$queryRaw`
    -- codes of the units of an extract
    select ${selectListSql(codeColumns, 'c')}
    from unit_code c
    where c.resh_id = any(${[...reshIds]}::integer[])
      and c.recorded_rev <= ${revision}::integer
      and (c.superseded_rev is null or c.superseded_rev > ${revision}::integer)
      and c.valid_from <= ${day}::date
      and (c.valid_to is null or c.valid_to > ${day}::date)
    order by c.resh_id, c.code_set, c.code collate "C"`;
  return z.array(codeRow).parse(rows);
}
