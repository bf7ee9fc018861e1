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

/** Numbers that lists have in common, and the index of each in each list. */
interface CommonNumbers {
  readonly numbers: Int32Array;
  readonly placesByList: readonly Int32Array[];
}

/** Returns the numbers that are in all lists; the lists and the numbers are in ascending order. */
export function findCommon(lists: readonly Int32Array[]): CommonNumbers {
  const shortestFirst = [...lists.keys()].sort((one, other) => lengthOf(lists, one) - lengthOf(lists, other));
  const placesByList: Int32Array[] = [];
  let numbers: Int32Array | undefined;
  for (const key of shortestFirst) {
    const list = lists[key] as Int32Array;
    numbers ??= list;
    const places = findPlaces(numbers, list);
    placesByList[key] = places;
    const count = countFound(places);
    if (count === numbers.length) continue;
    numbers = keepFound(numbers, places, count);
    for (const known of placesByList.keys())
      if (placesByList[known]) placesByList[known] = keepFound(placesByList[known], places, count);
  }
  return { numbers: numbers ?? new Int32Array(), placesByList };
}

function lengthOf(lists: readonly Int32Array[], key: number): number {
  return lists[key]?.length ?? 0;
}

function countFound(places: Int32Array): number {
  let count = 0;
  for (let index = 0; index < places.length; index += 1) if ((places[index] as number) >= 0) count += 1;
  return count;
}

/** Returns the values at the indexes of those numbers that have a place. */
function keepFound(values: Int32Array, places: Int32Array, count: number): Int32Array {
  const kept = new Int32Array(count);
  let next = 0;
  for (let index = 0; index < places.length; index += 1)
    if ((places[index] as number) >= 0) {
      kept[next] = values[index] as number;
      next += 1;
    }
  return kept;
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
