import { basename } from 'node:path';
import type { ImportOutcome } from '../exchange/import/import-folder.ts';
import type { ImportProgress } from '../exchange/import/stage-files.ts';
import type { ToldProblem } from '../store/import-staging-problems.ts';
import type { ImportFileName } from '../store/import-staging.ts';
import type { ImportCommandOptions } from './import-options.ts';

const names: Readonly<Record<ImportFileName, string>> = {
  'codes.csv': 'codes',
  'treatment_sites.csv': 'treatment sites',
  'units.csv': 'units',
  'unit_codes.csv': 'unit codes',
  'identifiers.csv': 'identifiers',
};

/** What the files and columns of an import are called by whoever asked for it. */
export interface Naming {
  readonly unitsFile: string;
  readonly columns: ReadonlyMap<string, string>;
}

/** How the units file and its columns are called: as they are there. */
export const namingOf = (path: string, { idColumn, parentColumn, map }: ImportCommandOptions): Naming => ({
  unitsFile: /\.[^./]+$/.test(path) ? basename(path) : 'units.csv',
  columns: new Map([
    ...(map ?? []),
    ...(idColumn === undefined ? [] : ([['resh_id', idColumn]] as const)),
    ...(parentColumn === undefined ? [] : ([['parent_resh_id', parentColumn]] as const)),
  ]),
});

const place = ({ file, line, column, value }: ToldProblem, { unitsFile, columns }: Naming): string => {
  const isUnits = file === 'units.csv';
  const told = column === null || !isUnits ? column : (columns.get(column) ?? column);
  return [
    isUnits ? unitsFile : file,
    line === null ? null : `line ${line}`,
    told === null ? null : value === null ? told : `${told} «${value}»`,
  ]
    .filter((part) => part !== null)
    .join(', ');
};

/** A problem or warning as a line. */
export const describeProblem = (problem: ToldProblem, naming: Naming): string =>
  `${problem.kind === 'WARNING' ? 'Warning: ' : ''}${place(problem, naming)}: ${problem.problem}; ${problem.remedy}.\n`;

/** A number and what it counts. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** How far an import is, as a line. */
export const progressText = ({ stage, done, total, unit }: ImportProgress, seconds: number): string => {
  if (unit === 'bytes') return total ? `${stage}: ${Math.floor((100 * done) / total)} %` : stage;
  if (done === 0) return stage;
  const rate = seconds > 0 ? `, ${Math.round(done / seconds)} rows/s` : '';
  return `${stage}: ${done}${total === null ? '' : ` of ${total}`} rows${rate}`;
};

/** Tells what an import did with the rows, file by file, the units last. */
export const tellImport = ({ files, missingSites }: ImportOutcome): void => {
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
