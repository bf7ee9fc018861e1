import { addDays, type Day } from '../time/day.ts';
import { lookUp } from './lookup.ts';
import { covers, type Period } from '../time/period.ts';
import type { Succession } from './succession.ts';
import {
  unitChange,
  unitChangeKinds,
  type DatedUnit,
  type DatedVersion,
  type FieldChange,
  type UnitChangeKind,
} from './change.ts';

/** All that is known of a unit over all days, with the path (RESH-ids from the root to the unit itself) in each version. */
export interface PlacedUnit extends DatedUnit {
  readonly versions: readonly (DatedVersion & { readonly path: readonly number[] })[];
}

/** A unit as seen from a point: a day, and all that is known of the unit there. */
export interface UnitAtPoint {
  readonly day: Day;
  readonly known: PlacedUnit;
}

/** A unit at two points, and what the second one knows that it became. */
export interface UnitAtPoints {
  readonly reshId: number;
  readonly from: UnitAtPoint;
  readonly to: UnitAtPoint;
  /** Successions of the unit as known at `to`, of all days */
  readonly became: readonly Pick<Succession, 'kind' | 'effectiveOn'>[];
}

/** How a unit differs between two points. */
export interface UnitDifference {
  readonly reshId: number;
  readonly kinds: readonly UnitChangeKind[];
  readonly fields: readonly FieldChange[];
  /** Whether the unit is valid at the first point */
  readonly isBefore: boolean;
  /** Whether the unit is valid at the second point */
  readonly isAfter: boolean;
}

const always: Period = { from: '0001-01-01', to: null };

const onDay = <Item extends Period>(items: readonly Item[], day: Day): Item[] =>
  items.filter((item) => covers(item, day)).map((item) => ({ ...item, ...always }));

const nothing: DatedUnit = { versions: [], codes: [], identifiers: [], names: [], addresses: [], contactPoints: [] };

/** A day of a unit as if it were all its days; nothing where the unit is not valid, whatever codes and the like its rows still have. */
const stateAt = ({ day, known }: UnitAtPoint): DatedUnit => {
  const versions = onDay(known.versions, day);
  if (versions.length === 0) return nothing;
  return {
    versions,
    codes: onDay(known.codes, day),
    identifiers: onDay(known.identifiers, day),
    names: onDay(known.names, day),
    addresses: onDay(known.addresses, day),
    contactPoints: onDay(known.contactPoints, day),
  };
};

const isWithin = ({ day, known }: UnitAtPoint, within: number): boolean =>
  known.versions.some((version) => covers(version, day) && version.path.includes(within));

// Seen from the first point the unit was closed, or else had never been.
const openingKind = ({ day, known }: UnitAtPoint): UnitChangeKind =>
  known.versions.some(({ from }) => from < day) ? 'REOPENED' : 'OPENED';

/** CLOSED, with what it was closed for: successions that take effect from the day it is gone, up to the second point's day. */
const closingKinds = ({ day, known }: UnitAtPoint, became: UnitAtPoints['became']): UnitChangeKind[] => {
  if (known.versions.length === 0) return ['WITHDRAWN'];
  const inOrder = [...known.versions].sort((one, other) => (one.from < other.from ? -1 : 1));
  const { outcome, found } = lookUp(inOrder, true, day);
  if (outcome !== 'CLOSED' || !found) return ['CLOSED'];
  const goneFrom = addDays(found.seenOn, 1);
  const effective = became.filter(({ effectiveOn }) => effectiveOn >= goneFrom && effectiveOn <= day);
  return [
    'CLOSED',
    ...effective.flatMap(({ kind }): UnitChangeKind[] =>
      kind === 'MERGE' ? ['MERGED'] : kind === 'SPLIT' ? ['SPLIT'] : [],
    ),
  ];
};

const crossingKinds = ({ from, to }: UnitAtPoints, within: number | undefined): UnitChangeKind[] => {
  if (within === undefined) return [];
  const [was, is] = [isWithin(from, within), isWithin(to, within)];
  return was === is ? [] : [is ? 'ENTERED' : 'LEFT'];
};

/**
 * How one unit differs between two points, from its state at either alone.
 *
 * A unit of which only the path differs does not, but where it came to lie within the unit asked about, or no longer does.
 *
 * @param within RESH-id of the unit asked about, itself included
 * @returns undefined where it does not differ, or lies within the unit asked about at neither point
 */
export const unitDifference = (unit: UnitAtPoints, within?: number): UnitDifference | undefined => {
  const { reshId, from, to, became } = unit;
  if (within !== undefined && !isWithin(from, within) && !isWithin(to, within)) return undefined;
  const [before, after] = [stateAt(from), stateAt(to)];
  const [isBefore, isAfter] = [before.versions.length > 0, after.versions.length > 0];
  const change = unitChange(reshId, before, after);
  const kinds: readonly UnitChangeKind[] =
    isBefore === isAfter
      ? [...(change?.kinds ?? []), ...crossingKinds(unit, within)]
      : isAfter
        ? [openingKind(from)]
        : closingKinds(to, became);
  if (kinds.length === 0) return undefined;
  return {
    reshId,
    kinds: unitChangeKinds.filter((kind) => kinds.includes(kind)),
    fields: change?.fields ?? [],
    isBefore,
    isAfter,
  };
};
