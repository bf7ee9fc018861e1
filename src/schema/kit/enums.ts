import type { Role } from '../../domain/plan/change-input.ts';
import type { UnitChangeKind as Kind } from '../../domain/unit/facts.ts';
import { builder } from './builder.ts';

export const UnitType = builder.enumType('UnitType', {
  description: 'Kind of unit',
  values: {
    ORGANIZATION: { description: 'Organization (foretak, virksomhet), usually with an organization number' },
    DEPARTMENT: { description: 'Department (avdeling, seksjon, post ...) beneath an organization' },
  } as const,
});

export const LookupOutcome = builder.enumType('LookupOutcome', {
  description: 'What became of a RESH-id on a day',
  values: {
    FOUND: { description: 'The unit is valid on the day' },
    CLOSED: { description: 'The unit was valid before the day, and is shown as on its last day' },
    NOT_YET_VALID: { description: 'The unit begins after the day, and is shown as on its first day' },
    WITHDRAWN: { description: 'The unit was registered in error and withdrawn: there is nothing to show' },
    UNKNOWN: { description: 'The RESH-id was never given' },
  } as const,
});

export const AddressType = builder.enumType('AddressType', {
  description: 'What an address is for',
  values: {
    VISITING: { description: 'Address to visit (besøksadresse)' },
    POSTAL: { description: 'Address for mail (postadresse)' },
  } as const,
});

export const ContactPointType = builder.enumType('ContactPointType', {
  description: 'Way to reach a unit',
  values: {
    TELEPHONE: { description: 'Telephone number' },
    EMAIL: { description: 'E-mail address' },
    WEB: { description: 'Web address' },
  } as const,
});

export const FormerChildReason = builder.enumType('FormerChildReason', {
  description: 'Why a unit is no longer a child',
  values: {
    MOVED: { description: 'It was placed under another parent' },
    CLOSED: { description: 'Its validity ended' },
  } as const,
});

export const UnitOrderField = builder.enumType('UnitOrderField', {
  description: 'What siblings are ordered by',
  values: {
    NAME: { description: 'Name in Norwegian order, then RESH-id' },
    RESH_ID: { description: 'RESH-id' },
  } as const,
});

export const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Direction of an order',
  values: {
    ASC: { description: 'Least first' },
    DESC: { description: 'Greatest first' },
  } as const,
});

export const AccessRole = builder.enumType('AccessRole', {
  description: 'What a grant lets its holder do',
  values: {
    OPERATOR: {
      description: 'National operator: registers organizations and first administrators, may edit everything',
    },
    SPECIALIST_REGISTRAR: { description: 'Registers contract specialists and their sites' },
    ADMINISTRATOR: { description: 'May edit a unit and everything beneath it' },
  } satisfies Record<Role, { description: string }>,
});

export const UnitChangeKind = builder.enumType('UnitChangeKind', {
  description: 'What became of a unit',
  values: {
    OPENED: { description: 'It was not known to be valid on any day before, and now is' },
    CLOSED: { description: 'It is no longer valid on days on which it was, and is on others' },
    REOPENED: { description: 'It is valid on days on which it was not, and was on others' },
    WITHDRAWN: { description: 'No days are left on which it is valid: it never was' },
    RENAMED: { description: 'Its name or short name is another' },
    MOVED: { description: 'Its own parent is another; what lies beneath it has not moved by that' },
    RECODED: { description: 'Its codes are others: specialties, other services' },
    SITE_CHANGED: { description: 'Its treatment site (behandlingssted) is another, or none' },
    MERGED: { description: 'It became part of another unit' },
    SPLIT: { description: 'It became several units, or parts of it did where it stays' },
    ENTERED: { description: 'It lies beneath the unit asked about, and did not before' },
    LEFT: { description: 'It lay beneath the unit asked about, and no longer does' },
    CHANGED: { description: 'Anything else of it is another, or it becomes other units than it was to' },
  } satisfies Record<Kind, { description: string }>,
});
