import { FIRST_DAY } from '../../domain/time/day.ts';
import { covers } from '../../domain/time/period.ts';
import type { CodeRow } from '../../store/read/codes.ts';

/** Indicates whether units may be given a code on a day. */
export function isActiveOn({ retired, codeValidFrom, codeValidTo }: CodeRow, day: string): boolean {
  return !retired && covers({ from: codeValidFrom ?? FIRST_DAY, to: codeValidTo }, day);
}
