import type { ImportOptions } from '../../../src/exchange/import/import-folder.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import type { SynchronizeOptions } from '../../../src/exchange/sync/synchronize.ts';

const shared = {
  skipInvalid: false,
  rejects: null,
  actor: { subject: 'test', name: 'Test' },
  onProblems: () => {},
  onProgress: () => {},
};

/** Builds the options of an import of a folder in the register's own format; `options` overrides the defaults. */
export function importOptions(options: Pick<ImportOptions, 'folder'> & Partial<ImportOptions>): ImportOptions {
  return { ...shared, validFrom: null, ...options };
}

/** Builds the options of a synchronization of the whole register on the current day; `options` overrides them. */
export function synchronizeOptions(
  options: Pick<SynchronizeOptions, 'path' | 'day'> & Partial<SynchronizeOptions>,
): SynchronizeOptions {
  return {
    ...shared,
    fileOptions: standardFileOptions,
    today: options.day,
    within: null,
    dryRun: false,
    allowMassClose: false,
    report: null,
    ...options,
  };
}
