import type { Day } from '../../domain/time/day.ts';
import type { StagedValue } from '../../store/staging/stage-rows.ts';
import type { RowFields } from './row-fields.ts';

/** Format of one file of an import. */
export interface FileFormat {
  /** Indicates whether the folder must have the file */
  readonly isRequired: boolean;
  /** Columns that the header must name */
  readonly required: readonly string[];
  /** Columns that are read if the header names them */
  readonly optional: readonly string[];
  /** Columns that are known and ignored */
  readonly ignored: readonly string[];
  /**
   * Reads a row, and adds its problems to the fields. `validFrom` is the first day of units without one.
   *
   * @returns null if the row is not valid on the day of the desired state
   */
  readonly read: (fields: RowFields, validFrom: Day | null) => Record<string, StagedValue> | null;
}
