import { type z } from 'zod';
import type { Period } from '../../domain/time/period.ts';
import type { UnitCodeRow } from '../read/codes.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { unitVersion } from '../tables.ts';
import type { UnitDetails } from './unit-details.ts';

/** Columns of the facts of a unit on a day. */
export const factColumns = {
  ...unitVersion.key,
  ...unitVersion.facts,
  nameSortKey: unitVersion.generated.nameSortKey,
} as const;

/** A unit of a snapshot: its facts on the day, and the codes that it has on the day, by set and code. */
export interface SnapshotUnit extends z.infer<ReturnType<typeof rowSchema<typeof factColumns>>> {
  readonly codes: readonly UnitCodeRow[];
  /** Unbroken period around the day in which the unit is valid */
  readonly validity: Period;
  /** Unbroken period around the day in which the unit has its place in the tree */
  readonly placed: Period;
  readonly details: UnitDetails;
}

/** A unit of a snapshot as SQL gives it, with its place in the order of the tree. */
const rowColumns = { ...factColumns, ...unitVersion.period, pathText: unitVersion.derived.pathText } as const;
export const snapshotRow = rowSchema(rowColumns);

/** Returns the columns of {@link snapshotRow} from a table with an alias. */
export function snapshotColumns(alias: string): string {
  return selectList(rowColumns, alias);
}
