import type { BulkSession } from '../database/bulk-session.ts';
import { verifyLedger } from './ledger.ts';
import { mappingStatements } from './mapping.ts';
import { computePaths } from './paths.ts';
import { ruleStatements } from './rules.ts';
import type { Violation } from './violation.ts';

const batchSize = 1_000;

/**
 * Checks the rules of the tree, the stored paths, other systems' trees and the ledger in every revision, in one state of the register, and writes nothing.
 * Rule 7 is checked in current knowledge only.
 *
 * @param onViolations hears of the violations, rule by rule, a batch at a time
 * @param onStep hears of what is being checked
 * @returns how many units were checked and how many violations there are
 */
export async function verifyRegister(
  session: BulkSession,
  onViolations: (violations: readonly Violation[]) => void,
  onStep: (step: string) => void,
): Promise<{ units: number; violations: number }> {
  await session.execute('begin isolation level repeatable read');
  try {
    await session.execute(`create temporary table verify_violation (
      position bigint generated always as identity,
      rule text not null,
      resh_id integer,
      days text,
      revisions text,
      problem text not null
    )`);
    await computePaths(session, (placedCount) => onStep(`computing paths: ${placedCount} rows`));
    for (const statement of [...ruleStatements, ...mappingStatements]) {
      onStep(`checking ${statement.slice(3, statement.indexOf('\n'))}`);
      await session.execute(statement);
    }
    let violations = 0;
    for (;;) {
      const rows = await session.query<{
        rule: string;
        resh_id: number | null;
        days: string | null;
        revisions: string | null;
        problem: string;
      }>(
        `-- violations
         select rule, resh_id, days, revisions, problem
         from verify_violation
         where position > $1::bigint
         order by position
         limit ${batchSize}`,
        [violations],
      );
      if (rows.length === 0) break;
      violations += rows.length;
      onViolations(
        rows.map(({ rule, resh_id, days, revisions, problem }) => ({
          rule,
          reshId: resh_id,
          days,
          revisions,
          problem,
        })),
      );
    }
    await verifyLedger(
      session,
      (ledgerViolations) => {
        violations += ledgerViolations.length;
        onViolations(ledgerViolations);
      },
      onStep,
    );
    const [row] = await session.query<{ units: number }>(
      `-- units of every revision
       select count(distinct resh_id)::integer as units
       from unit_version`,
    );
    return { units: row?.units ?? 0, violations };
  } finally {
    // Only temporary tables were written, and they go with the transaction.
    await session.execute('rollback').catch(() => {});
  }
}
