/**
 * Returns SQL for the days on which a row is valid, as a `daterange`.
 *
 * @param alias alias of the table, if the statement has several
 */
export function dateRangeSql(alias?: string): string {
  return alias === undefined ? 'daterange(valid_from, valid_to)' : `daterange(${alias}.valid_from, ${alias}.valid_to)`;
}
