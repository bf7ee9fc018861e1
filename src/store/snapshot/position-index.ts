const PAGE_SIZE = 64;

/**
 * Positions by RESH-id. Ids are numbered consecutively, so they are kept in pages: a Map with an entry for each takes
 * several times the memory and time.
 */
export class PositionIndex {
  readonly #pages = new Map<number, Int32Array>();

  set(reshId: number, position: number): void {
    const number = Math.floor(reshId / PAGE_SIZE);
    let page = this.#pages.get(number);
    if (!page) this.#pages.set(number, (page = new Int32Array(PAGE_SIZE).fill(-1)));
    page[reshId % PAGE_SIZE] = position;
  }

  /** Returns the position of a unit, or -1 if it has none. */
  get(reshId: number): number {
    return this.#pages.get(Math.floor(reshId / PAGE_SIZE))?.[reshId % PAGE_SIZE] ?? -1;
  }
}
