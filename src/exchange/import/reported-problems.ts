import type { BulkSession } from '../../store/database/bulk-session.ts';
import { streamProblems, type ProblemKind, type ClassifiedProblem } from '../../store/staging/problems.ts';
import type { StagedFile } from './stage-files.ts';

/** A problem or warning with file and column called as whoever imports calls them. */
export interface ReportedProblem extends Omit<ClassifiedProblem, 'file'> {
  readonly file: string;
}

/** Every problem of some kinds in its order, a batch at a time; `orderProblems` comes before. */
export const streamReportedProblems = async function* (
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
};
