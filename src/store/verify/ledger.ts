import { z } from 'zod';
import type { Json } from '../../domain/text/canonical-json.ts';
import { AccessRole, Operation } from '../../generated/prisma/enums.ts';
import { digestRowsByRevision, revisionColumns } from '../change/ledger-digest.ts';
import { hashLedgerEntry, isoInstantSql, type LedgerEntry } from '../change/ledger.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import type { Violation } from './violation.ts';

const batchSize = 1_000;

const entriesStatement = `-- ledger entries
  select revision, ${isoInstantSql('recorded_at')} as "recordedAt", operation::text, actor_subject as subject, actor_name as name,
    actor_role::text as role, effective_on::text as "effectiveOn", reason, input::text, rows_digest as "rowsDigest",
    previous_hash as "previousHash", hash
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
  ${revisionColumns
    .map(
      ([
        table,
        column,
      ]) => `select '${table}' as "table", '${column}' as "column", min(${column}) as least, count(*)::integer as count
  from ${table} as recorded
  where ${column} > $1::integer or ${column} < 1
  having count(*) > 0`,
    )
    .join('\n  union all\n  ')}`;

const orphanRows = z.array(z.object({ table: z.string(), column: z.string(), least: z.number(), count: z.number() }));

/**
 * Checks the ledger: revisions without gaps from 1 on, instants in order, each entry's hash and the chain of them, and for each
 * change that the rows it recorded and superseded are as it left them. A thousand changes take two statements.
 *
 * What it cannot know by itself is that the newest changes are gone together with all of their rows.
 *
 * @param onViolations hears of what is wrong, in the order of revisions, a batch at a time
 * @param onStep hears of how far it has come
 */
export async function verifyLedger(
  session: BulkSession,
  onViolations: (violations: readonly Violation[]) => void,
  onStep: (step: string) => void,
): Promise<void> {
  onStep('checking the ledger');
  const [newest] = await session.query<{ revision: number | null }>(
    '-- newest revision of the ledger\nselect max(revision) as revision from change',
  );
  const newestRevision = newest?.revision ?? 0;
  let previousEntry: EntryRow | undefined;
  // Below 1 there is nothing, or somebody has put it there.
  for (let position = -2_147_483_648; ;) {
    const entries = entryRows.parse(await session.query(entriesStatement, [position]));
    const [first, final] = [entries[0], entries.at(-1)];
    if (!first || !final) break;
    const getDigest = await digestRowsByRevision(session, first.revision, final.revision);
    const violations: Violation[] = [];
    for (const row of entries) {
      const expected = (previousEntry?.revision ?? 0) + 1;
      const range = `[${row.revision},${row.revision + 1})`;
      if (row.revision < 1) {
        violations.push(createViolation(range, 'the entry is before the first revision'));
        continue;
      }
      if (row.revision > expected)
        violations.push(createViolation(`[${expected},${row.revision})`, 'entries are missing'));
      for (const problem of findProblems(row, previousEntry, getDigest(row.revision)))
        violations.push(createViolation(range, problem));
      previousEntry = row;
    }
    position = final.revision;
    if (violations.length > 0) onViolations(violations);
    onStep(`checking the ledger: ${final.revision} of ${newestRevision} changes`);
  }
  const orphans = orphanRows.parse(await session.query(orphanRowsStatement, [newestRevision]));
  if (orphans.length > 0)
    onViolations(
      orphans.map(({ table, column, least, count }) =>
        createViolation(
          `[${least},)`,
          `rows of ${table} name revisions in ${column} that the ledger does not have: ${count}`,
        ),
      ),
    );
}

function createViolation(revisions: string, problem: string): Violation {
  return {
    rule: 'ledger',
    reshId: null,
    days: null,
    revisions,
    problem,
  };
}

/** What is wrong with an entry, by itself and beside the one before it. */
function findProblems(row: EntryRow, previousEntry: EntryRow | undefined, digest: string): string[] {
  const isNextRevision = row.revision === (previousEntry?.revision ?? 0) + 1;
  return [
    ...(row.hash === hashLedgerEntry(toLedgerEntry(row)) ? [] : ['the entry is not what its hash says']),
    // After a gap there is nothing to follow on.
    ...(!isNextRevision || row.previousHash === (previousEntry?.hash ?? '')
      ? []
      : ['the entry does not follow on the hash of the change before it']),
    ...(previousEntry && row.recordedAt < previousEntry.recordedAt
      ? [`the entry was recorded at ${row.recordedAt}, before the change before it (${previousEntry.recordedAt})`]
      : []),
    ...(row.rowsDigest === digest ? [] : ['the rows that the change recorded or superseded are not as it left them']),
  ];
}

function toLedgerEntry({ subject, name, role, input, hash: _hash, ...entry }: EntryRow): LedgerEntry {
  return {
    ...entry,
    actor: { subject, name, ...(role && { role }) },
    // The database keeps nothing but JSON there.
    input: JSON.parse(input) as Json,
  };
}
