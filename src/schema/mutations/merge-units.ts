import { mergeUnits } from '../../operations/merge-units.ts';
import { builder } from '../kit/builder.ts';
import { UnitType } from '../kit/enums.ts';
import { commonFields, newUnitFields, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const MergeTargetInput = builder.inputType('MergeTargetInput', {
  description: 'Unit that a merge creates',
  fields: (t) => ({
    ...mergeTargetFields(t),
    parentReshId: t.field({ type: 'ReshId', description: 'RESH-id of its parent; a root if omitted' }),
  }),
});

/** The fields of the unit that a merge creates, without its parent. */
export function mergeTargetFields(t: InputFields) {
  return {
    type: t.field({ type: UnitType, description: 'Kind of unit; that of the first source if omitted' }),
    ...newUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      description: 'Organization number of the unit; a source may have had it before',
    }),
  };
}

const MergeUnitsInput = builder.inputType('MergeUnitsInput', {
  description: 'Units to merge, and the unit that they become',
  fields: (t) => ({
    sourceReshIds: t.field({
      type: ['ReshId'],
      required: true,
      description: 'RESH-ids of the units to merge; all of them are closed except the target',
    }),
    targetReshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of the existing unit that they become, which may be one of them; or use `newTarget`',
    }),
    newTarget: t.field({ type: MergeTargetInput, description: 'New unit that they become; or use `targetReshId`' }),
    ...commonFields(t),
  }),
});

const MergeUnitsPayload = declarePayload('MergeUnitsPayload', 'mergeUnits', ['units']);

builder.mutationField('mergeUnits', (t) =>
  t.field({
    type: MergeUnitsPayload,
    nullable: true,
    description:
      'Merges units into a new or an existing unit from a given day; the sources keep their ids and their history',
    args: {
      input: t.arg({
        type: MergeUnitsInput,
        required: true,
        description: 'Units to merge, and the unit that they become',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => mergeUnits(context, input)),
  }),
);
