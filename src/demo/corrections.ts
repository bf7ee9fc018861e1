import { addDays, type Day } from '../domain/time/day.ts';
import type { DemoUnit } from './demo-unit.ts';

/** A unit as first recorded, and as corrected later. */
export interface Correction {
  readonly recorded: DemoUnit;
  readonly corrected: DemoUnit;
}

/** Number of corrections of each kind. */
const correctionsPerKind = 3;

/** Creates a collector that chooses a few units whose past is corrected; `consider` receives all units in order. */
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

/** Corrects the name that a department had before it was renamed. */
function correctFormerName(unit: DemoUnit): DemoUnit | undefined {
  const [first, second] = unit.versions;
  if (!first || !second || first.name === second.name || unit.type !== 'DEPARTMENT') return undefined;
  const corrected = `${first.name} og dagbehandling`;
  return {
    ...unit,
    versions: unit.versions.map((version) => (version.name === first.name ? { ...version, name: corrected } : version)),
  };
}

/** Corrects the first day of a unit, and of everything that begins with it, to a year later. */
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
