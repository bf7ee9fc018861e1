import { splitUnit } from '../../operations/split-unit.ts';
import { builder } from '../kit/builder.ts';
import { UnitType } from '../kit/enums.ts';
import { changedUnitFields, commonFields, UnitCodeInput, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const SplitPartInput = builder.inputType('SplitPartInput', {
  description: 'Part of a unit that is split: an existing unit, or a new one under the parent of the split unit',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', description: 'RESH-id of the existing unit that is the part' }),
    ...splitPartFields(t),
    childReshIds: t.field({
      type: ['ReshId'],
      description: 'RESH-ids of children of the split unit that the part gets',
    }),
  }),
});

/** The fields of a part, without the units that it refers to. */
export function splitPartFields(t: InputFields) {
  return {
    type: t.field({ type: UnitType, description: 'Kind of the new unit; that of the split unit if omitted' }),
    ...changedUnitFields(t),
    organizationNumber: t.field({ type: 'OrganizationNumber', description: 'Organization number of the new unit' }),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes that the part gets' }),
    treatmentSite: t.field({
      type: 'OrganizationNumber',
      description: 'Organization number of the treatment site of the part',
    }),
  };
}

const SplitUnitInput = builder.inputType('SplitUnitInput', {
  description: 'Unit to split, and its parts',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit to split' }),
    into: t.field({ type: [SplitPartInput], required: true, description: 'Parts that the unit becomes' }),
    ...keepSourceField(t),
    ...commonFields(t),
  }),
});

/** The field that says whether the split unit stays. */
export function keepSourceField(t: InputFields) {
  return {
    keepSource: t.boolean({ description: 'Whether the unit stays open and keeps the children that no part gets' }),
  };
}

const SplitUnitPayload = declarePayload('SplitUnitPayload', 'splitUnit', ['units']);

builder.mutationField('splitUnit', (t) =>
  t.field({
    type: SplitUnitPayload,
    nullable: true,
    description:
      'Splits a unit into several from a given day, each with children, codes and a treatment site of its own',
    args: { input: t.arg({ type: SplitUnitInput, required: true, description: 'Unit to split, and its parts' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => splitUnit(context, input)),
  }),
);
