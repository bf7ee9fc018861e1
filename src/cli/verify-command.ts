import { Command } from 'commander';
import { verifyRegister } from '../store/verify/verify-register.ts';
import { exitCodes, type SetExitCode } from './exit-codes.ts';
import { createProgress } from './progress.ts';
import { withDatabase } from './with-database.ts';

const examples = `
Checks, on all days and in every revision, past ones too: (1) one version a unit and day, (2) parents valid on every day of their
children, (3) no circles, (4) departments beneath a unit and organizations beneath organizations or nothing, (5) an organization
number on one unit a day, (6) RESH-ids never given again, that the stored paths are what the parents say and the texts for search
and order what the names say, that other systems' trees have each node once a day, beneath parents that are there and in no circle;
and in current knowledge only: (7) codes and treatment sites valid where they are used. Then the ledger: revisions without gaps,
instants in order, each entry what its hash says and chained to the one before, and each row as the change left it that recorded or
superseded it. Each violation is a line of five columns, parted by tabs: rule (or «path»,
«text», «mapping», «ledger»), RESH-id, days, revisions, what. Days and revisions are ranges whose end is the first one outside.

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
          const progress = createProgress();
          const { units, violations } = await verifyRegister(
            session,
            (violationsFound) => {
              progress.end();
              for (const { rule, reshId, days, revisions, problem } of violationsFound)
                process.stdout.write(
                  `${/^\d/.test(rule) ? `rule ${rule}` : rule}\t${reshId ?? ''}\t${days ?? ''}\t${revisions ?? ''}\t${problem}\n`,
                );
            },
            (step) => progress.update(step),
          ).finally(() => progress.end());
          process.stdout.write(`${units} units checked, ${violations} violations\n`);
          if (violations > 0) setExitCode(exitCodes.failure);
        }),
      ),
    );
}
