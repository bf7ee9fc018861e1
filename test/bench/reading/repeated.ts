import { fetchFromMemory } from './fetch-from-memory.ts';
import type { LoadGenerator } from './load.ts';
import { MANY_CONNECTIONS, median } from './measure.ts';
import { pinnedQueries, type QueryName } from './queries.ts';
import { repeatingServers, startServer, type StartedServer } from './servers.ts';
import { alignColumns, formatNumber } from './table.ts';
import { formatBodies, formatPath, type VariablesByQuery } from './variables.ts';
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

const MEMORY_PAUSE_MS = 500;
/** Headers that each server sets for itself. */
const ownHeaders = ['connection', 'content-length', 'date', 'keep-alive'];

/**
 * Measures requests with a response that never changes, repeated by GET, beside a bare HTTP server that sends the same
 * bytes, headers included: whole responses, and 304 to a client that has them. Returns a table.
 */
export async function measureRepeated({ names, databaseUrl, defer, ...options }: RepeatedOptions): Promise<string> {
  options.onProgress('Starting the servers of repeated requests.');
  const product = await startServer(repeatingServers.product, { databaseUrl, defer });
  const limit = await startServer(repeatingServers.limit, { databaseUrl, defer });
  const header = ['query', 'bytes', 'bare', 'resh-graph', 'ratio', '304: bare', 'resh-graph', 'ratio'];
  const lines: string[][] = [];
  for (const name of names) {
    const [requestBody] = formatBodies(pinnedQueries, options.variables).get(name) ?? [];
    if (requestBody === undefined) continue;
    const path = formatPath(requestBody);
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

/** Asks resh-graph until it answers from memory, and stores the response in the bare server. */
async function storeResponse(path: string, product: StartedServer, limit: StartedServer) {
  const response = await fetchFromMemory(`${product.url}${path}`, MEMORY_PAUSE_MS);
  const etag = response.headers.get('etag') ?? '';
  const headers = [...response.headers].filter(([name]) => !ownHeaders.includes(name));
  const body = Buffer.from(await response.arrayBuffer());
  await fetch(`${limit.url}${path}`, {
    method: 'PUT',
    headers: { 'x-answer-headers': JSON.stringify(Object.fromEntries(headers)) },
    body,
  });
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
