/** Counts the texts of a file that were changed to the form in which the register holds them. */
export class NormalizedTexts {
  private count = 0;
  private first: { readonly line: number; readonly column: string } | undefined;

  /** Adds the columns of a row whose texts were changed. */
  add(line: number, columns: readonly string[]): void {
    const [column] = columns;
    if (column === undefined) return;
    this.first ??= { line, column };
    this.count += columns.length;
  }

  /** Returns the warning about them, with the names that the file has for our columns; none if there are none. */
  describe(file: string, columnNames: ReadonlyMap<string, string>): string[] {
    if (!this.first) return [];
    const { line, column } = this.first;
    const texts = this.count === 1 ? '1 text is' : `${this.count} texts are`;
    return [
      `${file}: ${texts} stored on one line, with composed letters (NFC) and single spaces; ` +
        `the first is on line ${line}, column ${columnNames.get(column) ?? column}.`,
    ];
  }
}
