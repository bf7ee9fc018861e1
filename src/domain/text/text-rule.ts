/** Maximum length of a text of one line, such as a name or a line of an address. */
export const LINE_LIMIT = 300;

/** Why the register does not hold a text. */
export type TextFault = 'EMPTY' | 'TOO_LONG' | 'CONTROL_CHARACTER' | 'DIRECTION_MARK';

// White space and invisible characters.
const invisibleText = /^[\s\p{Cf}]*$/u;
// These change the direction of the surrounding text, so that a name could look like another one.
const directionMark = /[\u202a-\u202e\u2066-\u2069]/;
const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const controlCharacterOfLines = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const blanks = /\p{Zs}+/gu;

/**
 * Returns a text of one line as the register holds it, so that texts that look equal are equal: composed (NFC), with
 * one space for each run of spaces and no-break spaces, and without white space around it.
 */
export function normalizeLine(text: string): string {
  return text.normalize('NFC').replaceAll(blanks, ' ').trim();
}

/** Finds why the register does not hold a text of one line; undefined if it does. */
export function findLineFault(line: string): TextFault | undefined {
  if (invisibleText.test(line)) return 'EMPTY';
  if (line.length > LINE_LIMIT) return 'TOO_LONG';
  if (controlCharacter.test(line)) return 'CONTROL_CHARACTER';
  return directionMark.test(line) ? 'DIRECTION_MARK' : undefined;
}

/** Finds characters that a text of several lines, such as a reason, must not have; undefined if there are none. */
export function findFaultOfLines(text: string): TextFault | undefined {
  if (controlCharacterOfLines.test(text)) return 'CONTROL_CHARACTER';
  return directionMark.test(text) ? 'DIRECTION_MARK' : undefined;
}
