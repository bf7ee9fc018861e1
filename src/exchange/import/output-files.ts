import { resolve } from 'node:path';
import { ImportFolderError } from './stage-files.ts';

/** Output files of an import; null if an option is not given. */
export interface OutputFiles {
  readonly rejects: string | null;
  readonly report?: string | null;
}

/**
 * Asserts that the output files are neither imported files nor the same file.
 *
 * @throws ImportFolderError if they are not distinct
 */
export function assertSeparateOutputFiles(
  imported: readonly { readonly path: string }[],
  { rejects, report = null }: OutputFiles,
): void {
  for (const [option, path] of Object.entries({ rejects, report }))
    if (path !== null && imported.some((file) => resolve(file.path) === resolve(path)))
      throw new ImportFolderError(`--${option} names ${path}, which is being imported. Name another file.`);
  if (rejects !== null && report !== null && resolve(rejects) === resolve(report))
    throw new ImportFolderError(`--rejects and --report are both ${report}. Name two files.`);
}
