import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importFolder, type ImportOutcome } from '../../../src/exchange/import/import-folder.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions } from '../builders/file-options.ts';

/** Folder of the real Norwegian data, next to the project and not part of it. */
export const norwegianDataFolder = fileURLToPath(new URL('../../../../shared/data/norway', import.meta.url));

/** Whether the real data is present; tests that need it say so in their names. */
export const hasNorwegianData = existsSync(norwegianDataFolder);

/** Imports the valid rows of the real data, all valid from 2002-01-01. */
export function importNorwegianData(database: Database): Promise<ImportOutcome> {
  return importFolder(
    database,
    importOptions({ folder: norwegianDataFolder, validFrom: '2002-01-01', skipInvalid: true }),
  );
}
