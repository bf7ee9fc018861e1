import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { CodeKey } from '../../domain/unit/filter.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { rowSchema, selectListSql } from '../sql/columns.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import {
  byDistanceToKeyDay,
  groupByKey,
  keyRows,
  knownAtKeyRevision,
  rowsOfKeySql,
  validOnKeyDay,
} from '../sql/temporal-conditions.ts';
import { codeVersion, unitTables } from '../tables.ts';
import type { SubtreeKey } from './hierarchy.ts';
import { unitKeyRows, type UnitSnapshotKey } from './units.ts';

/** Indicates whether the register has a code set. One statement. */
export async function hasCodeSets(prisma: PrismaClient): Promise<boolean> {
  return (await prisma.codeSet.findFirst({ select: { number: true } })) !== null;
}

const codeColumns = { ...codeVersion.key, ...codeVersion.facts };
const periodColumns = { codeValidFrom: codeVersion.period.from, codeValidTo: codeVersion.period.to };
const codeRow = rowSchema({ ...codeColumns, ...periodColumns }).extend({ setName: z.string(), setOid: z.string() });
const keyedCodeRows = z.array(codeRow.extend({ n: z.number() }));
/** A code on a day, with the unbroken period in which it is valid. */
export type CodeRow = z.infer<typeof codeRow>;

// A code that is not valid on the day is still shown, as it was last before the day or will be first after it.
function joinCodeSql(codeSet: string, code: string): Prisma.Sql {
  return Prisma.sql`
    cross join lateral (
      select ${selectListSql(codeColumns, 'c')}, code_set.name as "setName", code_set.oid as "setOid",
        lower(unbroken.days)::text as "codeValidFrom", upper(unbroken.days)::text as "codeValidTo"
      from code_version c
      join code_set on code_set.number = c.code_set
      left join lateral (
        select days
        from unnest((
          select range_agg(${Prisma.raw(dateRangeSql('v'))})
          from code_version v
          where v.code_set = c.code_set
            and v.code = c.code
            and ${knownAtKeyRevision('v')}
        )) as days
        where (c.valid_from is not null or c.valid_to is not null)
          and days @> ${Prisma.raw(dateRangeSql('c'))}
      ) unbroken on true
      where c.code_set = ${Prisma.raw(codeSet)}
        and c.code = ${Prisma.raw(code)}
        and ${knownAtKeyRevision('c')}
      order by ${byDistanceToKeyDay('c')}
      limit 1
    ) named`;
}

/** A code of a set on a day, as known at a revision. */
export interface CodeSnapshotKey extends CodeKey {
  readonly revision: number;
  readonly day: Day;
}

/**
 * Returns codes on their days, or on the nearest day on which they are valid; undefined if a code is unknown. One
 * statement.
 */
export async function readCodes(
  prisma: PrismaClient,
  keys: readonly CodeSnapshotKey[],
): Promise<(CodeRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- codes
    select key.n, named.*
    from ${keyRows(
      keys.map(({ codeSet, code, revision, day }) => ({ code_set: codeSet, code, revision, day })),
      'code_set integer, code text, revision integer, day date',
    )}
    ${joinCodeSql('key.code_set', 'key.code')}`;
  return groupByKey(keyedCodeRows.parse(rows), keys.length).map(([row]) => row);
}

/** Returns the codes of sets on their days, or the children of one code, in the order of codes. One statement. */
export async function readCodesOfSets(
  prisma: PrismaClient,
  keys: readonly { codeSet: number; parentCode: string | null; revision: number; day: Day }[],
): Promise<CodeRow[][]> {
  const rows = await prisma.$queryRaw`
    -- codes of sets
    select key.n, named.*
    from ${keyRows(
      keys.map(({ codeSet, parentCode, revision, day }) => ({ code_set: codeSet, parent: parentCode, revision, day })),
      'code_set integer, parent text, revision integer, day date',
    )}
    join code identity on identity.code_set = key.code_set
    ${joinCodeSql('identity.code_set', 'identity.code')}
    where key.parent is null
      or named."parentCode" = key.parent
    order by key.n, named.code collate "C"`;
  return groupByKey(keyedCodeRows.parse(rows), keys.length);
}

const { attributes, ...codeKey } = unitTables.codes.facts;
const { from: validFrom, to: validTo } = unitTables.codes.period;
const unitCodeColumns = { attributes, validFrom, validTo };
const unitCodeRow = codeRow.extend(rowSchema(unitCodeColumns).shape);
const keyedUnitCodeRows = z.array(unitCodeRow.extend({ n: z.number() }));
/** A code of a unit on a day, with the name of the code and its set. */
export type UnitCodeRow = z.infer<typeof unitCodeRow>;

/** Returns the codes of units on their days, by set and code. One statement. */
export async function readUnitCodes(prisma: PrismaClient, keys: readonly UnitSnapshotKey[]): Promise<UnitCodeRow[][]> {
  const rows = await prisma.$queryRaw`
    -- codes of units
    select key.n, ${selectListSql(unitCodeColumns, 'unit_code')}, named.*
    from ${unitKeyRows(keys)}
    ${rowsOfKeySql('unit_code', 'unit_code.resh_id = key.resh_id')}
    ${joinCodeSql('unit_code.code_set', 'unit_code.code')}
    order by key.n, unit_code.code_set, unit_code.code collate "C"`;
  return groupByKey(keyedUnitCodeRows.parse(rows), keys.length);
}

const countRow = rowSchema(codeKey).extend({ n: z.number(), count: z.number() });
/** Number of units that have a code. */
export type CodeCountRow = z.infer<typeof countRow>;

/**
 * Returns the codes of the given sets that units in subtrees have, with the number of units that have each, most common
 * first. One statement.
 */
export async function readCodeCounts(
  prisma: PrismaClient,
  keys: readonly SubtreeKey[],
  codeSets: readonly number[],
): Promise<CodeCountRow[][]> {
  const rows = await prisma.$queryRaw`
    -- codes in use in subtrees
    select key.n, counted.*
    from ${keyRows(
      keys.map(({ pathText, revision, day }) => ({ path_text: pathText, revision, day })),
      'path_text text, revision integer, day date',
    )}
    cross join lateral (
      select ${selectListSql(codeKey, 'unit_code')}, count(*)::integer as count
      from unit_version v
      join unit_code on unit_code.resh_id = v.resh_id
      where v.path_text >= key.path_text
        and v.path_text < key.path_text || ':'
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
        and unit_code.code_set = any(${[...codeSets]}::integer[])
        and ${knownAtKeyRevision('unit_code')}
        and ${validOnKeyDay('unit_code')}
      group by unit_code.code_set, unit_code.code
    ) counted
    order by key.n, counted.count desc, counted."codeSet", counted.code collate "C"`;
  return groupByKey(z.array(countRow).parse(rows), keys.length);
}

const codeSetRow = z.object({ number: z.number(), oid: z.string(), name: z.string() });
/** A national code set. */
export type CodeSetRow = z.infer<typeof codeSetRow>;

/** Returns the code sets registered at a revision, by number, or only the set with a number. One statement. */
export async function readCodeSets(prisma: PrismaClient, revision: number, number?: number): Promise<CodeSetRow[]> {
  const rows = await prisma.$queryRaw`
    -- code sets
    select number, oid, name
    from code_set
    where registered_rev <= ${revision}
      and (${number ?? null}::integer is null or number = ${number ?? null}::integer)
    order by number`;
  return z.array(codeSetRow).parse(rows);
}
