import { reorganize, STEP_LIMIT } from '../../operations/reorganize.ts';
import { builder } from '../kit/builder.ts';
import { withDescendantsField } from './close-unit.ts';
import { newDepartmentFields } from './create-department.ts';
import { commonFields, UnitRefInput, type InputFields } from './inputs.ts';
import { mergeTargetFields } from './merge-units.ts';
import { resolveMutation, declarePayload } from './payload.ts';
import { keepSourceField, splitPartFields } from './split-unit.ts';
import { codeListFields } from './update-unit-codes.ts';
import { updatedUnitFields } from './update-unit.ts';

const CreateDepartmentStepInput = builder.inputType('CreateDepartmentStepInput', {
  description: 'Creates a department, as `createDepartment` does',
  fields: (t) => ({
    ...keyField(t),
    parent: t.field({ type: UnitRefInput, required: true, description: 'Parent of the department' }),
    ...newDepartmentFields(t),
  }),
});

function keyField(t: InputFields) {
  return { key: t.string({ description: 'Key by which later steps name the new unit' }) };
}

const UpdateUnitStepInput = builder.inputType('UpdateUnitStepInput', {
  description: 'Changes fields of a unit, as `updateUnit` does',
  fields: (t) => ({
    unit: t.field({ type: UnitRefInput, required: true, description: 'Unit to change' }),
    ...updatedUnitFields(t),
  }),
});

const MoveUnitStepInput = builder.inputType('MoveUnitStepInput', {
  description: 'Moves a unit under another parent, as `moveUnit` does',
  fields: (t) => ({
    unit: t.field({ type: UnitRefInput, required: true, description: 'Unit to move' }),
    newParent: t.field({ type: UnitRefInput, description: 'New parent; null makes an organization a root' }),
  }),
});

const CloseUnitStepInput = builder.inputType('CloseUnitStepInput', {
  description: 'Closes a unit, as `closeUnit` does',
  fields: (t) => ({
    unit: t.field({ type: UnitRefInput, required: true, description: 'Unit to close' }),
    ...withDescendantsField(t),
    successors: t.field({ type: [UnitRefInput], description: 'Units that replace it' }),
  }),
});

const MergeTargetStepInput = builder.inputType('MergeTargetStepInput', {
  description: 'Unit that a merge creates',
  fields: (t) => ({
    ...keyField(t),
    ...mergeTargetFields(t),
    parent: t.field({ type: UnitRefInput, description: 'Parent of the unit; a root if omitted' }),
  }),
});

const MergeUnitsStepInput = builder.inputType('MergeUnitsStepInput', {
  description: 'Merges units into a new or an existing unit, as `mergeUnits` does',
  fields: (t) => ({
    sources: t.field({
      type: [UnitRefInput],
      required: true,
      description: 'Units to merge; all of them are closed except the target',
    }),
    target: t.field({
      type: UnitRefInput,
      description: 'Existing unit that they become, which may be one of them; or use `newTarget`',
    }),
    newTarget: t.field({ type: MergeTargetStepInput, description: 'New unit that they become; or use `target`' }),
  }),
});

const SplitPartStepInput = builder.inputType('SplitPartStepInput', {
  description: 'Part of a unit that is split: an existing unit, or a new one under the parent of the split unit',
  fields: (t) => ({
    ...keyField(t),
    unit: t.field({ type: UnitRefInput, description: 'Existing unit that is the part' }),
    ...splitPartFields(t),
    children: t.field({ type: [UnitRefInput], description: 'Children of the split unit that the part gets' }),
  }),
});

const SplitUnitStepInput = builder.inputType('SplitUnitStepInput', {
  description: 'Splits a unit into several, as `splitUnit` does',
  fields: (t) => ({
    unit: t.field({ type: UnitRefInput, required: true, description: 'Unit to split' }),
    into: t.field({ type: [SplitPartStepInput], required: true, description: 'Parts that the unit becomes' }),
    ...keepSourceField(t),
  }),
});

const UpdateUnitCodesStepInput = builder.inputType('UpdateUnitCodesStepInput', {
  description: 'Adds codes to a unit and ends others, as `updateUnitCodes` does',
  fields: (t) => ({
    unit: t.field({ type: UnitRefInput, required: true, description: 'Unit with the codes' }),
    ...codeListFields(t),
  }),
});

const ReorganizeStepInput = builder.inputType('ReorganizeStepInput', {
  description: 'Step of a reorganization; exactly one of the fields is given, each named as its mutation',
  isOneOf: true,
  fields: (t) => ({
    createDepartment: t.field({ type: CreateDepartmentStepInput, description: 'Creates a department' }),
    updateUnit: t.field({ type: UpdateUnitStepInput, description: 'Changes fields of a unit' }),
    moveUnit: t.field({ type: MoveUnitStepInput, description: 'Moves a unit under another parent' }),
    closeUnit: t.field({ type: CloseUnitStepInput, description: 'Closes a unit' }),
    mergeUnits: t.field({ type: MergeUnitsStepInput, description: 'Merges units' }),
    splitUnit: t.field({ type: SplitUnitStepInput, description: 'Splits a unit' }),
    updateUnitCodes: t.field({ type: UpdateUnitCodesStepInput, description: 'Adds codes to a unit and ends others' }),
  }),
});

const ReorganizeInput = builder.inputType('ReorganizeInput', {
  description: 'Steps to carry out, in order',
  fields: (t) => ({
    steps: t.field({
      type: [ReorganizeStepInput],
      required: true,
      description: `Steps, at most ${STEP_LIMIT}; each error has the position of its step in its path`,
    }),
    ...commonFields(t),
  }),
});

const ReorganizePayload = declarePayload('ReorganizePayload', 'reorganize', ['units']);

builder.mutationField('reorganize', (t) =>
  t.field({
    type: ReorganizePayload,
    nullable: true,
    description:
      'Carries out several steps as one atomic change; each step sees the results of the steps before it. The errors ' +
      'of all steps are reported; of a step that names a unit of a failed step, only errors of its own input: the ' +
      'others may vanish once that step is corrected',
    args: { input: t.arg({ type: ReorganizeInput, required: true, description: 'Steps to carry out, in order' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => reorganize(context, input)),
  }),
);
