import { MAX_INTEGER } from './max-integer.ts';

const digits = Array.from('0123456789');

/** The texts that each kind of typing error could have turned into a text, the most likely kind first. */
const typoVariants: readonly ((text: string, index: number) => readonly string[])[] = [
  // One digit too many.
  (text, index) => [text.slice(0, index) + text.slice(index + 1)],
  // One digit too few.
  (text, index) => digits.map((digit) => text.slice(0, index) + digit + text.slice(index)),
  // Two adjacent digits swapped.
  (text, index) => [text.slice(0, index) + text.charAt(index + 1) + text.charAt(index) + text.slice(index + 2)],
  // One wrong digit.
  (text, index) => digits.map((digit) => text.slice(0, index) + digit + text.slice(index + 1)),
];

/**
 * Returns the RESH-ids that may have been mistyped as a given one: with one digit less, one digit more, two adjacent
 * digits swapped, or one other digit. They need not exist.
 *
 * @returns each id once, in this order of errors, then by number, without the given id; no id begins with 0
 */
export function generateSimilarReshIds(typed: number): number[] {
  const text = String(typed);
  const indexes = Array.from({ length: text.length + 1 }, (_, index) => index);
  const candidates = typoVariants.flatMap((generateVariants) =>
    indexes
      .flatMap((index) => generateVariants(text, index))
      .filter(isReshId)
      .map(Number)
      .sort((one, other) => one - other),
  );
  return [...new Set(candidates)].filter((candidate) => candidate !== typed);
}

function isReshId(text: string): boolean {
  return /^[1-9]/.test(text) && Number(text) <= MAX_INTEGER;
}
