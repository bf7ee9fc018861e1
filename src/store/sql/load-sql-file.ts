import { readFileSync } from 'node:fs';

type SqlValue = string | number | null;

/**
 * Reads a `.sql` file of statements. Call it at the top level of a module, so that each file is read once. The first
 * line of the file declares its parameters (`-- parameters: revision`); the statements refer to them as `:revision`.
 *
 * @param file such as `new URL('write-reference-data.sql', import.meta.url)`
 * @param names parameters of the file
 * @returns function that returns the statements with literal values in place of the parameters
 * @throws Error if the file declares other parameters
 */
export function loadSqlFile<const Name extends string>(
  file: URL,
  ...names: readonly Name[]
): (values: Readonly<Record<Name, SqlValue>>) => string {
  const text = readFileSync(file, 'utf8');
  const declared = /^-- parameters: (.*)$/m.exec(text)?.[1] ?? 'none';
  const expected = names.length > 0 ? names.join(', ') : 'none';
  if (declared !== expected) throw new Error(`${file.pathname} has the parameters ${declared}, not ${expected}.`);
  return (values) =>
    names.reduce(
      (statements, name) =>
        statements.replaceAll(new RegExp(`(?<!:):${name}\\b`, 'g'), () => formatLiteral(values[name])),
      text,
    );
}

function formatLiteral(value: SqlValue): string {
  if (value === null) return 'null';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
