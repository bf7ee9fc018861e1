import type { BulkSession } from '../database/bulk-session.ts';
import { verifyLedger } from './ledger.ts';
import { mappingStatements } from './mapping.ts';
import { computePaths } from './paths.ts';
import { ruleStatements } from './rules.ts';
import { textStatements } from './texts.ts';
import type { Violation } from './violation.ts';

const batchSize = 1_000;

/**
 * Checks the rules of the tree, the stored paths, the trees of other systems, the texts and the ledger in all revisions
 * (rule 7 and the texts in current rows only). It reads one snapshot of the database and writes nothing.
 *
 * @param onViolations receives the violations in batches, rule by rule
 * @param onStep receives the name of each check before it runs
 * @returns number of units checked and number of violations
 */
export async function verifyRegister(
  session: BulkSession,
  onViolations: (violations: readonly Violation[]) => void,
  onStep: (step: string) => void,
): Promise<{ units: number; violations: number }> {
  await session.execute('begin isolation level repeatable read');
  try {
    let violationCount = 0;
    const report = (violations: readonly Violation[]): void => {
      violationCount += violations.length;
      onViolations(violations);
    };
    await findTreeViolations(session, onStep);
    for await (const violations of readViolations(session)) report(violations);
    await verifyLedger(session, report, onStep);
    const [row] = await session.query<{ units: number }>(
      `-- units of every revision
       select count(distinct resh_id)::integer as units
       from unit_version`,
    );
    return { units: row?.units ?? 0, violations: violationCount };
  } finally {
    // Only temporary tables were written; the rollback removes them.
    await session.execute('rollback').catch(() => {});
  }
}

/** Fills the temporary table `verify_violation`. */
async function findTreeViolations(session: BulkSession, onStep: (step: string) => void): Promise<void> {
  await session.execute(`create temporary table verify_violation (
    position bigint generated always as identity,
    rule text not null,
    resh_id integer,
    days text,
    revisions text,
    problem text not null
  )`);
  await computePaths(session, (placedCount) => onStep(`computing paths: ${placedCount} rows`));
  for (const statement of [...ruleStatements, ...mappingStatements, ...textStatements]) {
    onStep(`checking ${statement.slice(3, statement.indexOf('\n'))}`);
    await session.execute(statement);
  }
}

/** Yields the rows of `verify_violation` in batches, in the order they were found. */
async function* readViolations(session: BulkSession): AsyncGenerator<Violation[]> {
  let position = 0;
  let violations = await readViolationsAfter(session, position);
  while (violations.length > 0) {
    yield violations;
    position += violations.length;
    violations = await readViolationsAfter(session, position);
  }
}

function readViolationsAfter(session: BulkSession, position: number): Promise<Violation[]> {
  return session.query<{ [Column in keyof Violation]: Violation[Column] }>(
    `-- violations
     select rule, resh_id as "reshId", days, revisions, problem
     from verify_violation
     where position > $1::bigint
     order by position
     limit ${batchSize}`,
    [position],
  );
}
