import { fetchFromMemory } from '../reading/fetch-from-memory.ts';
import type { Tree } from '../reading/generate-tree.ts';
import { readResidentBytes, waitUntilIdle } from '../reading/processes.ts';
import { productQueries } from '../reading/queries.ts';
import type { StartedServer } from '../reading/servers.ts';
import { chooseVariables, formatBodies, formatPath } from '../reading/variables.ts';
import type { Figures } from './figures.ts';

const PAUSE_MS = 200;

/** Measures the memory of a server that has the register in memory, and after one request of each query. */
export async function measureMemory(
  server: StartedServer,
  tree: Tree,
  postmasterPid: number,
): Promise<Pick<Figures, 'startedBytes' | 'queriedBytes'>> {
  const readBytes = async (): Promise<number> => {
    await waitUntilIdle(server.pid, postmasterPid);
    return readResidentBytes(server.pid);
  };
  const startedBytes = await readBytes();
  for (const [body] of formatBodies(productQueries, chooseVariables(tree)).values()) {
    if (body === undefined) throw new Error(`A register of ${tree.units.length} units is too small.`);
    const response = await fetchFromMemory(`${server.url}${formatPath(body)}`, PAUSE_MS);
    await response.arrayBuffer();
  }
  return { startedBytes, queriedBytes: await readBytes() };
}
