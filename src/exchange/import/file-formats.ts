import type { Day } from '../../domain/time/day.ts';
import { keptSystems } from '../../domain/unit/identifier-systems.ts';
import type { ImportFileName, StagedValue } from '../../store/staging/tables.ts';
import type { RowFields } from './row-fields.ts';
import { rowPeriod, unitsFormat, type UnitsReading } from './units-format.ts';

/** How one file of an import is read. */
export interface FileFormat {
  /** Whether the folder must have the file */
  readonly isRequired: boolean;
  /** Columns that the header must name */
  readonly required: readonly string[];
  /** Columns that are read where the header names them */
  readonly optional: readonly string[];
  /** Columns that are known and not kept */
  readonly notKept: readonly string[];
  /**
   * Reads one row; what is wrong is noted in the fields. `validFrom` is the day of units that have none.
   *
   * @returns null where the row says nothing of the day that is asked about
   */
  readonly read: (fields: RowFields, validFrom: Day | null) => Record<string, StagedValue> | null;
}

const identifierSystem = (fields: RowFields): string | null => {
  const system = fields.requiredText(
    'system',
    'name the system that gave the identifier, such as urn:oid:2.16.578.1.12.4.1.2',
  );
  return system !== null && keptSystems.includes(system)
    ? fields.refuse(
        'system',
        'is one of the register itself',
        'leave the row out; RESH-ids and organization numbers stand in units.csv',
      )
    : system;
};

const listSeparator = /[\s|;,]+/;

// Array text as PostgreSQL reads it; a code alone is one of the same set.
const codeList = (text: string, codeSet: number | null): string => {
  const codes = text.split(listSeparator).map((code) => (code.includes(':') ? code : `${codeSet}:${code}`));
  return `{${codes.map((code) => `"${code.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
};

const ourUnits: UnitsReading = { foreign: null, typeMap: null, pictureOf: null };

// Of another register the column holds the ids that its units have there.
const unitId = (fields: RowFields, { foreign }: UnitsReading): Record<string, StagedValue> =>
  foreign
    ? { foreign_id: fields.requiredText('resh_id', `give the id that the unit has in ${foreign.system}`) }
    : { resh_id: fields.requiredReshId('resh_id') };

/** How the files of a folder are read; all but the units may be missing where the units are another register's, or a full picture. */
export const fileFormats = (reading: UnitsReading = ourUnits): Readonly<Record<ImportFileName, FileFormat>> => ({
  'codes.csv': {
    isRequired: !reading.foreign && reading.pictureOf === null,
    required: ['code_set', 'code', 'name'],
    optional: ['code_set_name', 'parent_code', 'status', 'valid_from', 'valid_to', 'replaced_by'],
    notKept: ['note'],
    read: (fields) => {
      const codeSet = fields.codeSet('code_set');
      const replacedBy = fields.text('replaced_by');
      const status = fields.text('status') ?? 'active';
      if (status !== 'active' && status !== 'retired')
        fields.refuse('status', 'is not known', 'give active or retired');
      return {
        code_set: codeSet,
        code_set_name: fields.text('code_set_name'),
        code: fields.requiredText('code', 'give the code'),
        name: fields.requiredText('name', 'give the name of the code'),
        parent_code: fields.text('parent_code'),
        retired: status === 'retired',
        replaced_by: replacedBy === null ? '{}' : codeList(replacedBy, codeSet),
        ...fields.period(),
      };
    },
  },
  'treatment_sites.csv': {
    isRequired: !reading.foreign && reading.pictureOf === null,
    required: ['organization_number', 'name'],
    optional: ['municipality', 'postal_code', 'city', 'trust_resh_id', 'valid_from', 'valid_to'],
    notKept: ['treatment_site', 'trust', 'region', 'note'],
    read: (fields) => ({
      organization_number: fields.organizationNumber('organization_number', true),
      name: fields.requiredText('name', 'give the name of the treatment site'),
      municipality: fields.text('municipality'),
      postal_code: fields.text('postal_code'),
      city: fields.text('city'),
      trust_resh_id: fields.reshId('trust_resh_id'),
      ...fields.period(),
    }),
  },
  'units.csv': unitsFormat(reading),
  'unit_codes.csv': {
    isRequired: false,
    required: ['resh_id', 'code_set', 'code'],
    optional: ['valid_from', 'valid_to'],
    notKept: ['note'],
    read: (fields) => {
      const period = rowPeriod(fields, reading.pictureOf);
      if (period === null) return null;
      return {
        ...unitId(fields, reading),
        code_set: fields.codeSet('code_set'),
        code: fields.requiredText('code', 'give the code'),
        ...period,
      };
    },
  },
  'identifiers.csv': {
    isRequired: false,
    required: ['resh_id', 'system', 'value'],
    optional: ['valid_from', 'valid_to'],
    notKept: ['note'],
    read: (fields) => {
      const period = rowPeriod(fields, reading.pictureOf);
      if (period === null) return null;
      return {
        ...unitId(fields, reading),
        system: identifierSystem(fields),
        value: fields.requiredText('value', 'give the identifier'),
        ...period,
      };
    },
  },
});
