import type { InputFieldBuilder } from '@pothos/core';
import { builder, type SchemaBuilderTypes } from '../kit/builder.ts';
import { AddressType, ContactPointType } from '../kit/enums.ts';
import { lineFactFields } from '../kit/line-facts.ts';
import { CodeInput } from '../kit/unit-filter-input.ts';

/** What declares the fields of an input. */
export type InputFields = InputFieldBuilder<SchemaBuilderTypes, 'InputObject'>;

/** The fields that every input has. */
export function commonFields(t: InputFields) {
  return {
    effectiveOn: t.field({
      type: 'Date',
      description: 'Day on which the change takes effect (virkningsdato), past, today or future; today if omitted',
    }),
    reason: t.string({ description: 'Reason for the change, recorded in the ledger' }),
    expectedRevision: t.field({
      type: 'Revision',
      description:
        'Revision that the client has read: the change fails with CONFLICT if a unit named in the input was ' +
        'changed since; not checked if omitted',
    }),
    idempotencyKey: t.string({
      description:
        'Unique key of the request: a repeated request of the same user with the same mutation, key and input ' +
        'returns the first response and changes nothing. Keys are kept for 7 days',
    }),
    dryRun: t.boolean({ description: 'Whether to compute the effects of the change without saving it' }),
  };
}

/** The end of a change that can hold for a bounded period. */
export function effectiveToField(t: InputFields) {
  return {
    effectiveTo: t.field({
      type: 'Date',
      description:
        'First day after the change, which holds on all days before it, also in place of planned changes; until the ' +
        'next planned change if omitted',
    }),
  };
}

export const UnitRefInput = builder.inputType('UnitRefInput', {
  description: 'Unit that a step names; exactly one of the fields is given',
  isOneOf: true,
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', description: 'RESH-id of an existing unit' }),
    key: t.string({ description: 'Key that an earlier step gave to the unit that it created' }),
  }),
});

const LocalizedNameInput = builder.inputType('LocalizedNameInput', {
  description: 'Name of a unit in another language',
  fields: (t) => ({
    language: t.string({ required: true, description: 'Language of the name, a BCP 47 tag such as "en" or "se"' }),
    name: t.string({ required: true, description: 'Name in that language' }),
  }),
});

const AddressInput = builder.inputType('AddressInput', {
  description: 'Address of a unit',
  fields: (t) => ({
    type: t.field({ type: AddressType, required: true, description: 'Purpose of the address' }),
    ...addressFields(t),
  }),
});

function addressFields(t: InputFields) {
  return {
    lines: t.stringList({ required: true, description: 'Street or PO box, one line each' }),
    postalCode: t.string({ description: 'Postal code; four digits in Norway' }),
    city: t.string({ description: 'Postal town' }),
    country: t.string({ description: 'Country code, ISO 3166-1 alpha-2' }),
  };
}

export const SiteAddressInput = builder.inputType('SiteAddressInput', {
  description: 'Address of a treatment site',
  fields: addressFields,
});

const ContactPointInput = builder.inputType('ContactPointInput', {
  description: 'Contact point of a unit',
  fields: (t) => ({
    type: t.field({ type: ContactPointType, required: true, description: 'Kind of contact point' }),
    value: t.string({
      required: true,
      description: 'Telephone number (Norwegian, or with a country code), e-mail address or web address',
    }),
  }),
});

/** The facts of a new unit. */
export function newUnitFields(t: InputFields) {
  return {
    name: t.string({ required: true, description: 'Name of the unit' }),
    ...detailFields(t),
  };
}

/** The facts of an existing unit: an absent field keeps its value, null clears it. */
function detailFields(t: InputFields) {
  return {
    ...lineFactFields((_fact, description) => t.string({ description })),
    designation: t.string({
      description: 'Code of the designation (organisatorisk betegnelse), in code set 8624; it does not imply a level',
    }),
    internationalNames: t.field({
      type: [LocalizedNameInput],
      description: 'Names in other languages; replaces the whole list',
    }),
    addresses: t.field({
      type: [AddressInput],
      description: 'Addresses of the unit itself, at most one of each type; replaces the whole list',
    }),
    contactPoints: t.field({
      type: [ContactPointInput],
      description: 'Contact points of the unit itself; replaces the whole list',
    }),
  };
}

/** The facts of a unit that is changed. */
export function changedUnitFields(t: InputFields) {
  return {
    name: t.string({ description: 'Name of the unit' }),
    ...detailFields(t),
  };
}

export const UnitCodeInput = builder.inputType('UnitCodeInput', {
  description: 'Code to give to a unit',
  fields: (t) => ({
    codeSet: t.int({ required: true, description: 'Number of the code set' }),
    code: t.string({ required: true, description: 'Code within its set' }),
    attributes: t.field({ type: [CodeInput], description: 'Codes that qualify the code; none if omitted' }),
  }),
});

export const AdministratorInput = builder.inputType('AdministratorInput', {
  description: 'Person who will administer a unit',
  fields: (t) => ({
    subject: t.string({ required: true, description: 'Subject of the person in tokens (`sub`)' }),
    name: t.string({ required: true, description: 'Name of the administrator' }),
    email: t.string({ description: 'E-mail address of the administrator' }),
  }),
});
