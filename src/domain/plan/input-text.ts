import { findTextProblem } from '../text/text-problem.ts';
import { userError, type UserError } from './user-error.ts';

/** Longest text of one line: a name, a line of an address. */
export const LINE_LIMIT = 300;
/** Longest reason of a change. */
export const REASON_LIMIT = 2_000;

/**
 * What no text of an input may have, wherever it stands: NUL and half characters, which no database keeps.
 *
 * @returns an error for each, with its path
 */
export function findUnstorableTexts(value: unknown, path: readonly string[] = []): UserError[] {
  if (typeof value === 'string') {
    const problem = findTextProblem(value);
    return problem
      ? [userError('TEXT_INVALID', path, `The text in «${path.join('.')}» ${problem}; leave it out.`)]
      : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => findUnstorableTexts(part, [...path, key]));
}

// White space, and what shows nothing at all.
const invisibleText = /^[\s\p{Cf}]*$/u;
// These turn the direction of what stands around them: a name would read as another.
const bidiControl = /[\u202a-\u202e\u2066-\u2069]/;
const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Whether a text looks like an e-mail address. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}

/** Collects what is wrong with the texts of an input while it reads them. */
export class TextReader {
  readonly errors: UserError[] = [];

  private addError(field: readonly string[], problem: string): void {
    this.errors.push(userError('TEXT_INVALID', field, `«${field.join('.')}» ${problem}`));
  }

  /** A text of one line that must say something, without white space around it. */
  readLine(text: string, field: readonly string[]): string {
    const trimmed = text.trim();
    if (invisibleText.test(trimmed)) this.addError(field, 'is empty; give a text.');
    else if (trimmed.length > LINE_LIMIT)
      this.addError(field, `has ${trimmed.length} characters, and ${LINE_LIMIT} are allowed; shorten it.`);
    else if (controlCharacter.test(trimmed))
      this.addError(field, 'has a line break or another control character; write it on one line.');
    else if (bidiControl.test(trimmed))
      this.addError(field, 'has a mark that turns the direction of writing, which none can see; leave it out.');
    return trimmed;
  }

  /** The same where there may be none: null clears, and so does a text of white space only. */
  readOptionalLine(text: string | null | undefined, field: readonly string[]): string | null {
    return text === null || text === undefined || text.trim() === '' ? null : this.readLine(text, field);
  }
}
