import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importFolder, type ImportOutcome } from '../../../src/exchange/import/import-folder.ts';
import type { Database } from '../../../src/store/database/database.ts';

/** Folder of the real Norwegian data, which lies beside the project and not in it. */
export const norwegianDataFolder = fileURLToPath(new URL('../../../../shared/data/norway', import.meta.url));

/** Whether the real data is there; tests that need it say in their name that they do. */
export const hasNorwegianData = existsSync(norwegianDataFolder);

/** Imports what can be loaded of the real data, all of it valid from 2002-01-01. */
export function importNorwegianData(database: Database): Promise<ImportOutcome> {
  return importFolder(database, {
    folder: norwegianDataFolder,
    validFrom: '2002-01-01',
    skipInvalid: true,
    rejects: null,
    actor: { subject: 'test', name: 'Test' },
    onProblems: () => {},
    onProgress: () => {},
  });
}
