import { reorganize } from '../../operations/reorganize.ts';
import { builder } from '../kit/builder.ts';
import { UnitType } from '../kit/enums.ts';
import { CodeInput } from '../kit/unit-filter-input.ts';
import { changedUnitFields, commonFields, newUnitFields, UnitCodeInput, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const KEY_DESCRIPTION = 'Key by which later steps refer to the new unit';

const MoveStepInput = builder.inputType('MoveStepInput', {
  description: 'Moves a unit under another parent',
  fields: (t) => ({
    ...stepUnitFields(t),
    newParentReshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of its new parent, or use `newParentKey`; null makes an organization a root',
    }),
    newParentKey: t.string({ description: 'Key of its new parent' }),
  }),
});

/** The unit that a step is about: one of the two is given. */
function stepUnitFields(t: InputFields) {
  return {
    reshId: t.field({ type: 'ReshId', description: 'RESH-id of the unit, or use `reshKey`' }),
    reshKey: t.string({ description: 'Key of a unit that an earlier step created, or use `reshId`' }),
  };
}

const UpdateStepInput = builder.inputType('UpdateStepInput', {
  description: 'Changes fields of a unit',
  fields: (t) => ({
    ...stepUnitFields(t),
    ...changedUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      description: 'Organization number (organisasjonsnummer) in the national register of legal entities',
    }),
  }),
});

const CreateStepInput = builder.inputType('CreateStepInput', {
  description: 'Creates a department',
  fields: (t) => ({
    key: t.string({ description: KEY_DESCRIPTION }),
    ...newUnitFields(t),
    parentReshId: t.field({ type: 'ReshId', description: 'RESH-id of its parent, or use `parentKey`' }),
    parentKey: t.string({ description: 'Key of its parent' }),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes of the services that it offers' }),
    treatmentSite: t.field({ type: 'OrganizationNumber', description: 'Organization number of its treatment site' }),
    validTo: t.field({ type: 'Date', description: 'First day on which it is no longer valid; open-ended if omitted' }),
  }),
});

const CloseStepInput = builder.inputType('CloseStepInput', {
  description: 'Closes a unit',
  fields: (t) => ({
    ...stepUnitFields(t),
    withDescendants: t.boolean({ description: 'Whether to close the units under it too' }),
    successorReshIds: t.field({ type: ['ReshId'], description: 'RESH-ids of the units that replace it' }),
    successorKeys: t.stringList({ description: 'Keys of the units that replace it' }),
  }),
});

const MergeStepTargetInput = builder.inputType('MergeStepTargetInput', {
  description: 'Unit that a merge creates',
  fields: (t) => ({
    key: t.string({ description: KEY_DESCRIPTION }),
    type: t.field({ type: UnitType, description: 'Kind of unit; that of the first source if omitted' }),
    ...newUnitFields(t),
    organizationNumber: t.field({ type: 'OrganizationNumber', description: 'Organization number of the unit' }),
    parentReshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of its parent, or use `parentKey`; a root without either',
    }),
    parentKey: t.string({ description: 'Key of its parent' }),
  }),
});

const MergeStepInput = builder.inputType('MergeStepInput', {
  description: 'Merges units into a new or an existing unit',
  fields: (t) => ({
    sourceReshIds: t.field({ type: ['ReshId'], description: 'RESH-ids of the units to merge' }),
    sourceKeys: t.stringList({ description: 'Keys of the units to merge' }),
    targetReshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of the existing unit that they become, or use `targetKey` or `target`',
    }),
    targetKey: t.string({ description: 'Key of the unit that they become' }),
    target: t.field({ type: MergeStepTargetInput, description: 'New unit that they become' }),
  }),
});

const SplitStepPartInput = builder.inputType('SplitStepPartInput', {
  description: 'Part of a unit that is split: an existing or a new unit',
  fields: (t) => ({
    ...stepUnitFields(t),
    key: t.string({ description: KEY_DESCRIPTION }),
    type: t.field({ type: UnitType, description: 'Kind of the new unit; that of the split unit if omitted' }),
    ...changedUnitFields(t),
    organizationNumber: t.field({ type: 'OrganizationNumber', description: 'Organization number of the new unit' }),
    childReshIds: t.field({
      type: ['ReshId'],
      description: 'RESH-ids of children of the split unit that the part gets',
    }),
    childKeys: t.stringList({ description: 'Keys of children that the part gets' }),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes that the part gets' }),
    treatmentSite: t.field({
      type: 'OrganizationNumber',
      description: 'Organization number of the treatment site of the part',
    }),
  }),
});

const SplitStepInput = builder.inputType('SplitStepInput', {
  description: 'Splits a unit into several',
  fields: (t) => ({
    ...stepUnitFields(t),
    into: t.field({ type: [SplitStepPartInput], required: true, description: 'Parts that the unit becomes' }),
    keepSource: t.boolean({ description: 'Whether the unit stays open and keeps the children that no part gets' }),
  }),
});

const SetCodesStepInput = builder.inputType('SetCodesStepInput', {
  description: 'Adds codes to a unit and ends others',
  fields: (t) => ({
    ...stepUnitFields(t),
    add: t.field({ type: [UnitCodeInput], description: 'Codes to add, or codes with new attributes' }),
    end: t.field({ type: [CodeInput], description: 'Codes to end' }),
  }),
});

const ReorganizeStepInput = builder.inputType('ReorganizeStepInput', {
  description: 'Step of a reorganization; exactly one of the fields is given',
  isOneOf: true,
  fields: (t) => ({
    move: t.field({ type: MoveStepInput, description: 'Moves a unit under another parent' }),
    update: t.field({ type: UpdateStepInput, description: 'Changes fields of a unit' }),
    create: t.field({ type: CreateStepInput, description: 'Creates a department' }),
    close: t.field({ type: CloseStepInput, description: 'Closes a unit' }),
    merge: t.field({ type: MergeStepInput, description: 'Merges units' }),
    split: t.field({ type: SplitStepInput, description: 'Splits a unit' }),
    setCodes: t.field({ type: SetCodesStepInput, description: 'Adds codes to a unit and ends others' }),
  }),
});

const ReorganizeInput = builder.inputType('ReorganizeInput', {
  description: 'Steps to carry out, in order',
  fields: (t) => ({
    steps: t.field({
      type: [ReorganizeStepInput],
      required: true,
      description: 'Steps, at most 200; each error has the position of its step in its path',
    }),
    ...commonFields(t),
  }),
});

const ReorganizePayload = declarePayload('ReorganizePayload', 'reorganize', ['units']);

builder.mutationField('reorganize', (t) =>
  t.field({
    type: ReorganizePayload,
    nullable: true,
    description: 'Carries out several steps as one atomic change; each step sees the results of the steps before it',
    args: { input: t.arg({ type: ReorganizeInput, required: true, description: 'Steps to carry out, in order' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => reorganize(context, input)),
  }),
);
