import { removeMappingNode } from '../../operations/remove-mapping-node.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const RemoveMappingNodeInput = builder.inputType('RemoveMappingNodeInput', {
  description: 'Node to remove',
  fields: (t) => ({
    systemId: t.string({ required: true, description: 'System that owns the tree' }),
    nodeId: t.string({ required: true, description: 'Id of the node in that system' }),
    ...commonFields(t),
  }),
});

const RemoveMappingNodePayload = declarePayload('RemoveMappingNodePayload', 'removeMappingNode', ['mappingNode']);

builder.mutationField('removeMappingNode', (t) =>
  t.field({
    type: RemoveMappingNodePayload,
    nullable: true,
    description:
      "Removes a node of another system's tree from a given day; the node must have no child nodes from then on",
    args: { input: t.arg({ type: RemoveMappingNodeInput, required: true, description: 'Node to remove' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => removeMappingNode(context, input)),
  }),
);
