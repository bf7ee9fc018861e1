/** Returns a value as SQL text, to execute a prepared statement with it. */
export function toSqlLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return toSqlLiteral(`{${value.map((item) => JSON.stringify(item)).join(',')}}`);
  return `'${(value instanceof Date ? value.toISOString() : String(value)).replaceAll("'", "''")}'`;
}
