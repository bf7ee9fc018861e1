import type { Context } from '../../context.ts';
import { builder } from '../kit/builder.ts';
import { loadMappingDescendants, loadMappingNode, nodesAtSnapshot } from '../kit/load.ts';
import { lookUpUnit } from '../kit/lookup.ts';
import { findNodeView, formatMappingNodeId, parseMappingNodeId } from '../kit/node-id.ts';
import { Unit, MappingNode, type MappingNodeAtSnapshot } from '../kit/refs.ts';
import { unitKey, relatedView } from '../kit/view.ts';

builder.node(MappingNode, {
  description: 'Node in the tree of another system over the units of the register',
  id: {
    description: 'Global id of the node; it includes day and revision if the request specified them',
    resolve: ({ node, view }) => formatMappingNodeId(node, view),
  },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'node' in value && 'view' in value,
  loadManyWithoutCache: (ids, context) => Promise.all(ids.map((id) => loadByNodeId(context, id))),
  fields: (t) => ({
    systemId: t.string({ description: 'System that owns the tree', resolve: ({ node }) => node.systemId }),
    nodeId: t.string({ description: 'Id of the node in that system', resolve: ({ node }) => node.nodeId }),
    name: t.string({ description: 'Name of the node in that system', resolve: ({ node }) => node.name }),
    parent: t.field({
      type: MappingNode,
      nullable: true,
      description: 'Parent node in the same tree; null at the top',
      resolve: ({ node: { systemId, parentNodeId }, view }, _args, context) =>
        parentNodeId === null ? null : loadMappingNode(context, systemId, parentNodeId, view),
    }),
    children: t.field({
      type: [MappingNode],
      description: 'Child nodes, by name in Norwegian order, then node id',
      complexity: { field: 1, multiplier: 10 },
      resolve: async ({ node: { systemId, nodeId }, view }, _args, context) => {
        const { revision, day } = view;
        return nodesAtSnapshot(
          await context.loaders.mappingNodesByParent.load({ systemId, nodeId, revision, day }),
          view,
          context,
        );
      },
    }),
    descendants: t.field({
      type: [MappingNode],
      description: 'Nodes under the node, at any level, by name in Norwegian order, then node id',
      complexity: { field: 1, multiplier: 50 },
      resolve: (node, _args, context) => loadMappingDescendants(context, node),
    }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit to which the node refers: if closed, as on its last day; if not yet valid, as on its first; null ' +
        'if the node refers to no unit or the unit was withdrawn',
      resolve: async ({ node: { reshId }, view }, _args, context) =>
        reshId === null ? null : (await lookUpUnit(context, reshId, view)).unit,
    }),
  }),
});

builder.objectField(Unit, 'mappingNodes', (t) =>
  t.field({
    type: [MappingNode],
    description: "Nodes of other systems' trees that refer to the unit, by system, then node id",
    complexity: { field: 1, multiplier: 2 },
    resolve: async (unit, _args, context) =>
      nodesAtSnapshot(await context.loaders.mappingNodesByReshId.load(unitKey(unit)), relatedView(unit), context),
  }),
);

async function loadByNodeId(context: Context, id: string): Promise<MappingNodeAtSnapshot | null> {
  const parsed = parseMappingNodeId(id);
  const view = await findNodeView(context, parsed);
  return view ? loadMappingNode(context, parsed.systemId, parsed.nodeId, view) : null;
}
