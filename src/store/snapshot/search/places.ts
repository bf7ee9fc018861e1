/** How many times longer the other list has to be for leaps through it to pay. */
const LEAP_RATIO = 8;

/**
 * Returns the index in a list of each number of another one, -1 where it has none. Both lists are in ascending order.
 */
export function findPlaces(numbers: Int32Array, list: Int32Array): Int32Array {
  const places = new Int32Array(numbers.length);
  const leaps = list.length > LEAP_RATIO * numbers.length;
  let place = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] as number;
    if (leaps) place = leapTo(number, list, place);
    else while (place < list.length && (list[place] as number) < number) place += 1;
    places[index] = list[place] === number ? place : -1;
  }
  return places;
}

/** Returns the index of the first number, from a start on, that is not less than the given one. */
function leapTo(number: number, list: Int32Array, start: number): number {
  let low = start;
  let step = 1;
  while (low + step < list.length && (list[low + step] as number) < number) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, list.length);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as number) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
