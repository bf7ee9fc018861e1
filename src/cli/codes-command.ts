import { Command } from 'commander';
import type { CodeChange } from '../domain/plan/code-sets/plan-codes.ts';
import { escapeInvisible } from '../domain/text/escape-invisible.ts';
import { toOsloDay, type Day } from '../domain/time/day.ts';
import { exitCodes, type SetExitCode } from './exit-codes.ts';
import { formatCount } from './format-count.ts';
import { parseDay } from './import-options.ts';
import { formatProblem } from './import-output.ts';
import { commandLineActor, withDatabase } from './with-database.ts';

const examples = `
Without FILE, the national code sets that ship with the project are loaded. FILE has the format of codes.csv.
Codes that the list does not have stay as they are.

Examples:
  npm run resh -- codes
  npm run resh -- codes codes-2027.csv --effective-on 2027-01-01 --dry-run`;

export function codesCommand(setExitCode: SetExitCode): Command {
  return new Command('codes')
    .description('load the national code sets, as one change from a day on')
    .argument('[file]', 'file of codes, in the format of codes.csv')
    .option('--effective-on <date>', 'day from which the codes are as listed; today by default', parseDay)
    .option('--dry-run', 'print what would change, and write nothing')
    .addHelpText('after', examples)
    .action((file: string | undefined, { effectiveOn, dryRun = false }: { effectiveOn?: Day; dryRun?: boolean }) =>
      withDatabase(async (database) => {
        const { loadCodes } = await import('../exchange/codes/load-codes.ts');
        const { changes, revision, problemCount } = await loadCodes(database, {
          path: file ?? null,
          day: effectiveOn ?? toOsloDay(new Date()),
          dryRun,
          actor: commandLineActor(),
          onProblems: (problems) => process.stderr.write(problems.map(formatProblem).join('')),
        });
        if (problemCount > 0) {
          process.stderr.write(
            `Nothing was loaded: ${formatCount(problemCount, 'problem', 'problems')}. Correct the file.\n`,
          );
          setExitCode(exitCodes.failure);
          return;
        }
        process.stdout.write(changes.map(formatChange).join(''));
        process.stdout.write(`${formatCounts(changes)}${revision === null ? '' : ` (revision ${revision})`}\n`);
      }),
    );
}

function formatChange({ kind, reference, before, after }: CodeChange): string {
  const name = `${reference} "${(after ?? before)?.name ?? ''}"`;
  const texts: Readonly<Record<CodeChange['kind'], string>> = {
    NEW: `new: ${name}`,
    RENAMED: `renamed: ${reference} "${before?.name ?? ''}" to "${after?.name ?? ''}"`,
    RETIRED: `retired: ${name}`,
    REPLACED: `replaced: ${name} by ${after?.replacedBy.join(', ') || 'no code'}`,
    CHANGED: `changed: ${name}`,
  };
  return `${escapeInvisible(texts[kind])}\n`;
}

function formatCounts(changes: readonly CodeChange[]): string {
  const kinds = ['NEW', 'RENAMED', 'RETIRED', 'REPLACED', 'CHANGED'] as const;
  return kinds
    .map((kind) => `${changes.filter((change) => change.kind === kind).length} ${kind.toLowerCase()}`)
    .join(', ');
}
