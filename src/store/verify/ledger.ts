import { z } from 'zod';
import type { Json } from '../../domain/text/canonical-json.ts';
import { AccessRole, Operation } from '../../generated/prisma/enums.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { digestRowsOfChanges, revisionColumns } from '../change/ledger-digest.ts';
import { hashOfChange, isoInstant, type LedgerEntry } from '../change/ledger.ts';
import type { Violation } from './verify.ts';

const batch = 1_000;

const entriesStatement = `-- ledger entries
  select revision, ${isoInstant('recorded_at')} as "recordedAt", operation::text, actor_subject as subject, actor_name as name,
    actor_role::text as role, effective_on::text as "effectiveOn", reason, input::text, rows_digest as "rowsDigest",
    previous_hash as "previousHash", hash
  from change
  where revision > $1::integer
  order by revision
  limit ${batch}`;

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

const entryOf = ({ subject, name, role, input, hash: _hash, ...entry }: EntryRow): LedgerEntry => ({
  ...entry,
  actor: { subject, name, ...(role && { role }) },
  // The database keeps nothing but JSON there.
  input: JSON.parse(input) as Json,
});

const broken = (revisions: string, problem: string): Violation => ({
  rule: 'ledger',
  reshId: null,
  days: null,
  revisions,
  problem,
});

/** What is wrong with an entry, by itself and beside the one before it. */
const problemsOf = (row: EntryRow, before: EntryRow | undefined, digest: string): string[] => {
  const follows = row.revision === (before?.revision ?? 0) + 1;
  return [
    ...(row.hash === hashOfChange(entryOf(row)) ? [] : ['the entry is not what its hash says']),
    // After a gap there is nothing to follow on.
    ...(!follows || row.previousHash === (before?.hash ?? '')
      ? []
      : ['the entry does not follow on the hash of the change before it']),
    ...(before && row.recordedAt < before.recordedAt
      ? [`the entry was recorded at ${row.recordedAt}, before the change before it (${before.recordedAt})`]
      : []),
    ...(row.rowsDigest === digest ? [] : ['the rows that the change recorded or superseded are not as it left them']),
  ];
};

const lostRowsStatement = `-- rows of revisions that the ledger does not have
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

const lostRows = z.array(z.object({ table: z.string(), column: z.string(), least: z.number(), count: z.number() }));

/**
 * Checks the ledger: revisions without gaps from 1 on, instants in order, each entry's hash and the chain of them, and for each
 * change that the rows it recorded and superseded are as it left them. A thousand changes take two statements.
 *
 * What it cannot know by itself is that the newest changes are gone together with all of their rows.
 *
 * @param onViolations hears of what is wrong, in the order of revisions, a batch at a time
 * @param onStep hears of how far it has come
 */
export const verifyLedger = async (
  session: BulkSession,
  onViolations: (violations: readonly Violation[]) => void,
  onStep: (step: string) => void,
): Promise<void> => {
  onStep('checking the ledger');
  const [newest] = await session.query<{ revision: number | null }>(
    '-- newest revision of the ledger\nselect max(revision) as revision from change',
  );
  const last = newest?.revision ?? 0;
  let before: EntryRow | undefined;
  // Below 1 there is nothing, or somebody has put it there.
  for (let position = -2_147_483_648; ;) {
    const entries = entryRows.parse(await session.query(entriesStatement, [position]));
    const [first, final] = [entries[0], entries.at(-1)];
    if (!first || !final) break;
    const digestOf = await digestRowsOfChanges(session, first.revision, final.revision);
    const violations: Violation[] = [];
    for (const row of entries) {
      const expected = (before?.revision ?? 0) + 1;
      const range = `[${row.revision},${row.revision + 1})`;
      if (row.revision < 1) {
        violations.push(broken(range, 'the entry is before the first revision'));
        continue;
      }
      if (row.revision > expected) violations.push(broken(`[${expected},${row.revision})`, 'entries are missing'));
      for (const problem of problemsOf(row, before, digestOf(row.revision))) violations.push(broken(range, problem));
      before = row;
    }
    position = final.revision;
    if (violations.length > 0) onViolations(violations);
    onStep(`checking the ledger: ${final.revision} of ${last} changes`);
  }
  const lost = lostRows.parse(await session.query(lostRowsStatement, [last]));
  if (lost.length > 0)
    onViolations(
      lost.map(({ table, column, least, count }) =>
        broken(`[${least},)`, `rows of ${table} name revisions in ${column} that the ledger does not have: ${count}`),
      ),
    );
};
