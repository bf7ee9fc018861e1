import type { SearchedText } from './text-index.ts';

/** Folds search texts as the database folds names, with what the database says of each character. */
export class TextFolder {
  readonly #byCharacter = new Map<string, SearchedText>();

  add(character: string, text: SearchedText): void {
    this.#byCharacter.set(character, text);
  }

  /** Returns a text without accents and letter case; undefined if a character has not been added. */
  fold(text: string): SearchedText | undefined {
    let [folded, lowered] = ['', ''];
    for (const character of text) {
      const known = this.#byCharacter.get(character);
      if (known === undefined) return undefined;
      folded += known.folded;
      lowered += known.lowered;
    }
    return { folded, lowered };
  }
}
