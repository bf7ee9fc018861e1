import { setImmediate } from 'node:timers/promises';
import type { Day } from '../../domain/time/day.ts';
import { analyzeRegister } from '../../store/change/analyze-register.ts';
import { recordChange } from '../../store/change/ledger.ts';
import { reserveReshIds } from '../../store/change/reserve-resh-ids.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import type { Database } from '../../store/database/database.ts';
import { prepareImport, type PreparedImport } from '../../store/import/prepare-import.ts';
import { writeImport } from '../../store/import/write-import.ts';
import { countProblems, countRows, orderProblems, type ProblemKind } from '../../store/staging/problems.ts';
import type { ImportFileName } from '../../store/tables.ts';
import { checkImport, type CheckedImport } from './check-import.ts';
import { assertSeparateOutputFiles } from './output-files.ts';
import { writeRejects } from './rejects-file.ts';
import { streamReportedProblems } from './reported-problems.ts';
import type { RunOptions } from './run-options.ts';
import {
  RegisterChangedError,
  stageFiles,
  standardFileOptions,
  type ImportFileOptions,
  type StagedFiles,
} from './stage-files.ts';
import { withStagingSession } from './staging-session.ts';

/** Options of an import. */
export interface ImportOptions extends RunOptions {
  readonly folder: string;
  /** How the files differ from the register's own format */
  readonly fileOptions?: ImportFileOptions;
  /** First day of units without one in their file */
  readonly validFrom: Day | null;
}

/** Result of an import for the rows of one file. */
export interface FileOutcome {
  readonly file: ImportFileName;
  readonly imported: number;
  readonly rejected: number;
  /** Rows of reference data that the register already had; they stay as they are */
  readonly alreadyRegistered: number;
}

/** Result of an import. */
export interface ImportOutcome {
  /** Indicates whether the import was refused, and nothing was written */
  readonly isAborted: boolean;
  /** Indicates whether all files could be read and the units have days; otherwise leaving rows out does not help */
  readonly isReadable: boolean;
  /** Revision of the change; null if nothing was written */
  readonly revision: number | null;
  readonly files: readonly FileOutcome[];
  readonly missingSites: number;
  readonly problemCount: number;
  /** Rows rejected because of another row */
  readonly dependentCount: number;
  readonly warnings: readonly string[];
}

/**
 * Imports a folder of CSV files as one change. Rows are staged and checked without a lock; the register's lock is held
 * while the rows are written.
 *
 * @returns result of the import; a refused import has written nothing
 * @throws ImportFolderError if the folder or a required file is missing, or an output file is one of the imported files
 * @throws RegisterChangedError if the register changed between checking and writing on every attempt; nothing was
 * written
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
  const checked = await checkImport(session, staged, options.fileOptions?.foreign ?? null, options.onProgress);
  const counts = await countProblems(session);
  const isAborted = !checked.isReadable || (counts.PROBLEM > 0 && !options.skipInvalid);
  const prepared = isAborted ? null : await prepareImport(session);
  await orderProblems(session);
  await writeRejectedRows(session, staged, options);
  const outcome = {
    isAborted,
    isReadable: checked.isReadable,
    files: await readFileOutcomes(session, staged, checked, prepared),
    missingSites: prepared?.missingSites ?? 0,
    problemCount: selectBlockingKinds(options).reduce((total, kind) => total + counts[kind], 0),
    dependentCount: counts.DEPENDENT,
    warnings: staged.warnings,
  };
  if (!prepared) return { ...outcome, revision: null };
  await reserveReshIds(session, staged.mentionedReshIds);
  if (isEmpty(prepared)) return { ...outcome, revision: null };
  return { ...outcome, revision: await writeAsChange(session, staged, checked, prepared, options) };
}

// If rejected rows are left out, conflicts with a rejected row do not count.
function selectBlockingKinds({ skipInvalid }: Pick<ImportOptions, 'skipInvalid'>): readonly ProblemKind[] {
  return skipInvalid ? ['PROBLEM'] : ['PROBLEM', 'RESOLVED_CONFLICT'];
}

async function writeRejectedRows(session: BulkSession, { files }: StagedFiles, options: ImportOptions): Promise<void> {
  if (options.rejects === null) return;
  const kinds = [...selectBlockingKinds(options), 'DEPENDENT'] as const;
  await writeRejects(options.rejects, streamReportedProblems(session, files, kinds));
}

async function readFileOutcomes(
  session: BulkSession,
  { files }: StagedFiles,
  { registeredRows }: CheckedImport,
  prepared: PreparedImport | null,
): Promise<FileOutcome[]> {
  const outcomes: FileOutcome[] = [];
  for (const { file } of files) {
    const { loadable, rejected } = await countRows(session, file);
    const loaded = file === 'units.csv' ? prepared?.units : loadable;
    outcomes.push({
      file,
      imported: prepared ? (loaded ?? 0) : 0,
      rejected,
      alreadyRegistered: registeredRows[file] ?? 0,
    });
  }
  return outcomes;
}

function isEmpty({ units, unitCodes, identifiers, successions, sites, codes }: PreparedImport): boolean {
  return units + unitCodes + identifiers + successions + sites + codes === 0;
}

async function writeAsChange(
  session: BulkSession,
  staged: StagedFiles,
  { revision: checkedRevision }: CheckedImport,
  prepared: PreparedImport,
  { actor, fileOptions, skipInvalid, validFrom, onProgress }: ImportOptions,
): Promise<number> {
  const foreign = fileOptions?.foreign;
  onProgress({ stage: 'writing', done: 0, total: null, unit: 'rows' });
  const { revision } = await recordChange(
    session,
    {
      operation: 'IMPORT',
      actor,
      effectiveOn: null,
      reason: null,
      input: { files: staged.digests, skipInvalid, validFrom, ...(foreign && { idSystem: foreign.system }) },
    },
    async (next, transaction) => {
      if (next !== checkedRevision + 1)
        throw new RegisterChangedError(
          `The register changed while the files were checked (revision ${next - 1} came after ${checkedRevision}). ` +
            'Nothing was written; run the import again.',
        );
      await writeImport(transaction, next, prepared, (done, total) =>
        onProgress({ stage: 'writing', done, total, unit: 'rows' }),
      );
      onProgress({ stage: 'recording in the ledger', done: 0, total: null, unit: 'rows' });
    },
  );
  return revision;
}

async function reportProblems(session: BulkSession, { files }: StagedFiles, options: ImportOptions): Promise<void> {
  const kinds: ProblemKind[] = ['WARNING', ...selectBlockingKinds(options)];
  if (options.skipInvalid) kinds.push('DEPENDENT');
  for await (const batch of streamReportedProblems(session, files, kinds)) {
    options.onProblems(batch);
    await setImmediate();
  }
}
