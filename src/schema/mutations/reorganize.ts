import { reorganize } from '../../operations/reorganize.ts';
import { builder } from '../kit/builder.ts';
import { UnitType } from '../kit/enums.ts';
import { CodeInput } from '../kit/unit-filter-input.ts';
import { changedUnitFields, commonFields, newUnitFields, UnitCodeInput, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const KEY_DESCRIPTION = 'Key by which later steps name the new unit';

const MoveStepInput = builder.inputType('MoveStepInput', {
  description: 'Places a unit under another parent',
  fields: (t) => ({
    ...stepUnitFields(t),
    newParentReshId: t.field({
      type: 'ReshId',
      description: 'Its new parent, or newParentKey; null makes an organization a root',
    }),
    newParentKey: t.string({ description: 'Key of its new parent' }),
  }),
});

/** The unit that a step is about: one of the two is given. */
function stepUnitFields(t: InputFields) {
  return {
    reshId: t.field({ type: 'ReshId', description: 'RESH-id of the unit; or reshKey' }),
    reshKey: t.string({ description: 'Key that an earlier step gave the unit; or reshId' }),
  };
}

const UpdateStepInput = builder.inputType('UpdateStepInput', {
  description: 'Sets facts of a unit',
  fields: (t) => ({
    ...stepUnitFields(t),
    ...changedUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      description: 'Number in the national register of legal entities',
    }),
  }),
});

const CreateStepInput = builder.inputType('CreateStepInput', {
  description: 'Creates a department',
  fields: (t) => ({
    key: t.string({ description: KEY_DESCRIPTION }),
    ...newUnitFields(t),
    parentReshId: t.field({ type: 'ReshId', description: 'Unit that it stands beneath; or parentKey' }),
    parentKey: t.string({ description: 'Key of the unit that it stands beneath' }),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes of what it offers' }),
    treatmentSite: t.field({ type: 'OrganizationNumber', description: 'Number of its treatment site' }),
    validTo: t.field({ type: 'Date', description: 'First day on which it is gone; open when left out' }),
  }),
});

const CloseStepInput = builder.inputType('CloseStepInput', {
  description: 'Ends the validity of a unit',
  fields: (t) => ({
    ...stepUnitFields(t),
    withDescendants: t.boolean({ description: 'Whether to close what stands beneath it too' }),
    successorReshIds: t.field({ type: ['ReshId'], description: 'Units that take its place' }),
    successorKeys: t.stringList({ description: 'Keys of units that take its place' }),
  }),
});

const MergeStepTargetInput = builder.inputType('MergeStepTargetInput', {
  description: 'Unit that a merge makes',
  fields: (t) => ({
    key: t.string({ description: KEY_DESCRIPTION }),
    type: t.field({ type: UnitType, description: "Kind of unit; the first source's when left out" }),
    ...newUnitFields(t),
    organizationNumber: t.field({ type: 'OrganizationNumber', description: 'Its organization number' }),
    parentReshId: t.field({
      type: 'ReshId',
      description: 'Unit that it stands beneath, or parentKey; a root without either',
    }),
    parentKey: t.string({ description: 'Key of the unit that it stands beneath' }),
  }),
});

const MergeStepInput = builder.inputType('MergeStepInput', {
  description: 'Merges units into a new or an existing one',
  fields: (t) => ({
    sourceReshIds: t.field({ type: ['ReshId'], description: 'Units that are merged' }),
    sourceKeys: t.stringList({ description: 'Keys of units that are merged' }),
    targetReshId: t.field({ type: 'ReshId', description: 'Unit that they become; or targetKey, or target' }),
    targetKey: t.string({ description: 'Key of the unit that they become' }),
    target: t.field({ type: MergeStepTargetInput, description: 'Unit that they become, where it is new' }),
  }),
});

const SplitStepPartInput = builder.inputType('SplitStepPartInput', {
  description: 'Part of a unit that is split: one that is there, or a new one',
  fields: (t) => ({
    ...stepUnitFields(t),
    key: t.string({ description: KEY_DESCRIPTION }),
    type: t.field({ type: UnitType, description: "Kind of the new unit; the split unit's when left out" }),
    ...changedUnitFields(t),
    organizationNumber: t.field({ type: 'OrganizationNumber', description: 'Organization number of the new unit' }),
    childReshIds: t.field({ type: ['ReshId'], description: 'Children of the split unit that the part gets' }),
    childKeys: t.stringList({ description: 'Keys of children that the part gets' }),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes that the part gets' }),
    treatmentSite: t.field({ type: 'OrganizationNumber', description: 'Number of the treatment site of the part' }),
  }),
});

const SplitStepInput = builder.inputType('SplitStepInput', {
  description: 'Splits a unit into several',
  fields: (t) => ({
    ...stepUnitFields(t),
    into: t.field({ type: [SplitStepPartInput], required: true, description: 'What it becomes' }),
    keepSource: t.boolean({ description: 'Whether the unit stays open, with the children that no part gets' }),
  }),
});

const SetCodesStepInput = builder.inputType('SetCodesStepInput', {
  description: 'Gives codes to a unit and ends others',
  fields: (t) => ({
    ...stepUnitFields(t),
    add: t.field({ type: [UnitCodeInput], description: 'Codes to give, or to give other attributes' }),
    end: t.field({ type: [CodeInput], description: 'Codes to end' }),
  }),
});

const ReorganizeStepInput = builder.inputType('ReorganizeStepInput', {
  description: 'One step of a reorganization: exactly one of its fields',
  isOneOf: true,
  fields: (t) => ({
    move: t.field({ type: MoveStepInput, description: 'Places a unit under another parent' }),
    update: t.field({ type: UpdateStepInput, description: 'Sets facts of a unit' }),
    create: t.field({ type: CreateStepInput, description: 'Creates a department' }),
    close: t.field({ type: CloseStepInput, description: 'Ends the validity of a unit' }),
    merge: t.field({ type: MergeStepInput, description: 'Merges units' }),
    split: t.field({ type: SplitStepInput, description: 'Splits a unit' }),
    setCodes: t.field({ type: SetCodesStepInput, description: 'Gives codes to a unit and ends others' }),
  }),
});

const ReorganizeInput = builder.inputType('ReorganizeInput', {
  description: 'Steps to make, in order',
  fields: (t) => ({
    steps: t.field({
      type: [ReorganizeStepInput],
      required: true,
      description: 'Steps, at most 200; an error names its step',
    }),
    ...commonFields(t),
  }),
});

const ReorganizePayload = declarePayload('ReorganizePayload', 'reorganize', ['units']);

builder.mutationField('reorganize', (t) =>
  t.field({
    type: ReorganizePayload,
    nullable: true,
    description: 'Makes many steps as one change, all or nothing; a later step sees what an earlier one has made',
    args: { input: t.arg({ type: ReorganizeInput, required: true, description: 'Steps to make, in order' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => reorganize(context, input)),
  }),
);
