import { Command, InvalidArgumentError } from 'commander';
import { osloDayOf } from '../domain/time/day.ts';
import { loadDemo, RegisterNotEmptyError } from '../demo/load-demo.ts';
import { RefusedError, type Finish } from './exit-outcome.ts';
import { standardErrorProgress } from './progress.ts';
import { withDatabase } from './with-database.ts';

const greatest = 2_000_000;

const examples = `
Examples:
  npm run resh -- demo
  npm run resh -- demo --units 200000
  DATABASE_URL=postgresql://resh@localhost:5432/resh npm run resh -- demo --units 1000000`;

const toUnits = (text: string): number => {
  const units = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  if (!(units <= greatest)) throw new InvalidArgumentError(`Give a whole number from 1 to ${greatest}.`);
  return units;
};

export const demoCommand = (_finish: Finish): Command =>
  new Command('demo')
    .description('load the demo register into an empty register')
    .option('--units <number>', 'about how many units it has', toUnits, 5_000)
    .addHelpText('after', examples)
    .action(({ units }: { units: number }) =>
      withDatabase(async (database) => {
        const progress = standardErrorProgress();
        const loaded = await loadDemo(database, {
          units,
          today: osloDayOf(new Date()),
          onProgress: (done, total) => progress.update(`making the demo register: ${done} of ${total} units`),
        })
          .catch((error: unknown) => {
            throw error instanceof RegisterNotEmptyError ? new RefusedError(error.message) : error;
          })
          .finally(() => progress.end());
        process.stdout.write(`${loaded.units} units loaded\n`);
      }),
    );
