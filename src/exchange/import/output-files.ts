import { resolve } from 'node:path';
import { ImportFolderError } from './stage-files.ts';

/** Files that an import is asked to write, or null: what its options say. */
export interface OutputFiles {
  readonly rejects: string | null;
  readonly report?: string | null;
}

/**
 * Sees to it that what is written lies apart from what is imported, and from each other.
 *
 * @throws ImportFolderError where it does not
 */
export function assertSeparateOutputFiles(
  imported: readonly { readonly path: string }[],
  { rejects, report = null }: OutputFiles,
): void {
  for (const [option, path] of Object.entries({ rejects, report }))
    if (path !== null && imported.some((file) => resolve(file.path) === resolve(path)))
      throw new ImportFolderError(`--${option} names ${path}, which is being imported. Name a file that is not.`);
  if (rejects !== null && report !== null && resolve(rejects) === resolve(report))
    throw new ImportFolderError(`--rejects and --report are both ${report}. Name two files.`);
}
