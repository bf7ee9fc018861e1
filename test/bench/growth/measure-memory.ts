import { fetchFromMemory } from '../reading/fetch-from-memory.ts';
import type { Tree } from '../reading/generate-tree.ts';
import { readResidentBytes, waitUntilIdle } from '../reading/processes.ts';
import { productQueries, type QueryName } from '../reading/queries.ts';
import type { StartedServer } from '../reading/servers.ts';
import { chooseVariables, formatBodies, formatPath } from '../reading/variables.ts';
import type { Figures } from './figures.ts';
import { measureMs } from './measure-ms.ts';

const PAUSE_MS = 200;

/**
 * Measures the memory of a server that has the register in memory, and after one request of each query; and how long
 * the first search waits for its index.
 */
export async function measureMemory(
  server: StartedServer,
  tree: Tree,
  postmasterPid: number,
): Promise<Pick<Figures, 'startedBytes' | 'queriedBytes' | 'searchSeconds'>> {
  const readBytes = async (): Promise<number> => {
    await waitUntilIdle(server.pid, postmasterPid);
    return readResidentBytes(server.pid);
  };
  const startedBytes = await readBytes();
  const times = new Map<QueryName, number>();
  for (const [name, [body]] of formatBodies(productQueries, chooseVariables(tree))) {
    if (body === undefined) throw new Error(`A register of ${tree.units.length} units is too small.`);
    const request = async (): Promise<void> => {
      const response = await fetchFromMemory(`${server.url}${formatPath(body)}`, PAUSE_MS);
      await response.arrayBuffer();
    };
    times.set(name, await measureMs(request));
  }
  return { startedBytes, queriedBytes: await readBytes(), searchSeconds: (times.get('Q6a') ?? 0) / 1_000 };
}
