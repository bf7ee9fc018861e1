const statementNames = new Map<string, string>();

/**
 * Returns a name for a prepared statement. The same text always gets the same name, so the server parses and plans it
 * once on each connection. The number of texts has no limit, so texts beyond a bound get no name.
 */
export function generateStatementName({ sql }: { sql: string }): string {
  const existingName = statementNames.get(sql);
  if (existingName) return existingName;
  if (statementNames.size >= 5_000) return '';
  const name = `resh_${statementNames.size + 1}`;
  statementNames.set(sql, name);
  return name;
}
