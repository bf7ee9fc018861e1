import type { Role } from '../../domain/plan/change-input.ts';
import type { UnitChangeKind as Kind } from '../../domain/unit/facts.ts';
import type { UnitField as Field } from '../../domain/unit/field-values.ts';
import type { UnitType as Type } from '../../domain/unit/unit-type.ts';
import { builder } from './builder.ts';

export const UnitType = builder.enumType('UnitType', {
  description: 'Kind of unit',
  values: {
    ORGANIZATION: { description: 'Organization (foretak, virksomhet), usually with an organization number' },
    DEPARTMENT: { description: 'Department (avdeling, seksjon, post ...) under an organization' },
  } satisfies Record<Type, { description: string }>,
});

export const LookupOutcome = builder.enumType('LookupOutcome', {
  description: 'Outcome of the lookup of a RESH-id on a day',
  values: {
    FOUND: { description: 'The unit is valid on the day' },
    CLOSED: { description: 'The unit was valid before the day; it is shown as on its last day' },
    NOT_YET_VALID: { description: 'The unit becomes valid after the day; it is shown as on its first day' },
    WITHDRAWN: { description: 'The unit was registered in error and withdrawn; no state of it is shown' },
    UNKNOWN: { description: 'The RESH-id was never assigned' },
  } as const,
});

export const AddressType = builder.enumType('AddressType', {
  description: 'Purpose of an address',
  values: {
    VISITING: { description: 'Visiting address (besøksadresse)' },
    POSTAL: { description: 'Postal address (postadresse)' },
  } as const,
});

export const ContactPointType = builder.enumType('ContactPointType', {
  description: 'Kind of contact point',
  values: {
    TELEPHONE: { description: 'Telephone number' },
    EMAIL: { description: 'E-mail address' },
    WEB: { description: 'Web address' },
  } as const,
});

export const FormerChildReason = builder.enumType('FormerChildReason', {
  description: 'Reason that a unit is no longer a child',
  values: {
    MOVED: { description: 'The unit was moved under another parent' },
    CLOSED: { description: 'The unit was closed' },
  } as const,
});

export const UnitOrderField = builder.enumType('UnitOrderField', {
  description: 'Field by which siblings are ordered',
  values: {
    NAME: { description: 'Name in Norwegian order, then RESH-id' },
    RESH_ID: { description: 'RESH-id' },
  } as const,
});

export const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Direction of an order',
  values: {
    ASC: { description: 'Ascending' },
    DESC: { description: 'Descending' },
  } as const,
});

export const AccessRole = builder.enumType('AccessRole', {
  description: 'Role that a grant gives its holder',
  values: {
    OPERATOR: {
      description: 'National operator: registers organizations and their first administrators, and may edit every unit',
    },
    SPECIALIST_REGISTRAR: {
      description: 'Registrar of contract specialists (avtalespesialister) and their treatment sites',
    },
    ADMINISTRATOR: { description: 'Administrator of a unit and all units under it' },
  } satisfies Record<Role, { description: string }>,
});

const fieldDescriptions: Readonly<Record<Field, string>> = {
  name: 'Name of the unit',
  shortName: 'Short name of the unit',
  parent: 'Parent of the unit',
  type: 'Kind of unit',
  designation: 'Designation of the unit (organisatorisk betegnelse)',
  designationText: 'Local wording of the designation',
  organizationNumber: 'Organization number (organisasjonsnummer) of the unit',
  treatmentSite: 'Treatment site (behandlingssted) of the unit itself',
  responsiblePerson: 'Person responsible for the unit',
  codes: 'Codes of the unit: specialties and other services',
  identifiers: 'Identifiers of the unit in other systems',
  internationalNames: 'Names of the unit in other languages',
  addresses: 'Addresses of the unit itself',
  contactPoints: 'Contact points of the unit itself',
};

export const UnitField = builder.enumType('UnitField', {
  description: 'Field of a unit that changes compare',
  values: Object.fromEntries(
    Object.entries(fieldDescriptions).map(([field, description]) => [
      field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
      { value: field as Field, description },
    ]),
  ),
});

const unitChangeKindDescriptions = {
  OPENED: { description: 'The unit was not known to be valid on any day, and now it is' },
  CLOSED: { description: 'The unit is no longer valid on some days, and is still valid on others' },
  REOPENED: { description: 'The unit is valid on days on which it was not, and was valid on others before' },
  WITHDRAWN: { description: 'The unit was registered in error and is no longer valid on any day' },
  RENAMED: { description: 'Name or short name changed' },
  MOVED: { description: 'Parent changed; the units under it do not count as moved' },
  RECODED: { description: 'Codes changed: specialties or other services' },
  SITE_CHANGED: { description: 'Treatment site (behandlingssted) changed or was removed' },
  MERGED: { description: 'The unit was merged into another unit' },
  SPLIT: { description: 'The unit was split into several units, or parts of it were' },
  SUCCEEDED: {
    description:
      'The unit took over from another one, or from a part of it: by a merger, a split or as its replacement',
  },
  ENTERED: { description: 'The unit came under the unit given as `withinReshId`' },
  LEFT: { description: 'The unit is no longer under the unit given as `withinReshId`' },
  CHANGED: { description: 'Another field changed, or a succession of the unit was removed' },
} satisfies Record<Kind, { description: string }>;

export const UnitChangeKind = builder.enumType('UnitChangeKind', {
  description: 'Effect of a change on a unit',
  values: unitChangeKindDescriptions,
});

const { SUCCEEDED: _succeeded, ...differenceKindDescriptions } = unitChangeKindDescriptions;

export const DifferenceKind = builder.enumType('DifferenceKind', {
  description: 'Difference of a unit between two points in time',
  values: differenceKindDescriptions,
});
