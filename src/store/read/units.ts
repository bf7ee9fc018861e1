import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { groupByKey, keyRows, knownAtKeyRevision, validOnKeyDay } from '../sql/temporal-conditions.ts';
import { unitColumns, unitRow, type UnitRevisionKey, type UnitRow } from '../sql/unit-row.ts';

/** A unit on a day, as known at a revision. */
export interface UnitSnapshotKey {
  readonly reshId: number;
  readonly revision: number;
  readonly day: Day;
}

const numberedUnit = unitRow.extend({ n: z.number() });
const unitKeyColumns = 'resh_id integer, revision integer, day date';

/** Units as they are on their days: undefined where unknown or not valid then. One statement. */
export async function readUnits(
  prisma: PrismaClient,
  keys: readonly UnitSnapshotKey[],
): Promise<(UnitRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- units by RESH-id
    select key.n, ${unitColumns('v')}
    from ${keyRows(keys.map(toUnitKeyRow), unitKeyColumns)}
    join unit_version v on v.resh_id = key.resh_id
    where ${knownAtKeyRevision('v')}
      and ${validOnKeyDay('v')}`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length).map(([row]) => row);
}

/** What the batch's rows are keyed by in SQL. */
export function toUnitKeyRow({ reshId, revision, day }: UnitSnapshotKey) {
  return { resh_id: reshId, revision, day };
}

/** All versions of units as known at a revision, in the order of their days. One statement. */
export async function readTimelines(prisma: PrismaClient, keys: readonly UnitRevisionKey[]): Promise<UnitRow[][]> {
  const rows = await prisma.$queryRaw`
    -- timelines of units
    select key.n, ${unitColumns('v')}
    from ${keyRows(
      keys.map(({ reshId, revision }) => ({ resh_id: reshId, revision })),
      'resh_id integer, revision integer',
    )}
    join unit_version v on v.resh_id = key.resh_id
    where ${knownAtKeyRevision('v')}
    order by key.n, v.valid_from`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length);
}

/** All versions of units ever recorded by a revision, superseded ones too, in the order they were recorded. One statement. */
export async function readHistories(prisma: PrismaClient, keys: readonly UnitRevisionKey[]): Promise<UnitRow[][]> {
  const rows = await prisma.$queryRaw`
    -- histories of units
    select key.n, ${unitColumns('v')}
    from ${keyRows(
      keys.map(({ reshId, revision }) => ({ resh_id: reshId, revision })),
      'resh_id integer, revision integer',
    )}
    join unit_version v on v.resh_id = key.resh_id
    where v.recorded_rev <= key.revision
    order by key.n, v.recorded_rev, v.valid_from`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length);
}

/** Which of the RESH-ids are registered, withdrawn ones included, as known at a revision. One statement. */
export async function readRegistered(prisma: PrismaClient, keys: readonly UnitRevisionKey[]): Promise<boolean[]> {
  const rows = await prisma.$queryRaw`
    -- registered RESH-ids
    select key.n
    from ${keyRows(
      keys.map(({ reshId, revision }) => ({ resh_id: reshId, revision })),
      'resh_id integer, revision integer',
    )}
    join unit on unit.resh_id = key.resh_id
    where unit.registered_rev <= key.revision`;
  return groupByKey(z.array(z.object({ n: z.number() })).parse(rows), keys.length).map((found) => found.length > 0);
}

/** Roots on a day by name: units with no parent. One statement. */
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

/** Unit that has an organization number on a day. One statement. */
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
    join unit_version v on v.organization_number = key.number
    where ${knownAtKeyRevision('v')}
      and ${validOnKeyDay('v')}`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length).map(([row]) => row);
}

/** Unit that has an identifier on a day; where several have it, the one with the least RESH-id. One statement. */
export async function readUnitsByIdentifier(
  prisma: PrismaClient,
  keys: readonly { system: string; value: string; revision: number; day: Day }[],
): Promise<(UnitRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- units by identifier
    select key.n, ${unitColumns('v')}
    from ${keyRows(keys, 'system text, value text, revision integer, day date')}
    join unit_identifier on unit_identifier.value = key.value and unit_identifier.system = key.system
    join unit_version v on v.resh_id = unit_identifier.resh_id
    where ${knownAtKeyRevision('unit_identifier')}
      and ${validOnKeyDay('unit_identifier')}
      and ${knownAtKeyRevision('v')}
      and ${validOnKeyDay('v')}
    order by key.n, v.resh_id`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length).map(([row]) => row);
}
