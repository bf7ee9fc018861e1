import type { Day } from '../../time/day.ts';
import {
  compareByFirstDay,
  covers,
  findFirstUncoveredDay,
  findUnbrokenPeriod,
  intersectPeriods,
  type Period,
} from '../../time/period.ts';
import { removePeriod, type Row } from '../../time/timeline.ts';
import type { CodeKey } from '../../unit/filter.ts';
import type { UnitCodeRow, UnitState } from '../../unit/state.ts';
import { isSameCode, type CodePeriod } from '../codes.ts';
import { toPeriod, type NumberHolder, type ReferencePeriod } from '../references.ts';

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

/** An organization number that a unit gets back while another unit has it on some days. */
export interface TakenNumber {
  readonly organizationNumber: string;
  readonly holder: NumberHolder;
  /** Days on which both would have the number */
  readonly shared: Period;
}

/** Returns the organization numbers that a unit gets back and other units have (rule 5). */
export function findTakenNumbers(
  unit: UndoneUnit,
  holders: readonly (NumberHolder & { readonly organizationNumber: string })[],
): TakenNumber[] {
  return listRegainedNumbers(unit).flatMap(({ value, ...period }) =>
    holders.filter(hasNumber(value)).flatMap((holder) => {
      const shared = holder.reshId === unit.result.reshId ? undefined : intersectPeriods(holder, period);
      return shared ? [{ organizationNumber: value, holder, shared }] : [];
    }),
  );
}

/** A treatment site that a unit gets back, and a day on which the site is not valid. */
export interface InvalidSite {
  readonly organizationNumber: string;
  readonly day: Day;
}

/** Returns the treatment sites that a unit gets back on days on which they are not valid (rule 7). */
export function findInvalidSites(
  unit: UndoneUnit,
  sites: readonly (ReferencePeriod & { readonly organizationNumber: string })[],
): InvalidSite[] {
  return listRegainedSites(unit).flatMap(({ value, ...period }) => {
    const valid = sites.filter(hasNumber(value)).map(toPeriod).sort(compareByFirstDay);
    const day = findFirstUncoveredDay(valid, period);
    return day === undefined ? [] : [{ organizationNumber: value, day }];
  });
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
