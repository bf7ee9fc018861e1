import { mergeUnits } from '../../operations/merge-units.ts';
import { builder } from '../kit/builder.ts';
import { UnitType } from '../kit/enums.ts';
import { commonFields, newUnitFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const MergeTargetInput = builder.inputType('MergeTargetInput', {
  description: 'Unit that a merge makes',
  fields: (t) => ({
    type: t.field({ type: UnitType, description: "Kind of unit; the first source's when left out" }),
    ...newUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      description: 'Its organization number, which a source may have had',
    }),
    parentReshId: t.field({ type: 'ReshId', description: 'Unit that it stands beneath; a root when left out' }),
  }),
});

const MergeUnitsInput = builder.inputType('MergeUnitsInput', {
  description: 'Units to merge, and what they become',
  fields: (t) => ({
    sourceReshIds: t.field({
      type: ['ReshId'],
      required: true,
      description: 'Units that are merged; all close but the target',
    }),
    targetReshId: t.field({
      type: 'ReshId',
      description: 'Unit that they become, where it is there already; it may be one of them',
    }),
    target: t.field({ type: MergeTargetInput, description: 'Unit that they become, where it is new' }),
    ...commonFields(t),
  }),
});

const MergeUnitsPayload = declarePayload('MergeUnitsPayload', 'mergeUnits', ['units']);

builder.mutationField('mergeUnits', (t) =>
  t.field({
    type: MergeUnitsPayload,
    nullable: true,
    description:
      'Merges units into a new or an existing one from a given day; the sources keep their ids and their history',
    args: {
      input: t.arg({ type: MergeUnitsInput, required: true, description: 'Units to merge, and what they become' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => mergeUnits(context, input)),
  }),
);
