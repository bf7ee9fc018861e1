import type { Day } from '../domain/time/day.ts';
import { intersectPeriods, type Period } from '../domain/time/period.ts';

/** A period over which a unit has one path, from the root to the unit itself. */
export interface Placement extends Period {
  readonly path: readonly number[];
}

/** Returns the placements of a child that is under its parent for the whole time. */
export function placeUnderParent(parent: readonly Placement[], reshId: number): Placement[] {
  return parent.map(({ from, to, path }) => ({ from, to, path: [...path, reshId] }));
}

/** Returns whether a unit is valid from a day on without end; placements have no gaps. */
export function isOpenEndedFrom(placements: readonly Placement[], day: Day): boolean {
  return placements[0] !== undefined && placements[0].from <= day && placements.at(-1)?.to === null;
}

/** Returns placements with the name of the unit; before a renaming, with its former name. */
export function assignNames(
  placements: readonly Placement[],
  name: string,
  nameChange?: { readonly former: string; readonly on: Day },
): (Placement & { readonly name: string })[] {
  const begin = placements[0]?.from;
  if (!nameChange || begin === undefined) return placements.map((placement) => ({ ...placement, name }));
  return [
    ...clipPeriods(placements, begin, nameChange.on > begin ? nameChange.on : begin).map((placement) => ({
      ...placement,
      name: nameChange.former,
    })),
    ...clipPeriods(placements, nameChange.on, null).map((placement) => ({ ...placement, name })),
  ];
}

/** Returns the parts of periods from a day up to another day, or without end if that is null. */
export function clipPeriods<Item extends Period>(periods: readonly Item[], from: Day, to: Day | null): Item[] {
  return periods.flatMap((period) => {
    const shared = intersectPeriods(period, { from, to });
    return shared ? [{ ...period, ...shared }] : [];
  });
}
