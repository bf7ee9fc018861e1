const SPACE = 0x20;
/** Bits of a character in a trigram. */
const CHARACTER_BITS = 10;
const CHARACTER_LIMIT = 1 << CHARACTER_BITS;
const FIRST_OTHER_NUMBER = 0x80;

/**
 * Makes the trigrams of folded text as numbers, as pg_trgm makes them: of each word, with two spaces before it and one
 * after it. Which characters outside ASCII belong to words is for the database to say.
 */
export class Trigrams {
  /** Number of each character outside ASCII, 0 for one that does not belong to words */
  readonly #numbers = new Map<number, number>();
  #nextNumber = FIRST_OTHER_NUMBER;

  /**
   * Adds a character outside ASCII.
   *
   * @throws RangeError if there are too many
   */
  add(character: string, isWordCharacter: boolean): void {
    const codePoint = character.codePointAt(0) ?? 0;
    if (this.#numbers.has(codePoint)) return;
    if (this.#nextNumber === CHARACTER_LIMIT) throw new RangeError('Names have too many different characters.');
    this.#numbers.set(codePoint, isWordCharacter ? this.#nextNumber++ : 0);
  }

  /** Returns the characters outside ASCII that have not been added. */
  listUnknown(text: string): string[] {
    if (!outsidePrintableAscii.test(text)) return [];
    return Array.from(text).filter((character) => {
      const codePoint = character.codePointAt(0) ?? 0;
      return codePoint >= FIRST_OTHER_NUMBER && !this.#numbers.has(codePoint);
    });
  }

  /** Says whether the code unit at an index is part of a word. */
  isInWord(text: string, index: number): boolean {
    return this.#numberOf(text.codePointAt(index) ?? 0) > 0;
  }

  /** Returns the trigrams of a text that a longer word around it has too. */
  listInner(text: string): number[] {
    return this.list(text).filter(
      (trigram) => trigram >> (2 * CHARACTER_BITS) !== SPACE && trigram % CHARACTER_LIMIT !== SPACE,
    );
  }

  /** Returns the trigrams of a text that a longer word which starts with it has too. */
  listStart(text: string): number[] {
    return this.list(text).filter((trigram) => trigram % CHARACTER_LIMIT !== SPACE);
  }

  /** Returns the trigrams of a text in their order, repeated ones included. */
  list(text: string): number[] {
    const trigrams: number[] = [];
    let [first, second] = [SPACE, SPACE];
    for (let index = 0; index < text.length; index += 1) {
      const codePoint = text.codePointAt(index) ?? 0;
      if (codePoint > 0xffff) index += 1;
      const third = this.#numberOf(codePoint);
      if (third > 0) trigrams.push(toTrigram(first, second, third));
      else if (second !== SPACE) trigrams.push(toTrigram(first, second, SPACE));
      [first, second] = third > 0 ? [second, third] : [SPACE, SPACE];
    }
    if (second !== SPACE) trigrams.push(toTrigram(first, second, SPACE));
    return trigrams;
  }

  #numberOf(codePoint: number): number {
    if (codePoint < FIRST_OTHER_NUMBER) return isAsciiWordCharacter(codePoint) ? codePoint : 0;
    return this.#numbers.get(codePoint) ?? 0;
  }
}

const outsidePrintableAscii = /[^ -~]/;

function isAsciiWordCharacter(codePoint: number): boolean {
  return (codePoint >= 0x61 && codePoint <= 0x7a) || (codePoint >= 0x30 && codePoint <= 0x39);
}

function toTrigram(first: number, second: number, third: number): number {
  return (((first << CHARACTER_BITS) | second) << CHARACTER_BITS) | third;
}
