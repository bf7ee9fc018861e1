import { Command } from 'commander';
import { rebuildPaths } from '../store/verify/rebuild-paths.ts';
import type { SetExitCode } from './exit-codes.ts';
import { createProgress } from './progress.ts';
import { withDatabase } from './with-database.ts';

const examples = `
A path is derived from the parents; this makes it anew, in past revisions too, where it is not what they say. It records no
change. What needs more than a new path is left as it is and told by verify.

Example:
  npm run resh -- rebuild-paths`;

export function rebuildPathsCommand(_setExitCode: SetExitCode): Command {
  return new Command('rebuild-paths')
    .description('make the stored paths anew from the parents')
    .addHelpText('after', examples)
    .action(() =>
      withDatabase(({ bulk }) =>
        bulk(async (session) => {
          const progress = createProgress();
          const { changed, notRepaired } = await rebuildPaths(session, (placed) =>
            progress.update(`computing paths: ${placed} rows`),
          ).finally(() => progress.end());
          process.stdout.write(`${changed} rows changed\n`);
          if (notRepaired > 0)
            process.stderr.write(
              `Warning: ${notRepaired} rows have no single path of their own; npm run resh -- verify says why.\n`,
            );
        }),
      ),
    );
}
