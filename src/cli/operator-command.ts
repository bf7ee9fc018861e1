import { Command } from 'commander';
import { toOsloDay } from '../domain/time/day.ts';
import { parseEmail, parseName, parseSubject } from './arguments.ts';
import type { SetExitCode } from './exit-codes.ts';
import { commandLineActor, withDatabase } from './with-database.ts';

const examples = `
An operator registers organizations and their first administrators, grants access, and can edit everything. SUBJECT is
the subject of the person's tokens ("sub"). Operators can grant access to other operators through the API.

Examples:
  npm run resh -- operator kari --name 'Kari Nordmann'
  npm run resh -- operator kari --name 'Kari Nordmann' --email kari@example.org`;

export function operatorCommand(_setExitCode: SetExitCode): Command {
  return new Command('operator')
    .description('make a person a national operator of the register, from today on')
    .argument('<subject>', 'subject of the tokens of the person', parseSubject)
    .requiredOption('--name <name>', 'name of the person', parseName)
    .option('--email <address>', 'e-mail address, shown to signed-in users', parseEmail)
    .addHelpText('after', examples)
    .action((subject: string, { name, email }: { name: string; email?: string }) =>
      withDatabase(async ({ bulk }) => {
        const { AlreadyOperatorError, registerOperator } = await import('../store/change/register-operator.ts');
        const today = toOsloDay(new Date());
        const message = await bulk((session) =>
          registerOperator(session, commandLineActor(), { subject, name, email }, today),
        ).then(
          ({ revision }) => `${subject} is an operator from ${today} on (revision ${revision})`,
          (error: unknown) => {
            if (error instanceof AlreadyOperatorError) return `${subject} is already an operator; nothing changed`;
            throw error;
          },
        );
        process.stdout.write(`${message}\n`);
      }),
    );
}
