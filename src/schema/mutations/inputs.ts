import type { InputFieldBuilder } from '@pothos/core';
import { builder, type SchemaBuilderTypes } from '../kit/builder.ts';
import { AddressType, ContactPointType } from '../kit/enums.ts';
import { CodeInput } from '../kit/unit-filter-input.ts';

/** What declares the fields of an input. */
export type InputFields = InputFieldBuilder<SchemaBuilderTypes, 'InputObject'>;

/** The fields that every input has. */
export function commonFields(t: InputFields) {
  return {
    effectiveOn: t.field({
      type: 'Date',
      description: 'Day the change takes effect (virkningsdato), past, today or planned; today when left out',
    }),
    reason: t.string({ description: 'Why the change is made, for the ledger' }),
    expectedRevision: t.field({
      type: 'Revision',
      description:
        'Revision that was read: CONFLICT where a unit named here was changed since; no such check when left out',
    }),
    idempotencyKey: t.string({
      description: 'Key of the request: sent again with the same input it is answered as at first and changes nothing',
    }),
    dryRun: t.boolean({ description: 'Whether to tell what the change would do and to save nothing' }),
  };
}

const LocalizedNameInput = builder.inputType('LocalizedNameInput', {
  description: 'Name in another language',
  fields: (t) => ({
    language: t.string({ required: true, description: 'Language of the name, a BCP 47 tag such as "en" or "se"' }),
    name: t.string({ required: true, description: 'Name in that language' }),
  }),
});

const AddressInput = builder.inputType('AddressInput', {
  description: 'Address of a unit',
  fields: (t) => ({
    type: t.field({ type: AddressType, required: true, description: 'What the address is for' }),
    ...addressFields(t),
  }),
});

function addressFields(t: InputFields) {
  return {
    lines: t.stringList({ required: true, description: 'Street or box, a line each' }),
    postalCode: t.string({ description: 'Postal code' }),
    city: t.string({ description: 'Postal town' }),
    country: t.string({ description: 'Country, ISO 3166-1 alpha-2' }),
  };
}

export const SiteAddressInput = builder.inputType('SiteAddressInput', {
  description: 'Address of a treatment site',
  fields: addressFields,
});

const ContactPointInput = builder.inputType('ContactPointInput', {
  description: 'Way to reach a unit',
  fields: (t) => ({
    type: t.field({ type: ContactPointType, required: true, description: 'Way of reaching it' }),
    value: t.string({ required: true, description: 'Telephone number, e-mail address or web address' }),
  }),
});

/** The facts of a unit that is new. */
export function newUnitFields(t: InputFields) {
  return {
    name: t.string({ required: true, description: 'Name of the unit' }),
    ...detailFields(t),
  };
}

/** The facts of a unit that is there: absent keeps, null clears. */
function detailFields(t: InputFields) {
  return {
    shortName: t.string({ description: 'Short name of the unit' }),
    designation: t.string({
      description: 'Code of the designation (organisatorisk betegnelse), in code set 8624; says nothing of the level',
    }),
    responsiblePerson: t.string({ description: 'Person responsible for the unit' }),
    internationalNames: t.field({ type: [LocalizedNameInput], description: 'All names in other languages' }),
    addresses: t.field({ type: [AddressInput], description: 'All addresses of its own, one of each type' }),
    contactPoints: t.field({ type: [ContactPointInput], description: 'All contact points of its own' }),
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
  description: 'A code that a unit is to have',
  fields: (t) => ({
    codeSet: t.int({ required: true, description: 'Number of the code set' }),
    code: t.string({ required: true, description: 'The code itself' }),
    attributes: t.field({ type: [CodeInput], description: 'Codes that say more of it; none when left out' }),
  }),
});

export const AdministratorInput = builder.inputType('AdministratorInput', {
  description: 'Somebody who is to administer a unit',
  fields: (t) => ({
    subject: t.string({ required: true, description: 'Who it is in tokens' }),
    name: t.string({ required: true, description: 'Name of the administrator' }),
    email: t.string({ description: 'E-mail address of the administrator' }),
  }),
});
