/** A text without accents and letter case, and without letter case only. */
export interface FoldedText {
  readonly folded: string;
  readonly lowered: string;
}

/** Folds search texts as the database folds names, with what the database says of each character. */
export class TextFolder {
  readonly #byCharacter = new Map<string, FoldedText>();

  add(character: string, text: FoldedText): void {
    this.#byCharacter.set(character, text);
  }

  /** Returns a folded text; undefined if a character has not been added. */
  fold(text: string): FoldedText | undefined {
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
