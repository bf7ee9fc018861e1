import { createHash } from 'node:crypto';
import type { BulkSession } from '../database/bulk-session.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { columnNames } from '../sql/columns.ts';
import { datedTables, identityTables } from '../tables.ts';

// Values that another database would number or derive otherwise, or that a later change sets, are no content of a row.
const excludedColumns = [
  'id',
  'superseded_rev',
  ...datedTables.flatMap(({ derived, generated }) => columnNames({ ...derived, ...generated })),
];

/** Columns that name revisions, each with its table. */
export const revisionColumns: readonly (readonly [table: string, column: string])[] = [
  ...identityTables.map((table) => [table, 'registered_rev'] as const),
  ...datedTables.flatMap(({ name }) => [[name, 'recorded_rev'] as const, [name, 'superseded_rev'] as const]),
];

const rowContentSql = `to_jsonb(recorded) - array[${excludedColumns.map((name) => `'${name}'`).join(', ')}]`;

// A revision is looked for as such where it is one: the planner knows then how few rows it has.
const oneRevisionDigestStatement = buildDigestStatement((column) => `${column} = $1::integer`);

// Without an alias the table `code` would be taken for its own column `code`.
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
 * Returns SHA-256 over the rows that a change recorded and superseded, in hexadecimal.
 *
 * A row's digest is SHA-256 over its jsonb text without nulls (so that a column added later changes no digest), surrogate id,
 * `superseded_rev` and derived columns. The rows' digests of a table and a role (`unit_version recorded_rev`) are sorted,
 * split by their first byte, so that a million rows need no more memory than a thousand, and hashed part by part. The digest of the
 * change hashes lines of role, first byte, number of rows and hash.
 */
export async function digestRows(client: SqlClient, revision: number): Promise<string> {
  return hashParts(await client.query<DigestPart>(oneRevisionDigestStatement, [revision]));
}

function hashParts(parts: readonly DigestPart[]): string {
  const hash = createHash('sha256');
  for (const { part, bucket, rows, digest } of parts) hash.update(`${part} ${bucket} ${rows} ${digest}\n`);
  return hash.digest('hex');
}

/** Returns the digests of all changes from one revision to another, both included. One statement. */
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

/** Updates the planner's statistics after a big load; runs outside the register's lock. */
export function analyzeRegister(session: Pick<BulkSession, 'execute'>): Promise<void> {
  const tables = ['change', ...identityTables, ...datedTables.map(({ name }) => name)];
  return session.execute(`analyze ${tables.join(', ')}`);
}
