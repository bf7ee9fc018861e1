const GREATEST = 2_147_483_647;
const digits = Array.from('0123456789');

/** What each kind of slip may have made a text of: the kinds in the order in which they are likeliest. */
const slips: readonly ((text: string, place: number) => readonly string[])[] = [
  // A digit too many was typed.
  (text, place) => [text.slice(0, place) + text.slice(place + 1)],
  // One too few.
  (text, place) => digits.map((digit) => text.slice(0, place) + digit + text.slice(place)),
  // Two neighbours the other way round.
  (text, place) => [text.slice(0, place) + text.charAt(place + 1) + text.charAt(place) + text.slice(place + 2)],
  // Another digit.
  (text, place) => digits.map((digit) => text.slice(0, place) + digit + text.slice(place + 1)),
];

const isReshId = (text: string): boolean => /^[1-9]/.test(text) && Number(text) <= GREATEST;

/**
 * The RESH-ids that one may have meant: with one digit less, one more, with two neighbours the other way round, or with one other.
 * Which of them exist, only the register knows.
 *
 * @returns each once, by the kind of slip in this order, then by number, the one typed left out; no id begins with 0
 */
export const reshIdsNear = (typed: number): number[] => {
  const text = String(typed);
  const places = Array.from({ length: text.length + 1 }, (_, place) => place);
  const near = slips.flatMap((madeOf) =>
    places
      .flatMap((place) => madeOf(text, place))
      .filter(isReshId)
      .map(Number)
      .sort((one, other) => one - other),
  );
  return [...new Set(near)].filter((candidate) => candidate !== typed);
};
