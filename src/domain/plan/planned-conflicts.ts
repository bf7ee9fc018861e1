import type { Day } from '../time/day.ts';
import { covers, findFirstUncoveredDay, intersectPeriods, overlap, type Period } from '../time/period.ts';
import { coalesce, removePeriod, insertRow, type Row } from '../time/timeline.ts';
import { detailLists, type UnitState, type VersionRow } from '../unit/state.ts';
import { unitLabel } from './parent-rules.ts';
import { findOpening, reopenLists } from './reopening.ts';

/** A unit that cannot stand where it would on the day itself. */
export interface ParentConflict {
  readonly reshId: number;
  readonly parentReshId: number;
  readonly reason: 'PARENT_CLOSED' | 'CYCLE' | 'WRONG_PARENT_TYPE';
}

/** What plans for later days yield to a picture of a day. */
export interface PlanConflicts {
  readonly units: ReadonlyMap<number, UnitState>;
  /** What cannot be on the day itself; then nothing else is told */
  readonly parentConflicts: readonly ParentConflict[];
  /** What falls away, a sentence each, by the unit */
  readonly notes: readonly { readonly reshId: number; readonly text: string }[];
  /** Units that lose days after the day, whose children must be here too */
  readonly truncatedReshIds: ReadonlySet<number>;
}

/** The units of a picture with what is planned for them, in which plans that cannot be any more are given up. */
class ConflictResolver {
  readonly units: Map<number, UnitState>;
  readonly notes: { reshId: number; text: string }[] = [];
  readonly truncatedReshIds = new Set<number>();

  constructor(
    units: ReadonlyMap<number, UnitState>,
    private readonly day: Day,
  ) {
    this.units = new Map(units);
  }

  private addDropNote(unit: UnitState, text: string): void {
    this.notes.push({ reshId: unit.reshId, text: `${text} unit ${unitLabel(unit.reshId, unit.versions)} falls away.` });
  }

  /** Keeps a unit where it stands on the day, and what it is, as long as it lasts; one that is not there yet never comes. */
  dropPlannedVersion(unit: UnitState, row: VersionRow): void {
    const current = findVersionAt(unit, this.day);
    const block = findUnbrokenBlock(unit.versions, row);
    if (current && covers(block, this.day)) {
      this.addDropNote(unit, `What was planned from ${row.from} on for`);
      const versions = unit.versions.map((version) =>
        version.from > this.day && covers(block, version.from)
          ? { ...version, id: undefined, parentReshId: current.parentReshId, type: current.type, path: [] }
          : version,
      );
      this.units.set(unit.reshId, { ...unit, versions: coalesce(versions) });
      return;
    }
    this.addDropNote(unit, `What was planned from ${block.from} on for`);
    const lists = Object.fromEntries(detailLists.map((list) => [list, removePeriod<Row>(unit[list], block)]));
    this.units.set(unit.reshId, { ...unit, ...lists, versions: removePeriod(unit.versions, block) });
    this.truncatedReshIds.add(unit.reshId);
  }

  /** Gives up the end that is planned for a unit that is valid on the day. */
  dropPlannedClosing(unit: UnitState, end: Day): void {
    const opening = findOpening(unit, end);
    if (!opening) throw new Error(`Unit ${unit.reshId} does not end on ${end}.`);
    this.addDropNote(unit, `The closing on ${end} that was planned for`);
    this.units.set(unit.reshId, {
      ...unit,
      ...reopenLists(unit, opening, []).lists,
      versions: insertRow(unit.versions, { ...opening.template, ...opening.period, id: undefined, path: [] }),
    });
  }

  /** Sees to it that the parents of a unit are there and may be; tells what cannot be on the day itself. */
  resolveParents(unit: UnitState): ParentConflict | 'CHANGED' | undefined {
    for (const row of unit.versions) {
      const period = intersectPeriods(row, { from: this.day, to: null });
      if (row.parentReshId === null || !period) continue;
      const parent = this.units.get(row.parentReshId);
      const gap = findFirstUncoveredDay(parent?.versions ?? [], period);
      const hasWrongType = (above: VersionRow) =>
        row.type === 'ORGANIZATION' && above.type === 'DEPARTMENT' && overlap(above, period);
      const wrongParent = parent?.versions.find(hasWrongType);
      if (gap === undefined && !wrongParent) continue;
      const isOnDay = covers(row, this.day);
      const placement = { reshId: unit.reshId, parentReshId: row.parentReshId };
      if (!parent || (isOnDay && gap === this.day)) return { ...placement, reason: 'PARENT_CLOSED' };
      if (isOnDay && wrongParent && covers(wrongParent, this.day)) return { ...placement, reason: 'WRONG_PARENT_TYPE' };
      const current = findVersionAt(unit, this.day);
      if (current?.parentReshId !== row.parentReshId || current.type !== row.type) this.dropPlannedVersion(unit, row);
      else if (gap !== undefined) this.dropPlannedClosing(parent, gap);
      else if (wrongParent) this.dropPlannedVersion(parent, wrongParent);
      return 'CHANGED';
    }
    return undefined;
  }

  /** Days after the day on which a unit comes to stand elsewhere. */
  findMoveDays(): Day[] {
    const days = new Set<Day>();
    for (const { versions } of this.units.values())
      versions.forEach((row, index) => {
        if (row.from > this.day && versions[index - 1]?.parentReshId !== row.parentReshId) days.add(row.from);
      });
    return [...days].sort();
  }

  /** Units that stand above themselves on a day, some circle of them. */
  findCycle(day: Day): number[] | undefined {
    const lastWalkByUnit = new Map<number, number>();
    let walk = 0;
    for (const start of this.units.keys()) {
      walk += 1;
      const path: number[] = [];
      for (let current: number | null = start; current !== null;) {
        const lastWalk = lastWalkByUnit.get(current);
        if (lastWalk === walk) return path.slice(path.indexOf(current));
        if (lastWalk !== undefined) break;
        lastWalkByUnit.set(current, walk);
        path.push(current);
        current = findVersionAt(this.units.get(current), day)?.parentReshId ?? null;
      }
    }
    return undefined;
  }
}

/** The block of rows without a gap that a row is part of. */
function findUnbrokenBlock(versions: readonly VersionRow[], row: VersionRow): Period {
  let { from, to } = row;
  for (const earlier of versions.toReversed()) if (earlier.to === from) from = earlier.from;
  for (const later of versions) if (later.from === to) to = later.to;
  return { from, to };
}

/**
 * Lets plans for later days yield to what a picture says of a day: a move, an opening or a closing that was planned and cannot be any
 * more falls away. What is planned and can be stays.
 *
 * @param units all that the picture changes as it leaves them, with everything above them on any day from the day on, and everything
 * beneath those that lose days
 */
export function resolvePlannedConflicts(units: ReadonlyMap<number, UnitState>, day: Day): PlanConflicts {
  const resolver = new ConflictResolver(units, day);
  const findParentConflicts = (): ParentConflict[] => {
    const cycle = resolver.findCycle(day);
    if (cycle)
      return cycle.map((reshId) => ({
        reshId,
        parentReshId: findVersionAt(resolver.units.get(reshId), day)?.parentReshId ?? reshId,
        reason: 'CYCLE',
      }));
    const found: ParentConflict[] = [];
    for (const reshId of resolver.units.keys())
      for (;;) {
        const unit = resolver.units.get(reshId);
        const outcome = unit && resolver.resolveParents(unit);
        if (outcome === undefined) break;
        if (outcome === 'CHANGED') continue;
        found.push(outcome);
        break;
      }
    return found;
  };
  // A plan that is given up may be what another one stood on.
  for (;;) {
    const noteCount = resolver.notes.length;
    const parentConflicts = findParentConflicts();
    if (parentConflicts.length > 0)
      return { units: resolver.units, parentConflicts, notes: [], truncatedReshIds: resolver.truncatedReshIds };
    for (const later of resolver.findMoveDays()) {
      const cycle = resolver.findCycle(later);
      if (!cycle) continue;
      for (const reshId of cycle) {
        const unit = resolver.units.get(reshId);
        const row = findVersionAt(unit, later);
        if (unit && row && findVersionAt(unit, day)?.parentReshId !== row.parentReshId)
          resolver.dropPlannedVersion(unit, row);
      }
      break;
    }
    if (resolver.notes.length === noteCount)
      return {
        units: resolver.units,
        parentConflicts: [],
        notes: resolver.notes,
        truncatedReshIds: resolver.truncatedReshIds,
      };
  }
}

function findVersionAt(unit: UnitState | undefined, day: Day): VersionRow | undefined {
  return unit?.versions.find((row) => covers(row, day));
}

/** Two units that have one organization number on the day itself. */
export interface NumberConflict {
  readonly reshId: number;
  readonly otherReshId: number;
  readonly organizationNumber: string;
}

/**
 * Lets organization numbers that units were going to get yield to those who have them on the day (rule 5).
 *
 * @param units all that have the numbers on any day from the day on
 */
export function resolveNumberConflicts(
  units: ReadonlyMap<number, UnitState>,
  day: Day,
): { units: ReadonlyMap<number, UnitState>; conflicts: NumberConflict[]; notes: PlanConflicts['notes'] } {
  const remaining = new Map(units);
  const conflicts: NumberConflict[] = [];
  const notes: { reshId: number; text: string }[] = [];
  const holders = new Map<string, number[]>();
  for (const { reshId, versions } of units.values())
    for (const number of new Set(
      versions.filter(({ to }) => to === null || to > day).map((row) => row.organizationNumber),
    ))
      if (number !== null) holders.set(number, [...(holders.get(number) ?? []), reshId]);
  for (const [organizationNumber, reshIds] of holders) {
    if (reshIds.length < 2) continue;
    const hasNumber = (reshId: number) =>
      findVersionAt(remaining.get(reshId), day)?.organizationNumber === organizationNumber;
    const [first, ...others] = reshIds.sort(
      (one, other) => Number(hasNumber(other)) - Number(hasNumber(one)) || one - other,
    );
    const takenPeriods: Period[] =
      remaining.get(first ?? 0)?.versions.filter((row) => row.organizationNumber === organizationNumber) ?? [];
    for (const reshId of others) {
      const unit = remaining.get(reshId);
      if (!unit || first === undefined) continue;
      if (hasNumber(reshId)) conflicts.push({ reshId, otherReshId: first, organizationNumber });
      const isConflicting = (row: VersionRow) => {
        const period = intersectPeriods(row, { from: day, to: null });
        return (
          row.organizationNumber === organizationNumber &&
          period &&
          takenPeriods.some((taken) => overlap(taken, period))
        );
      };
      if (unit.versions.some(isConflicting)) {
        notes.push({
          reshId,
          text: `Organization number ${organizationNumber} that was planned for unit ${unitLabel(reshId, unit.versions)} falls away.`,
        });
        const versions = unit.versions.map((row) =>
          isConflicting(row) ? { ...row, id: undefined, organizationNumber: null } : row,
        );
        remaining.set(reshId, { ...unit, versions: coalesce(versions) });
      }
      takenPeriods.push(
        ...(remaining.get(reshId)?.versions.filter((row) => row.organizationNumber === organizationNumber) ?? []),
      );
    }
  }
  return { units: remaining, conflicts, notes };
}
