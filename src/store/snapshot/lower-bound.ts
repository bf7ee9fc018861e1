/**
 * Returns the first index of an ordered list that is not before a bound, or the length of the list.
 *
 * @param isBefore says whether the value at an index is before the bound
 */
export function findLowerBound(length: number, isBefore: (index: number) => boolean): number {
  let [start, end] = [0, length];
  while (start < end) {
    const middle = (start + end) >> 1;
    if (isBefore(middle)) start = middle + 1;
    else end = middle;
  }
  return start;
}
