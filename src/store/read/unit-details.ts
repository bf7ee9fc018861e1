import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { rowSchema, selectListSql } from '../sql/columns.ts';
import { groupByKey, keyRows, rowsOfKeySql } from '../sql/temporal-conditions.ts';
import { unitTables } from '../tables.ts';
import { unitKeyRows, type UnitSnapshotKey } from './units.ts';

const identifierColumns = unitTables.identifiers.facts;
const identifierRow = rowSchema(identifierColumns).extend({ n: z.number() });
/** Identifier of a unit in another system. */
export type IdentifierRow = z.infer<typeof identifierRow>;

/** Returns the identifiers of units on their days, by system. One statement. */
export async function readIdentifiers(
  prisma: PrismaClient,
  keys: readonly UnitSnapshotKey[],
): Promise<IdentifierRow[][]> {
  const rows = await prisma.$queryRaw`
    -- identifiers of units
    select key.n, ${selectListSql(identifierColumns, 'unit_identifier')}
    from ${unitKeyRows(keys)}
    ${rowsOfKeySql('unit_identifier', 'unit_identifier.resh_id = key.resh_id')}
    order by key.n, unit_identifier.system collate "C", unit_identifier.value collate "C"`;
  return groupByKey(z.array(identifierRow).parse(rows), keys.length);
}

const nameColumns = unitTables.names.facts;
const nameRow = rowSchema(nameColumns).extend({ n: z.number() });
/** Name of a unit in another language. */
export type NameRow = z.infer<typeof nameRow>;

/** Returns the names of units in other languages on their days, by language. One statement. */
export async function readInternationalNames(
  prisma: PrismaClient,
  keys: readonly UnitSnapshotKey[],
): Promise<NameRow[][]> {
  const rows = await prisma.$queryRaw`
    -- international names of units
    select key.n, ${selectListSql(nameColumns, 'unit_name')}
    from ${unitKeyRows(keys)}
    ${rowsOfKeySql('unit_name', 'unit_name.resh_id = key.resh_id')}
    order by key.n, unit_name.language collate "C"`;
  return groupByKey(z.array(nameRow).parse(rows), keys.length);
}

/** A unit by its path, RESH-ids from the root to the unit, for its own and inherited details. */
export interface PathKey {
  readonly path: readonly number[];
  readonly revision: number;
  readonly day: Day;
}
const pathKeyColumns = 'path integer[], revision integer, day date';

const addressColumns = { ...unitTables.addresses.key, ...unitTables.addresses.facts };
const addressRow = rowSchema(addressColumns).extend({ n: z.number() });
/** Address of a unit or of an ancestor. */
export type AddressRow = z.infer<typeof addressRow>;

/** Returns the addresses of units and their ancestors on their days, nearest unit first. One statement. */
export async function readAddressesOnPath(prisma: PrismaClient, keys: readonly PathKey[]): Promise<AddressRow[][]> {
  const rows = await prisma.$queryRaw`
    -- addresses on paths
    select key.n, ${selectListSql(addressColumns, 'unit_address')}
    from ${keyRows(keys.map(toPathKeyRow), pathKeyColumns)}
    cross join lateral unnest(key.path) with ordinality as step (resh_id, depth)
    ${rowsOfKeySql('unit_address', 'unit_address.resh_id = step.resh_id')}
    order by key.n, step.depth desc, unit_address.type`;
  return groupByKey(z.array(addressRow).parse(rows), keys.length);
}

function toPathKeyRow({ path, revision, day }: PathKey) {
  return { path: `{${path.join(',')}}`, revision, day };
}

const contactPointColumns = { ...unitTables.contactPoints.key, ...unitTables.contactPoints.facts };
const contactPointRow = rowSchema(contactPointColumns).extend({ n: z.number() });
/** Contact point of a unit or of an ancestor. */
export type ContactPointRow = z.infer<typeof contactPointRow>;

/** Returns the contact points of units and their ancestors on their days, nearest unit first. One statement. */
export async function readContactPointsOnPath(
  prisma: PrismaClient,
  keys: readonly PathKey[],
): Promise<ContactPointRow[][]> {
  const rows = await prisma.$queryRaw`
    -- contact points on paths
    select key.n, ${selectListSql(contactPointColumns, 'unit_contact_point')}
    from ${keyRows(keys.map(toPathKeyRow), pathKeyColumns)}
    cross join lateral unnest(key.path) with ordinality as step (resh_id, depth)
    ${rowsOfKeySql('unit_contact_point', 'unit_contact_point.resh_id = step.resh_id')}
    order by key.n, step.depth desc, unit_contact_point.type, unit_contact_point.value collate "C"`;
  return groupByKey(z.array(contactPointRow).parse(rows), keys.length);
}
