import { z } from 'zod';
import type { MappingNodeKey } from '../../domain/plan/change-input.ts';
import type { MappingNodeRow } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { mappingNode, rowId } from '../tables.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { Transaction } from '../database/transaction.ts';

// Read within a change, under the lock, so at the newest revision: current rows have no superseded_rev.
const nodeColumns = { ...rowId, ...mappingNode.key, ...mappingNode.period, ...mappingNode.facts };
const nodeRows = z.array(rowSchema(nodeColumns));
const columns = selectList(nodeColumns, 'm');

/** Returns the periods of a node in order of days, or an empty list if the node does not exist. One statement. */
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

/** Returns the periods of nodes of a system and of their ancestors on any day, in order of days. One statement. */
export async function readMappingNodesWithAncestors(
  tx: Transaction,
  systemId: string,
  nodeIds: readonly string[],
): Promise<MappingNodeRow[]> {
  return nodeRows.parse(
    await tx.query(
      `-- periods of mapping nodes and their ancestors
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

/** Returns the periods of the children that a node has on a day or later, in order of days. One statement. */
export async function readMappingNodeChildrenFromDay(
  tx: Transaction,
  { systemId, nodeId }: MappingNodeKey,
  day: Day,
): Promise<MappingNodeRow[]> {
  return nodeRows.parse(
    await tx.query(
      `-- periods of the children of a mapping node
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

/** Returns the newest revision that changed a node, or undefined if the node never existed. One statement. */
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
