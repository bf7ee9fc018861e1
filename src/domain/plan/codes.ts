import type { Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { insertRow, removePeriod, setFact, valueKey } from '../time/timeline.ts';
import { DESIGNATION_CODE_SET } from '../unit/code-sets.ts';
import type { CodeKey } from '../unit/filter.ts';
import type { UnitCodeRow, UnitState } from '../unit/state.ts';
import type { UnitCodeInput } from './change-input.ts';
import type { ChangePeriod } from './facts.ts';
import type { Issues } from './issues.ts';
import {
  attributeListedTwice,
  codeAddedAndEnded,
  codeListedTwice,
  codeNotFound,
  codeNotHeld,
  codeNotValid,
  codeRetired,
  tooManyCodes,
} from './messages/references.ts';
import { formatCode } from './messages/labels.ts';
import { toPeriod, type ReferencePeriod } from './references.ts';
import type { Problem } from './user-error.ts';

/** The state of a code over a period. */
export interface CodePeriod extends CodeKey, ReferencePeriod {
  readonly retired: boolean;
}

export const CODE_LIMIT = 500;

/**
 * Returns whether a unit that has a code over one period can have it over another.
 *
 * A code that continues without a gap is not assigned again, so it may be retired; the code must be valid on earlier
 * days.
 */
export function canExtendCode(known: readonly CodePeriod[], held: CodeKey & Period, { from, to }: Period): boolean {
  if (held.to === from) return true;
  if (held.from === to) return known.some((period) => isSameCode(period, held) && covers(toPeriod(period), from));
  return checkCode(known, held, from).length === 0;
}

/** Returns whether two codes are the same code of the same code set. */
export function isSameCode(one: CodeKey, other: CodeKey): boolean {
  return one.codeSet === other.codeSet && one.code === other.code;
}

/** Returns the problems of assigning a code on a day (rule 7). */
export function checkCode(known: readonly CodePeriod[], code: CodeKey, day: Day): Problem[] {
  const periods = known.filter((period) => isSameCode(period, code));
  if (periods.length === 0) return [codeNotFound(code)];
  const current = periods.find((period) => covers(toPeriod(period), day));
  if (!current) return [codeNotValid({ code, day })];
  return current.retired ? [codeRetired({ code })] : [];
}

/** Returns the problems of assigning a designation on a day. */
export function checkDesignation(known: readonly CodePeriod[], code: string, day: Day): Problem[] {
  return checkCode(known, { codeSet: DESIGNATION_CODE_SET, code }, day);
}

/** Checks that a unit can be assigned codes on a day; a code that it already has may be retired. */
export function checkAssignedCodes(
  issues: Issues,
  known: readonly CodePeriod[],
  assigned: readonly UnitCodeInput[],
  currentCodes: readonly UnitCodeRow[],
  day: Day,
  field: string,
): void {
  checkCodeList(issues, assigned, [field], (input, path, isDuplicate) => {
    const currentCode = currentCodes.find((row) => isSameCode(row, input) && covers(row, day));
    if (isDuplicate) issues.add(path, codeListedTwice({ code: input, field }));
    if (!currentCode) issues.add([...path, 'code'], ...checkCode(known, input, day));
    const currentAttributes = currentCode?.attributes ?? [];
    checkCodeList(issues, input.attributes ?? [], [...path, 'attributes'], (attribute, attributePath, isRepeated) => {
      if (isRepeated) issues.add(attributePath, attributeListedTwice({ attribute }));
      else if (!currentAttributes.includes(formatCode(attribute)))
        issues.add([...attributePath, 'code'], ...checkCode(known, attribute, day));
    });
  });
}

/**
 * Checks that a unit has the codes that end on a day, and that the same change does not add them.
 *
 * @param unit undefined if the register does not have it
 */
export function checkEndedCodes(
  issues: Issues,
  unit: UnitState | undefined,
  { add, end }: { readonly add: readonly CodeKey[]; readonly end: readonly CodeKey[] },
  day: Day,
): void {
  checkCodeList(issues, end, ['end'], (code, path, isDuplicate) => {
    if (unit && !unit.codes.some((row) => isSameCode(row, code) && covers(row, day)))
      issues.add(path, codeNotHeld({ unit, code, day }));
    if (add.some((other) => isSameCode(other, code))) issues.add(path, codeAddedAndEnded({ code }));
    if (isDuplicate) issues.add(path, codeListedTwice({ code, field: 'end' }));
  });
}

/** Checks each code of a list, unless the list is longer than one change allows. */
function checkCodeList<Key extends CodeKey>(
  issues: Issues,
  codes: readonly Key[],
  path: readonly string[],
  checkEntry: (code: Key, path: readonly string[], isDuplicate: boolean) => void,
): void {
  if (codes.length > CODE_LIMIT) {
    issues.add(path, tooManyCodes({ field: path.join('.'), count: codes.length, limit: CODE_LIMIT }));
    return;
  }
  codes.forEach((code, index) => {
    const isDuplicate = codes.slice(0, index).some((other) => isSameCode(other, code));
    checkEntry(code, [...path, String(index)], isDuplicate);
  });
}

/** Returns all codes that a list names, attributes included. */
export function collectCodeKeys(codes: readonly UnitCodeInput[]): CodeKey[] {
  return codes.flatMap((code) => [{ codeSet: code.codeSet, code: code.code }, ...(code.attributes ?? [])]);
}

/**
 * Assigns a code to a unit from a day on, until a day from which the unit is already planned to have it, or until its
 * validity ends. If the unit has the code on the day, sets the attributes of the code instead.
 */
export function assignCode(
  codes: readonly UnitCodeRow[],
  input: UnitCodeInput,
  { day, until }: ChangePeriod,
  validTo: Day | null,
): UnitCodeRow[] {
  const attributes = formatAttributes(input);
  const own = codes.filter((row) => isSameCode(row, input));
  const others = codes.filter((row) => !isSameCode(row, input));
  if (own.some((row) => covers(row, day)))
    return [...others, ...setFact(own, day, (row) => valueKey({ ...row, id: undefined }), { attributes }, until)];
  const end = until ?? validTo;
  const next = own
    .map(({ from }) => from)
    .filter((from) => from > day)
    .sort()[0];
  const to = next !== undefined && (end === null || next < end) ? next : end;
  return [...others, ...insertRow(own, { codeSet: input.codeSet, code: input.code, attributes, from: day, to })];
}

function formatAttributes({ attributes }: UnitCodeInput): string[] {
  return (attributes ?? []).map(formatCode).sort();
}

/** Ends a code of a unit on a day, or over a bounded period; a later period with the same code stays. */
export function endCode(codes: readonly UnitCodeRow[], key: CodeKey, { day, until }: ChangePeriod): UnitCodeRow[] {
  const own = codes.filter((row) => isSameCode(row, key));
  let to: Day | null | undefined;
  for (const row of own) if (covers(row, day) || row.from === to) to = row.to;
  if (to === undefined) return [...codes];
  return [...codes.filter((row) => !isSameCode(row, key)), ...removePeriod(own, { from: day, to: until ?? to })];
}
