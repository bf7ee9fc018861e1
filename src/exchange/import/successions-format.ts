import type { StagedValue } from '../../store/staging/stage-rows.ts';
import type { FileFormat } from './file-format.ts';
import type { RowFields } from './row-fields.ts';
import type { UnitsFileOptions } from './units-format.ts';

/** Returns the format of a file of successions. For a desired state, only those of its day are read. */
export function createSuccessionsFormat(options: UnitsFileOptions): FileFormat {
  return {
    isRequired: false,
    required: ['from_resh_id', 'to_resh_id', 'kind', 'extent', 'effective_on'],
    optional: [],
    ignored: ['note'],
    read: (fields) => {
      const ids = readUnitIds(fields, options);
      const values = {
        kind: fields.readOneOf('kind', ['MERGE', 'SPLIT', 'REPLACEMENT']),
        extent: fields.readOneOf('extent', ['FULL', 'PARTIAL']),
        effective_on: fields.readRequiredDay('effective_on', 'give the day on which the succession took effect'),
      };
      const isOtherDay = values.effective_on !== null && values.effective_on !== options.desiredStateDay;
      return options.desiredStateDay !== null && isOtherDay ? null : { ...ids, ...values };
    },
  };
}

// In files of another register the columns have the ids of that register.
function readUnitIds(fields: RowFields, { foreign }: UnitsFileOptions): Record<string, StagedValue> {
  if (!foreign)
    return {
      from_resh_id: fields.readRequiredReshId('from_resh_id'),
      to_resh_id: fields.readRequiredReshId('to_resh_id'),
    };
  const remedy = `give the id of the unit in ${foreign.system}`;
  return {
    foreign_from: fields.readRequiredText('from_resh_id', remedy),
    foreign_to: fields.readRequiredText('to_resh_id', remedy),
  };
}
