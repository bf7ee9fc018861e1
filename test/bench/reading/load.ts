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

export interface RepeatOptions extends Omit<LoadOptions, 'bodies'> {
  readonly headers: Readonly<Record<string, string>>;
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
  /** Sends the same GET again and again. */
  repeat(options: RepeatOptions): Promise<LoadResult>;
}

/** Chooses wrk if it is installed, which uses least of the CPU; otherwise autocannon, which is one of the packages. */
export async function chooseLoadGenerator(): Promise<LoadGenerator> {
  const hasWrk = await run('which', ['wrk']).then(
    () => true,
    () => false,
  );
  return hasWrk
    ? { name: 'wrk', run: runWrk, repeat: repeatWithWrk }
    : { name: 'autocannon', run: runAutocannon, repeat: repeatWithAutocannon };
}

async function runWrk({ bodies, ...options }: LoadOptions): Promise<LoadResult> {
  return startWrk(options, [], { BODIES: bodies });
}

async function repeatWithWrk({ headers, ...options }: RepeatOptions): Promise<LoadResult> {
  return startWrk(
    options,
    Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    {},
  );
}

async function startWrk(
  { url, connections, seconds }: Omit<LoadOptions, 'bodies'>,
  headers: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<LoadResult> {
  const script = join(scripts, 'requests.lua');
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', ...headers, '-s', script, url];
  const { stdout } = await run('wrk', args, { env: { ...process.env, ...environment } });
  return parseResult(stdout.split('JSON').at(-1) ?? '');
}

async function runAutocannon({ url, bodies, connections, seconds }: LoadOptions): Promise<LoadResult> {
  return startAutocannon([url, bodies, String(connections), String(seconds)]);
}

async function repeatWithAutocannon({ url, headers, connections, seconds }: RepeatOptions): Promise<LoadResult> {
  return startAutocannon([url, '-', String(connections), String(seconds), JSON.stringify(headers)]);
}

async function startAutocannon(args: readonly string[]): Promise<LoadResult> {
  const { stdout } = await run(findServerNode(), [join(scripts, 'generate-load.js'), ...args]);
  return parseResult(stdout);
}

function parseResult(text: string): LoadResult {
  return loadResultSchema.parse(JSON.parse(text));
}
