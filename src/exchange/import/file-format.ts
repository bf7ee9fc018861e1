import type { Day } from '../../domain/time/day.ts';
import type { StagedValue } from '../../store/staging/stage-rows.ts';
import type { RowFields } from './row-fields.ts';

/** Format of one file of an import. */
export interface FileFormat {
  /** Whether the folder must have the file */
  readonly isRequired: boolean;
  /** Columns that the header must name */
  readonly required: readonly string[];
  /** Columns that are read where the header names them */
  readonly optional: readonly string[];
  /** Columns that are known and ignored */
  readonly ignored: readonly string[];
  /**
   * Reads one row, and adds its problems to the fields. `validFrom` is the first day of units that have none.
   *
   * @returns null where the row is not valid on the day of the desired state
   */
  readonly read: (fields: RowFields, validFrom: Day | null) => Record<string, StagedValue> | null;
}
