import type { Day } from '../time/day.ts';
import { covers, findFirstUncoveredDay, findUnbrokenPeriod, intersectPeriods, overlap } from '../time/period.ts';
import { coalesce, insertRow, removePeriod, type Row } from '../time/timeline.ts';
import { detailLists, type UnitState, type VersionRow } from '../unit/state.ts';
import { plannedClosingDropped, plannedVersionDropped } from './messages/notes.ts';
import { findOpening, reopenLists } from './reopening.ts';
import type { Note } from './user-error.ts';

/** A unit that cannot have its parent on the day of the desired state. */
export interface ParentConflict {
  readonly reshId: number;
  readonly parentReshId: number;
  readonly reason: 'PARENT_CLOSED' | 'CYCLE' | 'WRONG_PARENT_TYPE';
}

/** A note on a dropped plan for a later day, with its unit. */
export interface DroppedPlan {
  readonly reshId: number;
  readonly note: Note;
}

/** The units of a desired state without the plans for later days that are no longer possible. */
export interface ResolvedUnits {
  readonly units: ReadonlyMap<number, UnitState>;
  readonly notes: readonly DroppedPlan[];
}

/** The result of resolving conflicts between the desired state of a day and plans for later days. */
export interface PlanConflicts extends ResolvedUnits {
  /** Conflicts on the day of the desired state; if there are any, there are no notes */
  readonly parentConflicts: readonly ParentConflict[];
  /** Units that lose later days or become departments on them; their children must be among the units too */
  readonly restrictedReshIds: ReadonlySet<number>;
}

/**
 * Drops the plans for later days that the desired state of a day makes impossible: moves, openings, closings and
 * changes of type. Other plans stay.
 *
 * @param units all units that the desired state changes, with their ancestors on any day from the day on, the
 * descendants of units that lose days, and the children of units that become departments
 */
export function resolvePlannedConflicts(units: ReadonlyMap<number, UnitState>, day: Day): PlanConflicts {
  const resolver = new ConflictResolver(units, day);
  const parentConflicts = resolver.resolve();
  return {
    units: resolver.units,
    parentConflicts,
    notes: parentConflicts.length > 0 ? [] : resolver.notes,
    restrictedReshIds: resolver.restrictedReshIds,
  };
}

/** The units of a desired state with their plans; drops the plans that are no longer possible. */
class ConflictResolver {
  readonly units: Map<number, UnitState>;
  readonly notes: DroppedPlan[] = [];
  readonly restrictedReshIds = new Set<number>();

  constructor(
    units: ReadonlyMap<number, UnitState>,
    private readonly day: Day,
  ) {
    this.units = new Map(units);
  }

  /** Drops plans until no conflict is left; other plans may depend on a dropped one. */
  resolve(): ParentConflict[] {
    let noteCount: number;
    do {
      noteCount = this.notes.length;
      const conflicts = this.findConflictsOnDay();
      if (conflicts.length > 0) return conflicts;
      this.dropFirstCycle();
    } while (this.notes.length > noteCount);
    return [];
  }

  private findConflictsOnDay(): ParentConflict[] {
    const cycle = this.findCycle(this.day);
    if (cycle)
      return cycle.map((reshId) => ({
        reshId,
        parentReshId: this.findVersion(reshId, this.day)?.parentReshId ?? reshId,
        reason: 'CYCLE',
      }));
    return [...this.units.keys()].flatMap((reshId) => this.resolveUnit(reshId) ?? []);
  }

  /** Drops plans until the parents of a unit are valid, or returns the conflict on the day of the desired state. */
  private resolveUnit(reshId: number): ParentConflict | undefined {
    let outcome: ParentConflict | 'CHANGED' | undefined;
    do {
      const unit = this.units.get(reshId);
      outcome = unit && this.resolveParents(unit);
    } while (outcome === 'CHANGED');
    return outcome;
  }

  /**
   * Drops a plan that keeps a unit from having its parents, or returns the conflict on the day of the desired state.
   */
  private resolveParents(unit: UnitState): ParentConflict | 'CHANGED' | undefined {
    for (const row of unit.versions) {
      const period = intersectPeriods(row, { from: this.day, to: null });
      if (!period) continue;
      if (row.parentReshId === null) {
        if (row.type === 'ORGANIZATION' || covers(row, this.day)) continue;
        // The desired state made the unit a department, and a move to the top was planned, or the reverse.
        this.dropPlannedVersion(unit, row);
        return 'CHANGED';
      }
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
      const current = this.findVersion(unit.reshId, this.day);
      if (current?.parentReshId !== row.parentReshId || current.type !== row.type) this.dropPlannedVersion(unit, row);
      else if (gap !== undefined) this.dropPlannedClosing(parent, gap);
      else if (wrongParent) this.dropPlannedVersion(parent, wrongParent);
      return 'CHANGED';
    }
    return undefined;
  }

  /**
   * Leaves a unit under its current parent, with its current type, on all later days; drops a unit not valid on the
   * day.
   */
  private dropPlannedVersion(unit: UnitState, row: VersionRow): void {
    const current = this.findVersion(unit.reshId, this.day);
    const block = findUnbrokenPeriod(unit.versions, row.from) ?? row;
    if (current && covers(block, this.day)) {
      this.addNote(unit, plannedVersionDropped({ unit, planned: row.from }));
      const versions = unit.versions.map((version) =>
        version.from > this.day && covers(block, version.from)
          ? { ...version, id: undefined, parentReshId: current.parentReshId, type: current.type, path: [] }
          : version,
      );
      this.units.set(unit.reshId, { ...unit, versions: coalesce(versions) });
      if (current.type === 'DEPARTMENT') this.restrictedReshIds.add(unit.reshId);
      return;
    }
    this.addNote(unit, plannedVersionDropped({ unit, planned: block.from }));
    const lists = Object.fromEntries(detailLists.map((list) => [list, removePeriod<Row>(unit[list], block)]));
    this.units.set(unit.reshId, { ...unit, ...lists, versions: removePeriod(unit.versions, block) });
    this.restrictedReshIds.add(unit.reshId);
  }

  /** Drops the planned end of a unit that is valid on the day. */
  private dropPlannedClosing(unit: UnitState, end: Day): void {
    const opening = findOpening(unit, end);
    if (!opening) throw new Error(`Unit ${unit.reshId} does not end on ${end}.`);
    this.addNote(unit, plannedClosingDropped({ unit, planned: end }));
    this.units.set(unit.reshId, {
      ...unit,
      ...reopenLists(unit, opening, []).lists,
      versions: insertRow(unit.versions, { ...opening.template, ...opening.period, id: undefined, path: [] }),
    });
  }

  private addNote({ reshId }: UnitState, note: Note): void {
    this.notes.push({ reshId, note });
  }

  /** Drops the planned moves that make up the first cycle after the day. */
  private dropFirstCycle(): void {
    for (const day of this.findMoveDays()) {
      const cycle = this.findCycle(day);
      if (!cycle) continue;
      for (const reshId of cycle) {
        const unit = this.units.get(reshId);
        const row = this.findVersion(reshId, day);
        if (unit && row && this.findVersion(reshId, this.day)?.parentReshId !== row.parentReshId)
          this.dropPlannedVersion(unit, row);
      }
      return;
    }
  }

  /** Returns the days after the day on which a unit gets another parent. */
  private findMoveDays(): Day[] {
    const days = new Set<Day>();
    for (const { versions } of this.units.values())
      versions.forEach((row, index) => {
        if (row.from > this.day && versions[index - 1]?.parentReshId !== row.parentReshId) days.add(row.from);
      });
    return [...days].sort();
  }

  /** Returns the units of a cycle on a day; undefined if there is none. */
  private findCycle(day: Day): number[] | undefined {
    const visited = new Set<number>();
    for (const start of this.units.keys()) {
      const path: number[] = [];
      let current: number | null = start;
      while (current !== null && !visited.has(current)) {
        visited.add(current);
        path.push(current);
        current = this.findVersion(current, day)?.parentReshId ?? null;
      }
      const cycleStart = current === null ? -1 : path.indexOf(current);
      if (cycleStart >= 0) return path.slice(cycleStart);
    }
    return undefined;
  }

  private findVersion(reshId: number, day: Day): VersionRow | undefined {
    return this.units.get(reshId)?.versions.find((row) => covers(row, day));
  }
}
