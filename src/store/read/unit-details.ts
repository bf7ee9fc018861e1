import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { grouped, keyRows, known, valid } from '../sql/temporal-conditions.ts';
import { keyOf, type UnitAt } from './units.ts';

const atColumns = 'resh_id integer, revision integer, day date';

const identifierRow = z.object({ n: z.number(), system: z.string(), value: z.string() });
/** Identifier of a unit in another system. */
export type IdentifierRow = z.infer<typeof identifierRow>;

/** Identifiers that units have on their days, by system. One statement. */
export const readIdentifiers = async (prisma: PrismaClient, keys: readonly UnitAt[]): Promise<IdentifierRow[][]> => {
  const rows = await prisma.$queryRaw`
    -- identifiers of units
    select key.n, unit_identifier.system, unit_identifier.value
    from ${keyRows(keys.map(keyOf), atColumns)}
    join unit_identifier on unit_identifier.resh_id = key.resh_id
    where ${known('unit_identifier')}
      and ${valid('unit_identifier')}
    order by key.n, unit_identifier.system collate "C", unit_identifier.value collate "C"`;
  return grouped(z.array(identifierRow).parse(rows), keys.length);
};

const nameRow = z.object({ n: z.number(), language: z.string(), name: z.string() });
/** Name of a unit in another language. */
export type NameRow = z.infer<typeof nameRow>;

/** International names that units have on their days, by language. One statement. */
export const readInternationalNames = async (prisma: PrismaClient, keys: readonly UnitAt[]): Promise<NameRow[][]> => {
  const rows = await prisma.$queryRaw`
    -- international names of units
    select key.n, unit_name.language, unit_name.name
    from ${keyRows(keys.map(keyOf), atColumns)}
    join unit_name on unit_name.resh_id = key.resh_id
    where ${known('unit_name')}
      and ${valid('unit_name')}
    order by key.n, unit_name.language collate "C"`;
  return grouped(z.array(nameRow).parse(rows), keys.length);
};

/** Unit whose own and inherited details are asked for: its RESH-ids from the root to itself. */
export interface PathAt {
  readonly path: readonly number[];
  readonly revision: number;
  readonly day: Day;
}
const pathColumns = 'path integer[], revision integer, day date';
const pathKey = ({ path, revision, day }: PathAt) => ({ path: `{${path.join(',')}}`, revision, day });

const addressRow = z.object({
  n: z.number(),
  reshId: z.number(),
  type: z.enum(['VISITING', 'POSTAL']),
  lines: z.array(z.string()),
  postalCode: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
});
/** Address of a unit, or of one above it. */
export type AddressRow = z.infer<typeof addressRow>;

/** Addresses of units and of all above them on their days, nearest first. One statement. */
export const readAddressesOnPath = async (prisma: PrismaClient, keys: readonly PathAt[]): Promise<AddressRow[][]> => {
  const rows = await prisma.$queryRaw`
    -- addresses on paths
    select
      key.n,
      unit_address.resh_id as "reshId",
      unit_address.type::text as type,
      coalesce(unit_address.lines, '{}') as lines,
      unit_address.postal_code as "postalCode",
      unit_address.city,
      unit_address.country
    from ${keyRows(keys.map(pathKey), pathColumns)}
    cross join lateral unnest(key.path) with ordinality as step (resh_id, depth)
    join unit_address on unit_address.resh_id = step.resh_id
    where ${known('unit_address')}
      and ${valid('unit_address')}
    order by key.n, step.depth desc, unit_address.type`;
  return grouped(z.array(addressRow).parse(rows), keys.length);
};

const contactPointRow = z.object({
  n: z.number(),
  reshId: z.number(),
  type: z.enum(['TELEPHONE', 'EMAIL', 'WEB']),
  value: z.string(),
});
/** Way to reach a unit, or one above it. */
export type ContactPointRow = z.infer<typeof contactPointRow>;

/** Contact points of units and of all above them on their days, nearest first. One statement. */
export const readContactPointsOnPath = async (
  prisma: PrismaClient,
  keys: readonly PathAt[],
): Promise<ContactPointRow[][]> => {
  const rows = await prisma.$queryRaw`
    -- contact points on paths
    select
      key.n,
      unit_contact_point.resh_id as "reshId",
      unit_contact_point.type::text as type,
      unit_contact_point.value
    from ${keyRows(keys.map(pathKey), pathColumns)}
    cross join lateral unnest(key.path) with ordinality as step (resh_id, depth)
    join unit_contact_point on unit_contact_point.resh_id = step.resh_id
    where ${known('unit_contact_point')}
      and ${valid('unit_contact_point')}
    order by key.n, step.depth desc, unit_contact_point.type, unit_contact_point.value collate "C"`;
  return grouped(z.array(contactPointRow).parse(rows), keys.length);
};
