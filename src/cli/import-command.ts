import { Command, InvalidArgumentError } from 'commander';
import { isDay, type Day } from '../domain/day.ts';
import { importFolder, type ImportOutcome, type ImportProgress } from '../exchange/import/import-folder.ts';
import type { ToldProblem } from '../store/import-staging-problems.ts';
import type { ImportFileName } from '../store/import-staging.ts';
import { exitCodes, type Finish } from './outcome.ts';
import { standardErrorProgress } from './progress.ts';
import { commandLineActor, withDatabase } from './with-database.ts';

const examples = `
FOLDER has units.csv, treatment_sites.csv and codes.csv, and may have unit_codes.csv and identifiers.csv. They are UTF-8, with
comma or semicolon, and name their columns in the first line; docs/import.md says what each column means. The whole import
is one change: without --skip-invalid one problem is enough for nothing to be written, and all problems are told.

Examples:
  npm run resh -- import ../shared/data/norway --valid-from 2002-01-01
  npm run resh -- import ../shared/data/norway --valid-from 2002-01-01 --skip-invalid --rejects rejected.csv`;

const names: Readonly<Record<ImportFileName, string>> = {
  'codes.csv': 'codes',
  'treatment_sites.csv': 'treatment sites',
  'units.csv': 'units',
  'unit_codes.csv': 'unit codes',
  'identifiers.csv': 'identifiers',
};

const toDay = (text: string): Day => {
  if (!isDay(text)) throw new InvalidArgumentError('It is not a day; write a day that exists as YYYY-MM-DD.');
  return text;
};

const place = ({ file, line, column, value }: ToldProblem): string =>
  [
    file,
    line === null ? null : `line ${line}`,
    column === null ? null : value === null ? column : `${column} «${value}»`,
  ]
    .filter((part) => part !== null)
    .join(', ');

const describe = (problem: ToldProblem): string =>
  `${problem.kind === 'WARNING' ? 'Warning: ' : ''}${place(problem)}: ${problem.problem}; ${problem.remedy}.\n`;

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const progressText = ({ stage, done, total, unit }: ImportProgress, seconds: number): string => {
  if (unit === 'bytes') return total ? `${stage}: ${Math.floor((100 * done) / total)} %` : stage;
  if (done === 0) return stage;
  const rate = seconds > 0 ? `, ${Math.round(done / seconds)} rows/s` : '';
  return `${stage}: ${done}${total === null ? '' : ` of ${total}`} rows${rate}`;
};

const tellOutcome = ({ files, missingSites }: ImportOutcome): void => {
  if (missingSites > 0) process.stdout.write(`${missingSites} treatment sites registered under their number\n`);
  const units = files.filter(({ file }) => file === 'units.csv');
  for (const { file, imported, rejected, inRegister } of [
    ...files.filter(({ file }) => file !== 'units.csv'),
    ...units,
  ]) {
    if (inRegister > 0) process.stdout.write(`${inRegister} ${names[file]} were in the register already\n`);
    process.stdout.write(`${imported} ${names[file]} imported, ${rejected} rows rejected\n`);
  }
};

interface Options {
  readonly validFrom?: Day;
  readonly skipInvalid?: boolean;
  readonly rejects?: string;
}

export const importCommand = (finish: Finish): Command =>
  new Command('import')
    .description('import a folder of CSV files as one change')
    .argument('<folder>', 'folder with the files')
    .option('--valid-from <date>', 'first day of units that have none in the file', toDay)
    .option('--skip-invalid', 'import the good rows and leave the others out')
    .option('--rejects <file>', 'write the rejected rows and their reasons to a CSV file')
    .addHelpText('after', examples)
    .action((folder: string, { validFrom, skipInvalid = false, rejects }: Options) =>
      withDatabase(async (database) => {
        const progress = standardErrorProgress();
        let stage = '';
        let began = 0;
        const outcome = await importFolder(database, {
          folder,
          validFrom: validFrom ?? null,
          skipInvalid,
          rejects: rejects ?? null,
          actor: commandLineActor(),
          problemsShown: 0,
          onProblems: (problems) => {
            progress.end();
            process.stderr.write(problems.map(describe).join(''));
          },
          onProgress: (step) => {
            if (step.stage !== stage) began = performance.now();
            stage = step.stage;
            progress.update(progressText(step, (performance.now() - began) / 1_000));
          },
        }).finally(() => progress.end());
        for (const warning of outcome.warnings) process.stderr.write(`Warning: ${warning}\n`);
        if (rejects !== undefined) process.stderr.write(`The rejected rows and their reasons are in ${rejects}.\n`);
        if (!outcome.refused) return tellOutcome(outcome);
        const rows = outcome.files.reduce((total, { rejected }) => total + rejected, 0);
        process.stderr.write(
          `Nothing was imported: ${counted(outcome.problemCount, 'problem')}, ${counted(rows, 'row')} affected. Mend them${skipInvalid ? '' : ', or leave those rows out with --skip-invalid'}.\n`,
        );
        finish(exitCodes.refused);
      }),
    );
