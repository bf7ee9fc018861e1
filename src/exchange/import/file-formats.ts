import { isReservedSystem } from '../../domain/unit/identifier-systems.ts';
import type { StagedValue } from '../../store/staging/stage-rows.ts';
import type { ImportFileName } from '../../store/tables.ts';
import type { FileFormat } from './file-format.ts';
import type { RowFields } from './row-fields.ts';
import { createSuccessionsFormat } from './successions-format.ts';
import { readRowPeriod, createUnitsFormat, type UnitsFileOptions } from './units-format.ts';

const standardUnitsOptions: UnitsFileOptions = { foreign: null, typeMap: null, desiredStateDay: null };

/**
 * Returns the formats of all files. If the files are of another register or describe a desired state, only the units
 * are required.
 */
export function createFileFormats(
  options: UnitsFileOptions = standardUnitsOptions,
): Readonly<Record<ImportFileName, FileFormat>> {
  return {
    'codes.csv': {
      isRequired: !options.foreign && options.desiredStateDay === null,
      required: ['code_set', 'code', 'name'],
      optional: ['code_set_name', 'parent_code', 'status', 'valid_from', 'valid_to', 'replaced_by'],
      ignored: ['note'],
      read: (fields) => {
        const codeSet = fields.readCodeSet('code_set');
        const replacedBy = fields.readList('replaced_by');
        const status = fields.readText('status') ?? 'active';
        if (status !== 'active' && status !== 'retired')
          fields.addProblem('status', 'is not known', 'give active or retired');
        return {
          code_set: codeSet,
          code_set_name: fields.readText('code_set_name'),
          code: fields.readRequiredText('code', 'give the code'),
          name: fields.readRequiredText('name', 'give the name of the code'),
          parent_code: fields.readText('parent_code'),
          retired: status === 'retired',
          replaced_by: replacedBy === null ? '{}' : formatCodeArray(replacedBy, codeSet),
          ...fields.readPeriod(),
        };
      },
    },
    'treatment_sites.csv': {
      isRequired: !options.foreign && options.desiredStateDay === null,
      required: ['organization_number', 'name'],
      optional: ['municipality', 'postal_code', 'city', 'trust_resh_id', 'valid_from', 'valid_to'],
      ignored: ['treatment_site', 'trust', 'region', 'note'],
      read: (fields) => ({
        organization_number: fields.readOrganizationNumber('organization_number', true),
        name: fields.readRequiredText('name', 'give the name of the treatment site'),
        municipality: fields.readText('municipality'),
        postal_code: fields.readPostalCode('postal_code'),
        city: fields.readText('city'),
        trust_resh_id: fields.readReshId('trust_resh_id'),
        ...fields.readPeriod(),
      }),
    },
    'units.csv': createUnitsFormat(options),
    'unit_codes.csv': createUnitListFormat(options, ['code_set', 'code'], (fields) => ({
      code_set: fields.readCodeSet('code_set'),
      code: fields.readRequiredText('code', 'give the code'),
    })),
    'identifiers.csv': createUnitListFormat(options, ['system', 'value'], (fields) => ({
      system: readIdentifierSystem(fields),
      value: fields.readRequiredText('value', 'give the identifier'),
    })),
    'successions.csv': createSuccessionsFormat(options),
  };
}

/** Returns the format of a file with a list of units, such as their codes: a row for each entry of a unit. */
function createUnitListFormat(
  options: UnitsFileOptions,
  valueColumns: readonly string[],
  readValues: (fields: RowFields) => Record<string, StagedValue>,
): FileFormat {
  return {
    isRequired: false,
    required: ['resh_id', ...valueColumns],
    optional: ['valid_from', 'valid_to'],
    ignored: ['note'],
    read: (fields) => {
      const period = readRowPeriod(fields, options.desiredStateDay);
      const unitId = readUnitId(fields, options);
      return period && { ...unitId, ...readValues(fields), ...period };
    },
  };
}

// Returns a PostgreSQL array; a code without a code set is in the given one.
function formatCodeArray(entries: readonly string[], codeSet: number | null): string {
  const codes = entries.map((code) => (code.includes(':') ? code : `${codeSet}:${code}`));
  return `{${codes.map((code) => `"${code.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

// In files of another register the column has the ids of that register.
function readUnitId(fields: RowFields, { foreign }: UnitsFileOptions): Record<string, StagedValue> {
  return foreign
    ? { foreign_id: fields.readRequiredText('resh_id', `give the id of the unit in ${foreign.system}`) }
    : { resh_id: fields.readRequiredReshId('resh_id') };
}

function readIdentifierSystem(fields: RowFields): string | null {
  const system = fields.readRequiredText(
    'system',
    'give the system of the identifier, such as urn:oid:2.16.578.1.12.4.1.2',
  );
  return system !== null && isReservedSystem(system)
    ? fields.addProblem(
        'system',
        'is a system of the register itself',
        'leave the row out; RESH-ids and organization numbers are in units.csv',
      )
    : system;
}
