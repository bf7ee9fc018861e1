/**
 * Returns the SQL of the days on which a row holds, as a `daterange`.
 *
 * @param alias of the row's table, where the statement has several
 */
export function dateRangeSql(alias?: string): string {
  return alias === undefined ? 'daterange(valid_from, valid_to)' : `daterange(${alias}.valid_from, ${alias}.valid_to)`;
}
