import { createHash } from 'node:crypto';
import type { SqlClient } from '../database/sql-client.ts';
import { columnNames } from '../sql/columns.ts';
import { datedTables, identityTables } from '../tables.ts';

// Not part of the content of a row: ids and derived values, which another database can assign differently, and the
// revision that a later change sets.
const excludedColumns = [
  'id',
  'superseded_rev',
  ...datedTables.flatMap(({ derived, generated }) => columnNames({ ...derived, ...generated })),
];

/** Columns that refer to revisions, each with its table. */
export const revisionColumns: readonly (readonly [table: string, column: string])[] = [
  ...identityTables.map((table) => [table, 'registered_rev'] as const),
  ...datedTables.flatMap(({ name }) => [[name, 'recorded_rev'] as const, [name, 'superseded_rev'] as const]),
];

const rowContentSql = `to_jsonb(recorded) - array[${excludedColumns.map((name) => `'${name}'`).join(', ')}]`;

// With an equality condition the planner estimates correctly how few rows one revision has.
const oneRevisionDigestStatement = buildDigestStatement((column) => `${column} = $1::integer`);

// Without the alias, `to_jsonb(code)` would mean the column `code` of the table `code`.
function buildDigestStatement(where: (column: string) => string): string {
  return `-- digest of the rows of changes
  select revision, part, get_byte(digest, 0) as bucket, count(*)::text as rows,
    encode(sha256(string_agg(digest, ''::bytea order by digest)), 'hex') as digest
  from (${revisionColumns
    .map(
      ([table, column]) => `
    select ${column} as revision, '${table} ${column}' as part,
      sha256(convert_to(jsonb_strip_nulls(${rowContentSql})::text, 'UTF8')) as digest
    from ${table} as recorded
    where ${where(column)}`,
    )
    .join('\n    union all')}
  ) as row_digest
  group by 1, 2, 3
  order by revision, part collate "C", bucket`;
}

const revisionRangeDigestStatement = buildDigestStatement((column) => `${column} between $1::integer and $2::integer`);

interface DigestPart extends Record<string, unknown> {
  readonly revision: number;
  readonly part: string;
  readonly bucket: number;
  readonly rows: string;
  readonly digest: string;
}

/**
 * Returns the digest of the rows that a change recorded and superseded: SHA-256, in hexadecimal.
 *
 * The digest of a row is SHA-256 over its jsonb text without the surrogate id, `superseded_rev`, derived columns and
 * nulls; a column added later therefore changes no digest. The row digests of a table and a revision column
 * (`unit_version recorded_rev`) are sorted, split by their first byte to bound memory, and each bucket is hashed. The
 * digest of the change is a hash over lines of table and column, first byte, number of rows and hash of the bucket.
 * One statement.
 */
export async function digestRows(client: SqlClient, revision: number): Promise<string> {
  return hashParts(await client.query<DigestPart>(oneRevisionDigestStatement, [revision]));
}

function hashParts(parts: readonly DigestPart[]): string {
  const hash = createHash('sha256');
  for (const { part, bucket, rows, digest } of parts) hash.update(`${part} ${bucket} ${rows} ${digest}\n`);
  return hash.digest('hex');
}

/** Returns a lookup of the digests of all changes from one revision to another, both included. One statement. */
export async function digestRowsByRevision(
  client: SqlClient,
  from: number,
  to: number,
): Promise<(revision: number) => string> {
  const partsByRevision = new Map<number, DigestPart[]>();
  for (const part of await client.query<DigestPart>(revisionRangeDigestStatement, [from, to])) {
    const parts = partsByRevision.get(part.revision);
    if (parts) parts.push(part);
    else partsByRevision.set(part.revision, [part]);
  }
  return (revision) => hashParts(partsByRevision.get(revision) ?? []);
}
