import type { Day } from './day.ts';
import { compareByFirstDay, covers, touches, type Period } from './period.ts';

/** A row over a period; `id` is its key in the database, absent in rows that a plan has created. */
export interface Row extends Period {
  readonly id?: string | undefined;
}

/** The values of a row, without its period and id. */
type Values<R extends Row> = Omit<R, 'id' | 'from' | 'to'>;

/**
 * Sets a fact from a day on, until the next planned change of the fact or over a bounded period.
 *
 * @param rows of one unit, in order of days
 * @param selectFact returns the fact of a row as a comparable text
 * @param until first day after the bounded period
 * @returns the resulting rows; unchanged if no row covers the day
 */
export function setFact<R extends Row>(
  rows: readonly R[],
  day: Day,
  selectFact: (row: R) => unknown,
  values: Partial<Values<R>>,
  until?: Day,
): R[] {
  const end = findFactEnd(rows, day, selectFact, until);
  if (!end) return [...rows];
  const period = { from: day, to: end.to };
  return coalesce(
    splitAround(rows, period).map((row) => (covers(period, row.from) ? deriveRow({ ...row, ...values }, row) : row)),
  );
}

/**
 * Returns the day until which a fact set on a day holds: the next planned change of the fact, or the end of the
 * unbroken validity; null while open.
 *
 * @param rows in order of days
 * @param selectFact returns the fact of a row as a comparable text
 * @param until first day after the period over which the fact is set, if it is bounded
 * @returns undefined if no row covers the day
 */
export function findFactEnd<R extends Row>(
  rows: readonly R[],
  day: Day,
  selectFact: (row: R) => unknown,
  until?: Day,
): { to: Day | null } | undefined {
  const index = rows.findIndex((row) => covers(row, day));
  const current = rows[index];
  if (!current) return undefined;
  if (until !== undefined) return { to: until };
  let { to } = current;
  for (const row of rows.slice(index + 1)) {
    if (row.from !== to || selectFact(row) !== selectFact(current)) break;
    to = row.to;
  }
  return { to };
}

/**
 * Sets a list that is one fact, such as all addresses, from a day on, until the next planned change of the list or the
 * end of the validity.
 *
 * @param rows of the list over all days
 * @param validTo first day after the unbroken validity of the list's owner, null while open
 * @param values new items of the list
 * @param until first day after the period over which the list is set, if it is bounded
 */
export function setList<R extends Row>(
  rows: readonly R[],
  day: Day,
  validTo: Day | null,
  values: readonly Values<R>[],
  until?: Day,
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
  const to = until ?? (next === undefined || (validTo !== null && validTo < next) ? validTo : next);
  return values.reduce<R[]>(
    (list, value) => insertRow(list, { ...value, from: day, to } as unknown as R),
    removePeriod(rows, { from: day, to }),
  );
}

/** Adds a row that overlaps no other row, and joins it with adjacent rows that have the same values. */
export function insertRow<R extends Row>(rows: readonly R[], row: R): R[] {
  return coalesce([...rows, row].sort(compareByFirstDay));
}

/**
 * Joins adjacent rows with the same values if a plan has created one of them; rows recorded separately stay separate.
 *
 * @param rows in order of days; rows with other values may lie between
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

/** Returns the values of a row as a comparable text, without its period and id. */
export function valueKey({ from: _from, to: _to, id: _id, ...value }: Row): string {
  return JSON.stringify(value, Object.keys(value).sort());
}

function isStored(row: Row): boolean {
  return row.id !== undefined;
}

/** Removes all days of the rows from a day on. */
export function truncateAt<R extends Row>(rows: readonly R[], day: Day): R[] {
  return splitAt(rows, day).filter((row) => row.from < day);
}

/** Removes the days of a period from the rows. */
export function removePeriod<R extends Row>(rows: readonly R[], period: Period): R[] {
  return splitAround(rows, period).filter((row) => !covers(period, row.from));
}

/** Splits the rows at both ends of a period, so that each lies inside or outside it. */
function splitAround<R extends Row>(rows: readonly R[], { from, to }: Period): R[] {
  const split = splitAt(rows, from);
  return to === null ? split : splitAt(split, to);
}

/** Splits the row that covers a day into the part before the day and the part from it on. */
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
