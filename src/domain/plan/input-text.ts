import { findFaultOfLines, findLineFault, LINE_LIMIT, normalizeLine, type TextFault } from '../text/text-rule.ts';
import { findUnstorableCharacter, type UnstorableCharacter } from '../text/text-problem.ts';
import type { Issues } from './issues.ts';
import {
  reasonHasControlCharacter,
  textEmpty,
  textHasControlCharacter,
  textHasDirectionMark,
  textNotStorable,
  textTooLong,
} from './messages/texts.ts';
import type { Problem } from './user-error.ts';

/** Maximum length of the reason of a change. */
export const REASON_LIMIT = 2_000;

/** Checks that all texts of an input can be stored: they have no NUL, no unpaired surrogate and no U+FFFD. */
export function checkStorableTexts(issues: Issues, input: unknown): void {
  for (const { path, character } of findUnstorableTexts(input))
    issues.add(path, textNotStorable({ field: path.join('.'), ...character }));
}

/** Returns whether a value has a text that cannot be stored. */
export function hasUnstorableText(value: unknown): boolean {
  return findUnstorableTexts(value).length > 0;
}

function findUnstorableTexts(value: unknown, path: readonly string[] = []): UnstorableText[] {
  if (typeof value === 'string') {
    const character = findUnstorableCharacter(value);
    return character ? [{ path, character }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => findUnstorableTexts(part, [...path, key]));
}

interface UnstorableText {
  readonly path: readonly string[];
  readonly character: UnstorableCharacter;
}

/** Reads the texts of an input, and adds errors for invalid ones. */
export class TextReader {
  constructor(private readonly issues: Issues) {}

  /** Returns a text of one line as the register holds it; it must not be empty. */
  readLine(text: string, path: readonly string[]): string {
    return this.check(normalizeLine(text), path);
  }

  /** Returns a text that is compared exactly, such as the subject of a token, without white space around it. */
  readExactLine(text: string, path: readonly string[]): string {
    return this.check(text.trim(), path);
  }

  /** Returns an optional text of one line; null, or a text of white space only, clears. */
  readOptionalLine(text: string | null | undefined, path: readonly string[]): string | null {
    return text === null || text === undefined || text.trim() === '' ? null : this.readLine(text, path);
  }

  private check(line: string, path: readonly string[]): string {
    this.issues.add(path, ...checkLine(line, path.join('.')));
    return line;
  }
}

/** Checks the reason of a change, which may have several lines. */
export function checkReason(issues: Issues, reason: string): void {
  const values = { field: 'reason', length: reason.length, limit: REASON_LIMIT };
  const fault = reason.length > REASON_LIMIT ? 'TOO_LONG' : findFaultOfLines(reason);
  if (fault === 'CONTROL_CHARACTER') issues.add('reason', reasonHasControlCharacter({ field: values.field }));
  else if (fault) issues.add('reason', faultProblems[fault](values));
}

function checkLine(line: string, field: string): Problem[] {
  const fault = findLineFault(line);
  return fault ? [faultProblems[fault]({ field, length: line.length, limit: LINE_LIMIT })] : [];
}

interface FaultValues {
  readonly field: string;
  readonly length: number;
  readonly limit: number;
}

const faultProblems: Readonly<Record<TextFault, (values: FaultValues) => Problem>> = {
  EMPTY: ({ field }) => textEmpty({ field }),
  TOO_LONG: textTooLong,
  CONTROL_CHARACTER: ({ field }) => textHasControlCharacter({ field }),
  DIRECTION_MARK: ({ field }) => textHasDirectionMark({ field }),
};
