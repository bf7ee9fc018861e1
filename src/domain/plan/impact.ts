import type { UnitChange } from '../unit/change.ts';
import type { GrantRow } from './write-set.ts';

/** A grant that a person gains or loses, with the name and e-mail address of the person. */
export interface GrantChange extends GrantRow {
  readonly name: string;
  readonly email: string | null;
}

/** The effects of a change, or of a dry run. */
export interface Impact {
  /** Number of changed units, without those that only get another path */
  readonly unitCount: number;
  /** The first of them by RESH-id */
  readonly units: readonly UnitChange[];
  /** Number of units that only get another path */
  readonly pathCount: number;
  readonly grantsGained: readonly GrantChange[];
  readonly grantsLost: readonly GrantChange[];
  readonly notes: readonly string[];
}

/** Largest number of units that an impact lists. */
export const IMPACT_UNIT_LIMIT = 100;
