import type { MappingNodeKey } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import type { Period } from '../domain/time/period.ts';
import type { UnitType } from '../domain/unit/unit-type.ts';

/** The facts of a unit over a period that decide who has scope over it. */
export interface ScopeVersion extends Period {
  readonly parentReshId: number | null;
  readonly path: readonly number[];
  readonly name: string;
  readonly designationCode: string | null;
  readonly type: UnitType;
  readonly organizationNumber: string | null;
}

/** The facts of a mapping node over a period that decide who may change it. */
export interface MappingNodeVersion extends Period {
  readonly name: string;
  readonly parentNodeId: string | null;
  readonly reshId: number | null;
}

/** The unit that runs a treatment site as its legal entity over a period; null for none. */
export interface SiteVersion extends Period {
  readonly legalEntityReshId: number | null;
}

/** Reads the timelines of units at the newest revision. */
export interface TimelineReader {
  readonly today: Day;
  /** Returns the versions of a unit in order of days; none if the unit is unknown or withdrawn */
  readonly readTimeline: (reshId: number) => Promise<readonly ScopeVersion[]>;
}

/**
 * Reads what permissions depend on, at the newest revision: the authorization middleware reads committed rows before
 * the change, and the check under the register lock reads them again.
 */
export interface ScopeReader extends TimelineReader {
  /** Returns the RESH-ids under a path on a day */
  readonly readDescendants: (path: readonly number[], day: Day) => Promise<readonly number[]>;
  /** Returns the RESH-ids under a path that were closed in the same change as the unit and stayed closed until a day */
  readonly readClosedTogether: (path: readonly number[], closedOn: Day, until: Day) => Promise<readonly number[]>;
  /** Returns the subjects that administer a unit, with the periods of their grants, in order of first days */
  readonly readAdministrators: (reshId: number) => Promise<readonly (Period & { readonly subject: string })[]>;
  /** Returns the versions of a node in the tree of another system; none if the node is unknown */
  readonly readMappingNode: (node: MappingNodeKey) => Promise<readonly MappingNodeVersion[]>;
  /** Returns the versions of a treatment site in order of days; none if the site is unknown */
  readonly readSite: (organizationNumber: string) => Promise<readonly SiteVersion[]>;
}
