import type { Day } from '../domain/time/day.ts';
import { intersectPeriods, type Period } from '../domain/time/period.ts';

/** A period in which a unit has one path, the unit itself last. */
export interface Placement extends Period {
  readonly path: readonly number[];
}

/** The placements of a child for as long as its parent has these. */
export function placeUnderParent(parent: readonly Placement[], reshId: number): Placement[] {
  return parent.map(({ from, to, path }) => ({ from, to, path: [...path, reshId] }));
}

/** Whether a unit is there from a day on for good; placements leave no gap. */
export function isOpenEndedFrom(placements: readonly Placement[], day: Day): boolean {
  return placements[0] !== undefined && placements[0].from <= day && placements.at(-1)?.to === null;
}

/** Placements with the name the unit has in them, another before the day of its renaming. */
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

/** What lies between two days, an end that is null meaning for good. */
export function clipPeriods<Item extends Period>(periods: readonly Item[], from: Day, to: Day | null): Item[] {
  return periods.flatMap((period) => {
    const shared = intersectPeriods(period, { from, to });
    return shared ? [{ ...period, ...shared }] : [];
  });
}
