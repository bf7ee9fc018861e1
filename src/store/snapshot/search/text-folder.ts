/** Folds search texts as the database folds names, with what the database says of each character. */
export class TextFolder {
  readonly #foldedByCharacter = new Map<string, string>();

  add(character: string, folded: string): void {
    this.#foldedByCharacter.set(character, folded);
  }

  /** Returns a text without accents and letter case; undefined if a character has not been added. */
  fold(text: string): string | undefined {
    let result = '';
    for (const character of text) {
      const folded = this.#foldedByCharacter.get(character);
      if (folded === undefined) return undefined;
      result += folded;
    }
    return result;
  }
}
