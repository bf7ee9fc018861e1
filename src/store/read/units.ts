import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.js';
import type { SqlClient } from '../database/sql-client.ts';
import {
  groupByKey,
  keyRows,
  knownAt,
  knownAtKeyRevision,
  rowsOfKeySql,
  validOn,
  validOnKeyDay,
} from '../sql/temporal-conditions.ts';
import { unitColumns, unitRow, type UnitRevisionKey, type UnitRow } from '../sql/unit-row.ts';

/** A unit on a day, as known at a revision. */
export interface UnitSnapshotKey {
  readonly reshId: number;
  readonly revision: number;
  readonly day: Day;
}

const numberedUnit = unitRow.extend({ n: z.number() });

/** Returns units on their days; undefined if a unit is unknown or not valid on the day. One statement. */
export async function readUnits(
  prisma: PrismaClient,
  keys: readonly UnitSnapshotKey[],
): Promise<(UnitRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- units by RESH-id
    select key.n, ${unitColumns('v')}
    from ${unitKeyRows(keys)}
    ${rowsOfKeySql('unit_version', 'v.resh_id = key.resh_id', 'v')}`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length).map(([row]) => row);
}

/** Returns the keys of a batch as rows with `resh_id`, `revision` and `day`. */
export function unitKeyRows(keys: readonly UnitSnapshotKey[]): Prisma.Sql {
  return keyRows(keys.map(toUnitKeyRow), 'resh_id integer, revision integer, day date');
}

/** Returns a key as a row of a batch. */
export function toUnitKeyRow({ reshId, revision, day }: UnitSnapshotKey) {
  return { resh_id: reshId, revision, day };
}

/** Returns all versions of units as known at a revision, in order of days. One statement. */
export async function readTimelines(prisma: PrismaClient, keys: readonly UnitRevisionKey[]): Promise<UnitRow[][]> {
  const rows = await prisma.$queryRaw`
    -- timelines of units
    select key.n, ${unitColumns('v')}
    from ${unitRevisionKeyRows(keys)}
    cross join lateral (
      select *
      from unit_version v
      where v.resh_id = key.resh_id
        and ${knownAtKeyRevision('v')}
      offset 0
    ) v
    order by key.n, v.valid_from`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length);
}

function unitRevisionKeyRows(keys: readonly UnitRevisionKey[]): Prisma.Sql {
  return keyRows(
    keys.map(({ reshId, revision }) => ({ resh_id: reshId, revision })),
    'resh_id integer, revision integer',
  );
}

/**
 * Returns all versions of units that were recorded up to a revision, superseded ones included, in the order they were
 * recorded. One statement.
 */
export async function readHistories(prisma: PrismaClient, keys: readonly UnitRevisionKey[]): Promise<UnitRow[][]> {
  const rows = await prisma.$queryRaw`
    -- histories of units
    select key.n, ${unitColumns('v')}
    from ${unitRevisionKeyRows(keys)}
    cross join lateral (
      select *
      from unit_version v
      where v.resh_id = key.resh_id
        and v.recorded_rev <= key.revision
      offset 0
    ) v
    order by key.n, v.recorded_rev, v.valid_from`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length);
}

/** Returns whether RESH-ids are registered at a revision, withdrawn ones included. One statement. */
export async function readRegistered(prisma: PrismaClient, keys: readonly UnitRevisionKey[]): Promise<boolean[]> {
  const rows = await prisma.$queryRaw`
    -- registered RESH-ids
    select key.n
    from ${unitRevisionKeyRows(keys)}
    join unit on unit.resh_id = key.resh_id
    where unit.registered_rev <= key.revision`;
  return groupByKey(z.array(z.object({ n: z.number() })).parse(rows), keys.length).map((found) => found.length > 0);
}

/** Returns the units without a parent on a day, by name in Norwegian order. One statement. */
export async function readRoots(
  prisma: PrismaClient,
  { revision, day }: Pick<UnitSnapshotKey, 'revision' | 'day'>,
): Promise<UnitRow[]> {
  const rows = await prisma.$queryRaw`
    -- roots
    select key.n, ${unitColumns('v')}
    from ${keyRows([{ revision, day }], 'revision integer, day date')}
    join unit_version v on v.parent_resh_id is null
    where ${knownAtKeyRevision('v')}
      and ${validOnKeyDay('v')}
    order by v.name_sort_key, v.resh_id`;
  return z.array(unitRow).parse(rows);
}

/** Returns the units that have organization numbers on their days, or undefined. One statement. */
export async function readUnitsByOrganizationNumber(
  prisma: PrismaClient,
  keys: readonly { organizationNumber: string; revision: number; day: Day }[],
): Promise<(UnitRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- organizations by number
    select key.n, ${unitColumns('v')}
    from ${keyRows(
      keys.map(({ organizationNumber, revision, day }) => ({ number: organizationNumber, revision, day })),
      'number text, revision integer, day date',
    )}
    ${rowsOfKeySql('unit_version', 'v.organization_number = key.number', 'v')}`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length).map(([row]) => row);
}

/** Returns the units that have identifiers on their days, the least RESH-id if there are several. One statement. */
export async function readUnitsByIdentifier(
  prisma: PrismaClient,
  keys: readonly { system: string; value: string; revision: number; day: Day }[],
): Promise<(UnitRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- units by identifier
    select key.n, ${unitColumns('v')}
    from ${keyRows(keys, 'system text, value text, revision integer, day date')}
    ${rowsOfKeySql('unit_identifier', 'unit_identifier.value = key.value and unit_identifier.system = key.system')}
    ${rowsOfKeySql('unit_version', 'v.resh_id = unit_identifier.resh_id', 'v')}
    order by key.n, v.resh_id`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length).map(([row]) => row);
}

export const systemRows = z.array(z.object({ system: z.string(), count: z.number() }));
/** A system outside the register, and how many of its identifiers or nodes the register has. */
export type SystemRow = z.infer<typeof systemRows>[number];

/** Lists the systems of identifiers in the order of their texts. One statement. */
export async function readIdentifierSystems(
  client: SqlClient,
  { revision, day }: Pick<UnitSnapshotKey, 'revision' | 'day'>,
): Promise<SystemRow[]> {
  const rows = await client.query(
    `-- systems of identifiers
     select i.system, count(*)::integer as count
     from unit_identifier i
     where ${knownAt('$1::integer', 'i')}
       and ${validOn('$2::date', 'i')}
     group by i.system
     order by i.system collate "C"`,
    [revision, day],
  );
  return systemRows.parse(rows);
}
