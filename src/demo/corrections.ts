import { addDays, type Day } from '../domain/time/day.ts';
import type { DemoUnit } from './demo-unit.ts';

/** A unit as it was recorded first, and as it is known to have been since. */
export interface Correction {
  readonly recorded: DemoUnit;
  readonly corrected: DemoUnit;
}

/** How many corrections of each kind are made. */
const ofEachKind = 3;

/** The department did more before its renaming than the name first recorded says. */
const withFormerNameCorrected = (unit: DemoUnit): DemoUnit | undefined => {
  const [first, second] = unit.versions;
  if (!first || !second || first.name === second.name || unit.type !== 'DEPARTMENT') return undefined;
  const corrected = `${first.name} og dagbehandling`;
  return {
    ...unit,
    versions: unit.versions.map((version) => (version.name === first.name ? { ...version, name: corrected } : version)),
  };
};

/** The unit opened a year later than it says, and everything it has from its first day with it. */
const withOpeningCorrected = (unit: DemoUnit, today: Day): DemoUnit | undefined => {
  const first = unit.versions[0];
  if (!unit.standsAlone || !first || first.from >= addDays(today, -730)) return undefined;
  const opened = `${Number(first.from.slice(0, 4)) + 1}${first.from.slice(4)}`;
  if (first.to !== null && first.to <= opened) return undefined;
  if (unit.codes.some(({ to }) => to !== null && to <= opened)) return undefined;
  const later = (from: Day): Day => (from < opened ? opened : from);
  return {
    ...unit,
    versions: unit.versions.map((version) => ({ ...version, from: later(version.from) })),
    codes: unit.codes.map((code) => ({ ...code, from: later(code.from) })),
  };
};

/** Finds a few units whose past is corrected later; `offer` takes the units in their order. */
export const chooseCorrections = (today: Day): { offer(unit: DemoUnit): void; chosen: readonly Correction[] } => {
  const chosen: Correction[] = [];
  let renamings = 0;
  let openings = 0;
  return {
    chosen,
    offer: (unit) => {
      const renamed = renamings < ofEachKind ? withFormerNameCorrected(unit) : undefined;
      const reopened = !renamed && openings < ofEachKind ? withOpeningCorrected(unit, today) : undefined;
      if (renamed) renamings++;
      else if (reopened) openings++;
      const corrected = renamed ?? reopened;
      if (corrected) chosen.push({ recorded: unit, corrected });
    },
  };
};
