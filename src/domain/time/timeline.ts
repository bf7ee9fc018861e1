import type { Day } from './day.ts';
import { covers, touches, type Period } from './period.ts';

/** A row over a period; `id` is its number in the database, absent where a plan has made the row. */
export interface Row extends Period {
  readonly id?: string | undefined;
}

/** What a row says, as a comparable text: period and number left out. */
export const contentOf = ({ from: _from, to: _to, id: _id, ...content }: Row): string =>
  JSON.stringify(content, Object.keys(content).sort());

/** First day of the unbroken validity around a day, and the first day after it (null while open); undefined in a gap. */
export const validityAround = (rows: readonly Period[], day: Day): Period | undefined => {
  const place = rows.findIndex((row) => covers(row, day));
  const at = rows[place];
  if (!at) return undefined;
  let { from, to } = at;
  for (const row of rows.slice(0, place).reverse()) if (row.to === from) from = row.from;
  for (const row of rows.slice(place + 1)) if (row.from === to) to = row.to;
  return { from, to };
};

const made = <R extends Row>(row: R, { from, to }: Period): R => ({ ...row, from, to, id: undefined });

const isKept = (row: Row): boolean => row.id !== undefined;

/**
 * Joins touching rows that say the same, where a plan has made one of them; what was recorded apart stays apart.
 *
 * @param rows in the order of their days; others may lie between
 */
export const joined = <R extends Row>(rows: readonly R[]): R[] => {
  const result: R[] = [];
  const lastPlaces = new Map<string, number>();
  for (const row of rows) {
    const content = contentOf(row);
    const place = lastPlaces.get(content);
    const last = place === undefined ? undefined : result[place];
    if (place !== undefined && last && touches(last, row) && !(isKept(last) && isKept(row)))
      result[place] = made(row, { from: last.from, to: row.to });
    else lastPlaces.set(content, result.push(row) - 1);
  }
  return result;
};

/** The rows with a day as a border: the one that covers it is parted there. */
export const parted = <R extends Row>(rows: readonly R[], day: Day): R[] =>
  rows.flatMap((row) =>
    row.from < day && covers(row, day)
      ? [made(row, { from: row.from, to: day }), made(row, { from: day, to: row.to })]
      : [row],
  );

/**
 * The day until which a fact set on a day holds: the next on which the fact was already going to change, or the end of the
 * unbroken validity; null while open.
 *
 * @param rows in the order of their days
 * @param factOf the fact, as a comparable text
 * @returns undefined where the day is in no row
 */
export const endOfFact = <R extends Row>(
  rows: readonly R[],
  day: Day,
  factOf: (row: R) => unknown,
): { to: Day | null } | undefined => {
  const place = rows.findIndex((row) => covers(row, day));
  const at = rows[place];
  if (!at) return undefined;
  let { to } = at;
  for (const row of rows.slice(place + 1)) {
    if (row.from !== to || factOf(row) !== factOf(at)) break;
    to = row.to;
  }
  return { to };
};

/**
 * Sets a fact from a day on, until the next day on which that fact was already going to change.
 *
 * @param rows of one unit, in the order of their days
 * @param factOf the fact, as a comparable text
 * @returns the rows as they are then; the same ones where the day is in none of them
 */
export const setFact = <R extends Row>(
  rows: readonly R[],
  day: Day,
  factOf: (row: R) => unknown,
  values: Partial<Omit<R, 'id' | 'from' | 'to'>>,
): R[] => {
  const end = endOfFact(rows, day, factOf);
  if (!end) return [...rows];
  const borders = end.to === null ? [day] : [day, end.to];
  const cut = borders.reduce<R[]>((parts, border) => parted(parts, border), [...rows]);
  return joined(
    cut.map((row) =>
      row.from >= day && (end.to === null || row.from < end.to) ? made({ ...row, ...values }, row) : row,
    ),
  );
};

/** The rows without what lies on or after a day. */
export const endedOn = <R extends Row>(rows: readonly R[], day: Day): R[] =>
  parted(rows, day).filter((row) => row.from < day);

/** Orders rows by their first days. */
export const byFirstDay = (one: Period, other: Period): number =>
  one.from < other.from ? -1 : one.from > other.from ? 1 : 0;

/** The rows with one more, joined with neighbours that say the same; it must overlap none. */
export const withRow = <R extends Row>(rows: readonly R[], row: R): R[] => joined([...rows, row].sort(byFirstDay));

/** The rows without those parts that lie in a period. */
export const withoutPeriod = <R extends Row>(rows: readonly R[], { from, to }: Period): R[] => {
  const borders = to === null ? [from] : [from, to];
  return borders
    .reduce<R[]>((parts, border) => parted(parts, border), [...rows])
    .filter((row) => !(row.from >= from && (to === null || row.from < to)));
};

/** Whether two periods share a day. */
export const overlap = (one: Period, other: Period): boolean =>
  (one.to === null || one.to > other.from) && (other.to === null || other.to > one.from);

/** First day of a period that no row covers; undefined where all are covered. */
export const firstUncovered = (rows: readonly Period[], { from, to }: Period): Day | undefined => {
  let day: Day = from;
  for (const row of rows) {
    if (row.from > day) break;
    if (row.to === null) return undefined;
    if (row.to > day) day = row.to;
    if (to !== null && day >= to) return undefined;
  }
  return day;
};

/**
 * Sets a list that is one fact, such as all addresses, from a day on: until the next day on which the list was already going to
 * change, or the end of the validity.
 *
 * @param rows of the list over all days
 * @param validTo first day after the unbroken validity of what the list belongs to, null while open
 * @param contents what the list is to have
 */
export const setList = <R extends Row>(
  rows: readonly R[],
  day: Day,
  validTo: Day | null,
  contents: readonly Omit<R, 'id' | 'from' | 'to'>[],
): R[] => {
  const listOn = (on: Day): string =>
    rows
      .filter((row) => covers(row, on))
      .map(contentOf)
      .sort()
      .join('\n');
  const borders = rows.flatMap(({ from, to }) => (to === null ? [from] : [from, to])).filter((border) => border > day);
  const next = borders.sort().find((border) => listOn(border) !== listOn(day));
  const to = next === undefined || (validTo !== null && validTo < next) ? validTo : next;
  return contents.reduce<R[]>(
    (list, content) => withRow(list, { ...content, from: day, to } as unknown as R),
    withoutPeriod(rows, { from: day, to }),
  );
};
