import { addDays, type Day } from '../time/day.ts';
import { ALL_DAYS, compareByFirstDay, covers, type Period } from '../time/period.ts';
import { computeUnitChange } from './change.ts';
import { differenceKinds, type DifferenceKind, type UnitChangeKind } from './facts.ts';
import type { FieldChange } from './field-values.ts';
import { lookUpVersion } from './lookup.ts';
import { emptyDatedUnit, type DatedUnit, type DatedVersion } from './state.ts';
import type { Succession } from './succession.ts';

/** A unit over all days, with the path (RESH-ids from the root to the unit itself) in each version. */
export interface UnitWithPaths extends DatedUnit {
  readonly versions: readonly (DatedVersion & { readonly path: readonly number[] })[];
}

/** A unit at a point: a day, and the rows of the unit at the revision of the point. */
export interface UnitAtPoint {
  readonly day: Day;
  readonly history: UnitWithPaths;
}

/** A unit at two points, with its successions. */
export interface UnitAtPoints {
  readonly reshId: number;
  readonly from: UnitAtPoint;
  readonly to: UnitAtPoint;
  /** Successions of the unit on all days, at the revision of `to` */
  readonly successions: readonly Pick<Succession, 'kind' | 'effectiveOn'>[];
}

/** How a unit differs between two points. */
export interface UnitDifference {
  readonly reshId: number;
  readonly kinds: readonly DifferenceKind[];
  readonly fields: readonly FieldChange[];
  /** Indicates whether the unit is valid at the first point */
  readonly isValidBefore: boolean;
  /** Indicates whether the unit is valid at the second point */
  readonly isValidAfter: boolean;
}

/**
 * Returns how one unit differs between two points, from its states there.
 *
 * A new path alone is not a difference, unless the unit entered or left the scope.
 *
 * @param scopeReshId RESH-id of the unit at the top of the scope, which includes that unit
 * @returns undefined if it does not differ, or is in the scope at neither point
 */
export function computeUnitDifference(unit: UnitAtPoints, scopeReshId?: number): UnitDifference | undefined {
  const { reshId, from, to, successions } = unit;
  if (scopeReshId !== undefined && !isWithin(from, scopeReshId) && !isWithin(to, scopeReshId)) return undefined;
  const [before, after] = [projectUnit(from), projectUnit(to)];
  const [isValidBefore, isValidAfter] = [before.versions.length > 0, after.versions.length > 0];
  const change = computeUnitChange(reshId, before, after);
  const kinds: readonly UnitChangeKind[] =
    isValidBefore === isValidAfter
      ? [...(change?.kinds ?? []), ...classifyScopeCrossing(unit, scopeReshId)]
      : isValidAfter
        ? [classifyOpening(from)]
        : classifyClosing(to, successions);
  if (kinds.length === 0) return undefined;
  return {
    reshId,
    kinds: differenceKinds.filter((kind) => kinds.includes(kind)),
    fields: (change?.fields ?? []).map(({ day: _day, ...field }) => field),
    isValidBefore,
    isValidAfter,
  };
}

function isWithin({ day, history }: UnitAtPoint, scopeReshId: number): boolean {
  return history.versions.some((version) => covers(version, day) && version.path.includes(scopeReshId));
}

/**
 * Returns a unit with the values of one day on all days; without values if it is not valid on the day, even if its
 * lists still have rows.
 */
function projectUnit({ day, history }: UnitAtPoint): DatedUnit {
  const versions = projectToDay(history.versions, day);
  if (versions.length === 0) return emptyDatedUnit;
  return {
    versions,
    codes: projectToDay(history.codes, day),
    identifiers: projectToDay(history.identifiers, day),
    names: projectToDay(history.names, day),
    addresses: projectToDay(history.addresses, day),
    contactPoints: projectToDay(history.contactPoints, day),
  };
}

function projectToDay<Item extends Period>(items: readonly Item[], day: Day): Item[] {
  return items.filter((item) => covers(item, day)).map((item) => ({ ...item, ...ALL_DAYS }));
}

function classifyScopeCrossing({ from, to }: UnitAtPoints, scopeReshId: number | undefined): DifferenceKind[] {
  if (scopeReshId === undefined) return [];
  const [wasWithin, isNowWithin] = [isWithin(from, scopeReshId), isWithin(to, scopeReshId)];
  return wasWithin === isNowWithin ? [] : [isNowWithin ? 'ENTERED' : 'LEFT'];
}

// The unit had closed by the first point, or had never existed.
function classifyOpening({ day, history }: UnitAtPoint): DifferenceKind {
  return history.versions.some(({ from }) => from < day) ? 'REOPENED' : 'OPENED';
}

/** Returns CLOSED, and MERGED or SPLIT for successions that take effect between its end and the second point's day. */
function classifyClosing({ day, history }: UnitAtPoint, successions: UnitAtPoints['successions']): DifferenceKind[] {
  if (history.versions.length === 0) return ['WITHDRAWN'];
  const inOrder = history.versions.toSorted(compareByFirstDay);
  const { outcome, found } = lookUpVersion(inOrder, true, day);
  if (outcome !== 'CLOSED' || !found) return ['CLOSED'];
  const closedFrom = addDays(found.seenOn, 1);
  const effective = successions.filter(({ effectiveOn }) => effectiveOn >= closedFrom && effectiveOn <= day);
  return [
    'CLOSED',
    ...effective.flatMap(({ kind }): DifferenceKind[] =>
      kind === 'MERGE' ? ['MERGED'] : kind === 'SPLIT' ? ['SPLIT'] : [],
    ),
  ];
}
