import type { Day } from '../../domain/time/day.ts';
import type { StagedValue } from '../../store/staging/tables.ts';
import { unitColumns as extractedColumns } from '../extract/unit-columns.ts';
import type { FileFormat } from './file-formats.ts';
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
export interface UnitsReading {
  readonly foreign: ForeignRegister | null;
  /** Types of the other register and what they are here; null where the file has ours and no other */
  readonly typeMap: ReadonlyMap<string, UnitType> | null;
  /** Day of which the file is a full picture: then rows of other days say nothing, and the type may be left out; null where it is none */
  readonly pictureOf: Day | null;
}

const facts = [
  'short_name',
  'organization_number',
  'treatment_site_number',
  'designation',
  'designation_text',
  'responsible_person',
] as const;

/**
 * The period of a row; of a picture the day on, whatever the row says.
 *
 * @returns null where the row says nothing of the picture's day
 */
export const rowPeriod = (
  fields: RowFields,
  pictureOf: Day | null,
  validFrom: Day | null = null,
): ReturnType<RowFields['period']> | null => {
  if (pictureOf === null) return fields.period(validFrom);
  const { valid_from: from, valid_to: to } = fields.period();
  if ((from !== null && from > pictureOf) || (to !== null && to <= pictureOf)) return null;
  return { valid_from: pictureOf, valid_to: null };
};

/** Whether text is one of our types. */
export const isUnitType = (text: string): text is UnitType => unitTypes.some((type) => type === text);

/** The type of a row, and the text of one that is unknown: such a unit is a department. */
const readType = (
  fields: RowFields,
  { foreign, typeMap, pictureOf }: UnitsReading,
): { type: UnitType | null; unknown: string | null } => {
  if (!foreign && !typeMap && (pictureOf === null || fields.has('type')))
    return { type: fields.oneOf('type', unitTypes), unknown: null };
  const mayLackType = foreign !== null || pictureOf !== null;
  const text = mayLackType ? fields.text('type') : fields.requiredText('type', 'give the type');
  if (text === null) return { type: null, unknown: null };
  const known = typeMap?.get(text) ?? (isUnitType(text) ? text : undefined);
  return known ? { type: known, unknown: null } : { type: 'DEPARTMENT', unknown: text };
};

const ownIds = (fields: RowFields): Record<string, StagedValue> => ({
  resh_id: fields.requiredReshId('resh_id'),
  parent_resh_id: fields.reshId('parent_resh_id'),
});

// Its columns stand in the place of ours.
const foreignIds = (fields: RowFields, { system }: ForeignRegister): Record<string, StagedValue> => ({
  foreign_id: fields.requiredText('resh_id', `give the id that the unit has in ${system}`),
  foreign_parent: fields.text('parent_resh_id'),
});

/** Columns of ours that a units file may have under other names. */
export const unitColumns: readonly string[] = [
  'resh_id',
  'parent_resh_id',
  'type',
  'name',
  ...facts,
  'valid_from',
  'valid_to',
];

// What an extract says of the units and places around a unit is told by their own rows.
const derivedColumns = Object.keys(extractedColumns).filter((column) => !unitColumns.includes(column));

/** How the units file of a folder, or one that stands alone, is read. */
export const unitsFormat = (reading: UnitsReading): FileFormat => {
  const { foreign, pictureOf } = reading;
  const isPicture = pictureOf !== null;
  const needsType = !foreign && !isPicture;
  return {
    isRequired: true,
    required: ['resh_id', ...(needsType ? ['type'] : []), 'name', 'parent_resh_id'],
    optional: [...(needsType ? [] : ['type']), ...facts, 'valid_from', 'valid_to'],
    notKept: ['treatment_site', 'trust', 'region', 'note', ...derivedColumns],
    read: (fields: RowFields, validFrom: Day | null) => {
      const { type, unknown } = readType(fields, reading);
      const wrote = fields.problems.length;
      const ids = foreign ? foreignIds(fields, foreign) : ownIds(fields);
      const isOurs = !foreign && !isPicture;
      if (
        isOurs &&
        ids['parent_resh_id'] === null &&
        type === 'DEPARTMENT' &&
        !fields.problems.slice(wrote).some(({ column }) => column === 'parent_resh_id')
      )
        fields.refuse(
          'parent_resh_id',
          'is empty: a department stands beneath another unit',
          'give the RESH-id of its parent',
        );
      const period = rowPeriod(fields, pictureOf, validFrom);
      if (period === null) return null;
      const designationText = fields.text('designation_text');
      return {
        ...ids,
        type,
        name: fields.requiredText('name', 'give the name of the unit'),
        short_name: fields.text('short_name'),
        organization_number: fields.organizationNumber('organization_number'),
        treatment_site_number: fields.organizationNumber('treatment_site_number'),
        designation: fields.text('designation'),
        designation_text: designationText ?? unknown,
        responsible_person: fields.text('responsible_person'),
        ...period,
      };
    },
  };
};
