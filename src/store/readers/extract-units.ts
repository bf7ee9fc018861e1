import { z } from 'zod';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { unitColumns, unitRow, type UnitRow } from '../unit-row.ts';

/** Which page of an extract: the units whose path text lies after `after` and before `until`, at most `first` of them. */
export interface ExtractPage extends Snapshot {
  readonly after: string;
  readonly until: string;
  readonly first: number;
}

/** Units in tree order: each after the one above it, siblings by RESH-id. One statement. */
export const readExtractUnits = async (
  prisma: PrismaClient,
  { revision, day, after, until, first }: ExtractPage,
): Promise<UnitRow[]> => {
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
};

const validityRow = z.object({ reshId: z.number(), from: z.string(), to: z.string().nullable() });
/** Unbroken period in which a unit is valid, around a day. */
export type ValidityRow = z.infer<typeof validityRow>;

/**
 * Unbroken periods around the day of those of the units that have more than one version: the only version of any other says its
 * period. One statement.
 */
export const readExtractValidities = async (
  prisma: PrismaClient,
  reshIds: readonly number[],
  { revision, day }: Snapshot,
): Promise<ValidityRow[]> => {
  const rows = await prisma.$queryRaw`
    -- unbroken validity of the units of an extract
    select "reshId", lower(days)::text as "from", upper(days)::text as "to"
    from (
      select v.resh_id as "reshId", unnest(range_agg(daterange(v.valid_from, v.valid_to))) as days
      from unit_version v
      where v.resh_id = any(${[...reshIds]}::integer[])
        and v.recorded_rev <= ${revision}::integer
        and (v.superseded_rev is null or v.superseded_rev > ${revision}::integer)
      group by v.resh_id
      having count(*) > 1
    ) period
    where days @> ${day}::date`;
  return z.array(validityRow).parse(rows);
};

const codeRow = z.object({
  reshId: z.number(),
  codeSet: z.number(),
  code: z.string(),
  attributes: z.array(z.string()),
});
/** A code that a unit of an extract has. */
export type ExtractCodeRow = z.infer<typeof codeRow>;

/** Codes that units have on a day, by unit, set and code. One statement. */
export const readExtractCodes = async (
  prisma: PrismaClient,
  reshIds: readonly number[],
  { revision, day }: Snapshot,
): Promise<ExtractCodeRow[]> => {
  const rows = await prisma.$queryRaw`
    -- codes of the units of an extract
    select c.resh_id as "reshId", c.code_set as "codeSet", c.code, coalesce(c.attributes, '{}') as attributes
    from unit_code c
    where c.resh_id = any(${[...reshIds]}::integer[])
      and c.recorded_rev <= ${revision}::integer
      and (c.superseded_rev is null or c.superseded_rev > ${revision}::integer)
      and c.valid_from <= ${day}::date
      and (c.valid_to is null or c.valid_to > ${day}::date)
    order by c.resh_id, c.code_set, c.code collate "C"`;
  return z.array(codeRow).parse(rows);
};
