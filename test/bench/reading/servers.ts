import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../../support/postgresql/programs.ts';
import { findServerNode, peerFolder } from './peer-packages.ts';
import {
  pastDayQueries,
  pastRevisionQueries,
  plainQueries,
  postgraphileQueries,
  postgraphileReadModelQueries,
  productQueries,
  without,
  type Dialect,
} from './queries.ts';
import type { Defer } from './with-clean-up.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A system that is measured. Systems with the same server are asked through one process. */
export interface System {
  readonly name: string;
  /**
   * The limit is what can be reached without GraphQL and database, and the statement what can be reached without
   * GraphQL; peers do the same as the product.
   */
  readonly role: 'limit' | 'statement' | 'peer' | 'product';
  readonly server: Server;
  readonly dialect: Dialect;
}

export interface Server {
  readonly folder: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly database: 'peers' | 'product';
}

/** A server that listens. */
export interface StartedServer {
  readonly url: string;
  readonly pid: number;
  /** Sends a signal. */
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

const postgraphile = peerServer('postgraphile', ['server.js']);
const product: Server = {
  folder: root,
  args: ['src/tools/launch.js', 'main'],
  environment: { LOG_LEVEL: 'silent' },
  database: 'product',
};

/** The servers of repeated requests: resh-graph that stores responses, and a bare one. */
export const repeatingServers = {
  product: { ...product, environment: { ...product.environment, RESPONSE_CACHE_MB: '64' } },
  limit: peerServer('limit', ['stored.js']),
} as const satisfies Record<string, Server>;

/** resh-graph, asked about today. */
export const productSystem: System = { name: 'resh-graph', role: 'product', server: product, dialect: productQueries };

/** The systems, in the order of the table. */
export const systems: readonly System[] = [
  {
    name: 'limit: JSON from memory',
    role: 'limit',
    server: peerServer('limit', ['server.js'], { KIND: 'memory' }),
    dialect: without(plainQueries, ['Q6a', 'Q6b', 'Q6c']),
  },
  {
    name: 'one SQL statement, read model',
    role: 'statement',
    server: peerServer('limit', ['server.js'], { KIND: 'statement' }),
    dialect: plainQueries,
  },
  { name: 'PostGraphile 5, tables', role: 'peer', server: postgraphile, dialect: postgraphileQueries },
  { name: 'PostGraphile 5, read model', role: 'peer', server: postgraphile, dialect: postgraphileReadModelQueries },
  { name: 'Mercurius, jit, pg', role: 'peer', server: peerServer('mercurius', ['server.js']), dialect: plainQueries },
  {
    name: 'Pothos, Prisma relations',
    role: 'peer',
    server: peerServer('pothos', ['--import', 'tsx', 'server.js']),
    dialect: without(plainQueries, ['Q5', 'Q6a', 'Q6b', 'Q6c']),
  },
  productSystem,
  { name: 'resh-graph, past day', role: 'product', server: product, dialect: pastDayQueries },
  { name: 'resh-graph, past revision', role: 'product', server: product, dialect: pastRevisionQueries },
];

function peerServer(folder: string, args: readonly string[], environment = {}): Server {
  return {
    folder: join(peerFolder, folder),
    args,
    environment: { NODE_ENV: 'production', GRAPHILE_ENV: 'production', ...environment },
    database: 'peers',
  };
}

interface StartOptions {
  /** Without it, resh-graph opens the embedded database */
  readonly databaseUrl?: string;
  readonly defer: Defer;
  /** Options of Node.js before the server's own */
  readonly nodeOptions?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a server and waits until it listens; the clean-up stops it, if that has not been done. */
export async function startServer(
  server: Server,
  { databaseUrl, defer, nodeOptions = [], environment = {} }: StartOptions,
): Promise<StartedServer> {
  const port = await findFreePort();
  const child = spawn(findServerNode(), [...nodeOptions, ...server.args], {
    cwd: server.folder,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...server.environment,
      ...environment,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () => stopProcess(child);
  defer(stop);
  await waitUntilReady(child, server);
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, signal: (name) => child.kill(name), stop };
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 2_000);
  await exited;
  clearTimeout(timer);
}

async function waitUntilReady(child: ChildProcess, server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (output: Buffer) => {
      if (/listening|is ready/.test(output.toString())) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${server.folder} ended with code ${code ?? 'none'}.`)));
  });
}
