import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Day } from '../../domain/day.ts';
import type { BulkSession } from '../../store/bulk-session.ts';
import type { Database } from '../../store/database.ts';
import { analyzeRegister } from '../../store/ledger-digest.ts';
import { nextRevision, recordChange } from '../../store/ledger.ts';
import { checkDetails } from '../../store/import-staging-details.ts';
import {
  countProblems,
  countRows,
  firstProblems,
  orderProblems,
  problemsInOrder,
  type ProblemKind,
  type ToldProblem,
} from '../../store/import-staging-problems.ts';
import { checkCodes, checkLegalEntities, checkSites } from '../../store/import-staging-reference.ts';
import { buildTree } from '../../store/import-staging-tree.ts';
import { allUnitsLackDays, checkUnits } from '../../store/import-staging-units.ts';
import { prepareImport, writeImport } from '../../store/import-staging-write.ts';
import {
  createStaging,
  dropStaging,
  importFileNames,
  indexStaging,
  stageProblems,
  type ImportFileName,
  type ReadableFiles,
  type StagedProblem,
} from '../../store/import-staging.ts';
import { fileFormats } from './file-formats.ts';
import { readFileIntoStaging } from './read-file.ts';
import { writeRejects } from './rejects-file.ts';

/** How an import is to be made. */
export interface ImportOptions {
  readonly folder: string;
  /** First day of units that have none in their file */
  readonly validFrom: Day | null;
  /** Leave rows with problems out, instead of importing nothing */
  readonly skipInvalid: boolean;
  /** File that rejected rows are written to, or null */
  readonly rejects: string | null;
  readonly actor: { readonly subject: string; readonly name: string };
  /** Hears of every problem and warning of rows, a batch at a time, when the import is done or refused */
  readonly onProblems?: (problems: readonly ToldProblem[]) => void;
  /** Greatest number of problems, and of warnings of rows, handed back with the outcome */
  readonly problemsShown: number;
  readonly onProgress: (progress: ImportProgress) => void;
}

/** How far an import is; `total` is null where it cannot be known. */
export interface ImportProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: 'rows' | 'bytes';
}

/** What an import did with the rows of one file. */
export interface FileOutcome {
  readonly file: ImportFileName;
  readonly imported: number;
  readonly rejected: number;
  /** Rows of reference data that the register had already and that were left as they are there */
  readonly inRegister: number;
}

/** What became of an import. */
export interface ImportOutcome {
  /** Whether it was refused, so that nothing was written */
  readonly refused: boolean;
  /** Revision of the change; null where nothing was written */
  readonly revision: number | null;
  readonly files: readonly FileOutcome[];
  readonly missingSites: number;
  /** The first problems, in the order of files and lines */
  readonly problems: readonly StagedProblem[];
  readonly problemCount: number;
  /** Rows rejected because of another row */
  readonly consequenceCount: number;
  readonly warnings: readonly string[];
}

/** The folder cannot be imported from at all. */
export class ImportFolderError extends Error {
  override readonly name = 'ImportFolderError';
}

/** The register changed between the checks and the writing. */
export class RegisterChangedError extends Error {
  override readonly name = 'RegisterChangedError';
}

const sizeOf = async (path: string): Promise<number | null> => {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? found.size : null;
};

const filesOf = async (folder: string) => {
  const found = await stat(folder).catch(() => null);
  if (!found)
    throw new ImportFolderError(
      `The folder ${folder} does not exist. Name the folder that has ${importFileNames.join(', ')}.`,
    );
  if (!found.isDirectory())
    throw new ImportFolderError(`${folder} is no folder. Name the folder that has ${importFileNames.join(', ')}.`);
  const files: { file: ImportFileName; path: string; size: number }[] = [];
  const missing: string[] = [];
  for (const file of importFileNames) {
    const path = join(folder, file);
    const size = await sizeOf(path);
    if (size !== null) files.push({ file, path, size });
    else if (fileFormats[file].isRequired) missing.push(file);
  }
  if (missing.length > 0)
    throw new ImportFolderError(
      `The folder ${folder} has no ${missing.join(' and no ')}. Add what is missing; a file with its header alone will do.`,
    );
  return files;
};

const describeWarning = ({ file, line, column, value, problem, remedy }: StagedProblem): string =>
  `${file}, line ${line}, ${column} «${value}»: ${problem}; ${remedy}.`;

const noDays: StagedProblem = {
  file: 'units.csv',
  line: null,
  column: 'valid_from',
  value: null,
  problem: 'no row has a first day',
  remedy: 'run the import again with --valid-from DATE (YYYY-MM-DD), the first day of all units without one',
};

// A row that loads because the one that it collides with does not is a problem only where neither does.
const kindsToMend = ({ skipInvalid }: Pick<ImportOptions, 'skipInvalid'>): readonly ProblemKind[] =>
  skipInvalid ? ['PROBLEM'] : ['PROBLEM', 'COLLISION'];

const importInSession = async (session: BulkSession, options: ImportOptions): Promise<ImportOutcome> => {
  const files = await filesOf(options.folder);
  const { onProgress } = options;
  const stage = (name: string) => onProgress({ stage: name, done: 0, total: null, unit: 'rows' });
  const warnings: string[] = [];
  const fatal: StagedProblem[] = [];
  const digests: Record<string, string> = {};
  await createStaging(session);
  for (const { file, path, size } of files) {
    const reading = await readFileIntoStaging(session, file, path, options.validFrom, (_rows, bytes) =>
      onProgress({ stage: `reading ${file}`, done: bytes, total: size, unit: 'bytes' }),
    );
    warnings.push(...reading.warnings);
    fatal.push(...reading.fatal);
    digests[file] = reading.sha256;
  }
  stage('checking');
  await indexStaging(session);
  const unreadable = new Set(fatal.map(({ file }) => file));
  const readable: ReadableFiles = {
    units: !unreadable.has('units.csv'),
    codes: !unreadable.has('codes.csv'),
    sites: !unreadable.has('treatment_sites.csv'),
  };
  const allLackDays = readable.units && (await allUnitsLackDays(session));
  if (allLackDays) fatal.push(noDays);
  await stageProblems(session, fatal);
  const checkedAt = (await nextRevision(session)) - 1;
  const codes = await checkCodes(session, readable);
  const sites = await checkSites(session, readable);
  await checkUnits(session, allLackDays, readable);
  if (readable.units) {
    stage('building the tree');
    await buildTree(session, (placed) =>
      onProgress({ stage: 'building the tree', done: placed, total: null, unit: 'rows' }),
    );
    await checkLegalEntities(session);
  }
  await checkDetails(session, readable);
  const counts = await countProblems(session);
  const refused = fatal.length > 0 || (counts.PROBLEM > 0 && !options.skipInvalid);
  const mended = kindsToMend(options);
  const prepared = refused ? null : await prepareImport(session);
  await orderProblems(session);
  if (options.rejects !== null)
    await writeRejects(options.rejects, problemsInOrder(session, [...mended, 'CONSEQUENCE']));
  const problems = await firstProblems(
    session,
    options.skipInvalid ? [...mended, 'CONSEQUENCE'] : mended,
    options.problemsShown,
  );
  const warned = await firstProblems(session, ['WARNING'], options.problemsShown);
  warnings.push(...warned.map(describeWarning));

  const imported: Record<ImportFileName, number> = {
    'codes.csv': prepared?.codes ?? 0,
    'treatment_sites.csv': 0,
    'units.csv': prepared?.units ?? 0,
    'unit_codes.csv': 0,
    'identifiers.csv': 0,
  };
  const outcomes: FileOutcome[] = [];
  for (const { file } of files) {
    const { good, rejected } = await countRows(session, file);
    const inRegister = file === 'codes.csv' ? codes.inRegister : file === 'treatment_sites.csv' ? sites.inRegister : 0;
    const isUnits = file === 'units.csv';
    outcomes.push({ file, imported: refused ? 0 : isUnits ? imported[file] : good, rejected, inRegister });
  }
  const outcome = {
    refused,
    files: outcomes,
    missingSites: prepared?.missingSites ?? 0,
    problems,
    problemCount: mended.reduce((total, kind) => total + counts[kind], 0),
    consequenceCount: counts.CONSEQUENCE,
    warnings,
  };
  const isEmpty =
    !prepared || prepared.units + prepared.unitCodes + prepared.identifiers + prepared.sites + prepared.codes === 0;
  if (isEmpty) return { ...outcome, revision: null };

  stage('writing');
  const { revision } = await recordChange(
    session,
    {
      operation: 'IMPORT',
      actor: options.actor,
      effectiveOn: null,
      reason: null,
      input: { files: digests, skipInvalid: options.skipInvalid, validFrom: options.validFrom },
    },
    async (next) => {
      if (next !== checkedAt + 1)
        throw new RegisterChangedError(
          `The register changed while the files were checked (revision ${next - 1} came after ${checkedAt}). Nothing was written; run the import again.`,
        );
      await writeImport(session, next, prepared, (done, total) =>
        onProgress({ stage: 'writing', done, total, unit: 'rows' }),
      );
      onProgress({ stage: 'sealing', done: 0, total: null, unit: 'rows' });
    },
  );
  return { ...outcome, revision };
};

const tellProblems = async (session: BulkSession, { onProblems, skipInvalid }: ImportOptions): Promise<void> => {
  if (!onProblems) return;
  const kinds = [...kindsToMend({ skipInvalid }), ...(skipInvalid ? (['CONSEQUENCE'] as const) : [])] as const;
  for await (const batch of problemsInOrder(session, ['WARNING', ...kinds])) {
    onProblems(batch);
    await setImmediate();
  }
};

/**
 * Imports a folder of CSV files as one change. Rows are staged and checked without any lock; the register's lock is held while
 * the rows are written.
 *
 * @returns what became of it; a refused import has written nothing
 * @throws ImportFolderError where the folder or a file that it must have is missing
 * @throws RegisterChangedError where another change came between the checks and the writing; nothing was written
 */
export const importFolder = (database: Pick<Database, 'bulk'>, options: ImportOptions): Promise<ImportOutcome> =>
  database.bulk(async (session) => {
    try {
      const outcome = await importInSession(session, options);
      if (outcome.revision !== null) await analyzeRegister(session);
      await tellProblems(session, options);
      return outcome;
    } finally {
      // A lost connection took its temporary tables with it.
      await dropStaging(session).catch(() => {});
    }
  });
