import type { BulkSession } from '../../store/database/bulk-session.ts';
import { streamProblems, type ProblemKind, type ClassifiedProblem } from '../../store/staging/problems.ts';
import type { StagedFile } from './stage-files.ts';

/** A problem or warning, with the user's names of its file and column. */
export interface ReportedProblem extends Omit<ClassifiedProblem, 'file'> {
  readonly file: string;
}

/** Reads all problems of some kinds in order, a batch at a time. `orderProblems` must have run. */
export async function* streamReportedProblems(
  session: BulkSession,
  files: readonly StagedFile[],
  kinds: readonly ProblemKind[],
): AsyncGenerator<ReportedProblem[]> {
  const filesByName = new Map(files.map((stagedFile) => [stagedFile.file, stagedFile]));
  for await (const batch of streamProblems(session, kinds))
    yield batch.map((problem) => {
      const { name, columnNames } = filesByName.get(problem.file) ?? {};
      const { column } = problem;
      return {
        ...problem,
        file: name ?? problem.file,
        column: column === null ? null : (columnNames?.get(column) ?? column),
      };
    });
}
