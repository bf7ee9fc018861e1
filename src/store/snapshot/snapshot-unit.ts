import { type z } from 'zod';
import type { Period } from '../../domain/time/period.ts';
import type { UnitCodeRow } from '../read/codes.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { unitVersion } from '../tables.ts';
import type { UnitDetails } from './unit-details.ts';

const columns = {
  ...unitVersion.key,
  ...unitVersion.facts,
  nameSortKey: unitVersion.generated.nameSortKey,
} as const;

/** A unit of a snapshot: its facts on the day, and the codes that it has on the day, by set and code. */
export interface SnapshotUnit extends z.infer<ReturnType<typeof rowSchema<typeof columns>>> {
  readonly codes: readonly UnitCodeRow[];
  /** Unbroken period around the day in which the unit is valid */
  readonly validity: Period;
  /** Unbroken period around the day in which the unit has its place in the tree */
  readonly placed: Period;
  readonly details: UnitDetails;
}

/** A unit of a snapshot as SQL gives it, with its place in the order of the tree. */
const rowColumns = { ...columns, ...unitVersion.period, pathText: unitVersion.derived.pathText } as const;
export const snapshotRow = rowSchema(rowColumns);
export type SnapshotRow = z.infer<typeof snapshotRow>;

const factNames = Object.keys(columns) as readonly (keyof typeof columns)[];

/**
 * Returns a unit of a snapshot. All have their properties in the same order, so that they share one shape in memory.
 *
 * @param intern returns the same string for the same text: many units have the same texts in these columns
 */
export function createSnapshotUnit(
  row: SnapshotRow,
  { codes, validity, placed, details }: Pick<SnapshotUnit, 'codes' | 'validity' | 'placed' | 'details'>,
  intern: (text: string) => string,
): SnapshotUnit {
  const unit: Record<string, unknown> = {};
  for (const name of factNames) {
    const value = row[name];
    unit[name] = typeof value === 'string' && sharedFacts.has(name) ? intern(value) : value;
  }
  return Object.assign(unit, { codes, validity, placed, details }) as unknown as SnapshotUnit;
}

const sharedFacts: ReadonlySet<string> = new Set([
  'type',
  'designationCode',
  'designationText',
  'treatmentSiteNumber',
] satisfies (keyof typeof columns)[]);

/** Returns the columns of {@link SnapshotRow} from a table with an alias. */
export function snapshotColumns(alias: string): string {
  return selectList(rowColumns, alias);
}
