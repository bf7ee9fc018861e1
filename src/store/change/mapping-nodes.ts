import { z } from 'zod';
import type { MappingNodeKey } from '../../domain/plan/change-input.ts';
import type { MappingNodeRow } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { mappingNode, rowId } from '../tables.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { Transaction } from '../database/transaction.ts';

// Reads within a change's transaction, after the lock, at the newest knowledge: superseded_rev is null.
const nodeColumns = { ...rowId, ...mappingNode.key, ...mappingNode.period, ...mappingNode.facts };
const nodeRows = z.array(rowSchema(nodeColumns));
const columns = selectList(nodeColumns, 'm');

/** Periods of a node in the order of their days; none where there is no such node. One statement. */
export async function readMappingNode(tx: SqlClient, { systemId, nodeId }: MappingNodeKey): Promise<MappingNodeRow[]> {
  return nodeRows.parse(
    await tx.query(
      `-- periods of a mapping node
       select ${columns}
       from mapping_node m
       where m.system_id = $1
         and m.node_id = $2
         and m.superseded_rev is null
       order by m.valid_from`,
      [systemId, nodeId],
    ),
  );
}

/** Returns the periods of nodes of one system and of all nodes above them on any day, in the order of their days. One statement. */
export async function readMappingNodesWithAncestors(
  tx: Transaction,
  systemId: string,
  nodeIds: readonly string[],
): Promise<MappingNodeRow[]> {
  return nodeRows.parse(
    await tx.query(
      `-- periods of mapping nodes and those above
       with recursive above as (
         select unnest($2::text[]) as node_id
         union
         select m.parent_node_id
         from above
         join mapping_node m on m.node_id = above.node_id
         where m.system_id = $1
           and m.superseded_rev is null
           and m.parent_node_id is not null
       )
       select ${columns}
       from above
       join mapping_node m on m.node_id = above.node_id
       where m.system_id = $1
         and m.superseded_rev is null
       order by m.valid_from`,
      [systemId, nodeIds],
    ),
  );
}

/** Returns the periods of a node's children on some day from a given one on, in the order of their days. One statement. */
export async function readMappingNodeChildrenFromDay(
  tx: Transaction,
  { systemId, nodeId }: MappingNodeKey,
  day: Day,
): Promise<MappingNodeRow[]> {
  return nodeRows.parse(
    await tx.query(
      `-- periods of mapping nodes below
       select ${columns}
       from mapping_node m
       where m.system_id = $1
         and m.parent_node_id = $2
         and m.superseded_rev is null
         and (m.valid_to is null or m.valid_to > $3::date)
       order by m.valid_from, m.node_id collate "C"`,
      [systemId, nodeId, day],
    ),
  );
}

/** The newest revision that changed a node; undefined where none did. One statement. */
export async function readNewestMappingNodeChange(
  tx: Transaction,
  { systemId, nodeId }: MappingNodeKey,
): Promise<number | undefined> {
  const [row] = z.array(z.object({ revision: z.number().nullable() })).parse(
    await tx.query(
      `-- newest change of a mapping node
       select max(greatest(recorded_rev, superseded_rev)) as revision
       from mapping_node
       where system_id = $1
         and node_id = $2`,
      [systemId, nodeId],
    ),
  );
  return row?.revision ?? undefined;
}
