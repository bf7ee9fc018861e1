import type { BulkSession } from '../../store/database/bulk-session.ts';
import { problemsInOrder, type ProblemKind, type ToldProblem } from '../../store/staging/problems.ts';
import type { StagedFile } from './stage-files.ts';

/** A problem or warning with file and column called as whoever imports calls them. */
export interface NamedProblem extends Omit<ToldProblem, 'file'> {
  readonly file: string;
}

/** Every problem of some kinds in its order, a batch at a time; `orderProblems` comes before. */
export const namedProblems = async function* (
  session: BulkSession,
  files: readonly StagedFile[],
  kinds: readonly ProblemKind[],
): AsyncGenerator<NamedProblem[]> {
  const byFile = new Map(files.map((each) => [each.file, each]));
  for await (const batch of problemsInOrder(session, kinds))
    yield batch.map((problem) => {
      const { name, columnNames } = byFile.get(problem.file) ?? {};
      const { column } = problem;
      return {
        ...problem,
        file: name ?? problem.file,
        column: column === null ? null : (columnNames?.get(column) ?? column),
      };
    });
};
