import { basename } from 'node:path';
import type { Day } from '../../domain/time/day.ts';
import { analyzeRegister } from '../../store/change/ledger-digest.ts';
import { recordChange } from '../../store/change/ledger.ts';
import { advanceReshIdSequence, writeChange } from '../../store/change/write-change.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import type { Database } from '../../store/database/database.ts';
import { readNewestRevisionNumber } from '../../store/database/newest-revision.ts';
import { prepareReferenceData, writeReferenceData } from '../../store/import/write.ts';
import { assignReshIds, setForeignIdsInProblems } from '../../store/staging/foreign-ids.ts';
import { countProblems, countRows, markRejected, orderProblems } from '../../store/staging/problems.ts';
import { checkCodes, checkLegalEntities, checkSites } from '../../store/staging/reference.ts';
import { stageProblems } from '../../store/staging/tables.ts';
import { checkDesiredUnits, checkDesiredDetails, isUnitValidOn } from '../../store/sync/checks.ts';
import { buildDesiredTree } from '../../store/sync/desired-tree.ts';
import { findSyncDifference, type SyncDifference, type SyncScope } from '../../store/sync/difference.ts';
import { assertSeparateOutputFiles } from '../import/output-files.ts';
import { writeRejects } from '../import/rejects-file.ts';
import { streamReportedProblems, type ReportedProblem } from '../import/reported-problems.ts';
import {
  RegisterChangedError,
  stageFiles,
  type ImportFileOptions,
  type ImportProgress,
  type StagedFiles,
} from '../import/stage-files.ts';
import { withStagingSession } from '../import/staging-session.ts';
import { planSynchronization, type SynchronizationPlan } from './plan-synchronization.ts';
import { writeSynchronizationReport } from './synchronization-report.ts';

/** How the register is to become what files say of a day. */
export interface SynchronizeOptions {
  /** Folder of files, or a units file */
  readonly path: string;
  /** How the files are read */
  readonly fileOptions: Omit<ImportFileOptions, 'desiredStateDay'>;
  /** Day of which the files are a full picture */
  readonly day: Day;
  /** Today in Oslo: grants on what closes end then at the earliest */
  readonly today: Day;
  /** RESH-id of the unit of whose subtree the files are a picture; null for the whole register */
  readonly within: number | null;
  readonly dryRun: boolean;
  /** Leave rows with problems out, so that their units stay as they are */
  readonly skipInvalid: boolean;
  /** Let more than a tenth of the units close */
  readonly allowMassClose: boolean;
  /** File that rejected rows are written to, or null */
  readonly rejects: string | null;
  /** File that what changes is written to, or null */
  readonly report: string | null;
  readonly actor: { readonly subject: string; readonly name: string };
  /** Hears of every problem and warning of rows, a batch at a time */
  readonly onProblems: (problems: readonly ReportedProblem[]) => void;
  readonly onProgress: (progress: ImportProgress) => void;
}

/** Numbers of units by what becomes of them on the day; a unit that is opened is not moved. */
export interface SynchronizationCounts {
  readonly opened: number;
  readonly moved: number;
  readonly renamed: number;
  readonly closed: number;
}

/** What became of a synchronization. */
export interface SynchronizeOutcome {
  /** Why nothing was written; null where it was, or there was nothing to write, or it was a dry run */
  readonly abortReason: 'PROBLEMS' | 'MASS_CLOSE' | null;
  /** Whether all files could be read; where not, leaving rows out does not help */
  readonly isReadable: boolean;
  /** Revision of the change; null where nothing was written */
  readonly revision: number | null;
  readonly counts: SynchronizationCounts;
  /** Number of units that the files could lack */
  readonly scopeCount: number;
  readonly problemCount: number;
  readonly rowsRejected: number;
  readonly warnings: readonly string[];
}

/** The register cannot be synchronized so. */
export class SynchronizationError extends Error {
  override readonly name = 'SynchronizationError';
}

interface PlannedDifference {
  readonly difference: SyncDifference;
  readonly plan: SynchronizationPlan;
}

const analyzeThreshold = 5_000;

/**
 * Makes the register what files say of a day, as one dated change: units that are new in them open, those that stand elsewhere or are
 * called otherwise change, and those that they lack close. Rows are staged, checked and compared without any lock; the register's lock
 * is held while the differences are written.
 *
 * @returns what became of it; where it is refused, or a dry run, nothing was written
 * @throws ImportFolderError where the folder or the file is missing, or would be written over
 * @throws SynchronizationError where the unit of whose subtree the files are is not there
 * @throws RegisterChangedError where another change came in between each time; nothing was written
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
    for await (const batch of streamReportedProblems(session, staged.files, [
      'WARNING',
      'PROBLEM',
      ...(options.skipInvalid ? (['CONSEQUENCE'] as const) : (['COLLISION'] as const)),
    ]))
      options.onProblems(batch);
    return outcome;
  });
}

async function synchronizeStaged(
  session: BulkSession,
  staged: StagedFiles,
  options: SynchronizeOptions,
): Promise<SynchronizeOutcome> {
  const { day, within, onProgress, skipInvalid } = options;
  const { foreign } = options.fileOptions;
  const reportStage = (name: string) => onProgress({ stage: name, done: 0, total: null, unit: 'rows' });
  const { readable } = staged;
  await stageProblems(session, staged.fatalProblems);
  const checkedRevision = await readNewestRevisionNumber(session);
  const assertRegisterUnchanged = (newestRevision: number): void => {
    if (newestRevision === checkedRevision) return;
    throw new RegisterChangedError(
      `The register changed while ${basename(options.path)} was compared with it (revision ${newestRevision} came after ${checkedRevision}). Nothing was written; run the synchronization again.`,
    );
  };
  if (within !== null && !(await isUnitValidOn(session, within, day)))
    throw new SynchronizationError(
      `Unit ${within} is not valid on ${day}, so there is nothing within it. Correct --within, or --effective-on.`,
    );
  if (foreign) await assignReshIds(session, foreign.system, day, within);
  await checkCodes(session, readable);
  await checkSites(session, readable);
  await checkDesiredUnits(session, day, within, readable);
  if (readable.units) {
    reportStage('building the tree');
    await buildDesiredTree(session, day, within);
    await checkLegalEntities(session);
    await checkDesiredDetails(session, day, readable);
  }
  const problemsBeforePlan = await countProblems(session);
  const scope: SyncScope = {
    day,
    within,
    system: foreign?.system ?? null,
    columns: staged.unitColumns,
    hasCodes: staged.files.some(({ file }) => file === 'unit_codes.csv'),
    hasIdentifiers: staged.files.some(({ file }) => file === 'identifiers.csv'),
  };
  reportStage('comparing');
  const mustAbort = (problems: number) => staged.fatalProblems.length > 0 || (problems > 0 && !skipInvalid);
  const comparison = mustAbort(problemsBeforePlan.PROBLEM + problemsBeforePlan.COLLISION)
    ? null
    : await planDifference(session, scope, options);
  // The statements of a comparison see each the register of its moment.
  if (comparison) assertRegisterUnchanged(await readNewestRevisionNumber(session));

  if (foreign) await setForeignIdsInProblems(session);
  const referenceCounts = await prepareReferenceData(session);
  await orderProblems(session);
  const problems = await countProblems(session);
  if (options.rejects !== null)
    await writeRejects(
      options.rejects,
      streamReportedProblems(session, staged.files, [
        ...(skipInvalid ? [] : (['COLLISION'] as const)),
        'PROBLEM',
        'CONSEQUENCE',
      ]),
    );
  let rowsRejected = 0;
  for (const { file } of staged.files) rowsRejected += (await countRows(session, file)).rejected;
  const counts = comparison ? countChanges(comparison.plan) : { opened: 0, moved: 0, renamed: 0, closed: 0 };
  const scopeCount = comparison?.difference.scopeCount ?? 0;
  const outcome = {
    isReadable: staged.fatalProblems.length === 0,
    counts,
    scopeCount,
    problemCount: problems.PROBLEM + (skipInvalid ? 0 : problems.COLLISION),
    rowsRejected,
    warnings: [...staged.warnings, ...(comparison?.plan.droppedPlans ?? []).map(({ text }) => text)],
    revision: null,
  };
  if (!comparison || comparison.plan.conflicts.length > 0) return { ...outcome, abortReason: 'PROBLEMS' };
  if (options.report !== null) await writeSynchronizationReport(options.report, comparison.plan);
  if (counts.closed * 10 > scopeCount && !options.allowMassClose) return { ...outcome, abortReason: 'MASS_CLOSE' };
  const writes = comparison.plan.draft.buildWriteSet();
  const hasReferenceData = referenceCounts.codes + referenceCounts.sites + referenceCounts.missingSites > 0;
  if (options.dryRun || (isEmptyWriteSet(writes) && !hasReferenceData)) return { ...outcome, abortReason: null };

  reportStage('writing');
  const { revision } = await recordChange(
    session,
    {
      operation: 'SYNCHRONIZE',
      actor: options.actor,
      effectiveOn: day,
      reason: null,
      input: {
        files: staged.digests,
        within,
        idSystem: foreign?.system ?? null,
        skipInvalid,
        allowMassClose: options.allowMassClose,
      },
    },
    async (next, transaction) => {
      assertRegisterUnchanged(next - 1);
      await writeChange(transaction, next, writes, () => writeReferenceData(transaction, next));
      await advanceReshIdSequence(transaction, writes);
      reportStage('sealing');
    },
  );
  return { ...outcome, revision, abortReason: null };
}

/** Finds and plans the differences; where rows with problems are left out, anew without those that cannot be made. */
async function planDifference(
  session: BulkSession,
  scope: SyncScope,
  { skipInvalid, day, today, within }: SynchronizeOptions,
): Promise<PlannedDifference> {
  for (const retained: number[] = []; ;) {
    const difference = await findSyncDifference(session, scope, retained);
    const plan = await planSynchronization(session, difference, scope, today);
    if (plan.conflicts.length === 0) return { difference, plan };
    const lines = new Map(difference.units.map(({ reshId, line }) => [reshId, line]));
    await stageProblems(
      session,
      plan.conflicts.map(({ reshId, ...problem }) => ({
        ...problem,
        file: 'units.csv',
        line: lines.get(reshId) ?? null,
      })),
    );
    if (!skipInvalid) return { difference, plan };
    retained.push(...plan.conflicts.map(({ reshId }) => reshId));
    await markRejected(session, 'units.csv');
    await buildDesiredTree(session, day, within);
  }
}

function countChanges({ units }: SynchronizationPlan): SynchronizationCounts {
  const count = (predicate: (unit: SynchronizationPlan['units'][number]) => boolean) => units.filter(predicate).length;
  return {
    opened: count(({ isValidBefore, isValidAfter }) => isValidAfter && !isValidBefore),
    moved: count(({ kinds }) => kinds.includes('MOVED')),
    renamed: count(({ kinds }) => kinds.includes('RENAMED')),
    closed: count(({ isValidBefore, isValidAfter }) => isValidBefore && !isValidAfter),
  };
}

function isEmptyWriteSet({
  units,
  grants,
  endedSuccessions,
}: ReturnType<SynchronizationPlan['draft']['buildWriteSet']>): boolean {
  return (
    grants.superseded.length + endedSuccessions.length === 0 &&
    units.every(({ versions, details }) =>
      [versions, ...Object.values(details)].every(({ superseded, added }) => superseded.length + added.length === 0),
    )
  );
}
