import { setMappingNode } from '../../operations/set-mapping-node.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const SetMappingNodeInput = builder.inputType('SetMappingNodeInput', {
  description: 'Node and the fields to change',
  fields: (t) => ({
    systemId: t.string({ required: true, description: 'System that owns the tree' }),
    nodeId: t.string({ required: true, description: 'Id of the node in that system; an unknown id creates a node' }),
    name: t.string({ description: 'Name of the node; required for a new node' }),
    parentNodeId: t.string({ description: 'Id of the parent node in the same tree; null moves the node to the top' }),
    reshId: t.field({ type: 'ReshId', description: 'RESH-id of the unit to which the node refers; null for none' }),
    ...commonFields(t),
  }),
});

const SetMappingNodePayload = declarePayload('SetMappingNodePayload', 'setMappingNode', ['mappingNode']);

builder.mutationField('setMappingNode', (t) =>
  t.field({
    type: SetMappingNodePayload,
    nullable: true,
    description:
      "Changes or creates a node of another system's tree from a given day. An omitted field is unchanged; null " +
      'clears it',
    args: { input: t.arg({ type: SetMappingNodeInput, required: true, description: 'Node and the fields to change' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => setMappingNode(context, input)),
  }),
);
