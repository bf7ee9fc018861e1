import { createHash } from 'node:crypto';
import type { BulkSession } from '../database/bulk-session.ts';

/** Tables whose rows name the revision that registered them; such rows are never superseded. */
export const identityTables = ['unit', 'treatment_site', 'code_set', 'code'] as const;

/** Tables whose rows name the revision that recorded them and the one that superseded them. */
export const datedTables = [
  'unit_version',
  'unit_code',
  'unit_identifier',
  'unit_name',
  'unit_address',
  'unit_contact_point',
  'succession',
  'mapping_node',
  'treatment_site_version',
  'code_version',
  'administrator',
  'access_grant',
] as const;

// What another database would number or derive otherwise, and what a later change sets, is no content of the row.
const excludedColumns = [
  'id',
  'superseded_rev',
  'path',
  'path_text',
  'name_sort_key',
  'name_folded',
  'short_name_folded',
];

/** Columns that name revisions, each with its table. */
export const revisionColumns: readonly (readonly [table: string, column: string])[] = [
  ...identityTables.map((table) => [table, 'registered_rev'] as const),
  ...datedTables.flatMap((table) => [[table, 'recorded_rev'] as const, [table, 'superseded_rev'] as const]),
];

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
      sha256(convert_to(jsonb_strip_nulls(to_jsonb(recorded) - array[${excludedColumns.map((name) => `'${name}'`).join(', ')}])::text, 'UTF8')) as digest
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
 * SHA-256 over the rows that a change recorded and superseded, in hexadecimal.
 *
 * A row's digest is SHA-256 over its jsonb text without nulls (so that a column added later changes no digest), surrogate id,
 * `superseded_rev` and derived columns. The rows' digests of a table and a role (`unit_version recorded_rev`) are sorted,
 * parted by their first byte, so that a million rows need no more memory than a thousand, and hashed part by part. The whole
 * is hashed as lines of role, first byte, number of rows and hash.
 */
export async function digestRows(session: Pick<BulkSession, 'query'>, revision: number): Promise<string> {
  return hashParts(await session.query<DigestPart>(oneRevisionDigestStatement, [revision]));
}

function hashParts(parts: readonly DigestPart[]): string {
  const hash = createHash('sha256');
  for (const { part, bucket, rows, digest } of parts) hash.update(`${part} ${bucket} ${rows} ${digest}\n`);
  return hash.digest('hex');
}

/** The same of each change from one revision to another, both included, in one statement. */
export async function digestRowsByRevision(
  session: Pick<BulkSession, 'query'>,
  from: number,
  to: number,
): Promise<(revision: number) => string> {
  const partsByRevision = new Map<number, DigestPart[]>();
  for (const part of await session.query<DigestPart>(revisionRangeDigestStatement, [from, to])) {
    const parts = partsByRevision.get(part.revision);
    if (parts) parts.push(part);
    else partsByRevision.set(part.revision, [part]);
  }
  return (revision) => hashParts(partsByRevision.get(revision) ?? []);
}

/** Gives the planner figures of what a big load brought; outside a transaction's lock it disturbs nobody. */
export function analyzeRegister(session: Pick<BulkSession, 'execute'>): Promise<void> {
  return session.execute(`analyze ${['change', ...identityTables, ...datedTables].join(', ')}`);
}
