import type { Day } from '../../time/day.ts';
import { compareByFirstDay, covers, findUnbrokenPeriod, type Period } from '../../time/period.ts';
import { removePeriod, type Row } from '../../time/timeline.ts';
import type { CodeKey } from '../../unit/filter.ts';
import type { UnitCodeRow, UnitState } from '../../unit/state.ts';
import { isSameCode, type CodePeriod } from '../codes.ts';
import {
  checkOrganizationNumber,
  checkTreatmentSite,
  toPeriod,
  type NumberHolder,
  type ReferencePeriod,
} from '../references.ts';
import type { Problem } from '../user-error.ts';

/** A unit now, and with a change taken back. */
export interface UndoneUnit {
  readonly now: UnitState;
  readonly result: UnitState;
}

/** A period over which a unit gets a value back. */
interface Regained extends Period {
  readonly value: string;
}

/** Returns the organization numbers that a unit gets back, each with its days. */
export function listRegainedNumbers({ now, result }: UndoneUnit): Regained[] {
  return listRegained(now, result, 'organizationNumber');
}

/** Returns the treatment sites that a unit gets back, each with its days. */
export function listRegainedSites({ now, result }: UndoneUnit): Regained[] {
  return listRegained(now, result, 'treatmentSiteNumber');
}

function listRegained(
  now: UnitState,
  result: UnitState,
  fact: 'organizationNumber' | 'treatmentSiteNumber',
): Regained[] {
  return result.versions.flatMap((row) => {
    const value = row[fact];
    if (value === null || row.id !== undefined) return [];
    const held = now.versions.filter((version) => version[fact] === value);
    return subtract(row, held).map(({ from, to }) => ({ value, from, to }));
  });
}

/** Returns the parts of a row that no other period has. */
function subtract<R extends Row>(row: R, others: readonly Period[]): R[] {
  return others.reduce<R[]>((parts, other) => removePeriod(parts, other), [row]);
}

/** Returns the problems of the organization numbers and treatment sites that a unit gets back (rules 5 and 7). */
export function checkRegained(
  unit: UndoneUnit,
  holders: readonly (NumberHolder & { readonly organizationNumber: string })[],
  sites: readonly (ReferencePeriod & { readonly organizationNumber: string })[],
): Problem[] {
  const { reshId } = unit.result;
  return [
    ...listRegainedNumbers(unit).flatMap(({ value, ...period }) =>
      checkOrganizationNumber(value, holders.filter(hasNumber(value)), reshId, period),
    ),
    ...listRegainedSites(unit).flatMap(({ value, ...period }) =>
      checkTreatmentSite(value, sites.filter(hasNumber(value)), period),
    ),
  ];
}

function hasNumber(value: string) {
  return ({ organizationNumber }: { readonly organizationNumber: string }): boolean => organizationNumber === value;
}

/** Returns the codes that a unit gets back. */
export function listRegainedCodes(unit: UndoneUnit): UnitCodeRow[] {
  return unit.result.codes.flatMap((row) => {
    if (row.id !== undefined) return [];
    return subtract(
      row,
      unit.now.codes.filter((held) => isSameCode(held, row)),
    );
  });
}

/** A code that a unit does not get back on a day. */
export interface LostCode {
  readonly code: CodeKey;
  readonly day: Day;
}

/**
 * Returns the codes of a unit without those that begin again on a day on which they are not valid (rule 7). A code that
 * comes back is not assigned again, so it may be retired.
 *
 * @param known periods of the codes that the unit gets back
 */
export function dropInvalidCodes(
  unit: UndoneUnit,
  known: readonly CodePeriod[],
): { readonly codes: readonly UnitCodeRow[]; readonly lost: readonly LostCode[] } {
  const isValidOn = (code: CodeKey, day: Day): boolean =>
    known.some((period) => isSameCode(period, code) && covers(toPeriod(period), day));
  const lost = listRegainedCodes(unit).filter((part) => {
    const held = unit.result.codes.filter((row) => isSameCode(row, part)).toSorted(compareByFirstDay);
    const block = findUnbrokenPeriod(held, part.from);
    return block?.from === part.from && !isValidOn(part, part.from);
  });
  const codes = lost.reduce<readonly UnitCodeRow[]>(
    (rows, part) => rows.flatMap((row) => (isSameCode(row, part) ? removePeriod([row], part) : [row])),
    unit.result.codes,
  );
  return { codes, lost: lost.map(({ codeSet, code, from }) => ({ code: { codeSet, code }, day: from })) };
}
