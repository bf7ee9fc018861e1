import type { MappingNodeKey } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import type { Period } from '../domain/time/period.ts';
import type { UnitType } from '../domain/unit/unit-type.ts';

/** What scope is judged by: versions of a unit as known now, in the order of their days. */
export interface ScopeVersion extends Period {
  readonly parentReshId: number | null;
  readonly path: readonly number[];
  readonly name: string;
  readonly designationCode: string | null;
  readonly type: UnitType;
  readonly organizationNumber: string | null;
}

/** What leave to change a node of another system's tree is judged by. */
export interface MappingNodeVersion extends Period {
  readonly name: string;
  readonly parentNodeId: string | null;
  readonly reshId: number | null;
}

/** How scope over a unit is read. */
export interface TimelineReader {
  readonly today: Day;
  /** Versions of a unit; none where it is unknown or withdrawn */
  readonly readTimeline: (reshId: number) => Promise<readonly ScopeVersion[]>;
}

/** How a permission reads the register: by what is committed at the gate, under the lock at the wall. */
export interface ScopeReader extends TimelineReader {
  /** What stands beneath a path on a day */
  readonly readDescendants: (path: readonly number[], day: Day) => Promise<readonly number[]>;
  /** What stood beneath a path, was closed from a day on by the change that closed the unit itself, and stayed so until another */
  readonly readClosedTogether: (path: readonly number[], closedOn: Day, until: Day) => Promise<readonly number[]>;
  /** Who administers a unit over which days, in the order of their first days */
  readonly readAdministrators: (reshId: number) => Promise<readonly (Period & { readonly subject: string })[]>;
  /** Periods of a node in the tree of another system; none where there is no such node */
  readonly readMappingNode: (node: MappingNodeKey) => Promise<readonly MappingNodeVersion[]>;
}
