import { setMappingNode } from '../../operations/set-mapping-node.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const SetMappingNodeInput = builder.inputType('SetMappingNodeInput', {
  description: 'Node, and what to set of it',
  fields: (t) => ({
    systemId: t.string({ required: true, description: 'System whose tree it is' }),
    nodeId: t.string({ required: true, description: 'Id of the node in that system; one that is not there begins' }),
    name: t.string({ description: 'Name of the node; there must be one where the node begins' }),
    parentNodeId: t.string({ description: 'Node above it in the same tree; null puts it at the top' }),
    reshId: t.field({ type: 'ReshId', description: 'Unit that the node points at; null for none' }),
    ...commonFields(t),
  }),
});

const SetMappingNodePayload = declarePayload('SetMappingNodePayload', 'setMappingNode', ['mappingNode']);

builder.mutationField('setMappingNode', (t) =>
  t.field({
    type: SetMappingNodePayload,
    nullable: true,
    description:
      "Sets a node of another system's tree from a given day, or begins it: what is left out is kept, null clears",
    args: { input: t.arg({ type: SetMappingNodeInput, required: true, description: 'Node, and what to set of it' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => setMappingNode(context, input)),
  }),
);
