import type { Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { called } from './parent-rules.ts';
import { openingOn, reopenedLists } from './reopening.ts';
import { firstUncovered, joined, overlap, withoutPeriod, withRow, type Row } from '../time/timeline.ts';
import { detailLists, type UnitState, type VersionRow } from '../unit/state.ts';

/** A unit that cannot stand where it would on the day itself. */
export interface Misplaced {
  readonly reshId: number;
  readonly parentReshId: number;
  readonly why: 'PARENT_CLOSED' | 'CYCLE' | 'WRONG_PARENT_TYPE';
}

/** What plans for later days yield to a picture of a day. */
export interface Yielding {
  readonly units: ReadonlyMap<number, UnitState>;
  /** What cannot be on the day itself; then nothing else is told */
  readonly misplaced: readonly Misplaced[];
  /** What falls away, a sentence each, by the unit */
  readonly notes: readonly { readonly reshId: number; readonly text: string }[];
  /** Units that lose days after the day, whose children must be here too */
  readonly shortened: ReadonlySet<number>;
}

const onDay = (unit: UnitState | undefined, day: Day): VersionRow | undefined =>
  unit?.versions.find((row) => covers(row, day));

const fromDay = (row: Period, day: Day): Period => ({ from: row.from > day ? row.from : day, to: row.to });

/** The block of rows without a gap that a row is part of. */
const blockAround = (versions: readonly VersionRow[], row: VersionRow): Period => {
  let { from, to } = row;
  for (const earlier of versions.toReversed()) if (earlier.to === from) from = earlier.from;
  for (const later of versions) if (later.from === to) to = later.to;
  return { from, to };
};

/** The units of a picture with what is planned for them, in which plans that cannot be any more are given up. */
class Plans {
  readonly units: Map<number, UnitState>;
  readonly notes: { reshId: number; text: string }[] = [];
  readonly shortened = new Set<number>();

  constructor(
    units: ReadonlyMap<number, UnitState>,
    private readonly day: Day,
  ) {
    this.units = new Map(units);
  }

  private note(unit: UnitState, text: string): void {
    this.notes.push({ reshId: unit.reshId, text: `${text} unit ${called(unit.reshId, unit.versions)} falls away.` });
  }

  /** Keeps a unit where it stands on the day, and what it is, as long as it lasts; one that is not there yet never comes. */
  hold(unit: UnitState, row: VersionRow): void {
    const held = onDay(unit, this.day);
    const block = blockAround(unit.versions, row);
    if (held && covers(block, this.day)) {
      this.note(unit, `What was planned from ${row.from} on for`);
      const versions = unit.versions.map((version) =>
        version.from > this.day && covers(block, version.from)
          ? { ...version, id: undefined, parentReshId: held.parentReshId, type: held.type, path: [] }
          : version,
      );
      this.units.set(unit.reshId, { ...unit, versions: joined(versions) });
      return;
    }
    this.note(unit, `What was planned from ${block.from} on for`);
    const lists = Object.fromEntries(detailLists.map((list) => [list, withoutPeriod<Row>(unit[list], block)]));
    this.units.set(unit.reshId, { ...unit, ...lists, versions: withoutPeriod(unit.versions, block) });
    this.shortened.add(unit.reshId);
  }

  /** Gives up the end that is planned for a unit that is valid on the day. */
  extend(unit: UnitState, end: Day): void {
    const opening = openingOn(unit, end);
    if (!opening) throw new Error(`Unit ${unit.reshId} does not end on ${end}.`);
    this.note(unit, `The closing on ${end} that was planned for`);
    this.units.set(unit.reshId, {
      ...unit,
      ...reopenedLists(unit, opening, []).lists,
      versions: withRow(unit.versions, { ...opening.like, ...opening.period, id: undefined, path: [] }),
    });
  }

  /** Sees to it that the parents of a unit are there and may be; tells what cannot be on the day itself. */
  settle(unit: UnitState): Misplaced | 'CHANGED' | undefined {
    for (const row of unit.versions) {
      if (row.parentReshId === null || (row.to !== null && row.to <= this.day)) continue;
      const parent = this.units.get(row.parentReshId);
      const period = fromDay(row, this.day);
      const gap = firstUncovered(parent?.versions ?? [], period);
      const isWrong = (above: VersionRow) =>
        row.type === 'ORGANIZATION' && above.type === 'DEPARTMENT' && overlap(above, period);
      const wrong = parent?.versions.find(isWrong);
      if (gap === undefined && !wrong) continue;
      const isOnDay = covers(row, this.day);
      const told = { reshId: unit.reshId, parentReshId: row.parentReshId };
      if (!parent || (isOnDay && gap === this.day)) return { ...told, why: 'PARENT_CLOSED' };
      if (isOnDay && wrong && covers(wrong, this.day)) return { ...told, why: 'WRONG_PARENT_TYPE' };
      const held = onDay(unit, this.day);
      if (held?.parentReshId !== row.parentReshId || held.type !== row.type) this.hold(unit, row);
      else if (gap !== undefined) this.extend(parent, gap);
      else if (wrong) this.hold(parent, wrong);
      return 'CHANGED';
    }
    return undefined;
  }

  /** Days after the day on which a unit comes to stand elsewhere. */
  moves(): Day[] {
    const days = new Set<Day>();
    for (const { versions } of this.units.values())
      versions.forEach((row, place) => {
        if (row.from > this.day && versions[place - 1]?.parentReshId !== row.parentReshId) days.add(row.from);
      });
    return [...days].sort();
  }

  /** Units that stand above themselves on a day, some circle of them. */
  circle(day: Day): number[] | undefined {
    const seen = new Map<number, number>();
    let walk = 0;
    for (const start of this.units.keys()) {
      walk += 1;
      const path: number[] = [];
      for (let at: number | null = start; at !== null;) {
        const before = seen.get(at);
        if (before === walk) return path.slice(path.indexOf(at));
        if (before !== undefined) break;
        seen.set(at, walk);
        path.push(at);
        at = onDay(this.units.get(at), day)?.parentReshId ?? null;
      }
    }
    return undefined;
  }
}

/**
 * Lets plans for later days yield to what a picture says of a day: a move, an opening or a closing that was planned and cannot be any
 * more falls away. What is planned and can be stays.
 *
 * @param units all that the picture changes as it leaves them, with everything above them on any day from the day on, and everything
 * beneath those that lose days
 */
export const yieldPlans = (units: ReadonlyMap<number, UnitState>, day: Day): Yielding => {
  const plans = new Plans(units, day);
  const misplacedOn = (): Misplaced[] => {
    const circle = plans.circle(day);
    if (circle)
      return circle.map((reshId) => ({
        reshId,
        parentReshId: onDay(plans.units.get(reshId), day)?.parentReshId ?? reshId,
        why: 'CYCLE',
      }));
    const found: Misplaced[] = [];
    for (const reshId of plans.units.keys())
      for (;;) {
        const unit = plans.units.get(reshId);
        const outcome = unit && plans.settle(unit);
        if (outcome === undefined) break;
        if (outcome === 'CHANGED') continue;
        found.push(outcome);
        break;
      }
    return found;
  };
  // A plan that is given up may be what another one stood on.
  for (;;) {
    const before = plans.notes.length;
    const misplaced = misplacedOn();
    if (misplaced.length > 0) return { units: plans.units, misplaced, notes: [], shortened: plans.shortened };
    for (const later of plans.moves()) {
      const circle = plans.circle(later);
      if (!circle) continue;
      for (const reshId of circle) {
        const unit = plans.units.get(reshId);
        const row = onDay(unit, later);
        if (unit && row && onDay(unit, day)?.parentReshId !== row.parentReshId) plans.hold(unit, row);
      }
      break;
    }
    if (plans.notes.length === before)
      return { units: plans.units, misplaced: [], notes: plans.notes, shortened: plans.shortened };
  }
};

/** Two units that have one organization number on the day itself. */
export interface NumberTwice {
  readonly reshId: number;
  readonly otherReshId: number;
  readonly organizationNumber: string;
}

/**
 * Lets organization numbers that units were going to get yield to those who have them on the day (rule 5).
 *
 * @param units all that have the numbers on any day from the day on
 */
export const yieldNumbers = (
  units: ReadonlyMap<number, UnitState>,
  day: Day,
): { units: ReadonlyMap<number, UnitState>; twice: NumberTwice[]; notes: Yielding['notes'] } => {
  const left = new Map(units);
  const twice: NumberTwice[] = [];
  const notes: { reshId: number; text: string }[] = [];
  const holders = new Map<string, number[]>();
  for (const { reshId, versions } of units.values())
    for (const number of new Set(
      versions.filter(({ to }) => to === null || to > day).map((row) => row.organizationNumber),
    ))
      if (number !== null) holders.set(number, [...(holders.get(number) ?? []), reshId]);
  for (const [organizationNumber, reshIds] of holders) {
    if (reshIds.length < 2) continue;
    const has = (reshId: number) => onDay(left.get(reshId), day)?.organizationNumber === organizationNumber;
    const [first, ...others] = reshIds.sort((one, other) => Number(has(other)) - Number(has(one)) || one - other);
    const taken: Period[] =
      left.get(first ?? 0)?.versions.filter((row) => row.organizationNumber === organizationNumber) ?? [];
    for (const reshId of others) {
      const unit = left.get(reshId);
      if (!unit || first === undefined) continue;
      if (has(reshId)) twice.push({ reshId, otherReshId: first, organizationNumber });
      const isTaken = (row: VersionRow) =>
        row.organizationNumber === organizationNumber &&
        (row.to === null || row.to > day) &&
        taken.some((period) => overlap(period, fromDay(row, day)));
      if (unit.versions.some(isTaken)) {
        notes.push({
          reshId,
          text: `Organization number ${organizationNumber} that was planned for unit ${called(reshId, unit.versions)} falls away.`,
        });
        const versions = unit.versions.map((row) =>
          isTaken(row) ? { ...row, id: undefined, organizationNumber: null } : row,
        );
        left.set(reshId, { ...unit, versions: joined(versions) });
      }
      taken.push(...(left.get(reshId)?.versions.filter((row) => row.organizationNumber === organizationNumber) ?? []));
    }
  }
  return { units: left, twice, notes };
};
