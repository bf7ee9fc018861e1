import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { findServerNode, peerFolder } from './peer-packages.ts';

const run = promisify(execFile);
const scripts = join(peerFolder, 'load');

export interface LoadOptions {
  readonly url: string;
  /** File with the body of a request on each line */
  readonly bodies: string;
  readonly connections: number;
  readonly seconds: number;
}

const loadResultSchema = z.object({
  requests: z.number(),
  seconds: z.number(),
  errors: z.number(),
  /** Median time of a request, in milliseconds */
  p50: z.number(),
  p99: z.number(),
});

export type LoadResult = z.infer<typeof loadResultSchema>;

/** Sends requests as fast as a server answers them. */
export interface LoadGenerator {
  readonly name: string;
  run(options: LoadOptions): Promise<LoadResult>;
}

/** Chooses wrk if it is installed, which uses least of the CPU; otherwise autocannon, which is one of the packages. */
export async function chooseLoadGenerator(): Promise<LoadGenerator> {
  const hasWrk = await run('which', ['wrk']).then(
    () => true,
    () => false,
  );
  return hasWrk ? { name: 'wrk', run: runWrk } : { name: 'autocannon', run: runAutocannon };
}

async function runWrk({ url, bodies, connections, seconds }: LoadOptions): Promise<LoadResult> {
  const script = join(scripts, 'requests.lua');
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', '-s', script, url];
  const { stdout } = await run('wrk', args, { env: { ...process.env, BODIES: bodies } });
  return parseResult(stdout.split('JSON').at(-1) ?? '');
}

async function runAutocannon({ url, bodies, connections, seconds }: LoadOptions): Promise<LoadResult> {
  const script = join(scripts, 'generate-load.js');
  const { stdout } = await run(findServerNode(), [script, url, bodies, String(connections), String(seconds)]);
  return parseResult(stdout);
}

function parseResult(text: string): LoadResult {
  return loadResultSchema.parse(JSON.parse(text));
}
