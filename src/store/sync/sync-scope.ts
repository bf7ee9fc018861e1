import type { Day } from '../../domain/time/day.ts';
import { unitFactColumns } from '../sql/unit-file.ts';
import type { UnitFileColumn } from '../tables.ts';

/** Scope of a desired state, and contents of its files. */
export interface SyncScope {
  readonly day: Day;
  /** RESH-id of the unit at the top of the desired state; null for the whole register */
  readonly within: number | null;
  /** Only units with an identifier of this system can be absent; null if all units can */
  readonly system: string | null;
  /** Columns of the units file */
  readonly columns: readonly string[];
  /** Whether there are files of codes and of identifiers */
  readonly hasCodes: boolean;
  readonly hasIdentifiers: boolean;
}

const alwaysCompared = ['type', 'parent_resh_id'] as const;
export type FactColumn = Exclude<UnitFileColumn, (typeof alwaysCompared)[number]>;

/** Returns the columns of the units file with facts to compare, without the type and the parent. */
export function selectFactColumns({ columns }: SyncScope): FactColumn[] {
  return unitFactColumns.filter(isFactColumn).filter((column) => columns.includes(column));
}

function isFactColumn(column: UnitFileColumn): column is FactColumn {
  return !alwaysCompared.some((compared) => compared === column);
}
