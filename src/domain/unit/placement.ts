import type { Day } from '../time/day.ts';
import type { LookupOutcome } from './lookup.ts';
import type { UnitType } from './unit-type.ts';
import type { UnitName } from './unit-label.ts';

/** Codes of warnings about reported activity, in the order in which the API lists them. */
export const placementWarningCodes = [
  'UNKNOWN_ID',
  'NOT_YET_VALID',
  'UNIT_CLOSED',
  'REPLACED',
  'REPORTED_ON_ORGANIZATION',
  'NO_TREATMENT_SITE',
  'SITE_FROM_ANCESTOR',
  'SITE_IS_ENTERPRISE_NUMBER',
] as const;
export type PlacementWarningCode = (typeof placementWarningCodes)[number];

/** A unit on the path of the reported unit, the reported unit included. */
export interface PathUnit {
  readonly reshId: number;
  readonly name: string;
  readonly type: UnitType;
  readonly designationCode: string | null;
  readonly organizationNumber: string | null;
  readonly treatmentSiteNumber: string | null;
}

/** What the register knows about a reported RESH-id. */
export interface ReportedPlacement {
  readonly reshId: number;
  readonly date: Day;
  readonly outcome: LookupOutcome;
  /** Day on which the unit is shown: its last day if it has closed, its first day if it has not begun */
  readonly seenOn: Day | null;
  /** Units on the path on that day, from the root to the unit itself; empty if there is no unit to show */
  readonly path: readonly PathUnit[];
  /** Similar RESH-ids that exist, the most likely first */
  readonly didYouMean: readonly number[];
  /** Units that a closed unit became by the day */
  readonly replacedBy: readonly UnitName[];
}

/** Returns the treatment site of a unit, its own or that of the nearest unit above, with the unit that has it. */
export function findSiteOnPath<Placed extends PathUnit>(
  path: readonly Placed[],
): { readonly number: string; readonly holder: Placed } | undefined {
  const holder = path.findLast(({ treatmentSiteNumber }) => treatmentSiteNumber !== null);
  return holder && holder.treatmentSiteNumber !== null ? { number: holder.treatmentSiteNumber, holder } : undefined;
}
