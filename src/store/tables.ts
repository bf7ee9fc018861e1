import { z } from 'zod';
import type { FactName, UnitFacts } from '../domain/unit/facts.ts';
import type { UnitListValues } from '../domain/unit/state.ts';
import { unitTypes } from '../domain/unit/unit-type.ts';

/** A column of a table, and the parser of its values: days are ISO text, bigint ids are text of digits. */
export interface Column<Schema extends z.ZodType = z.ZodType> {
  readonly column: string;
  readonly type: string;
  readonly schema: Schema;
  /** SQL value to read instead of null */
  readonly nullAs?: string;
}

/** Columns by their names in the code, in the order of the table. */
export type Columns = Readonly<Record<string, Column>>;

type ColumnsOf<Values> = { readonly [Name in keyof Values]-?: Column<z.ZodType<Values[Name]>> };

/**
 * A bitemporal table. All have the columns `id`, `recorded_rev` and `superseded_rev`; rows are never changed otherwise
 * than by being superseded.
 */
export interface Table {
  readonly name: string;
  /** Columns that identify what a row describes */
  readonly key: Columns;
  /** Days on which a row is valid */
  readonly period: Columns;
  /** Columns that describe it */
  readonly facts: Columns;
  /** Columns computed from facts of other rows; the digests of the ledger leave them out */
  readonly derived?: Columns;
  /** Columns that a trigger sets; inserts and digests leave them out */
  readonly generated?: Columns;
  /** Columns with the same value in every row; inserts leave them out */
  readonly fixed?: Columns;
}

export const rowId = { id: { column: 'id', type: 'bigint', schema: z.string() } } as const satisfies Columns;

/** Revisions from which and up to which a row is known. */
export const knownBetween = {
  recordedRev: integer('recorded_rev'),
  supersededRev: nullable(integer('superseded_rev')),
} as const satisfies Columns;

/** First day on which a row is valid, and exclusive end; null while open. */
export const period = { from: day('valid_from'), to: nullable(day('valid_to')) } as const satisfies Columns;

/** Period of reference data; the first day is null if it is unknown. */
export const openPeriod = {
  from: nullable(day('valid_from')),
  to: nullable(day('valid_to')),
} as const satisfies Columns;

const unitKey = { reshId: integer('resh_id') } as const satisfies Columns;

export const unitVersion = {
  name: 'unit_version',
  key: unitKey,
  period,
  facts: {
    parentReshId: nullable(integer('parent_resh_id')),
    type: oneOf('type', 'unit_type', unitTypes),
    name: text('name'),
    shortName: nullable(text('short_name')),
    designationCode: nullable(text('designation_code')),
    designationText: nullable(text('designation_text')),
    organizationNumber: nullable(text('organization_number')),
    treatmentSiteNumber: nullable(text('treatment_site_number')),
    responsiblePerson: nullable(text('responsible_person')),
  } satisfies ColumnsOf<UnitFacts>,
  derived: {
    path: { column: 'path', type: 'integer[]', schema: z.array(z.number()) },
    pathText: text('path_text'),
  },
  generated: {
    nameSortKey: text('name_sort_key'),
    nameFolded: text('name_folded'),
    shortNameFolded: nullable(text('short_name_folded')),
  },
  fixed: { designationCodeSet: integer('designation_code_set') },
} as const satisfies Table;

/** The tables that describe units: versions first, then a table for each list of a unit. */
export const unitTables = {
  versions: unitVersion,
  codes: {
    name: 'unit_code',
    key: unitKey,
    period,
    facts: {
      codeSet: integer('code_set'),
      code: text('code'),
      attributes: textList('attributes'),
    } satisfies ColumnsOf<UnitListValues['codes']>,
  },
  identifiers: {
    name: 'unit_identifier',
    key: unitKey,
    period,
    facts: {
      system: text('system'),
      value: text('value'),
    } satisfies ColumnsOf<UnitListValues['identifiers']>,
  },
  names: {
    name: 'unit_name',
    key: unitKey,
    period,
    facts: {
      language: text('language'),
      name: text('name'),
    } satisfies ColumnsOf<UnitListValues['names']>,
  },
  addresses: {
    name: 'unit_address',
    key: unitKey,
    period,
    facts: {
      type: oneOf('type', 'address_type', ['VISITING', 'POSTAL']),
      lines: textList('lines'),
      postalCode: nullable(text('postal_code')),
      city: nullable(text('city')),
      country: nullable(text('country')),
    } satisfies ColumnsOf<UnitListValues['addresses']>,
  },
  contactPoints: {
    name: 'unit_contact_point',
    key: unitKey,
    period,
    facts: {
      type: oneOf('type', 'contact_point_type', ['TELEPHONE', 'EMAIL', 'WEB']),
      value: text('value'),
    } satisfies ColumnsOf<UnitListValues['contactPoints']>,
  },
} as const satisfies Record<string, Table>;

export const succession = {
  name: 'succession',
  key: { fromReshId: integer('from_resh_id') },
  period: {},
  facts: {
    toReshId: integer('to_resh_id'),
    kind: oneOf('kind', 'succession_kind', ['MERGE', 'SPLIT', 'REPLACEMENT']),
    extent: oneOf('extent', 'succession_extent', ['FULL', 'PARTIAL']),
    effectiveOn: day('effective_on'),
  },
} as const satisfies Table;

export const mappingNode = {
  name: 'mapping_node',
  key: { systemId: text('system_id'), nodeId: text('node_id') },
  period,
  facts: {
    name: text('name'),
    parentNodeId: nullable(text('parent_node_id')),
    reshId: nullable(integer('resh_id')),
  },
} as const satisfies Table;

export const treatmentSiteVersion = {
  name: 'treatment_site_version',
  key: { organizationNumber: text('organization_number') },
  period: openPeriod,
  facts: {
    name: text('name'),
    municipality: nullable(text('municipality')),
    addressLines: textList('address_lines'),
    postalCode: nullable(text('postal_code')),
    city: nullable(text('city')),
    country: nullable(text('country')),
    legalEntityReshId: nullable(integer('legal_entity_resh_id')),
  },
} as const satisfies Table;

export const codeVersion = {
  name: 'code_version',
  key: { codeSet: integer('code_set'), code: text('code') },
  period: openPeriod,
  facts: {
    name: text('name'),
    parentCode: nullable(text('parent_code')),
    retired: { column: 'retired', type: 'boolean', schema: z.boolean() },
    replacedBy: textList('replaced_by'),
  },
} as const satisfies Table;

export const administrator = {
  name: 'administrator',
  key: { subject: text('subject') },
  period,
  facts: { name: text('name'), email: nullable(text('email')) },
} as const satisfies Table;

export const accessGrant = {
  name: 'access_grant',
  key: { subject: text('subject') },
  period,
  facts: {
    role: oneOf('role', 'access_role', ['OPERATOR', 'SPECIALIST_REGISTRAR', 'ADMINISTRATOR']),
    reshId: nullable(integer('resh_id')),
  },
} as const satisfies Table;

/** Bitemporal tables: rows have the revision that recorded them and the one that superseded them. */
export const datedTables: readonly Table[] = [
  ...Object.values(unitTables),
  succession,
  mappingNode,
  treatmentSiteVersion,
  codeVersion,
  administrator,
  accessGrant,
];

/** Tables of identities: rows have the revision that registered them and are never superseded. */
export const identityTables = ['unit', 'treatment_site', 'code_set', 'code'] as const;

/** Files of an import, in the order in which their problems are reported. */
export const importFileNames = [
  'codes.csv',
  'treatment_sites.csv',
  'units.csv',
  'unit_codes.csv',
  'identifiers.csv',
  'successions.csv',
] as const;
export type ImportFileName = (typeof importFileNames)[number];

/** Columns of `units.csv` with facts of a unit, in the order of the file, with their descriptions. */
export const unitFileColumns = {
  type: { fact: 'type', description: 'ORGANIZATION or DEPARTMENT' },
  name: { fact: 'name', description: 'Name' },
  short_name: { fact: 'shortName', description: 'Short name' },
  parent_resh_id: { fact: 'parentReshId', description: 'RESH-id of the unit above; empty at a root' },
  organization_number: { fact: 'organizationNumber', description: 'Organization number (organisasjonsnummer)' },
  treatment_site_number: {
    fact: 'treatmentSiteNumber',
    description: 'Number of the treatment site (behandlingssted) the unit is tied to',
  },
  designation: {
    fact: 'designationCode',
    description: 'What the unit is called locally (organisatorisk betegnelse), a code of 8624',
  },
  designation_text: { fact: 'designationText', description: 'Local wording of the designation' },
  responsible_person: { fact: 'responsiblePerson', description: 'Person responsible for the unit' },
} as const satisfies Record<string, { readonly fact: FactName; readonly description: string }>;
export type UnitFileColumn = keyof typeof unitFileColumns;

/** Columns of `successions.csv`, in the order of the file, with their descriptions. */
export const successionFileColumns = {
  from_resh_id: 'RESH-id of the unit that became another one, wholly or in part',
  to_resh_id: 'RESH-id of the unit that it became',
  kind: 'MERGE, SPLIT or REPLACEMENT',
  extent: 'FULL if the whole unit became the other one, PARTIAL if a part of it did',
  effective_on: 'Day on which the succession took effect',
} as const;
export type SuccessionFileColumn = keyof typeof successionFileColumns;

function integer(column: string) {
  return { column, type: 'integer', schema: z.number() } as const;
}

function text(column: string) {
  return { column, type: 'text', schema: z.string() } as const;
}

function textList(column: string) {
  return { column, type: 'text[]', schema: z.array(z.string()), nullAs: `'{}'` } as const;
}

function day(column: string) {
  return { column, type: 'date', schema: z.string() } as const;
}

function oneOf<const Values extends readonly string[]>(column: string, type: string, values: Values) {
  return { column, type, schema: z.enum(values) } as const;
}

function nullable<Schema extends z.ZodType>(column: Column<Schema>): Column<z.ZodNullable<Schema>> {
  return { ...column, schema: column.schema.nullable() };
}
