import { findUnstorableCharacter, type UnstorableCharacter } from '../text/text-problem.ts';
import type { Issues } from './issues.ts';
import {
  textEmpty,
  textHasControlCharacter,
  textHasDirectionMark,
  textNotStorable,
  textTooLong,
} from './messages/texts.ts';
import type { Problem } from './user-error.ts';

/** Maximum length of a text of one line, such as a name or a line of an address. */
export const LINE_LIMIT = 300;
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

/** Returns whether a text looks like an e-mail address. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}

// White space and invisible characters.
const invisibleText = /^[\s\p{Cf}]*$/u;
// These change the direction of the surrounding text, so that a name could look like another one.
const bidiControl = /[\u202a-\u202e\u2066-\u2069]/;
const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Reads the texts of an input, and adds errors for invalid ones. */
export class TextReader {
  constructor(private readonly issues: Issues) {}

  /** Returns a text of one line without white space around it; it must not be empty. */
  readLine(text: string, path: readonly string[]): string {
    const trimmed = text.trim();
    this.issues.add(path, ...checkLine(trimmed, path.join('.')));
    return trimmed;
  }

  /** Returns an optional text of one line; null, or a text of white space only, clears. */
  readOptionalLine(text: string | null | undefined, path: readonly string[]): string | null {
    return text === null || text === undefined || text.trim() === '' ? null : this.readLine(text, path);
  }
}

function checkLine(text: string, field: string): Problem[] {
  if (invisibleText.test(text)) return [textEmpty({ field })];
  if (text.length > LINE_LIMIT) return [textTooLong({ field, length: text.length, limit: LINE_LIMIT })];
  if (controlCharacter.test(text)) return [textHasControlCharacter({ field })];
  return bidiControl.test(text) ? [textHasDirectionMark({ field })] : [];
}
