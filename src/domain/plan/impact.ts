import type { UnitChange } from '../unit/change.ts';
import type { GrantRow } from './draft.ts';

/** A right that comes or goes: a grant, and the unit over which its holder gains or loses it. */
export interface GrantChange extends GrantRow {
  readonly name: string;
  readonly email: string | null;
}

/** What a change does, or would do, beyond what it was asked for. */
export interface Impact {
  /** Units that change themselves */
  readonly unitCount: number;
  /** The first of them by RESH-id */
  readonly units: readonly UnitChange[];
  /** Units of which only the path changes */
  readonly pathCount: number;
  readonly grantsGained: readonly GrantChange[];
  readonly grantsLost: readonly GrantChange[];
  readonly notes: readonly string[];
}

/** Most units that an impact shows. */
export const IMPACT_UNIT_LIMIT = 100;
