import { setTimeout as sleep } from 'node:timers/promises';

const MEMORY_TIMEOUT_MS = 300_000;

/**
 * Sends a GET to resh-graph again and again until it answers from memory, which responses with an ETag do.
 *
 * @param pauseMs milliseconds between two requests
 * @throws if it still does not after five minutes
 */
export async function fetchFromMemory(url: string, pauseMs: number): Promise<Response> {
  const giveUpAt = Date.now() + MEMORY_TIMEOUT_MS;
  // A process that is busy for seconds notices too late that the server has closed an idle connection.
  const headers = { 'accept-encoding': 'identity', connection: 'close' };
  while (Date.now() < giveUpAt) {
    const response = await fetch(url, { headers });
    if (response.headers.has('etag')) return response;
    await response.arrayBuffer();
    await sleep(pauseMs);
  }
  throw new Error(`${url.slice(0, 200)} was not answered from memory.`);
}
