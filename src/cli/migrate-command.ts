import { Command } from 'commander';
import type { SetExitCode } from './exit-codes.ts';
import { withDatabase } from './with-database.ts';

const examples = `
Examples:
  npm run resh -- migrate
  DATABASE_URL=postgresql://resh@localhost:5432/resh npm run resh -- migrate`;

export function migrateCommand(_setExitCode: SetExitCode): Command {
  return new Command('migrate')
    .description('bring the database up to the newest migration (every other command but token does so too)')
    .addHelpText('after', examples)
    .action(() =>
      withDatabase(async ({ appliedMigrations }) => {
        for (const name of appliedMigrations) process.stdout.write(`${name} applied\n`);
        if (appliedMigrations.length === 0) process.stdout.write('nothing to apply: the database is up to date\n');
      }),
    );
}
