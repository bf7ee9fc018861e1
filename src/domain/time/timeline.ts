import type { Day } from './day.ts';
import { covers, touches, type Period } from './period.ts';

/** A row over a period; `id` is its number in the database, absent where a plan has made the row. */
export interface Row extends Period {
  readonly id?: string | undefined;
}

/** First day of the unbroken validity around a day, and the first day after it (null while open); undefined in a gap. */
export function findUnbrokenValidity(rows: readonly Period[], day: Day): Period | undefined {
  const index = rows.findIndex((row) => covers(row, day));
  const current = rows[index];
  if (!current) return undefined;
  let { from, to } = current;
  for (const row of rows.slice(0, index).reverse()) if (row.to === from) from = row.from;
  for (const row of rows.slice(index + 1)) if (row.from === to) to = row.to;
  return { from, to };
}

/**
 * Sets a fact from a day on, until the next day on which that fact was already going to change.
 *
 * @param rows of one unit, in the order of their days
 * @param selectFact the fact, as a comparable text
 * @returns the rows as they are then; the same ones where the day is in none of them
 */
export function setFact<R extends Row>(
  rows: readonly R[],
  day: Day,
  selectFact: (row: R) => unknown,
  values: Partial<Omit<R, 'id' | 'from' | 'to'>>,
): R[] {
  const end = findFactEnd(rows, day, selectFact);
  if (!end) return [...rows];
  const boundaries = end.to === null ? [day] : [day, end.to];
  const split = boundaries.reduce<R[]>((parts, boundary) => splitAt(parts, boundary), [...rows]);
  return coalesce(
    split.map((row) =>
      row.from >= day && (end.to === null || row.from < end.to) ? deriveRow({ ...row, ...values }, row) : row,
    ),
  );
}

/**
 * The day until which a fact set on a day holds: the next on which the fact was already going to change, or the end of the
 * unbroken validity; null while open.
 *
 * @param rows in the order of their days
 * @param selectFact the fact, as a comparable text
 * @returns undefined where the day is in no row
 */
export function findFactEnd<R extends Row>(
  rows: readonly R[],
  day: Day,
  selectFact: (row: R) => unknown,
): { to: Day | null } | undefined {
  const index = rows.findIndex((row) => covers(row, day));
  const current = rows[index];
  if (!current) return undefined;
  let { to } = current;
  for (const row of rows.slice(index + 1)) {
    if (row.from !== to || selectFact(row) !== selectFact(current)) break;
    to = row.to;
  }
  return { to };
}

/** The rows with a day as a border: the one that covers it is parted there. */
export function splitAt<R extends Row>(rows: readonly R[], day: Day): R[] {
  return rows.flatMap((row) =>
    row.from < day && covers(row, day)
      ? [deriveRow(row, { from: row.from, to: day }), deriveRow(row, { from: day, to: row.to })]
      : [row],
  );
}

function deriveRow<R extends Row>(row: R, { from, to }: Period): R {
  return { ...row, from, to, id: undefined };
}

/**
 * Joins touching rows that say the same, where a plan has made one of them; what was recorded apart stays apart.
 *
 * @param rows in the order of their days; others may lie between
 */
export function coalesce<R extends Row>(rows: readonly R[]): R[] {
  const result: R[] = [];
  const lastIndexes = new Map<string, number>();
  for (const row of rows) {
    const key = valueKey(row);
    const index = lastIndexes.get(key);
    const last = index === undefined ? undefined : result[index];
    if (index !== undefined && last && touches(last, row) && !(isStored(last) && isStored(row)))
      result[index] = deriveRow(row, { from: last.from, to: row.to });
    else lastIndexes.set(key, result.push(row) - 1);
  }
  return result;
}

/** What a row says, as a comparable text: period and number left out. */
export function valueKey({ from: _from, to: _to, id: _id, ...value }: Row): string {
  return JSON.stringify(value, Object.keys(value).sort());
}

function isStored(row: Row): boolean {
  return row.id !== undefined;
}

/** The rows without what lies on or after a day. */
export function truncateAt<R extends Row>(rows: readonly R[], day: Day): R[] {
  return splitAt(rows, day).filter((row) => row.from < day);
}

/** Whether two periods share a day. */
export function overlap(one: Period, other: Period): boolean {
  return (one.to === null || one.to > other.from) && (other.to === null || other.to > one.from);
}

/** First day of a period that no row covers; undefined where all are covered. */
export function findFirstUncoveredDay(rows: readonly Period[], { from, to }: Period): Day | undefined {
  let day: Day = from;
  for (const row of rows) {
    if (row.from > day) break;
    if (row.to === null) return undefined;
    if (row.to > day) day = row.to;
    if (to !== null && day >= to) return undefined;
  }
  return day;
}

/**
 * Sets a list that is one fact, such as all addresses, from a day on: until the next day on which the list was already going to
 * change, or the end of the validity.
 *
 * @param rows of the list over all days
 * @param validTo first day after the unbroken validity of what the list belongs to, null while open
 * @param values what the list is to have
 */
export function setList<R extends Row>(
  rows: readonly R[],
  day: Day,
  validTo: Day | null,
  values: readonly Omit<R, 'id' | 'from' | 'to'>[],
): R[] {
  const listKeyOn = (on: Day): string =>
    rows
      .filter((row) => covers(row, on))
      .map(valueKey)
      .sort()
      .join('\n');
  const boundaries = rows
    .flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
    .filter((boundary) => boundary > day);
  const next = boundaries.sort().find((boundary) => listKeyOn(boundary) !== listKeyOn(day));
  const to = next === undefined || (validTo !== null && validTo < next) ? validTo : next;
  return values.reduce<R[]>(
    (list, value) => insertRow(list, { ...value, from: day, to } as unknown as R),
    removePeriod(rows, { from: day, to }),
  );
}

/** The rows with one more, joined with neighbours that say the same; it must overlap none. */
export function insertRow<R extends Row>(rows: readonly R[], row: R): R[] {
  return coalesce([...rows, row].sort(compareByFirstDay));
}

/** Orders rows by their first days. */
export function compareByFirstDay(one: Period, other: Period): number {
  return one.from < other.from ? -1 : one.from > other.from ? 1 : 0;
}

/** The rows without those parts that lie in a period. */
export function removePeriod<R extends Row>(rows: readonly R[], { from, to }: Period): R[] {
  const boundaries = to === null ? [from] : [from, to];
  return boundaries
    .reduce<R[]>((parts, boundary) => splitAt(parts, boundary), [...rows])
    .filter((row) => !(row.from >= from && (to === null || row.from < to)));
}
