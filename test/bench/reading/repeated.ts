import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadGenerator } from './load.ts';
import { MANY_CONNECTIONS, median } from './measure.ts';
import { pinnedQueries, type QueryName } from './queries.ts';
import { repeatingServers, startServer, type StartedServer } from './servers.ts';
import { alignColumns, formatNumber } from './table.ts';
import { formatBodies, type VariablesByQuery } from './variables.ts';
import type { Defer } from './with-clean-up.ts';

export interface RepeatedOptions {
  readonly names: readonly QueryName[];
  readonly databaseUrl: string;
  readonly variables: VariablesByQuery;
  readonly rounds: number;
  readonly seconds: number;
  readonly generator: LoadGenerator;
  readonly defer: Defer;
  readonly onProgress: (line: string) => void;
}

const MEMORY_TIMEOUT_MS = 60_000;

/**
 * Measures requests with a response that never changes, repeated by GET, beside a bare HTTP server that sends the same
 * bytes: whole responses, and 304 to a client that has them. Returns a table.
 */
export async function measureRepeated({ names, databaseUrl, defer, ...options }: RepeatedOptions): Promise<string> {
  options.onProgress('Starting the servers of repeated requests.');
  const product = await startServer(repeatingServers.product, databaseUrl);
  defer(() => product.stop());
  const limit = await startServer(repeatingServers.limit, databaseUrl);
  defer(() => limit.stop());
  const header = ['query', 'bytes', 'bare', 'resh-graph', 'ratio', '304: bare', 'resh-graph', 'ratio'];
  const lines: string[][] = [];
  for (const name of names) {
    const path = formatPath(name, options.variables);
    if (path === undefined) continue;
    const { body, etag } = await storeResponse(path, product, limit);
    const rates: number[] = [];
    for (const headers of [{}, { 'if-none-match': etag }])
      rates.push(...(await measureBoth([limit, product], path, headers, options)));
    options.onProgress(`repeated ${name}: ${rates.map((rate) => rate.toFixed(0)).join(', ')} requests per second`);
    const [bare = 0, resh = 0, bare304 = 0, resh304 = 0] = rates;
    const figures = [body.length, bare, resh].map((figure) => formatNumber(Math.round(figure)));
    const notModified = [bare304, resh304].map((figure) => formatNumber(Math.round(figure)));
    lines.push([name, ...figures, formatRatio(resh, bare), ...notModified, formatRatio(resh304, bare304)]);
  }
  return alignColumns([header, header.map((_title, index) => (index === 0 ? '---' : '--:')), ...lines]);
}

function formatPath(name: QueryName, variables: VariablesByQuery): string | undefined {
  const [body] = formatBodies(pinnedQueries, variables).get(name) ?? [];
  if (body === undefined) return undefined;
  const { query, variables: ofRequest } = JSON.parse(body) as { query: string; variables: unknown };
  return `/graphql?${new URLSearchParams({ query, variables: JSON.stringify(ofRequest) })}`;
}

/** Asks resh-graph until it answers from memory, and stores the response in the bare server. */
async function storeResponse(path: string, product: StartedServer, limit: StartedServer) {
  const giveUpAt = Date.now() + MEMORY_TIMEOUT_MS;
  const headers = { 'accept-encoding': 'identity' };
  let response = await fetch(`${product.url}${path}`, { headers });
  while (!response.headers.has('etag') && Date.now() < giveUpAt) {
    await sleep(500);
    response = await fetch(`${product.url}${path}`, { headers });
  }
  const etag = response.headers.get('etag');
  if (etag === null) throw new Error(`${path.slice(0, 200)} was not answered from memory.`);
  const body = Buffer.from(await response.arrayBuffer());
  await fetch(`${limit.url}${path}`, { method: 'PUT', headers: { etag }, body });
  return { body, etag };
}

/** Measures servers in turn, round after round; returns the median rate of each. */
async function measureBoth(
  servers: readonly StartedServer[],
  path: string,
  headers: Readonly<Record<string, string>>,
  { rounds, seconds, generator }: Pick<RepeatedOptions, 'rounds' | 'seconds' | 'generator'>,
): Promise<number[]> {
  const rates = servers.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { url }] of servers.entries()) {
      const result = await generator.repeat({ url: `${url}${path}`, headers, connections: MANY_CONNECTIONS, seconds });
      if (result.errors > 0) throw new Error(`${result.errors} of the requests to ${url}${path} failed.`);
      rates[index]?.push(result.requests / result.seconds);
    }
  return rates.map(median);
}

function formatRatio(rate: number, limit: number): string {
  return `×${formatNumber(rate / limit)}`;
}
