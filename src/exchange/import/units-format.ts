import type { Day } from '../../domain/time/day.ts';
import type { StagedValue } from '../../store/staging/tables.ts';
import { unitColumns as extractedColumns } from '../extract/unit-columns.ts';
import type { FileFormat } from './file-format.ts';
import type { RowFields } from './row-fields.ts';

const unitTypes = ['ORGANIZATION', 'DEPARTMENT'] as const;
export type UnitType = (typeof unitTypes)[number];

/** A register whose units have ids of its own: the system that gives them, and the columns of the units file that hold them. */
export interface ForeignRegister {
  /** URI of the system */
  readonly system: string;
  readonly idColumn: string;
  readonly parentColumn: string;
}

/** How a units file is read where it is not one of ours. */
export interface UnitsFileOptions {
  readonly foreign: ForeignRegister | null;
  /** Types of the other register and what they are here; null where the file has ours and no other */
  readonly typeMap: ReadonlyMap<string, UnitType> | null;
  /** Day of which the file is a full picture: then rows of other days say nothing, and the type may be left out; null where it is none */
  readonly desiredStateDay: Day | null;
}

const factColumns = [
  'short_name',
  'organization_number',
  'treatment_site_number',
  'designation',
  'designation_text',
  'responsible_person',
] as const;

/** Columns of ours that a units file may have under other names. */
export const unitColumns: readonly string[] = [
  'resh_id',
  'parent_resh_id',
  'type',
  'name',
  ...factColumns,
  'valid_from',
  'valid_to',
];

// What an extract says of the units and places around a unit is told by their own rows.
const derivedColumns = Object.keys(extractedColumns).filter((column) => !unitColumns.includes(column));

/** How the units file of a folder, or one that stands alone, is read. */
export function createUnitsFormat(options: UnitsFileOptions): FileFormat {
  const { foreign, desiredStateDay } = options;
  const isDesiredState = desiredStateDay !== null;
  const isTypeRequired = !foreign && !isDesiredState;
  return {
    isRequired: true,
    required: ['resh_id', ...(isTypeRequired ? ['type'] : []), 'name', 'parent_resh_id'],
    optional: [...(isTypeRequired ? [] : ['type']), ...factColumns, 'valid_from', 'valid_to'],
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
          'is empty: a department stands beneath another unit',
          'give the RESH-id of its parent',
        );
      const period = readRowPeriod(fields, desiredStateDay, validFrom);
      if (period === null) return null;
      const designationText = fields.readText('designation_text');
      return {
        ...ids,
        type,
        name: fields.readRequiredText('name', 'give the name of the unit'),
        short_name: fields.readText('short_name'),
        organization_number: fields.readOrganizationNumber('organization_number'),
        treatment_site_number: fields.readOrganizationNumber('treatment_site_number'),
        designation: fields.readText('designation'),
        designation_text: designationText ?? unknownType,
        responsible_person: fields.readText('responsible_person'),
        ...period,
      };
    },
  };
}

/** The type of a row, and the text of one that is unknown: such a unit is a department. */
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

/** Whether text is one of our types. */
export function isUnitType(text: string): text is UnitType {
  return unitTypes.some((type) => type === text);
}

// Its columns stand in the place of ours.
function readForeignIds(fields: RowFields, { system }: ForeignRegister): Record<string, StagedValue> {
  return {
    foreign_id: fields.readRequiredText('resh_id', `give the id that the unit has in ${system}`),
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
 * The period of a row; of a picture the day on, whatever the row says.
 *
 * @returns null where the row says nothing of the picture's day
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
