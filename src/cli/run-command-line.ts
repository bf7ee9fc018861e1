import { Command, CommanderError } from 'commander';
import { clipForMessage } from '../domain/text/clip-for-message.ts';
import { REPLACEMENT_CHARACTER } from '../domain/text/text-problem.ts';
import { codesCommand } from './codes-command.ts';
import { demoCommand } from './demo-command.ts';
import { exitCodes, type SetExitCode } from './exit-codes.ts';
import { extractCommand } from './extract-command.ts';
import { importCommand } from './import-command.ts';
import { migrateCommand } from './migrate-command.ts';
import { operatorCommand } from './operator-command.ts';
import { rebuildPathsCommand } from './rebuild-paths-command.ts';
import { tokenCommand } from './token-command.ts';
import { verifyCommand } from './verify-command.ts';

const environmentHelp = `
The register is found through the environment:
  DATABASE_URL   a PostgreSQL server, for example postgresql://resh@localhost:5432/resh
  DATA_DIR       folder of the embedded database if DATABASE_URL is not set, and of the local issuer's key (.data)

Exit codes: 0 success, 1 refused, nothing was written (verify: a violation), 2 wrong usage or an unusable setting.`;

/**
 * Runs the command line.
 *
 * @param argv of the process: node, script, arguments
 * @returns exit code: 0 success, 1 refused and nothing written (verify: a violation), 2 wrong usage or an unusable
 * setting
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.success;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    assertUtf8(program, argv);
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usageError;
    const { formatError, toExitCode } = await import('./command-errors.ts');
    process.stderr.write(`${formatError(error)}\n`);
    return toExitCode(error);
  }
}

// Node decodes arguments leniently: bytes that are not UTF-8 become U+FFFD.
function assertUtf8(program: Command, argv: readonly string[]): void {
  const argument = argv.find((text) => text.includes(REPLACEMENT_CHARACTER));
  if (argument !== undefined)
    program.error(
      `error: the argument ${clipForMessage(argument)} is not UTF-8 text, or contains U+FFFD; ` +
        'write it in UTF-8, for example with LANG=nb_NO.UTF-8.',
    );
}

// A command imports what it works with when it runs: loading all of it would take longer than printing help.
const commands = [
  migrateCommand,
  importCommand,
  codesCommand,
  extractCommand,
  demoCommand,
  verifyCommand,
  rebuildPathsCommand,
  operatorCommand,
  tokenCommand,
];

/**
 * Returns the program with its commands and their options. Instead of ending the process, it throws a CommanderError.
 */
export function createProgram(setExitCode: SetExitCode): Command {
  const program = new Command('resh')
    .usage('<command> [options]   (npm run resh -- <command> [options])')
    .description('Maintain a register of the units of the specialist health service')
    .addHelpText('after', environmentHelp)
    .showHelpAfterError('(add --help for the options and examples)')
    .exitOverride();
  for (const command of commands)
    program.addCommand(
      command(setExitCode).exitOverride().showHelpAfterError('(add --help for the options and examples)'),
    );
  return program;
}
