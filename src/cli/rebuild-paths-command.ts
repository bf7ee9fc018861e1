import { Command } from 'commander';
import type { SetExitCode } from './exit-codes.ts';
import { createProgress } from './progress.ts';
import { withDatabase } from './with-database.ts';

const examples = `
The path of a unit follows from its parents. This command corrects paths that do not, also in past revisions, and
records no change. It leaves rows with other problems as they are; verify reports them.

Example:
  npm run resh -- rebuild-paths`;

export function rebuildPathsCommand(_setExitCode: SetExitCode): Command {
  return new Command('rebuild-paths')
    .description('rebuild the stored paths from the parents')
    .addHelpText('after', examples)
    .action(() =>
      withDatabase(({ bulk }) =>
        bulk(async (session) => {
          const { rebuildPaths } = await import('../store/verify/rebuild-paths.ts');
          const progress = createProgress();
          const { changed, notRepaired } = await rebuildPaths(session, (placed) =>
            progress.update(`computing paths: ${placed} rows`),
          ).finally(() => progress.end());
          process.stdout.write(`${changed} rows changed\n`);
          if (notRepaired > 0)
            process.stderr.write(
              `Warning: ${notRepaired} rows have no unambiguous path; run npm run resh -- verify for the reasons.\n`,
            );
        }),
      ),
    );
}
