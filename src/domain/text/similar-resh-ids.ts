const MAX_RESH_ID = 2_147_483_647;
const digits = Array.from('0123456789');

/** What each kind of slip may have made a text of: the kinds in the order in which they are likeliest. */
const typoVariants: readonly ((text: string, index: number) => readonly string[])[] = [
  // A digit too many was typed.
  (text, index) => [text.slice(0, index) + text.slice(index + 1)],
  // One too few.
  (text, index) => digits.map((digit) => text.slice(0, index) + digit + text.slice(index)),
  // Two neighbours the other way round.
  (text, index) => [text.slice(0, index) + text.charAt(index + 1) + text.charAt(index) + text.slice(index + 2)],
  // Another digit.
  (text, index) => digits.map((digit) => text.slice(0, index) + digit + text.slice(index + 1)),
];

/**
 * The RESH-ids that one may have meant: with one digit less, one more, with two neighbours the other way round, or with
 * one other. Which of them exist, only the register knows.
 *
 * @returns each once, by the kind of slip in this order, then by number, the one typed left out; no id begins with 0
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
  return /^[1-9]/.test(text) && Number(text) <= MAX_RESH_ID;
}
