import type { Day } from '../../time/day.ts';
import { covers, type Period } from '../../time/period.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../../unit/code-sets.ts';
import type { UnitState, VersionRow } from '../../unit/state.ts';
import { listBoundaryDays } from './recorded.ts';

/** What a change did to a unit that decides who may undo it. */
export interface UnitAlteration {
  readonly reshId: number;
  readonly name: string;
  /** Days from the first to the last on which it altered the parent, the organization number or the validity */
  readonly placementPeriod: Period | undefined;
  /** Parents before and after the change on the altered days among these; null for a root */
  readonly parents: readonly (number | null)[];
  readonly altersType: boolean;
  /** Whether the unit gets the designation of contract specialists back */
  readonly regainsSpecialistDesignation: boolean;
  /** Whether the unit was a contract specialist before the change */
  readonly wasSpecialist: boolean;
}

/** Returns what a change did to a unit from a day on. */
export function describeAlteration(before: UnitState, after: UnitState, from: Day): UnitAlteration {
  const days = listBoundaryDays([...before.versions, ...after.versions]).filter((day) => day > from);
  const comparisons = [from, ...days].map((day, index) => ({
    period: { from: day, to: days[index] ?? null },
    former: before.versions.find((row) => covers(row, day)),
    changed: after.versions.find((row) => covers(row, day)),
  }));
  const placed = comparisons.filter(({ former, changed }) => hasOtherPlacement(former, changed));
  const [first, last] = [placed.at(0), placed.at(-1)];
  const lastVersion = before.versions.at(-1) ?? after.versions.at(-1);
  return {
    reshId: before.reshId,
    name: lastVersion?.name ?? '',
    placementPeriod: first && last && { from: first.period.from, to: last.period.to },
    parents: [
      ...new Set(
        placed.flatMap(({ former, changed }) => [former, changed].flatMap((row) => (row ? [row.parentReshId] : []))),
      ),
    ],
    altersType: comparisons.some(({ former, changed }) => former && changed && former.type !== changed.type),
    regainsSpecialistDesignation: comparisons.some(
      ({ former, changed }) => changed && isSpecialist(former) && !isSpecialist(changed),
    ),
    wasSpecialist: isSpecialist(before.versions.at(-1)),
  };
}

function hasOtherPlacement(former: VersionRow | undefined, changed: VersionRow | undefined): boolean {
  if (!former || !changed) return former !== changed;
  return (
    former.parentReshId !== changed.parentReshId ||
    former.type !== changed.type ||
    former.organizationNumber !== changed.organizationNumber
  );
}

function isSpecialist(row: VersionRow | undefined): boolean {
  return row?.designationCode === CONTRACT_SPECIALIST_DESIGNATION;
}
