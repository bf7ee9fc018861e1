import type { Day } from '../../domain/time/day.ts';
import { unitTypes, type UnitType } from '../../domain/unit/unit-type.ts';
import { unitFactColumns } from '../../store/sql/unit-file.ts';
import type { StagedValue } from '../../store/staging/stage-rows.ts';
import type { UnitFileColumn } from '../../store/tables.ts';
import { unitColumns as extractedColumns } from '../extract/unit-columns.ts';
import type { FileFormat } from './file-format.ts';
import type { RowFields } from './row-fields.ts';

/** Another register with its own ids: their system, and their columns in the units file. */
export interface ForeignRegister {
  /** URI of the system of the ids */
  readonly system: string;
  readonly idColumn: string;
  readonly parentColumn: string;
}

/** How a units file differs from the register's own format. */
export interface UnitsFileOptions {
  readonly foreign: ForeignRegister | null;
  /** Unit types by the types of the other register; null if the file has the register's own types */
  readonly typeMap: ReadonlyMap<string, UnitType> | null;
  /**
   * Day of the desired state that the file describes: rows of other days are ignored, and the type is optional. Null in
   * an import
   */
  readonly desiredStateDay: Day | null;
}

// The columns of all other facts are optional text.
const requiredColumns: readonly UnitFileColumn[] = ['type', 'name', 'parent_resh_id'];
const organizationNumberColumns: readonly UnitFileColumn[] = ['organization_number', 'treatment_site_number'];
const optionalFacts = unitFactColumns.filter((column) => !requiredColumns.includes(column));

/** Columns that a units file can have under other names. */
export const unitColumns: readonly string[] = [
  'resh_id',
  'parent_resh_id',
  'type',
  'name',
  ...optionalFacts,
  'valid_from',
  'valid_to',
];

// An extract repeats facts of related units and sites, which have their own rows.
const derivedColumns = Object.keys(extractedColumns).filter((column) => !unitColumns.includes(column));

/** Returns the format of a units file. */
export function createUnitsFormat(options: UnitsFileOptions): FileFormat {
  const { foreign, desiredStateDay } = options;
  const isDesiredState = desiredStateDay !== null;
  const isTypeRequired = !foreign && !isDesiredState;
  return {
    isRequired: true,
    required: ['resh_id', ...(isTypeRequired ? ['type'] : []), 'name', 'parent_resh_id'],
    optional: [...(isTypeRequired ? [] : ['type']), ...optionalFacts, 'valid_from', 'valid_to'],
    ignored: ['treatment_site', 'trust', 'region', 'note', ...derivedColumns],
    read: (fields: RowFields, validFrom: Day | null) => {
      const { type, unknown: unknownType } = readType(fields, options);
      const problemCountBefore = fields.problems.length;
      const ids = foreign ? readForeignIds(fields, foreign) : readReshIds(fields);
      const isStandardFile = !foreign && !isDesiredState;
      if (
        isStandardFile &&
        ids['parent_resh_id'] === null &&
        type === 'DEPARTMENT' &&
        !fields.problems.slice(problemCountBefore).some(({ column }) => column === 'parent_resh_id')
      )
        fields.addProblem(
          'parent_resh_id',
          'is empty, and a department has a parent',
          'give the RESH-id of its parent',
        );
      const period = readRowPeriod(fields, desiredStateDay, validFrom);
      if (period === null) return null;
      if (!isDesiredState && period.valid_from === null && fields.hasUnknownBeginning)
        fields.addProblem(
          'valid_from',
          'is before 1800, which means that the first day is not known, and a unit has a first day',
          'give the first day, or the day of all rows without one with --valid-from DATE',
        );
      const designationText = fields.readText('designation_text');
      return {
        ...ids,
        type,
        name: fields.readRequiredText('name', 'give the name of the unit'),
        ...Object.fromEntries(
          optionalFacts
            .filter((column) => column !== 'designation_text')
            .map((column) => [column, readFact(fields, column)]),
        ),
        designation_text: designationText ?? unknownType,
        ...period,
      };
    },
  };
}

function readFact(fields: RowFields, column: UnitFileColumn): string | null {
  return organizationNumberColumns.includes(column) ? fields.readOrganizationNumber(column) : fields.readText(column);
}

/** Reads the type of a row. A unit with an unknown type is a department; the text of the type is returned too. */
function readType(
  fields: RowFields,
  { foreign, typeMap, desiredStateDay }: UnitsFileOptions,
): { type: UnitType | null; unknown: string | null } {
  if (!foreign && !typeMap && (desiredStateDay === null || fields.hasColumn('type')))
    return { type: fields.readOneOf('type', unitTypes), unknown: null };
  const isTypeOptional = foreign !== null || desiredStateDay !== null;
  const text = isTypeOptional ? fields.readText('type') : fields.readRequiredText('type', 'give the type');
  if (text === null) return { type: null, unknown: null };
  const known = typeMap?.get(text) ?? (isUnitType(text) ? text : undefined);
  return known ? { type: known, unknown: null } : { type: 'DEPARTMENT', unknown: text };
}

/** Returns whether a text is a unit type. */
export function isUnitType(text: string): text is UnitType {
  return unitTypes.some((type) => type === text);
}

// The columns of the other register are read under the names of the register's own format.
function readForeignIds(fields: RowFields, { system }: ForeignRegister): Record<string, StagedValue> {
  return {
    foreign_id: fields.readRequiredText('resh_id', `give the id of the unit in ${system}`),
    foreign_parent: fields.readText('parent_resh_id'),
  };
}

function readReshIds(fields: RowFields): Record<string, StagedValue> {
  return {
    resh_id: fields.readRequiredReshId('resh_id'),
    parent_resh_id: fields.readReshId('parent_resh_id'),
  };
}

/**
 * Reads the period of a row; in a desired state, all rows begin on its day.
 *
 * @returns null if the row is not valid on the day of the desired state
 */
export function readRowPeriod(
  fields: RowFields,
  desiredStateDay: Day | null,
  validFrom: Day | null = null,
): ReturnType<RowFields['readPeriod']> | null {
  if (desiredStateDay === null) return fields.readPeriod(validFrom);
  const { valid_from: from, valid_to: to } = fields.readPeriod();
  if ((from !== null && from > desiredStateDay) || (to !== null && to <= desiredStateDay)) return null;
  return { valid_from: desiredStateDay, valid_to: null };
}
