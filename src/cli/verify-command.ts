import { Command } from 'commander';
import type { Violation } from '../store/verify/violation.ts';
import { exitCodes, type SetExitCode } from './exit-codes.ts';
import { createProgress } from './progress.ts';
import { withDatabase } from './with-database.ts';

const examples = `
Checks the rules of the tree on all days and in all revisions:
  1  a unit has one version a day
  2  a parent is valid on every day of its child
  3  there are no cycles
  4  a department is under a unit, an organization under an organization or at the top
  5  an organization number belongs to one unit a day
  6  a RESH-id is never used again
  7  codes and treatment sites are valid where they are used (newest revision only)
Also checks that:
  path     stored paths follow from the parents
  text     search texts follow from the names
  mapping  trees of other systems have each node once a day, under known parents and without cycles
  ledger   revisions have no gaps, instants are in order, each entry has its hash and that of the previous entry, and
           each row is as its change left it
Each violation is a line of five columns with tabs between them: rule ("rule 1" to "rule 7", or a name above), RESH-id,
days, revisions and problem. The end of a range of days or revisions is exclusive.

Examples:
  npm run resh -- verify
  npm run resh -- verify > violations.tsv`;

export function verifyCommand(setExitCode: SetExitCode): Command {
  return new Command('verify')
    .description('check the rules of the tree, the stored paths, the mappings and the ledger')
    .addHelpText('after', examples)
    .action(() =>
      withDatabase(({ bulk }) =>
        bulk(async (session) => {
          const { verifyRegister } = await import('../store/verify/verify-register.ts');
          const progress = createProgress();
          const { units, violations } = await verifyRegister(
            session,
            (violationsFound) => {
              progress.end();
              process.stdout.write(violationsFound.map(formatViolation).join(''));
            },
            (step) => progress.update(step),
          ).finally(() => progress.end());
          process.stdout.write(`${units} units checked, ${violations} violations\n`);
          if (violations > 0) setExitCode(exitCodes.failure);
        }),
      ),
    );
}

/** Returns a violation as a line of five columns. */
function formatViolation({ rule, reshId, days, revisions, problem }: Violation): string {
  const name = /^\d/.test(rule) ? `rule ${rule}` : rule;
  return `${[name, reshId, days, revisions, problem].map((column) => column ?? '').join('\t')}\n`;
}
