import { Command, InvalidArgumentError } from 'commander';
import { toOsloDay } from '../domain/time/day.ts';
import { CommandFailedError, type SetExitCode } from './exit-codes.ts';
import { createProgress } from './progress.ts';
import { withDatabase } from './with-database.ts';

const maxUnits = 2_000_000;

const examples = `
Examples:
  npm run resh -- demo
  npm run resh -- demo --units 200000
  DATABASE_URL=postgresql://resh@localhost:5432/resh npm run resh -- demo --units 1000000`;

export function demoCommand(_setExitCode: SetExitCode): Command {
  return new Command('demo')
    .description('load the demo register into an empty register')
    .option('--units <number>', 'approximate number of units', parseUnitCount, 5_000)
    .addHelpText('after', examples)
    .action(({ units }: { units: number }) =>
      withDatabase(async (database) => {
        const { loadDemo, RegisterNotEmptyError } = await import('../demo/load-demo.ts');
        const progress = createProgress();
        const loaded = await loadDemo(database, {
          units,
          today: toOsloDay(new Date()),
          onProgress: (done, total) => progress.update(`creating the demo register: ${done} of ${total} units`),
        })
          .catch((error: unknown) => {
            throw error instanceof RegisterNotEmptyError ? new CommandFailedError(error.message) : error;
          })
          .finally(() => progress.end());
        process.stdout.write(`${loaded.units} units loaded\n`);
      }),
    );
}

function parseUnitCount(text: string): number {
  const units = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  if (!(units <= maxUnits)) throw new InvalidArgumentError(`Give a whole number from 1 to ${maxUnits}.`);
  return units;
}
