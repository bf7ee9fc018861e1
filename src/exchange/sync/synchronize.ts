import { basename } from 'node:path';
import type { CodeChange } from '../../domain/plan/code-sets/plan-codes.ts';
import { isEmptyWriteSet, type WriteSet } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { analyzeRegister } from '../../store/change/analyze-register.ts';
import { writeCodes } from '../../store/change/code-sets.ts';
import { recordChange } from '../../store/change/ledger.ts';
import { reserveReshIds } from '../../store/change/reserve-resh-ids.ts';
import { advanceReshIdSequence, writeChange } from '../../store/change/write-change.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import type { Database } from '../../store/database/database.ts';
import { readNewestRevisionNumber } from '../../store/database/newest-revision.ts';
import { setForeignIdsInProblems } from '../../store/staging/foreign-ids.ts';
import { countProblems, countRows, orderProblems, type ProblemKind } from '../../store/staging/problems.ts';
import { prepareReferenceData } from '../../store/staging/reference-data.ts';
import { stageProblems } from '../../store/staging/stage-rows.ts';
import { writeReferenceData } from '../../store/staging/write-reference-data.ts';
import { checkSuccessionsOnDay, readDesiredSuccessions } from '../../store/sync/desired-successions.ts';
import { assertSeparateOutputFiles } from '../import/output-files.ts';
import { writeRejects } from '../import/rejects-file.ts';
import { streamReportedProblems } from '../import/reported-problems.ts';
import type { RunOptions } from '../import/run-options.ts';
import { RegisterChangedError, stageFiles, type ImportFileOptions, type StagedFiles } from '../import/stage-files.ts';
import { withStagingSession } from '../import/staging-session.ts';
import { checkDesiredState } from './check-desired-state.ts';
import { compareWithRegister, type Comparison } from './compare-with-register.ts';
import { planDesiredSuccessions } from './plan-desired-successions.ts';
import { planReferenceData, type ReferencePlan } from './plan-reference-data.ts';
import type { SynchronizationPlan } from './plan-synchronization.ts';
import { writeSynchronizationReport } from './synchronization-report.ts';

/** Options of a synchronization. */
export interface SynchronizeOptions extends RunOptions {
  /** Folder of files, or a units file */
  readonly path: string;
  /** How the files differ from the register's own format */
  readonly fileOptions: Omit<ImportFileOptions, 'desiredStateDay'>;
  /** Day of the desired state that the files describe */
  readonly day: Day;
  /** Today in Oslo: grants on units that close end on this day at the earliest */
  readonly today: Day;
  /** RESH-id of the unit above the desired state; null if the files describe the whole register */
  readonly within: number | null;
  readonly dryRun: boolean;
  /** Let more than a tenth of the units close */
  readonly allowMassClose: boolean;
  /** File for the changes, or null */
  readonly report: string | null;
}

/** Numbers of units that change on the day; a unit that is opened does not count as moved. */
export interface SynchronizationCounts {
  readonly opened: number;
  readonly moved: number;
  readonly renamed: number;
  readonly closed: number;
}

/** Numbers of treatment sites and codes of the register that get other facts. */
export interface ReferenceCounts {
  readonly sitesChanged: number;
  readonly codesRenamed: number;
  readonly codesRetired: number;
  /** Codes with another parent, replacement or period */
  readonly codesChanged: number;
}

/** Result of a synchronization. */
export interface SynchronizeOutcome {
  /** The reason that the synchronization was refused, also in a dry run; null if it was not */
  readonly abortReason: 'PROBLEMS' | 'MASS_CLOSE' | null;
  /** Indicates whether all files could be read; otherwise leaving rows out does not help */
  readonly isReadable: boolean;
  /** Revision of the change; null if nothing was written */
  readonly revision: number | null;
  readonly counts: SynchronizationCounts;
  readonly referenceCounts: ReferenceCounts;
  /** Number of successions that the files add */
  readonly successionCount: number;
  /** Number of units in the scope of the files before the synchronization */
  readonly scopeCount: number;
  readonly problemCount: number;
  readonly rowsRejected: number;
  readonly warnings: readonly string[];
}

const analyzeThreshold = 5_000;

/**
 * Makes the register equal to files on a day, as one dated change: new units open, units that differ change, and units
 * that are not in the files close. Rows are staged, checked and compared without a lock; the register lock is held
 * while the differences are written.
 *
 * @returns result of the synchronization; if it was refused, or in a dry run, nothing was written
 * @throws ImportFolderError if the folder or the file is missing, or an output file is one of the imported files
 * @throws SynchronizationError if the unit above the desired state is not valid on the day
 * @throws RegisterChangedError if the register changed during the comparison on every attempt; nothing was written
 */
export function synchronize(
  database: Pick<Database, 'bulk'>,
  options: SynchronizeOptions,
): Promise<SynchronizeOutcome> {
  return withStagingSession(database, async (session) => {
    const { path, fileOptions, day, onProgress } = options;
    const staged = await stageFiles(session, path, { ...fileOptions, desiredStateDay: day }, null, onProgress);
    assertSeparateOutputFiles(staged.files, options);
    const outcome = await synchronizeStaged(session, staged, options);
    const { opened, moved, renamed, closed } = outcome.counts;
    if (outcome.revision !== null && opened + moved + renamed + closed > analyzeThreshold)
      await analyzeRegister(session);
    const kinds = ['WARNING', 'PROBLEM', options.skipInvalid ? 'DEPENDENT' : 'RESOLVED_CONFLICT'] as const;
    for await (const batch of streamReportedProblems(session, staged.files, kinds)) options.onProblems(batch);
    return outcome;
  });
}

async function synchronizeStaged(
  session: BulkSession,
  staged: StagedFiles,
  options: SynchronizeOptions,
): Promise<SynchronizeOutcome> {
  const { day, within, report, fileOptions, onProgress } = options;
  const { foreign } = fileOptions;
  await stageProblems(session, staged.fatalProblems);
  const checkedRevision = await readNewestRevisionNumber(session);
  const onTree = () => reportStage(onProgress, 'building the tree');
  const registeredCodes = await checkDesiredState(session, staged, { day, within, foreign, onTree });
  const comparison = await compareValid(session, staged, options);
  const reference = await planReferenceData(session, staged, registeredCodes, day);
  // Each statement of a comparison sees the register at its own time.
  if (comparison) assertRegisterUnchanged(options.path, checkedRevision, await readNewestRevisionNumber(session));

  if (foreign) await setForeignIdsInProblems(session);
  const { codes, sites, missingSites } = await prepareReferenceData(session);
  await orderProblems(session);
  await writeRejectedRows(session, staged, options);
  const outcome = await readOutcome(session, staged, { comparison, reference }, options);
  if (!comparison || comparison.plan.conflicts.length > 0) return { ...outcome, abortReason: 'PROBLEMS' };
  if (report !== null) await writeSynchronizationReport(report, comparison.plan, reference);
  if (outcome.counts.closed * 10 > outcome.scopeCount && !options.allowMassClose)
    return { ...outcome, abortReason: 'MASS_CLOSE' };

  const writes = { ...comparison.plan.draft.buildWriteSet(), sites: reference.siteRows };
  const changedCodes = reference.codes.changes.length;
  const isUnchanged = isEmptyWriteSet(writes) && codes + sites + missingSites + changedCodes === 0;
  if (options.dryRun) return { ...outcome, abortReason: null };
  await reserveReshIds(session, staged.mentionedReshIds);
  if (isUnchanged) return { ...outcome, abortReason: null };
  const revision = await writeAsChange(session, staged, { writes, reference }, checkedRevision, options);
  return { ...outcome, abortReason: null, revision };
}

function reportStage(onProgress: SynchronizeOptions['onProgress'], stage: string): void {
  onProgress({ stage, done: 0, total: null, unit: 'rows' });
}

/** Compares the desired state with the register; null if problems of the files stop the synchronization. */
async function compareValid(
  session: BulkSession,
  { files, fatalProblems, unitColumns }: StagedFiles,
  { day, today, within, skipInvalid, fileOptions, onProgress }: SynchronizeOptions,
): Promise<Comparison | null> {
  const { PROBLEM: problems, RESOLVED_CONFLICT: resolved } = await countProblems(session);
  reportStage(onProgress, 'comparing');
  if (fatalProblems.length > 0 || (problems + resolved > 0 && !skipInvalid)) return null;
  const scope = {
    day,
    within,
    system: fileOptions.foreign?.system ?? null,
    columns: unitColumns,
    hasCodes: files.some(({ file }) => file === 'unit_codes.csv'),
    hasIdentifiers: files.some(({ file }) => file === 'identifiers.csv'),
  };
  const comparison = await compareWithRegister(session, scope, { skipInvalid, today });
  if (comparison.plan.conflicts.length > 0) return comparison;
  await checkSuccessionsOnDay(session, day);
  if (!skipInvalid && (await countProblems(session)).PROBLEM > 0) return null;
  await planDesiredSuccessions(session, comparison.plan.draft, await readDesiredSuccessions(session));
  return comparison;
}

function assertRegisterUnchanged(path: string, checkedRevision: number, newestRevision: number): void {
  if (newestRevision === checkedRevision) return;
  throw new RegisterChangedError(
    `The register changed while ${basename(path)} was compared with it ` +
      `(revision ${newestRevision} came after ${checkedRevision}). Nothing was written; run the synchronization again.`,
  );
}

async function writeRejectedRows(
  session: BulkSession,
  { files }: StagedFiles,
  { rejects, skipInvalid }: SynchronizeOptions,
): Promise<void> {
  if (rejects === null) return;
  const kinds: ProblemKind[] = ['PROBLEM', 'DEPENDENT'];
  if (!skipInvalid) kinds.push('RESOLVED_CONFLICT');
  await writeRejects(rejects, streamReportedProblems(session, files, kinds));
}

async function readOutcome(
  session: BulkSession,
  { files, fatalProblems, warnings }: StagedFiles,
  { comparison, reference }: { readonly comparison: Comparison | null; readonly reference: ReferencePlan },
  { skipInvalid }: SynchronizeOptions,
) {
  const problems = await countProblems(session);
  let rowsRejected = 0;
  for (const { file } of files) rowsRejected += (await countRows(session, file)).rejected;
  return {
    isReadable: fatalProblems.length === 0,
    counts: countChanges(comparison?.plan.units ?? []),
    referenceCounts: countReferenceChanges(reference),
    successionCount: comparison?.plan.draft.successions.length ?? 0,
    scopeCount: comparison?.difference.scopeCount ?? 0,
    problemCount: problems.PROBLEM + (skipInvalid ? 0 : problems.RESOLVED_CONFLICT),
    rowsRejected,
    warnings: [...warnings, ...(comparison?.plan.droppedPlans ?? []).map(({ note }) => note.message)],
    revision: null,
  };
}

function countChanges(units: SynchronizationPlan['units']): SynchronizationCounts {
  const count = (predicate: (unit: SynchronizationPlan['units'][number]) => boolean) => units.filter(predicate).length;
  return {
    opened: count(({ isValidBefore, isValidAfter }) => isValidAfter && !isValidBefore),
    moved: count(({ kinds }) => kinds.includes('MOVED')),
    renamed: count(({ kinds }) => kinds.includes('RENAMED')),
    closed: count(({ isValidBefore, isValidAfter }) => isValidBefore && !isValidAfter),
  };
}

function countReferenceChanges({ codes, siteChanges }: ReferencePlan): ReferenceCounts {
  const count = (...kinds: CodeChange['kind'][]) => codes.changes.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    sitesChanged: new Set(siteChanges.map(({ organizationNumber }) => organizationNumber)).size,
    codesRenamed: count('RENAMED'),
    codesRetired: count('RETIRED'),
    codesChanged: count('REPLACED', 'CHANGED'),
  };
}

async function writeAsChange(
  session: BulkSession,
  staged: StagedFiles,
  { writes, reference }: { readonly writes: WriteSet; readonly reference: ReferencePlan },
  checkedRevision: number,
  { path, day, within, fileOptions, skipInvalid, allowMassClose, actor, onProgress }: SynchronizeOptions,
): Promise<number> {
  reportStage(onProgress, 'writing');
  const idSystem = fileOptions.foreign?.system ?? null;
  const { revision } = await recordChange(
    session,
    {
      operation: 'SYNCHRONIZE',
      actor,
      effectiveOn: day,
      reason: null,
      input: { files: staged.digests, within, idSystem, skipInvalid, allowMassClose },
    },
    async (next, transaction) => {
      assertRegisterUnchanged(path, checkedRevision, next - 1);
      await writeChange(transaction, next, writes, () => writeReferenceData(transaction, next));
      if (reference.codes.changes.length > 0) await writeCodes(transaction, next, reference.codes.rows, []);
      advanceReshIdSequence(transaction, writes);
      await transaction.settle();
      reportStage(onProgress, 'recording in the ledger');
    },
  );
  return revision;
}
