import { basename } from 'node:path';
import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import type { Database } from '../../store/database/database.ts';
import { analyzeRegister } from '../../store/change/ledger-digest.ts';
import { nextRevision, recordChange } from '../../store/change/ledger.ts';
import { giveReshIds, tellForeignIds } from '../../store/staging/foreign-ids.ts';
import { countProblems, countRows, markRejected, orderProblems } from '../../store/staging/problems.ts';
import { checkCodes, checkLegalEntities, checkSites } from '../../store/staging/reference.ts';
import { prepareReference, writeReference } from '../../store/import/write.ts';
import { stageProblems } from '../../store/staging/tables.ts';
import { checkPicture, checkPictureDetails, readUnitOn } from '../../store/sync/checks.ts';
import { findPictureDifference, type PictureDifference, type PictureScope } from '../../store/sync/difference.ts';
import { buildPicture } from '../../store/sync/tree.ts';
import { keepReshIds, writeChange } from '../../store/change/write-change.ts';
import { namedProblems, type NamedProblem } from '../import/named-problems.ts';
import { keepOutputsApart } from '../import/output-files.ts';
import { planSynchronization, type SynchronizationPlan } from './plan-synchronization.ts';
import { writeRejects } from '../import/rejects-file.ts';
import {
  RegisterChangedError,
  stageFiles,
  type FilesReading,
  type ImportProgress,
  type StagedFiles,
} from '../import/stage-files.ts';
import { inStagingSession } from '../import/staging-session.ts';
import { writeReport } from './synchronization-report.ts';

/** How the register is to become what files say of a day. */
export interface SynchronizeOptions {
  /** Folder of files, or a units file */
  readonly path: string;
  /** How the files are read */
  readonly reading: Omit<FilesReading, 'pictureOf'>;
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
  readonly onProblems: (problems: readonly NamedProblem[]) => void;
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
  readonly refused: 'PROBLEMS' | 'MASS_CLOSE' | null;
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

const countsOf = ({ units }: SynchronizationPlan): SynchronizationCounts => {
  const count = (holds: (unit: SynchronizationPlan['units'][number]) => boolean) => units.filter(holds).length;
  return {
    opened: count(({ isBefore, isAfter }) => isAfter && !isBefore),
    moved: count(({ kinds }) => kinds.includes('MOVED')),
    renamed: count(({ kinds }) => kinds.includes('RENAMED')),
    closed: count(({ isBefore, isAfter }) => isBefore && !isAfter),
  };
};

interface Planned {
  readonly difference: PictureDifference;
  readonly plan: SynchronizationPlan;
}

/** Finds and plans the differences; where rows with problems are left out, anew without those that cannot be made. */
const planned = async (
  session: BulkSession,
  scope: PictureScope,
  { skipInvalid, day, today, within }: SynchronizeOptions,
): Promise<Planned> => {
  for (const kept: number[] = []; ;) {
    const difference = await findPictureDifference(session, scope, kept);
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
    kept.push(...plan.conflicts.map(({ reshId }) => reshId));
    await markRejected(session, 'units.csv');
    await buildPicture(session, day, within);
  }
};

const isEmpty = ({ units, grants, endedSuccessions }: ReturnType<SynchronizationPlan['draft']['writes']>): boolean =>
  grants.superseded.length + endedSuccessions.length === 0 &&
  units.every(({ versions, details }) =>
    [versions, ...Object.values(details)].every(({ superseded, added }) => superseded.length + added.length === 0),
  );

const synchronizeStaged = async (
  session: BulkSession,
  staged: StagedFiles,
  options: SynchronizeOptions,
): Promise<SynchronizeOutcome> => {
  const { day, within, onProgress, skipInvalid } = options;
  const { foreign } = options.reading;
  const stage = (name: string) => onProgress({ stage: name, done: 0, total: null, unit: 'rows' });
  const { readable } = staged;
  await stageProblems(session, staged.fatal);
  const checkedAt = (await nextRevision(session)) - 1;
  const refuseChanged = (next: number): void => {
    if (next === checkedAt + 1) return;
    throw new RegisterChangedError(
      `The register changed while ${basename(options.path)} was compared with it (revision ${next - 1} came after ${checkedAt}). Nothing was written; run the synchronization again.`,
    );
  };
  if (within !== null && !(await readUnitOn(session, within, day)))
    throw new SynchronizationError(
      `Unit ${within} is not valid on ${day}, so there is nothing within it. Correct --within, or --effective-on.`,
    );
  if (foreign) await giveReshIds(session, foreign.system, day, within);
  await checkCodes(session, readable);
  await checkSites(session, readable);
  await checkPicture(session, day, within, readable);
  if (readable.units) {
    stage('building the tree');
    await buildPicture(session, day, within);
    await checkLegalEntities(session);
    await checkPictureDetails(session, day, readable);
  }
  const found = await countProblems(session);
  const scope: PictureScope = {
    day,
    within,
    system: foreign?.system ?? null,
    columns: staged.unitColumns,
    hasCodes: staged.files.some(({ file }) => file === 'unit_codes.csv'),
    hasIdentifiers: staged.files.some(({ file }) => file === 'identifiers.csv'),
  };
  stage('comparing');
  const isRefused = (problems: number) => staged.fatal.length > 0 || (problems > 0 && !skipInvalid);
  const compared = isRefused(found.PROBLEM + found.COLLISION) ? null : await planned(session, scope, options);
  // The statements of a comparison see each the register of its moment.
  if (compared) refuseChanged(await nextRevision(session));

  if (foreign) await tellForeignIds(session);
  const reference = await prepareReference(session);
  await orderProblems(session);
  const problems = await countProblems(session);
  if (options.rejects !== null)
    await writeRejects(
      options.rejects,
      namedProblems(session, staged.files, [
        ...(skipInvalid ? [] : (['COLLISION'] as const)),
        'PROBLEM',
        'CONSEQUENCE',
      ]),
    );
  let rowsRejected = 0;
  for (const { file } of staged.files) rowsRejected += (await countRows(session, file)).rejected;
  const counts = compared ? countsOf(compared.plan) : { opened: 0, moved: 0, renamed: 0, closed: 0 };
  const scopeCount = compared?.difference.scopeCount ?? 0;
  const outcome = {
    isReadable: staged.fatal.length === 0,
    counts,
    scopeCount,
    problemCount: problems.PROBLEM + (skipInvalid ? 0 : problems.COLLISION),
    rowsRejected,
    warnings: [...staged.warnings, ...(compared?.plan.fallen ?? []).map(({ text }) => text)],
    revision: null,
  };
  if (!compared || compared.plan.conflicts.length > 0) return { ...outcome, refused: 'PROBLEMS' };
  if (options.report !== null) await writeReport(options.report, compared.plan);
  if (counts.closed * 10 > scopeCount && !options.allowMassClose) return { ...outcome, refused: 'MASS_CLOSE' };
  const writes = compared.plan.draft.writes();
  const hasReference = reference.codes + reference.sites + reference.missingSites > 0;
  if (options.dryRun || (isEmpty(writes) && !hasReference)) return { ...outcome, refused: null };

  stage('writing');
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
    async (next) => {
      refuseChanged(next);
      await writeChange(session, next, writes, () => writeReference(session, next));
      await keepReshIds(session, writes);
      stage('sealing');
    },
  );
  return { ...outcome, revision, refused: null };
};

const manyUnits = 5_000;

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
export const synchronize = (
  database: Pick<Database, 'bulk'>,
  options: SynchronizeOptions,
): Promise<SynchronizeOutcome> =>
  inStagingSession(database, async (session) => {
    const { path, reading, day, onProgress } = options;
    const staged = await stageFiles(session, path, { ...reading, pictureOf: day }, null, onProgress);
    keepOutputsApart(staged.files, options);
    const outcome = await synchronizeStaged(session, staged, options);
    const { opened, moved, renamed, closed } = outcome.counts;
    if (outcome.revision !== null && opened + moved + renamed + closed > manyUnits) await analyzeRegister(session);
    for await (const batch of namedProblems(session, staged.files, [
      'WARNING',
      'PROBLEM',
      ...(options.skipInvalid ? (['CONSEQUENCE'] as const) : (['COLLISION'] as const)),
    ]))
      options.onProblems(batch);
    return outcome;
  });
