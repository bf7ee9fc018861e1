import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { rowSchema, selectListSql } from '../sql/columns.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { unitColumns, unitRow, type UnitRow } from '../sql/unit-row.ts';
import { unitTables, unitVersion } from '../tables.ts';

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

const { key, period } = unitVersion;
const periodsRow = rowSchema({ ...key, ...period, placedFrom: period.from, placedTo: period.to });
/** Unbroken periods of a unit around a day: the one in which it is valid, and the one in which it has its path. */
export type PeriodsRow = z.infer<typeof periodsRow>;

/**
 * Returns the unbroken periods around the day of units with more than one version. For any other unit, both periods are
 * that of its only version. One statement.
 */
export async function readExtractPeriods(
  prisma: PrismaClient,
  units: readonly Pick<UnitRow, 'reshId' | 'pathText'>[],
  { revision, day }: Snapshot,
): Promise<PeriodsRow[]> {
  const days = Prisma.raw(dateRangeSql('v'));
  const rows = await prisma.$queryRaw`
    -- unbroken periods of the units of an extract
    select
      known.resh_id as "reshId",
      lower(valid.days)::text as "from",
      upper(valid.days)::text as "to",
      lower(placed.days)::text as "placedFrom",
      upper(placed.days)::text as "placedTo"
    from (
      select
        v.resh_id,
        range_agg(${days}) as valid_days,
        range_agg(${days}) filter (where v.path_text = wanted.path_text collate "C") as placed_days
      from unnest(${units.map(({ reshId }) => reshId)}::integer[], ${units.map(({ pathText }) => pathText)}::text[])
        as wanted (resh_id, path_text)
      join unit_version v on v.resh_id = wanted.resh_id
      where v.recorded_rev <= ${revision}::integer
        and (v.superseded_rev is null or v.superseded_rev > ${revision}::integer)
      group by v.resh_id
      having count(*) > 1
    ) known
    cross join lateral unnest(known.valid_days) as valid (days)
    cross join lateral unnest(known.placed_days) as placed (days)
    where valid.days @> ${day}::date
      and placed.days @> ${day}::date`;
  return z.array(periodsRow).parse(rows);
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
