import { addDays, type Day } from '../domain/time/day.ts';
import type { DemoUnit } from './demo-unit.ts';

/** A unit as it was recorded first, and as it is known to have been since. */
export interface Correction {
  readonly recorded: DemoUnit;
  readonly corrected: DemoUnit;
}

/** How many corrections of each kind are made. */
const correctionsPerKind = 3;

/** Finds a few units whose past is corrected later; `offer` takes the units in their order. */
export function createCorrectionCollector(today: Day): {
  consider(unit: DemoUnit): void;
  chosen: readonly Correction[];
} {
  const chosen: Correction[] = [];
  let renamings = 0;
  let openings = 0;
  return {
    chosen,
    consider: (unit) => {
      const withFormerName = renamings < correctionsPerKind ? correctFormerName(unit) : undefined;
      const withOpening = !withFormerName && openings < correctionsPerKind ? correctOpening(unit, today) : undefined;
      if (withFormerName) renamings++;
      else if (withOpening) openings++;
      const corrected = withFormerName ?? withOpening;
      if (corrected) chosen.push({ recorded: unit, corrected });
    },
  };
}

/** The department did more before its renaming than the name first recorded says. */
function correctFormerName(unit: DemoUnit): DemoUnit | undefined {
  const [first, second] = unit.versions;
  if (!first || !second || first.name === second.name || unit.type !== 'DEPARTMENT') return undefined;
  const corrected = `${first.name} og dagbehandling`;
  return {
    ...unit,
    versions: unit.versions.map((version) => (version.name === first.name ? { ...version, name: corrected } : version)),
  };
}

/** The unit opened a year later than it says, and everything it has from its first day with it. */
function correctOpening(unit: DemoUnit, today: Day): DemoUnit | undefined {
  const first = unit.versions[0];
  if (!unit.isIndependent || !first || first.from >= addDays(today, -730)) return undefined;
  const openedOn = `${Number(first.from.slice(0, 4)) + 1}${first.from.slice(4)}`;
  if (first.to !== null && first.to <= openedOn) return undefined;
  if (unit.codes.some(({ to }) => to !== null && to <= openedOn)) return undefined;
  const clampToOpening = (from: Day): Day => (from < openedOn ? openedOn : from);
  return {
    ...unit,
    versions: unit.versions.map((version) => ({ ...version, from: clampToOpening(version.from) })),
    codes: unit.codes.map((code) => ({ ...code, from: clampToOpening(code.from) })),
  };
}
