import type { ReportedProblem } from './reported-problems.ts';
import type { ImportProgress } from './stage-files.ts';

/** Options that imports and synchronizations share. */
export interface RunOptions {
  /** Leave rows with problems out, instead of refusing all rows */
  readonly skipInvalid: boolean;
  /** File for the rejected rows, or null */
  readonly rejects: string | null;
  readonly actor: { readonly subject: string; readonly name: string };
  /** Receives every problem and warning of rows, a batch at a time */
  readonly onProblems: (problems: readonly ReportedProblem[]) => void;
  readonly onProgress: (progress: ImportProgress) => void;
}
