import type { Day } from '../../domain/time/day.ts';
import type { StagedValue } from '../../store/staging/tables.ts';
import type { RowFields } from './row-fields.ts';

/** How one file of an import is read. */
export interface FileFormat {
  /** Whether the folder must have the file */
  readonly isRequired: boolean;
  /** Columns that the header must name */
  readonly required: readonly string[];
  /** Columns that are read where the header names them */
  readonly optional: readonly string[];
  /** Columns that are known and not kept */
  readonly ignored: readonly string[];
  /**
   * Reads one row; what is wrong is noted in the fields. `validFrom` is the day of units that have none.
   *
   * @returns null where the row says nothing of the day that is asked about
   */
  readonly read: (fields: RowFields, validFrom: Day | null) => Record<string, StagedValue> | null;
}
