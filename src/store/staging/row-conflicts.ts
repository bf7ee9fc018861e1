/*
 * Row conflicts. Rows of a file have unique keys (a RESH-id, an organization number): only one row can have a key on a
 * day. Rows that share a key and a day are candidates, which are accepted or rejected in rounds. A round
 *   1. rejects candidates with a key of an accepted row,
 *   2. places the tree with all open candidates; those without a place wait,
 *   3. selects the others in the order of their lines, unless an already selected row has the key,
 *   4. places the tree with only the selected candidates, and accepts those with a place. If it accepts none,
 *      candidates that displaced another are deferred until one is accepted.
 * The rounds end when no open candidate has a place. An example, with one organization number on three rows:
 *   line 2: unit 10, parent 99 (unknown)  has no place, so its only problem is the parent
 *   line 3: unit 11, no parent            selected and accepted: the first line that can load
 *   line 4: unit 12, no parent            rejected: "is also the number of unit 11 (line 3)"
 */
import type { BulkSession } from '../database/bulk-session.ts';
import { loadSqlFile } from '../sql/load-sql-file.ts';
import { insertCandidatesSql, insertUniqueKeysSql, reportConflictsSql } from './row-conflict-statements.ts';
import { markRejected } from './problems.ts';
import { countChangedRows } from './row-counts.ts';
import type { ImportFileName } from '../tables.ts';
import { stagingTables } from './tables.ts';
import type { UniqueKey } from './unique-key.ts';

/**
 * Fills `import_placeable (line)` with the rows that have a place in the tree if only the rows of the round load: rows
 * that are not rejected, without candidates outside the round.
 */
export type PlaceRows = (session: BulkSession) => Promise<void>;

/** Condition that a staged row `r` is in the round. */
export const isInRoundSql = `not r.rejected
    and not exists (select from import_candidate c where c.line = r.line and not c.is_in_round)`;

/**
 * Finds the rows of a file that share a unique key on some day, and rejects all but one of them.
 *
 * Every conflict is reported; a conflict of a row that loads because the other row does not is a `RESOLVED_CONFLICT`.
 *
 * @param placeRows finds the rows with a place in the tree; by default, all rows have one
 */
export async function resolveRowConflicts(
  session: BulkSession,
  file: ImportFileName,
  uniqueKeys: readonly UniqueKey[],
  placeRows: PlaceRows = placeAllCandidates(file),
): Promise<void> {
  await session.execute(createConflictTablesSql({}));
  for (const uniqueKey of uniqueKeys) await session.execute(insertUniqueKeysSql(file, uniqueKey));
  await session.execute(insertCandidatesSql(file));
  const [shared] = await session.query<{ hasRows: boolean }>(
    'select exists (select from import_unique_key) as "hasRows"',
  );
  if (!shared?.hasRows) return;
  let hasOpenCandidates = true;
  while (hasOpenCandidates) hasOpenCandidates = await resolveRound(session, placeRows);
  await session.execute(reportConflictsSql(file));
  await markRejected(session, file);
}

const createConflictTablesSql = loadSqlFile(new URL('create-conflict-tables.sql', import.meta.url));
const rejectCandidatesSql = loadSqlFile(new URL('reject-candidates.sql', import.meta.url));
const selectCandidatesSql = loadSqlFile(new URL('select-candidates.sql', import.meta.url));

function placeAllCandidates(file: ImportFileName): PlaceRows {
  return (session) =>
    session.execute(`drop table if exists import_placeable;
      create temporary table import_placeable as
      select candidate.line
      from import_candidate candidate
      join ${stagingTables[file].table} r on r.line = candidate.line
      where ${isInRoundSql};
      create index on import_placeable (line)`);
}

/** Resolves one round, and returns whether there were open candidates with a place. */
async function resolveRound(session: BulkSession, placeRows: PlaceRows): Promise<boolean> {
  await session.execute(rejectCandidatesSql({}));
  await session.execute(startRoundSql);
  await placeRows(session);
  const openCount = await countChangedRows(session, includePlacedCandidatesSql);
  if (openCount === 0) return false;
  await session.execute(excludeUnplacedCandidatesSql);
  await session.execute(selectCandidatesSql({}));
  await session.execute(keepSelectedCandidatesSql);
  await placeRows(session);
  const acceptedCount = await countChangedRows(session, acceptCandidatesSql);
  await session.execute(acceptKeysSql);
  await session.execute(acceptedCount > 0 ? reopenDeferredCandidatesSql : deferCandidatesSql);
  return true;
}

const startRoundSql = `update import_candidate
  set is_in_round = state in ('OPEN', 'ACCEPTED'),
    is_selected = false,
    displaced_other = false`;

const hasPlaceSql = 'exists (select from import_placeable p where p.line = c.line)';

const includePlacedCandidatesSql = `update import_candidate c
  set is_in_round = true
  where c.state = 'OPEN'
    and ${hasPlaceSql}`;

const excludeUnplacedCandidatesSql = `update import_candidate c
  set is_in_round = false
  where c.state = 'OPEN'
    and not ${hasPlaceSql}`;

const keepSelectedCandidatesSql = `update import_candidate
  set is_in_round = state = 'ACCEPTED' or is_selected`;

const acceptCandidatesSql = `update import_candidate c
  set state = 'ACCEPTED'
  where c.is_selected
    and ${hasPlaceSql}`;

const acceptKeysSql = `update import_unique_key k
  set is_accepted = true
  from import_candidate c
  where c.line = k.line
    and c.state = 'ACCEPTED'
    and not k.is_accepted`;

const reopenDeferredCandidatesSql = `update import_candidate
  set state = 'OPEN'
  where state = 'DEFERRED'`;

const deferCandidatesSql = `update import_candidate
  set state = 'DEFERRED'
  where displaced_other`;
