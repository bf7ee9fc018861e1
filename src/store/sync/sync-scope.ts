import type { Day } from '../../domain/time/day.ts';
import { unitFactColumns } from '../sql/unit-file.ts';
import type { UnitFileColumn } from '../tables.ts';

/** What a desired state covers, and what its files have. */
export interface SyncScope {
  readonly day: Day;
  /** RESH-id of the unit above the desired state; null where it is that of the whole register */
  readonly within: number | null;
  /** System of the units that can be absent; null where all units can */
  readonly system: string | null;
  /** Columns of the units file */
  readonly columns: readonly string[];
  /** Whether there are files of codes and of identifiers */
  readonly hasCodes: boolean;
  readonly hasIdentifiers: boolean;
}

const alwaysCompared = ['type', 'parent_resh_id'] as const;
export type FactColumn = Exclude<UnitFileColumn, (typeof alwaysCompared)[number]>;

/** Returns the columns of the units file with facts to compare, besides the type and the parent. */
export function selectFactColumns({ columns }: SyncScope): FactColumn[] {
  return unitFactColumns.filter(isFactColumn).filter((column) => columns.includes(column));
}

function isFactColumn(column: UnitFileColumn): column is FactColumn {
  return !alwaysCompared.some((compared) => compared === column);
}
