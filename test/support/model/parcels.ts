import { dayBefore, type Day } from '../../../src/domain/time/day.ts';
import { covers, type Period } from '../../../src/domain/time/period.ts';
import type { Succession } from '../../../src/domain/unit/succession.ts';

/** What a unit was, as it passes from unit to unit: the successions that brought it to where it is. */
interface Parcel {
  readonly at: number;
  readonly path: readonly Step[];
}

interface Step {
  readonly succession: Succession;
  /** Whether the unit had closed, so that the parcel returns to it */
  readonly closed: boolean;
}

/** A parcel that follows its unit between two days. */
interface Route {
  readonly start: Parcel;
  readonly current: Parcel;
  /** The unit to which it returned, the day of the return, and the steps before the start that it undid */
  readonly returned?: { readonly reshId: number; readonly day: Day; readonly undone: readonly Step[] } | undefined;
}

/** The units and successions that correspond to a unit on another day. */
export interface ParcelTrace {
  readonly steps: readonly Succession[];
  readonly undone: readonly Succession[];
  readonly reached: readonly number[];
}

/** Moves every parcel day by day: a slow and simple description of how units pass into each other and come back. */
export class ParcelModel {
  private readonly reshIds: readonly number[];
  private readonly days: readonly Day[];

  constructor(
    private readonly successions: readonly Succession[],
    private readonly timelines: ReadonlyMap<number, readonly Period[]>,
  ) {
    this.reshIds = [
      ...new Set([...timelines.keys(), ...successions.flatMap(({ fromReshId, toReshId }) => [fromReshId, toReshId])]),
    ];
    const firstDays = [...timelines.values()].flatMap((timeline) => timeline.map(({ from }) => from));
    this.days = [...new Set([...successions.map(({ effectiveOn }) => effectiveOn), ...firstDays])].sort();
  }

  /** Returns what a unit corresponds to on a later or an earlier day. */
  trace(reshId: number, since: Day, to: Day): ParcelTrace {
    const isForward = to >= since;
    const routes = (isForward ? this.travel(since, to) : this.travel(to, since)).filter(
      ({ start, current }) => (isForward ? start : current).at === reshId,
    );
    const [earlier, later] = isForward ? [since, to] : [to, since];
    const passed = routes.flatMap(({ current }) =>
      current.path.map(({ succession }) => succession).filter(({ effectiveOn }) => effectiveOn > earlier),
    );
    const [steps, undone] = [new Set(passed), new Set<Succession>()];
    for (const { start, returned } of routes) {
      if (!returned || (!isForward && !this.isValid(start.at, to))) continue;
      const records = this.successions.filter(
        (each) =>
          each.fromReshId === start.at &&
          each.toReshId === returned.reshId &&
          each.effectiveOn === returned.day &&
          each.effectiveOn <= later &&
          (passed.includes(each) || this.recordedReturns(each.effectiveOn).includes(each)),
      );
      for (const each of records) steps.add(each);
      if (records.length === 0) for (const { succession } of returned.undone) undone.add(succession);
    }
    return {
      steps: [...steps, ...undone],
      undone: [...undone],
      reached: [...new Set([reshId, ...routes.map(({ start, current }) => (isForward ? current : start).at)])].sort(
        (one, other) => one - other,
      ),
    };
  }

  private isValid(reshId: number, day: Day): boolean {
    return (this.timelines.get(reshId) ?? []).some((period) => covers(period, day));
  }

  private beginsOn(reshId: number, day: Day): boolean {
    return this.isValid(reshId, day) && !this.isValid(reshId, dayBefore(day));
  }

  /** Returns the routes of all parcels between two days. */
  private travel(since: Day, to: Day): Route[] {
    const own = this.reshIds.map((at): Parcel => ({ at, path: [] }));
    const beginnings = this.move(
      own.map((parcel): Route => ({ start: parcel, current: parcel })),
      '',
      since,
    );
    const starts = beginnings.map(({ current }): Route => ({ start: current, current }));
    return this.move(starts, since, to);
  }

  private move(routes: readonly Route[], after: Day, until: Day): Route[] {
    return this.days
      .filter((day) => day > after && day <= until)
      .reduce<readonly Route[]>((moved, day) => this.moveOn(day, moved), routes)
      .slice();
  }

  private moveOn(day: Day, routes: readonly Route[]): Route[] {
    const returns = this.recordedReturns(day);
    const moved = routes.map((route) => this.takeHome(route, day));
    // Grows while it is read: what arrives on a day can pass on the same day.
    for (const route of moved)
      for (const succession of this.successions) {
        const { at, path } = route.current;
        if (succession.effectiveOn !== day || succession.fromReshId !== at || returns.includes(succession)) continue;
        if (path.some((step) => step.succession === succession)) continue;
        const closed = !this.isValid(at, day);
        moved.push({ ...route, current: { at: succession.toReshId, path: [...path, { succession, closed }] } });
      }
    return moved;
  }

  private takeHome(route: Route, day: Day): Route {
    const { path } = route.current;
    const index = path.findIndex(({ succession, closed }) => closed && this.beginsOn(succession.fromReshId, day));
    const reshId = path[index]?.succession.fromReshId;
    if (reshId === undefined) return route;
    const isFromStart = path[index] === route.start.path[index];
    // Without a circle within a day that led it back to the unit.
    const undone = route.start.path.slice(
      route.start.path.findLastIndex(({ succession }) => succession.fromReshId === reshId),
    );
    return {
      ...route,
      current: { at: reshId, path: path.slice(0, index) },
      returned: isFromStart ? { reshId, day, undone } : route.returned,
    };
  }

  private readonly returnsByDay = new Map<Day, readonly Succession[]>();

  /** Returns the partial successions of a day that only bring a unit back which had passed to their unit. */
  private recordedReturns(day: Day): readonly Succession[] {
    const known = this.returnsByDay.get(day);
    if (known) return known;
    const candidates = this.successions.filter(
      ({ extent, effectiveOn, toReshId }) =>
        extent === 'PARTIAL' && effectiveOn === day && this.beginsOn(toReshId, day),
    );
    const parcels = candidates.length === 0 ? [] : this.travel(dayBefore(day), dayBefore(day));
    const returns = candidates.filter(({ fromReshId, toReshId }) =>
      parcels.some(
        ({ current: { at, path } }) =>
          at === fromReshId && path.some(({ succession, closed }) => closed && succession.fromReshId === toReshId),
      ),
    );
    this.returnsByDay.set(day, returns);
    return returns;
  }
}
