import { fetchFromMemory } from '../reading/fetch-from-memory.ts';
import { median } from '../reading/measure.ts';
import { productSystem, startServer, type StartedServer } from '../reading/servers.ts';
import type { Defer } from '../reading/with-clean-up.ts';
import type { StartFigures } from './figures.ts';

export interface StartsOptions {
  readonly databaseUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly defer: Defer;
}

/** A query that costs little while the executor answers it. */
const probe = `/graphql?${new URLSearchParams({ query: '{ unit(reshId: 1) { reshId } }' })}`;
const PROBE_PAUSE_MS = 20;

/** Measures the start of a server, several times; the last server continues to run. */
export async function measureStarts(options: StartsOptions): Promise<{ server: StartedServer; figures: StartFigures }> {
  const starts: StartFigures[] = [];
  let started = await measureStart(options);
  starts.push(started.figures);
  while (starts.length < options.rounds) {
    await started.server.stop();
    started = await measureStart(options);
    starts.push(started.figures);
  }
  return {
    server: started.server,
    figures: {
      readySeconds: median(starts.map(({ readySeconds }) => readySeconds)),
      inMemorySeconds: median(starts.map(({ inMemorySeconds }) => inMemorySeconds)),
    },
  };
}

async function measureStart(options: StartsOptions): Promise<{ server: StartedServer; figures: StartFigures }> {
  const start = performance.now();
  const readSeconds = (): number => (performance.now() - start) / 1_000;
  const server = await startServer(productSystem.server, options);
  const readySeconds = readSeconds();
  await fetchFromMemory(`${server.url}${probe}`, PROBE_PAUSE_MS);
  return { server, figures: { readySeconds, inMemorySeconds: readSeconds() } };
}
