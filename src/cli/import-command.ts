import { Command } from 'commander';
import { toOsloDay, type Day } from '../domain/time/day.ts';
import type { ReportedProblem } from '../exchange/import/reported-problems.ts';
import type { ReferenceCounts, SynchronizeOutcome } from '../exchange/sync/synchronize.ts';
import type { Database } from '../store/database/database.ts';
import { escapeInvisible } from '../domain/text/escape-invisible.ts';
import { exitCodes, type SetExitCode } from './exit-codes.ts';
import { findOptionsError, buildFileOptions, addImportOptions, type ImportCommandOptions } from './import-options.ts';
import { formatCount } from './format-count.ts';
import { formatProblem, formatProgress, printImport } from './import-output.ts';
import { createProgress } from './progress.ts';
import { commandLineActor, withDatabase } from './with-database.ts';

const examples = `
PATH is a folder with units.csv, treatment_sites.csv and codes.csv, and optionally unit_codes.csv, identifiers.csv and
successions.csv. The files are UTF-8, with commas or semicolons, and name their columns in the first line, unless
--columns does; docs/import.md describes the columns. The whole import is one change. All problems are reported; a
single problem aborts the import, unless --skip-invalid is given.

With --sync the files describe the whole register on a day, or with --within all units under a unit. The difference
becomes one change on that day. Units that are not in the files close; with --id-system, only those with an id of that
system. With --sync or --id-system a units file is enough: PATH can be that file, with any name.

Examples:
  npm run resh -- import norway --valid-from 2002-01-01
  npm run resh -- import norway --valid-from 2002-01-01 --skip-invalid --rejects rejected.csv
  npm run resh -- import new/units.csv --sync --effective-on 2026-12-01 --dry-run --report differences.csv
  npm run resh -- import ods.csv --sync --effective-on 2026-12-01 \\
    --id-system https://fhir.nhs.uk/Id/ods-organization-code --id-column code --parent-column parent_code \\
    --map name=Title --type-map TRUST=ORGANIZATION`;

export function importCommand(setExitCode: SetExitCode): Command {
  return addImportOptions(
    new Command('import')
      .description('import files as one change, or make the register equal to them on a day')
      .argument('<path>', 'folder with the files, or a units file with --sync or --id-system'),
  )
    .addHelpText('after', examples)
    .action((path: string, options: ImportCommandOptions, command: Command) => {
      const error = findOptionsError(options);
      if (error !== undefined) command.error(`error: ${error}`);
      const { effectiveOn: day } = options;
      return withDatabase((database) =>
        day === undefined
          ? runImport(database, path, options, setExitCode)
          : runSynchronization(database, path, day, options, setExitCode),
      );
    });
}

async function runImport(database: Database, path: string, options: ImportCommandOptions, setExitCode: SetExitCode) {
  const { importFolder } = await import('../exchange/import/import-folder.ts');
  const { validFrom, skipInvalid = false, rejects } = options;
  const { progress, handlers } = createReporter();
  const outcome = await importFolder(database, {
    folder: path,
    fileOptions: { ...buildFileOptions(options), desiredStateDay: null },
    validFrom: validFrom ?? null,
    skipInvalid,
    rejects: rejects ?? null,
    actor: commandLineActor(),
    ...handlers,
  }).finally(() => progress.end());
  printWarnings(outcome.warnings, rejects);
  if (!outcome.isAborted) return printImport(outcome);
  const rows = outcome.files.reduce((total, { rejected }) => total + rejected, 0);
  process.stderr.write(
    `Nothing was imported: ${formatRemedy(outcome.problemCount, rows, outcome.isReadable && !skipInvalid)}`,
  );
  setExitCode(exitCodes.failure);
}

function createReporter() {
  const progress = createProgress();
  let stage = '';
  let startedAt = 0;
  return {
    progress,
    handlers: {
      onProblems: (problems: readonly ReportedProblem[]) => {
        progress.end();
        process.stderr.write(problems.map(formatProblem).join(''));
      },
      onProgress: (step: Parameters<typeof formatProgress>[0]) => {
        if (step.stage !== stage) startedAt = performance.now();
        stage = step.stage;
        progress.update(formatProgress(step, (performance.now() - startedAt) / 1_000));
      },
    },
  };
}

function printWarnings(warnings: readonly string[], rejects: string | undefined): void {
  for (const warning of warnings) process.stderr.write(`Warning: ${escapeInvisible(warning)}\n`);
  if (rejects !== undefined) process.stderr.write(`The rejected rows and their problems are in ${rejects}.\n`);
}

function formatRemedy(problems: number, rows: number, canSkip: boolean): string {
  const affected = rows > 0 ? `, ${formatCount(rows, 'row', 'rows')} affected` : '';
  const alternative = canSkip ? ', or leave the rows out with --skip-invalid' : '';
  const found = formatCount(problems, 'problem', 'problems');
  return `${found}${affected}. Correct ${problems === 1 ? 'it' : 'them'}${alternative}.\n`;
}

async function runSynchronization(
  database: Database,
  path: string,
  day: Day,
  options: ImportCommandOptions,
  setExitCode: SetExitCode,
) {
  const { synchronize } = await import('../exchange/sync/synchronize.ts');
  const { within, dryRun = false, skipInvalid = false, allowMassClose = false, rejects, report } = options;
  const { progress, handlers } = createReporter();
  const outcome = await synchronize(database, {
    path,
    fileOptions: buildFileOptions(options),
    day,
    today: toOsloDay(new Date()),
    within: within ?? null,
    dryRun,
    skipInvalid,
    allowMassClose,
    rejects: rejects ?? null,
    report: report ?? null,
    actor: commandLineActor(),
    ...handlers,
  }).finally(() => progress.end());
  printWarnings(outcome.warnings, rejects);
  printSynchronization(outcome, options);
  if (outcome.abortReason) setExitCode(exitCodes.failure);
}

function printSynchronization(
  {
    abortReason,
    isReadable,
    counts,
    referenceCounts,
    successionCount,
    scopeCount,
    problemCount,
    rowsRejected,
  }: SynchronizeOutcome,
  { skipInvalid = false, dryRun = false }: ImportCommandOptions,
): void {
  if (abortReason === 'PROBLEMS') {
    const remedy = formatRemedy(problemCount, rowsRejected, isReadable && !skipInvalid);
    process.stderr.write(`Nothing was synchronized: ${remedy}`);
    return;
  }
  if (rowsRejected > 0)
    process.stderr.write(`${formatCount(rowsRejected, 'row', 'rows')} left out; their units stay as they are.\n`);
  if (abortReason === 'MASS_CLOSE')
    process.stderr.write(
      `Nothing was synchronized: ${counts.closed} of ${scopeCount} units would close, more than a tenth. ` +
        'Check that the files are complete; to close the units, run it again with --allow-mass-close.\n',
    );
  if (abortReason && !dryRun) return;
  process.stdout.write(formatReferenceCounts(referenceCounts));
  if (successionCount > 0) process.stdout.write(`${formatCount(successionCount, 'succession', 'successions')} added\n`);
  const { opened, moved, renamed, closed } = counts;
  process.stdout.write(`${opened} opened, ${moved} moved, ${renamed} renamed, ${closed} closed\n`);
}

/** Returns a line with the numbers of changed treatment sites and codes; empty if none changed. */
function formatReferenceCounts({ sitesChanged, codesRenamed, codesRetired, codesChanged }: ReferenceCounts): string {
  if (sitesChanged + codesRenamed + codesRetired + codesChanged === 0) return '';
  const sites = formatCount(sitesChanged, 'treatment site', 'treatment sites');
  const codes = formatCount(codesRenamed, 'code', 'codes');
  return `${sites} changed, ${codes} renamed, ${codesRetired} retired, ${codesChanged} changed otherwise\n`;
}
