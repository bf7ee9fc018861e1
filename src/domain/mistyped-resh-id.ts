const GREATEST = 2_147_483_647;
const digits = '0123456789';

/**
 * The RESH-ids that one may have meant: with one digit less, one more or one other, or with two neighbours the other way round.
 * Which of them exist, only the register knows.
 *
 * @returns each once, by number, the one typed left out; no id begins with 0
 */
export const reshIdsNear = (typed: number): number[] => {
  const text = String(typed);
  const near = new Set<string>();
  for (let place = 0; place <= text.length; place += 1) {
    const [before, here, next] = [text.slice(0, place), text.charAt(place), text.charAt(place + 1)];
    for (const digit of digits) near.add(before + digit + here + text.slice(place + 1));
    if (here === '') continue;
    near.add(before + text.slice(place + 1));
    for (const digit of digits) near.add(before + digit + text.slice(place + 1));
    if (next !== '') near.add(before + next + here + text.slice(place + 2));
  }
  return [...near]
    .filter((candidate) => candidate !== text && /^[1-9]/.test(candidate) && Number(candidate) <= GREATEST)
    .map(Number)
    .sort((one, other) => one - other);
};
