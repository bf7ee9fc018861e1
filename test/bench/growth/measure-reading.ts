import { createCells, type Cell } from '../reading/cells.ts';
import type { Tree } from '../reading/generate-tree.ts';
import { measure, type MeasureOptions } from '../reading/measure.ts';
import { productSystem, type StartedServer } from '../reading/servers.ts';
import { chooseVariables } from '../reading/variables.ts';
import type { ReadingFigures } from './figures.ts';

export interface ReadingOptions extends MeasureOptions {
  /** Folder for the requests */
  readonly folder: string;
}

/** Measures Q1, a unit with its ancestors, and Q3, the list of a subtree. */
export async function measureReading(
  server: StartedServer,
  tree: Tree,
  options: ReadingOptions,
): Promise<ReadingFigures> {
  const servers = new Map([[productSystem, server]]);
  const variables = chooseVariables(tree);
  const cells = await createCells(['Q1', 'Q3'], servers, variables, options.folder);
  const medians = await measure(cells, options);
  const [ancestry, list] = cells.flat().map((cell: Cell) => {
    const { one, many } = medians.get(cell) ?? {};
    return { p50: one?.p50 ?? 0, cpu: (many?.serverCpu ?? 0) + (many?.postgresqlCpu ?? 0) };
  });
  const listSizes = variables.Q3.map(({ id }) => tree.units[Number(id) - 1]?.size ?? 0);
  const meanListSize = listSizes.reduce((total, size) => total + size, 0) / listSizes.length;
  return {
    ancestryCpuMs: ancestry?.cpu ?? 0,
    ancestryP50Ms: ancestry?.p50 ?? 0,
    listCpuMs: list?.cpu ?? 0,
    listedUnitCpuMs: (list?.cpu ?? 0) / meanListSize,
  };
}
