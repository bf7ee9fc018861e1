import { stat } from 'node:fs/promises';
import { groupByCode, planCodes, type CodeChange } from '../../domain/plan/code-sets/plan-codes.ts';
import type { Day } from '../../domain/time/day.ts';
import { nationalCodeSets } from '../../domain/unit/national-code-sets.ts';
import { readCodeRows, writeCodes } from '../../store/change/code-sets.ts';
import { recordChange, type ChangeEntry } from '../../store/change/ledger.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import type { Database } from '../../store/database/database.ts';
import { readNewestRevisionNumber } from '../../store/database/newest-revision.ts';
import { checkCodeRows, readStagedCodes } from '../../store/staging/codes.ts';
import { countProblems, orderProblems } from '../../store/staging/problems.ts';
import { stageProblems, stageRows } from '../../store/staging/stage-rows.ts';
import { createStaging, indexStaging } from '../../store/staging/tables.ts';
import { findOmittedCodeFacts } from '../import/code-columns.ts';
import { createFileFormats } from '../import/file-formats.ts';
import { readFileIntoStaging } from '../import/read-file.ts';
import { streamReportedProblems, type ReportedProblem } from '../import/reported-problems.ts';
import { ImportFolderError, RegisterChangedError, standardFileOptions } from '../import/stage-files.ts';
import { withStagingSession } from '../import/staging-session.ts';

/** What is loaded, and from which day on. */
export interface LoadCodesOptions {
  /** Path of a file in the format of codes.csv; null for the code sets that ship with the project */
  readonly path: string | null;
  /** Day from which the codes are as listed */
  readonly day: Day;
  readonly dryRun: boolean;
  readonly actor: ChangeEntry['actor'];
  readonly onProblems: (problems: readonly ReportedProblem[]) => void;
}

/** The result of loading code sets. */
export interface LoadCodesOutcome {
  /** Null if nothing was written: on a dry run, without changes, or with problems */
  readonly revision: number | null;
  readonly problemCount: number;
  readonly changes: readonly CodeChange[];
}

/**
 * Makes the codes of the register what a list says, from a day on, as one change: new codes are added, and known ones
 * get other names, retire or are replaced. Codes that the list does not have stay as they are.
 *
 * @throws ImportFolderError if there is no such file
 * @throws RegisterChangedError if the register changed in between on every attempt; nothing was written
 */
export function loadCodes(database: Pick<Database, 'bulk'>, options: LoadCodesOptions): Promise<LoadCodesOutcome> {
  return withStagingSession(database, async (session) => {
    await createStaging(session);
    const { columns, sha256 } = await stageCodes(session, options.path);
    await indexStaging(session);
    const checkedRevision = await readNewestRevisionNumber(session);
    await checkCodeRows(session);
    const { PROBLEM: problems, RESOLVED_CONFLICT: conflicts } = await countProblems(session);
    await orderProblems(session);
    const kinds = ['WARNING', 'PROBLEM', 'RESOLVED_CONFLICT'] as const;
    for await (const batch of streamReportedProblems(session, [], kinds)) options.onProblems(batch);
    if (problems + conflicts > 0) return { revision: null, problemCount: problems + conflicts, changes: [] };

    const staged = await readStagedCodes(session);
    const listed = staged.map(({ codeSetName: _codeSetName, ...row }) => row);
    const omitted = findOmittedCodeFacts(columns);
    const plan = planCodes(groupByCode(await readCodeRows(session)), groupByCode(listed), omitted, options.day);
    if (options.dryRun || plan.changes.length === 0) return { revision: null, problemCount: 0, changes: plan.changes };
    const sets = new Map(staged.map(({ codeSet, codeSetName }) => [codeSet, { number: codeSet, name: codeSetName }]));
    const { revision } = await recordChange(
      session,
      {
        operation: 'LOAD_CODES',
        actor: options.actor,
        effectiveOn: options.day,
        reason: null,
        input: { sha256 },
      },
      async (next, transaction) => {
        if (next !== checkedRevision + 1)
          throw new RegisterChangedError(
            `The register changed while the codes were compared with it (revision ${next - 1} came after ` +
              `${checkedRevision}). Nothing was written; load the codes again.`,
          );
        await writeCodes(transaction, next, plan.rows, [...sets.values()]);
      },
    );
    return { revision, problemCount: 0, changes: plan.changes };
  });
}

/** Stages the rows of a list; returns its columns, and the digest of its file, null for the shipped code sets. */
async function stageCodes(
  session: BulkSession,
  path: string | null,
): Promise<{ readonly columns: ReadonlySet<string>; readonly sha256: string | null }> {
  if (path === null) {
    await stageRows(session, 'codes.csv', listShippedRows());
    return { columns: new Set(['parent_code', 'status', 'replaced_by']), sha256: null };
  }
  const stats = await stat(path).catch(() => null);
  if (!stats?.isFile()) throw new ImportFolderError(`${path} is not a file. Name a file in the format of codes.csv.`);
  const format = createFileFormats(standardFileOptions)['codes.csv'];
  const readOptions = { name: path, format, columnNames: new Map<string, string>() };
  const result = await readFileIntoStaging(session, 'codes.csv', path, readOptions, null, () => {});
  await stageProblems(session, result.fatalProblems);
  return { columns: new Set(result.columns), sha256: result.sha256 };
}

function listShippedRows() {
  return nationalCodeSets
    .flatMap(({ number, name: setName, codes }) => codes.map((code) => ({ number, setName, code })))
    .map(({ number, setName, code: { code, name, parent, retired, replacedBy } }, index) => ({
      line: index + 1,
      rejected: false,
      rowText: `${number},${code}`,
      values: {
        code_set: number,
        code_set_name: setName,
        code,
        name,
        parent_code: parent ?? null,
        retired: retired ?? false,
        replaced_by: `{${(replacedBy ?? []).map((successor) => `"${number}:${successor}"`).join(',')}}`,
        valid_from: null,
        valid_to: null,
      },
    }));
}
