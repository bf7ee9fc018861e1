import type { Day } from '../domain/time/day.ts';
import type { Period } from '../domain/time/period.ts';
import type { UnitType } from '../domain/unit/unit-type.ts';
import type { Placement } from './placements.ts';

export interface DemoVersion extends Placement {
  readonly name: string;
}

export interface DemoUnitCode extends Period {
  readonly codeSet: number;
  readonly code: string;
  /** Codes that qualify it, such as '8451:010' */
  readonly attributes: readonly string[];
}

export interface DemoSite {
  readonly number: string;
  readonly name: string;
  readonly city: string | null;
}

export interface DemoSuccession {
  readonly from: number;
  readonly to: number;
  readonly kind: 'MERGE' | 'SPLIT' | 'REPLACEMENT';
  readonly on: Day;
}

/** A unit of the demo register with its whole history, which has no gaps. */
export interface DemoUnit {
  readonly reshId: number;
  readonly type: UnitType;
  readonly shortName: string | null;
  readonly organizationNumber: string | null;
  readonly designation: string | null;
  readonly responsiblePerson: string | null;
  /** In order of days; every unit on a path is generated before the unit */
  readonly versions: readonly DemoVersion[];
  readonly siteNumber: string | null;
  /** A treatment site that no earlier unit has */
  readonly newSite: DemoSite | null;
  readonly codes: readonly DemoUnitCode[];
  readonly names: readonly { readonly language: string; readonly name: string }[];
  readonly herId: string | null;
  readonly address: { readonly lines: readonly string[]; readonly city: string } | null;
  readonly contacts: readonly { readonly type: 'EMAIL' | 'WEB'; readonly value: string }[];
  /** Successions that can be written with this unit: their other unit has been written earlier */
  readonly successions: readonly DemoSuccession[];
  /** Indicates that nothing else depends on its days: no child, no succession, no unit that moved under it */
  readonly isIndependent: boolean;
}

/** Values of the facts that most units do not have. */
export const unitDefaults = {
  shortName: null,
  organizationNumber: null,
  designation: null,
  responsiblePerson: null,
  siteNumber: null,
  newSite: null,
  codes: [],
  names: [],
  herId: null,
  address: null,
  contacts: [],
  successions: [],
  isIndependent: false,
} as const satisfies Partial<DemoUnit>;
