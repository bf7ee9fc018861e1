import { setImmediate } from 'node:timers/promises';
import type { Day } from '../../domain/time/day.ts';
import { analyzeRegister } from '../../store/change/ledger-digest.ts';
import { recordChange } from '../../store/change/ledger.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import type { Database } from '../../store/database/database.ts';
import { readNewestRevisionNumber } from '../../store/database/newest-revision.ts';
import { prepareImport, writeImport } from '../../store/import/write.ts';
import { checkDetails } from '../../store/staging/details.ts';
import { addForeignIdentifiers, assignReshIds, setForeignIdsInProblems } from '../../store/staging/foreign-ids.ts';
import { countProblems, countRows, orderProblems, type ProblemKind } from '../../store/staging/problems.ts';
import { checkCodes, checkLegalEntities, checkSites } from '../../store/staging/reference.ts';
import { stageProblems, type ImportFileName, type StagedProblem } from '../../store/staging/tables.ts';
import { buildTree } from '../../store/staging/tree.ts';
import { areAllFirstDaysMissing, checkUnits } from '../../store/staging/units.ts';
import { assertSeparateOutputFiles } from './output-files.ts';
import { writeRejects } from './rejects-file.ts';
import { streamReportedProblems, type ReportedProblem } from './reported-problems.ts';
import {
  standardFileOptions,
  RegisterChangedError,
  stageFiles,
  type ImportFileOptions,
  type ImportProgress,
  type StagedFiles,
} from './stage-files.ts';
import { withStagingSession } from './staging-session.ts';

/** How an import is to be made. */
export interface ImportOptions {
  readonly folder: string;
  /** How the files are read where they are not as ours are */
  readonly fileOptions?: ImportFileOptions;
  /** First day of units that have none in their file */
  readonly validFrom: Day | null;
  /** Leave rows with problems out, instead of importing nothing */
  readonly skipInvalid: boolean;
  /** File that rejected rows are written to, or null */
  readonly rejects: string | null;
  readonly actor: { readonly subject: string; readonly name: string };
  /** Hears of every problem and warning of rows, a batch at a time, when the import is done or refused */
  readonly onProblems: (problems: readonly ReportedProblem[]) => void;
  readonly onProgress: (progress: ImportProgress) => void;
}

/** What an import did with the rows of one file. */
export interface FileOutcome {
  readonly file: ImportFileName;
  readonly imported: number;
  readonly rejected: number;
  /** Rows of reference data that the register had already and that were left as they are there */
  readonly alreadyRegistered: number;
}

/** What became of an import. */
export interface ImportOutcome {
  /** Whether it was refused, so that nothing was written */
  readonly isAborted: boolean;
  /** Whether all files could be read, and the units have days; where not, leaving rows out does not help */
  readonly isReadable: boolean;
  /** Revision of the change; null where nothing was written */
  readonly revision: number | null;
  readonly files: readonly FileOutcome[];
  readonly missingSites: number;
  readonly problemCount: number;
  /** Rows rejected because of another row */
  readonly consequenceCount: number;
  readonly warnings: readonly string[];
}

// Identifiers of another register are those that units have last.
const maxDay: Day = '9999-12-31';

const missingFirstDaysProblem: StagedProblem = {
  file: 'units.csv',
  line: null,
  column: 'valid_from',
  value: null,
  problem: 'no row has a first day',
  remedy: 'run the import again with --valid-from DATE (YYYY-MM-DD), the first day of all units without one',
};

/**
 * Imports a folder of CSV files as one change. Rows are staged and checked without any lock; the register's lock is held while
 * the rows are written.
 *
 * @returns what became of it; a refused import has written nothing
 * @throws ImportFolderError where the folder or a file that it must have is missing, or would be written over
 * @throws RegisterChangedError where another change came between the checks and the writing each time; nothing was written
 */
export function importFolder(database: Pick<Database, 'bulk'>, options: ImportOptions): Promise<ImportOutcome> {
  return withStagingSession(database, async (session) => {
    const { folder, fileOptions = standardFileOptions, validFrom, onProgress } = options;
    const staged = await stageFiles(session, folder, fileOptions, validFrom, onProgress);
    assertSeparateOutputFiles(staged.files, options);
    const outcome = await importStaged(session, staged, options);
    if (outcome.revision !== null) await analyzeRegister(session);
    await reportProblems(session, staged, options);
    return outcome;
  });
}

async function importStaged(session: BulkSession, staged: StagedFiles, options: ImportOptions): Promise<ImportOutcome> {
  const { onProgress } = options;
  const reportStage = (name: string) => onProgress({ stage: name, done: 0, total: null, unit: 'rows' });
  const { files, readable, digests, warnings } = staged;
  const fatalProblems = [...staged.fatalProblems];
  const allFirstDaysMissing = readable.units && (await areAllFirstDaysMissing(session));
  if (allFirstDaysMissing) fatalProblems.push(missingFirstDaysProblem);
  await stageProblems(session, fatalProblems);
  const checkedRevision = await readNewestRevisionNumber(session);
  const foreign = options.fileOptions?.foreign;
  if (foreign) await assignReshIds(session, foreign.system, maxDay, null);
  const codes = await checkCodes(session, readable);
  const sites = await checkSites(session, readable);
  await checkUnits(session, allFirstDaysMissing, readable);
  if (readable.units) {
    reportStage('building the tree');
    await buildTree(session, (placed) =>
      onProgress({ stage: 'building the tree', done: placed, total: null, unit: 'rows' }),
    );
    await checkLegalEntities(session);
  }
  await checkDetails(session, readable);
  if (foreign) {
    await addForeignIdentifiers(session, foreign.system);
    await setForeignIdsInProblems(session);
  }
  const counts = await countProblems(session);
  const isAborted = fatalProblems.length > 0 || (counts.PROBLEM > 0 && !options.skipInvalid);
  const blockingKinds = selectBlockingKinds(options);
  const prepared = isAborted ? null : await prepareImport(session);
  await orderProblems(session);
  if (options.rejects !== null)
    await writeRejects(options.rejects, streamReportedProblems(session, files, [...blockingKinds, 'CONSEQUENCE']));

  const imported: Record<ImportFileName, number> = {
    'codes.csv': prepared?.codes ?? 0,
    'treatment_sites.csv': 0,
    'units.csv': prepared?.units ?? 0,
    'unit_codes.csv': 0,
    'identifiers.csv': 0,
  };
  const outcomes: FileOutcome[] = [];
  for (const { file } of files) {
    const { loadable, rejected } = await countRows(session, file);
    const alreadyRegistered =
      file === 'codes.csv' ? codes.alreadyRegistered : file === 'treatment_sites.csv' ? sites.alreadyRegistered : 0;
    const isUnits = file === 'units.csv';
    outcomes.push({ file, imported: isAborted ? 0 : isUnits ? imported[file] : loadable, rejected, alreadyRegistered });
  }
  const outcome = {
    isAborted,
    isReadable: fatalProblems.length === 0,
    files: outcomes,
    missingSites: prepared?.missingSites ?? 0,
    problemCount: blockingKinds.reduce((total, kind) => total + counts[kind], 0),
    consequenceCount: counts.CONSEQUENCE,
    warnings,
  };
  const isEmpty =
    !prepared || prepared.units + prepared.unitCodes + prepared.identifiers + prepared.sites + prepared.codes === 0;
  if (isEmpty) return { ...outcome, revision: null };

  reportStage('writing');
  const { revision } = await recordChange(
    session,
    {
      operation: 'IMPORT',
      actor: options.actor,
      effectiveOn: null,
      reason: null,
      input: {
        files: digests,
        skipInvalid: options.skipInvalid,
        validFrom: options.validFrom,
        ...(foreign && { idSystem: foreign.system }),
      },
    },
    async (next, transaction) => {
      if (next !== checkedRevision + 1)
        throw new RegisterChangedError(
          `The register changed while the files were checked (revision ${next - 1} came after ${checkedRevision}). Nothing was written; run the import again.`,
        );
      await writeImport(transaction, next, prepared, (done, total) =>
        onProgress({ stage: 'writing', done, total, unit: 'rows' }),
      );
      onProgress({ stage: 'sealing', done: 0, total: null, unit: 'rows' });
    },
  );
  return { ...outcome, revision };
}

// A row that loads because the one that it collides with does not is a problem only where neither does.
function selectBlockingKinds({ skipInvalid }: Pick<ImportOptions, 'skipInvalid'>): readonly ProblemKind[] {
  return skipInvalid ? ['PROBLEM'] : ['PROBLEM', 'COLLISION'];
}

async function reportProblems(
  session: BulkSession,
  { files }: StagedFiles,
  { onProblems, skipInvalid }: ImportOptions,
): Promise<void> {
  const kinds = [...selectBlockingKinds({ skipInvalid }), ...(skipInvalid ? (['CONSEQUENCE'] as const) : [])] as const;
  for await (const batch of streamReportedProblems(session, files, ['WARNING', ...kinds])) {
    onProblems(batch);
    await setImmediate();
  }
}
