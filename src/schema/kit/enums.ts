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
