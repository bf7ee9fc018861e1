import { escapeInvisible } from '../domain/text/escape-invisible.ts';
import type { ImportOutcome } from '../exchange/import/import-folder.ts';
import type { ReportedProblem } from '../exchange/import/reported-problems.ts';
import type { ImportProgress } from '../exchange/import/stage-files.ts';
import type { ImportFileName } from '../store/tables.ts';

const fileNouns: Readonly<Record<ImportFileName, string>> = {
  'codes.csv': 'codes',
  'treatment_sites.csv': 'treatment sites',
  'units.csv': 'units',
  'unit_codes.csv': 'unit codes',
  'identifiers.csv': 'identifiers',
  'successions.csv': 'successions',
};

/** Returns a problem or warning as a line. */
export function formatProblem({ kind, file, line, column, value, problem, remedy }: ReportedProblem): string {
  const location = [file];
  if (line !== null) location.push(`line ${line}`);
  if (column !== null) location.push(value === null ? column : `${column} "${value}"`);
  const message = `${kind === 'WARNING' ? 'Warning: ' : ''}${location.join(', ')}: ${problem}; ${remedy}.`;
  return `${escapeInvisible(message)}\n`;
}

/** Returns the progress of an import as a line. */
export function formatProgress({ stage, done, total, unit }: ImportProgress, seconds: number): string {
  if (unit === 'bytes') return total ? `${stage}: ${Math.floor((100 * done) / total)} %` : stage;
  if (done === 0) return stage;
  const rate = seconds > 0 ? `, ${Math.round(done / seconds)} rows/s` : '';
  const count = total === null ? String(done) : `${done} of ${total}`;
  return `${stage}: ${count} rows${rate}`;
}

/** Prints the result of an import, file by file, the units last. */
export function printImport({ files, missingSites }: ImportOutcome): void {
  if (missingSites > 0) process.stdout.write(`${missingSites} treatment sites registered under their number\n`);
  const units = files.filter(({ file }) => file === 'units.csv');
  for (const { file, imported, rejected, alreadyRegistered } of [
    ...files.filter(({ file }) => file !== 'units.csv'),
    ...units,
  ]) {
    if (alreadyRegistered > 0)
      process.stdout.write(`${alreadyRegistered} ${fileNouns[file]} were in the register already\n`);
    process.stdout.write(`${imported} ${fileNouns[file]} imported, ${rejected} rows rejected\n`);
  }
}
