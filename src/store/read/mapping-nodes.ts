import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import type { SqlClient } from '../database/sql-client.ts';
import { rowSchema, selectListSql } from '../sql/columns.ts';
import {
  groupByKey,
  keyRows,
  knownAt,
  knownAtKeyRevision,
  rowsOfKeySql,
  validOn,
  validOnKeyDay,
} from '../sql/temporal-conditions.ts';
import { mappingNode } from '../tables.ts';
import { systemRows, unitKeyRows, type SystemRow, type UnitSnapshotKey } from './units.ts';

const nodeColumns = { ...mappingNode.key, ...mappingNode.facts, ...mappingNode.period };
const nodeRow = rowSchema(nodeColumns);
/** Node in the tree of another system on a day. */
export type MappingNodeRow = z.infer<typeof nodeRow>;

/** The tree of another system on a day, as known at a revision. */
export interface MappingKey {
  readonly systemId: string;
  readonly revision: number;
  readonly day: Day;
}

/** A node in the tree of another system on a day, as known at a revision. */
export interface MappingNodeKey extends MappingKey {
  readonly nodeId: string;
}

const nodeKeyColumns = 'system_id text, node_id text, revision integer, day date';

const keyedNodeRows = z.array(nodeRow.extend({ n: z.number() }));

/** Returns all nodes of the trees of systems, by name in Norwegian order, then node id. One statement. */
export async function readMappingTrees(prisma: PrismaClient, keys: readonly MappingKey[]): Promise<MappingNodeRow[][]> {
  const rows = await prisma.$queryRaw`
    -- mapping nodes of systems
    select key.n, ${selectListSql(nodeColumns, 'm')}
    from ${keyRows(
      keys.map(({ systemId, revision, day }) => ({ system_id: systemId, revision, day })),
      'system_id text, revision integer, day date',
    )}
    join mapping_node m on m.system_id = key.system_id
    where ${knownAtKeyRevision('m')}
      and ${validOnKeyDay('m')}
    order by key.n, norwegian_sort_key(m.name), m.node_id collate "C"`;
  return groupByKey(keyedNodeRows.parse(rows), keys.length);
}

/** Returns nodes on their days; undefined if a node is not valid on the day. One statement. */
export async function readMappingNodes(
  prisma: PrismaClient,
  keys: readonly MappingNodeKey[],
): Promise<(MappingNodeRow | undefined)[]> {
  const rows = await prisma.$queryRaw`
    -- mapping nodes
    select key.n, ${selectListSql(nodeColumns, 'm')}
    from ${keyRows(keys.map(toNodeKeyRow), nodeKeyColumns)}
    join mapping_node m on m.system_id = key.system_id
      and m.node_id = key.node_id
    where ${knownAtKeyRevision('m')}
      and ${validOnKeyDay('m')}`;
  return groupByKey(keyedNodeRows.parse(rows), keys.length).map(([row]) => row);
}

function toNodeKeyRow({ systemId, nodeId, revision, day }: MappingNodeKey) {
  return { system_id: systemId, node_id: nodeId, revision, day };
}

/** Returns the children of nodes, by name in Norwegian order, then node id. One statement. */
export async function readMappingNodeChildren(
  prisma: PrismaClient,
  keys: readonly MappingNodeKey[],
): Promise<MappingNodeRow[][]> {
  const rows = await prisma.$queryRaw`
    -- children of mapping nodes
    select key.n, ${selectListSql(nodeColumns, 'm')}
    from ${keyRows(keys.map(toNodeKeyRow), nodeKeyColumns)}
    join mapping_node m on m.system_id = key.system_id
      and m.parent_node_id = key.node_id
    where ${knownAtKeyRevision('m')}
      and ${validOnKeyDay('m')}
    order by key.n, norwegian_sort_key(m.name), m.node_id collate "C"`;
  return groupByKey(keyedNodeRows.parse(rows), keys.length);
}

/** Returns the nodes that point at units, by system, then node id. One statement. */
export async function readMappingNodesOfUnits(
  prisma: PrismaClient,
  keys: readonly UnitSnapshotKey[],
): Promise<MappingNodeRow[][]> {
  const rows = await prisma.$queryRaw`
    -- mapping nodes of units
    select key.n, ${selectListSql(nodeColumns, 'm')}
    from ${unitKeyRows(keys)}
    ${rowsOfKeySql('mapping_node', 'm.resh_id = key.resh_id', 'm')}
    order by key.n, m.system_id collate "C", m.node_id collate "C"`;
  return groupByKey(keyedNodeRows.parse(rows), keys.length);
}

/** Lists the systems with nodes in the order of their texts. One statement. */
export async function readMappingSystems(
  client: SqlClient,
  { revision, day }: Pick<MappingKey, 'revision' | 'day'>,
): Promise<SystemRow[]> {
  const rows = await client.query(
    `-- systems with mapping nodes
     select m.system_id as system, count(*)::integer as count
     from mapping_node m
     where ${knownAt('$1::integer', 'm')}
       and ${validOn('$2::date', 'm')}
     group by m.system_id
     order by m.system_id collate "C"`,
    [revision, day],
  );
  return systemRows.parse(rows);
}
