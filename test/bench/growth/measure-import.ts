import type { Tree } from '../reading/generate-tree.ts';
import { runResh, writeImportFiles } from '../reading/import-files.ts';
import { createTemporaryFolder, type Defer } from '../reading/with-clean-up.ts';
import type { ImportFigures } from './figures.ts';
import { measureMs } from './measure-ms.ts';

/** Measures `npm run resh -- import` of a register into a new database, its migrations included. */
export async function measureImport(tree: Tree, databaseUrl: string, defer: Defer): Promise<ImportFigures> {
  const folder = await createTemporaryFolder(defer);
  const importedRows = await writeImportFiles(tree, folder);
  const importMs = await measureMs(() => runResh(['import', folder], { DATABASE_URL: databaseUrl }));
  return { importedRows, importSeconds: importMs / 1_000 };
}
