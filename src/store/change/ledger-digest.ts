import { createHash } from 'node:crypto';
import type { SqlClient } from '../database/sql-client.ts';
import { columnNames } from '../sql/columns.ts';
import { datedTables, identityTables } from '../tables.ts';

/** Columns that refer to revisions, each with its table. */
export const revisionColumns: readonly (readonly [table: string, column: string])[] = [
  ...identityTables.map((table) => [table, 'registered_rev'] as const),
  ...datedTables.flatMap(({ name }) => [[name, 'recorded_rev'] as const, [name, 'superseded_rev'] as const]),
];

/**
 * Returns a query of the digest of the rows that a change recorded and superseded, as `rows_digest`: SHA-256, in
 * hexadecimal.
 *
 * The digest of a row is SHA-256 over its jsonb text without the surrogate id and derived columns, which another
 * database can assign differently, without `superseded_rev`, which a later change sets, and without nulls; a column
 * added later therefore changes no digest. The row digests of a table and a revision column (`unit_version
 * recorded_rev`) are sorted, split by their first byte to bound memory, and each bucket is hashed. The digest of the
 * change is a hash over lines of table and column, first byte, number of rows and hash of the bucket.
 *
 * @param revision SQL expression
 * @param tables tables that the change wrote; all tables if unknown
 */
export function rowsDigestSql(revision: string, tables?: ReadonlySet<string>): string {
  const columns = revisionColumns.filter(([table]) => !tables || tables.has(table));
  // A change without effect has no rows.
  if (columns.length === 0) return `select encode(sha256(''), 'hex') as rows_digest`;
  // With an equality, a plan for any revision expects all rows of a table, where one import recorded most of them.
  const hasRevision = (column: string): string => `${column} between ${revision} and ${revision}`;
  const lineSql = `part || ' ' || bucket || ' ' || rows || ' ' || digest || chr(10)`;
  return `select encode(sha256(convert_to(lines, 'UTF8')), 'hex') as rows_digest
       from (
         select coalesce(string_agg(${lineSql}, '' order by part collate "C", bucket), '') as lines
         from (
           ${digestPartsSql(columns, hasRevision)}
         ) as digest_part
       ) as digest_lines`;
}

function digestPartsSql(columns: typeof revisionColumns, where: (column: string) => string): string {
  const rowDigests = columns.map(
    ([table, column]) => `
    select recorded.${column} as revision, '${table} ${column}' as part,
      sha256(convert_to(jsonb_strip_nulls(to_jsonb(content))::text, 'UTF8')) as digest
    from ${table} as recorded
    cross join lateral (select ${contentColumnsSql(table)}) as content
    where ${where(`recorded.${column}`)}`,
  );
  return `select revision, part, get_byte(digest, 0) as bucket, count(*)::text as rows,
    encode(sha256(string_agg(digest, ''::bytea order by digest)), 'hex') as digest
  from (${rowDigests.join('\n    union all')}
  ) as row_digest
  group by 1, 2, 3`;
}

// Making jsonb of the content alone takes half the time of making it of the row and removing the other columns.
function contentColumnsSql(name: string): string {
  const table = datedTables.find((dated) => dated.name === name);
  if (!table) return 'recorded.*';
  const { key, period, facts, fixed } = table;
  return ['recorded.recorded_rev', ...columnNames({ ...key, ...period, ...facts, ...fixed }, 'recorded')].join(', ');
}

const revisionRangeDigestStatement = `-- digest of the rows of changes
  ${digestPartsSql(revisionColumns, (column) => `${column} between $1::integer and $2::integer`)}
  order by revision, part collate "C", bucket`;

interface DigestPart extends Record<string, unknown> {
  readonly revision: number;
  readonly part: string;
  readonly bucket: number;
  readonly rows: string;
  readonly digest: string;
}

/**
 * Returns a lookup of the digests of all changes from one revision to another, both included; see
 * {@link rowsDigestSql}. One statement.
 */
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

function hashParts(parts: readonly DigestPart[]): string {
  const hash = createHash('sha256');
  for (const { part, bucket, rows, digest } of parts) hash.update(`${part} ${bucket} ${rows} ${digest}\n`);
  return hash.digest('hex');
}
