import { builder } from '../kit/builder.ts';
import { loadMappingNode, nodesAtSnapshot } from '../kit/load.ts';
import { lookUpUnit } from '../kit/lookup.ts';
import { Unit, MappingNode } from '../kit/refs.ts';
import { unitKey, relatedView } from '../kit/view.ts';

builder.objectType(MappingNode, {
  description: "Node in another system's own tree over our units",
  fields: (t) => ({
    systemId: t.string({ description: 'System whose tree it is', resolve: ({ node }) => node.systemId }),
    nodeId: t.string({ description: 'Id of the node in that system', resolve: ({ node }) => node.nodeId }),
    name: t.string({ description: 'Name of the node in that system', resolve: ({ node }) => node.name }),
    parent: t.field({
      type: MappingNode,
      nullable: true,
      description: 'Node above it in the same tree; null at the top',
      resolve: ({ node: { systemId, parentNodeId }, view }, _args, context) =>
        parentNodeId === null ? null : loadMappingNode(context, systemId, parentNodeId, view),
    }),
    children: t.field({
      type: [MappingNode],
      description: 'Nodes directly beneath it, by name in Norwegian order, then node id',
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
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit that the node points at: where it has closed as on its last day, where it has not begun as on its first; null where the node points at none, or the unit was withdrawn',
      resolve: async ({ node: { reshId }, view }, _args, context) =>
        reshId === null ? null : (await lookUpUnit(context, reshId, view)).unit,
    }),
  }),
});

builder.objectField(Unit, 'mappingNodes', (t) =>
  t.field({
    type: [MappingNode],
    description: "Nodes of other systems' own trees that point at the unit, by system, then node id",
    complexity: { field: 1, multiplier: 2 },
    resolve: async (unit, _args, context) =>
      nodesAtSnapshot(await context.loaders.mappingNodesByReshId.load(unitKey(unit)), relatedView(unit), context),
  }),
);
