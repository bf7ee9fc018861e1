import { z } from 'zod';
import type { Json } from '../../domain/text/canonical-json.ts';
import { AccessRole, Operation } from '../../generated/prisma/enums.ts';
import { digestRowsByRevision, revisionColumns } from '../change/ledger-digest.ts';
import { hashLedgerEntry, isoInstantSql, type LedgerEntry } from '../change/ledger.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import type { Violation } from './violation.ts';

const batchSize = 1_000;

const entriesStatement = `-- ledger entries
  select revision,
    ${isoInstantSql('recorded_at')} as "recordedAt",
    operation::text,
    actor_subject as subject,
    actor_name as name,
    actor_role::text as role,
    effective_on::text as "effectiveOn",
    reason,
    input::text,
    rows_digest as "rowsDigest",
    previous_hash as "previousHash",
    hash
  from change
  where revision > $1::integer
  order by revision
  limit ${batchSize}`;

const entryRows = z.array(
  z.object({
    revision: z.number(),
    recordedAt: z.string(),
    operation: z.enum(Operation),
    subject: z.string(),
    name: z.string(),
    role: z.enum(AccessRole).nullable(),
    effectiveOn: z.string().nullable(),
    reason: z.string().nullable(),
    input: z.string(),
    rowsDigest: z.string(),
    previousHash: z.string(),
    hash: z.string(),
  }),
);
type EntryRow = z.infer<typeof entryRows>[number];

const orphanRowsStatement = `-- rows of revisions that the ledger does not have
  ${revisionColumns.map(([table, column]) => orphanRowsSql(table, column)).join('\n  union all\n  ')}`;

const orphanRows = z.array(z.object({ table: z.string(), column: z.string(), least: z.number(), count: z.number() }));

// The first position below every revision: an entry below revision 1 is a violation too.
const leastInteger = -2_147_483_648;

/**
 * Checks the ledger: revisions from 1 on without gaps, instants in order, the hash of each entry and the chain of
 * hashes, and that the rows that each change recorded and superseded match their digest. Two statements check a
 * thousand changes.
 *
 * It cannot detect that the newest changes were removed together with all of their rows.
 *
 * @param onViolations receives the violations in batches, in the order of revisions
 * @param onStep receives the progress after each batch
 */
export async function verifyLedger(
  session: BulkSession,
  onViolations: (violations: readonly Violation[]) => void,
  onStep: (step: string) => void,
): Promise<void> {
  onStep('checking the ledger');
  const newestRevision = await readNewestRevision(session);
  let previousEntry: EntryRow | undefined;
  for await (const { entries, firstRevision, lastRevision } of readEntries(session)) {
    const getDigest = await digestRowsByRevision(session, firstRevision, lastRevision);
    const violations: Violation[] = [];
    for (const row of entries) {
      const expected = (previousEntry?.revision ?? 0) + 1;
      const range = `[${row.revision},${row.revision + 1})`;
      if (row.revision < 1) {
        violations.push(createViolation(range, 'the revision of the entry is less than 1'));
        continue;
      }
      if (row.revision > expected)
        violations.push(createViolation(`[${expected},${row.revision})`, 'entries are missing'));
      for (const problem of findProblems(row, previousEntry, getDigest(row.revision)))
        violations.push(createViolation(range, problem));
      previousEntry = row;
    }
    if (violations.length > 0) onViolations(violations);
    onStep(`checking the ledger: ${lastRevision} of ${newestRevision} changes`);
  }
  const orphans = orphanRows.parse(await session.query(orphanRowsStatement, [newestRevision]));
  if (orphans.length > 0)
    onViolations(
      orphans.map(({ table, column, least, count }) =>
        createViolation(`[${least},)`, `${table} has rows with a ${column} that is not in the ledger: ${count}`),
      ),
    );
}

function orphanRowsSql(table: string, column: string): string {
  return `select '${table}' as "table", '${column}' as "column", min(${column}) as least, count(*)::integer as count
  from ${table} as recorded
  where ${column} > $1::integer or ${column} < 1
  having count(*) > 0`;
}

async function readNewestRevision(session: BulkSession): Promise<number> {
  const [newest] = await session.query<{ revision: number | null }>(
    `-- newest revision of the ledger
     select max(revision) as revision
     from change`,
  );
  return newest?.revision ?? 0;
}

interface EntryBatch {
  readonly entries: readonly EntryRow[];
  readonly firstRevision: number;
  readonly lastRevision: number;
}

/** Yields the entries of the ledger in batches, in the order of revisions. */
async function* readEntries(session: BulkSession): AsyncGenerator<EntryBatch> {
  let position: number | undefined = leastInteger;
  while (position !== undefined) {
    const entries: EntryRow[] = entryRows.parse(await session.query(entriesStatement, [position]));
    const [first, last] = [entries[0], entries.at(-1)];
    if (first && last) yield { entries, firstRevision: first.revision, lastRevision: last.revision };
    position = last?.revision;
  }
}

function createViolation(revisions: string, problem: string): Violation {
  return { rule: 'ledger', reshId: null, days: null, revisions, problem };
}

/** Returns the problems of an entry, by itself and compared with the previous entry. */
function findProblems(row: EntryRow, previousEntry: EntryRow | undefined, digest: string): string[] {
  const problems: string[] = [];
  if (row.hash !== hashLedgerEntry(toLedgerEntry(row))) problems.push('the entry does not match its hash');
  // After a gap the previous hash cannot be checked.
  const isNextRevision = row.revision === (previousEntry?.revision ?? 0) + 1;
  if (isNextRevision && row.previousHash !== (previousEntry?.hash ?? ''))
    problems.push('the previous hash of the entry is not the hash of the previous entry');
  if (previousEntry && row.recordedAt < previousEntry.recordedAt)
    problems.push(
      `the entry was recorded at ${row.recordedAt}, before the previous entry (${previousEntry.recordedAt})`,
    );
  if (row.rowsDigest !== digest)
    problems.push('the rows that the change recorded or superseded do not match the digest of the entry');
  return problems;
}

function toLedgerEntry({ subject, name, role, input, hash: _hash, ...entry }: EntryRow): LedgerEntry {
  return {
    ...entry,
    actor: { subject, name, ...(role && { role }) },
    // Safe cast: the column has the type jsonb.
    input: JSON.parse(input) as Json,
  };
}
