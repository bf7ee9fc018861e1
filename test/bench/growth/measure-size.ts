import { startBenchCluster } from '../reading/bench-cluster.ts';
import { generateTree } from '../reading/generate-tree.ts';
import { settleDatabase } from '../reading/load-data.ts';
import type { LoadGenerator } from '../reading/load.ts';
import { createTemporaryFolder, type Defer } from '../reading/with-clean-up.ts';
import { createEditor } from './editor.ts';
import type { Figures } from './figures.ts';
import { measureExtract } from './measure-extract.ts';
import { measureImport } from './measure-import.ts';
import { measureMemory } from './measure-memory.ts';
import { measureMove } from './measure-move.ts';
import { measureReading } from './measure-reading.ts';
import { measureRenames } from './measure-renames.ts';
import { measureStarts } from './measure-starts.ts';

export interface SizeOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly generator: LoadGenerator;
  readonly defer: Defer;
  readonly onProgress: (line: string) => void;
}

/** Imports a register of a size into a PostgreSQL server of its own, and measures it: changes come last. */
export async function measureSize(units: number, options: SizeOptions): Promise<Figures> {
  const { defer } = options;
  const onProgress = (step: string): void => options.onProgress(`${units.toLocaleString('en')} units: ${step}`);
  const cluster = await startBenchCluster(defer);
  const databaseUrl = await cluster.createDatabase('register');
  const postmasterPid = cluster.pid();
  const folder = await createTemporaryFolder(defer);
  const tree = generateTree(units);

  onProgress('import');
  const importFigures = await measureImport(tree, databaseUrl, defer);
  const { editor, environment } = await createEditor(folder, databaseUrl);
  defer(async () => editor.close());
  await settleDatabase(databaseUrl);
  onProgress('starts');
  const { server, figures: startFigures } = await measureStarts({ ...options, databaseUrl, environment });
  onProgress('memory');
  const memory = await measureMemory(server, tree, postmasterPid);
  const readingFigures = await measureReading(server, tree, { ...options, folder, postmasterPid, onProgress });
  onProgress('extract');
  const extractSeconds = await measureExtract(server, units, options.rounds);
  onProgress('renames');
  const renameFigures = await measureRenames(server, units, { editor, postmasterPid });
  onProgress('moves');
  const moveMs = await measureMove(server, tree, editor);

  await server.stop();
  await cluster.remove();
  return {
    units,
    ...importFigures,
    ...startFigures,
    ...memory,
    ...readingFigures,
    ...renameFigures,
    moveMs,
    extractSeconds,
  };
}
