/**
 * Yields pages of rows, each read from after the last row of the previous page, until a page is not full.
 *
 * @param size number of rows of a full page
 */
export async function* pageThrough<Row>(
  size: number,
  readPage: (after: Row | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let after: Row | undefined;
  let isComplete = false;
  while (!isComplete) {
    const rows = await readPage(after);
    if (rows.length > 0) yield rows;
    isComplete = rows.length < size;
    after = rows.at(-1);
  }
}
