import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findFreePort, type Programs } from './programs.ts';

const START_TIMEOUT_MS = 60_000;

/** How a server stops: `SIGINT` ends sessions, `SIGQUIT` is a crash. */
export type StopSignal = 'SIGINT' | 'SIGQUIT';

/** A PostgreSQL server on a data folder, on a free port of the loopback interface. */
export interface PostgresServer {
  readonly version: string;
  /** Returns the process id of the server; its backends are child processes. */
  readonly pid: () => number;
  /** Returns the URL of a database. */
  url(database: string): string;
  /** Starts the server again, on the same port. */
  start(): Promise<void>;
  stop(signal?: StopSignal): Promise<void>;
  /** Stops all processes of the server where they are, as if its network had been cut off, or continues them. */
  freeze(): void;
  thaw(): void;
}

interface ServerOptions {
  readonly programs: Programs;
  /** Folder of the socket, with the data in `data` */
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Starts a server and waits until it accepts connections. */
export async function startPostgresServer({ programs, folder, settings }: ServerOptions): Promise<PostgresServer> {
  const port = await findFreePort();
  const allSettings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    ...settings,
  };
  const url = (database: string): string => `postgresql://postgres@127.0.0.1:${port}/${database}`;
  let child: ChildProcess | undefined;
  const start = async (): Promise<string> => {
    child = spawn(
      join(programs.folder, 'postgres'),
      [
        '-D',
        join(folder, 'data'),
        ...Object.entries(allSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      // A process group of its own, so that a Ctrl+C does not stop it before its clients.
      { ...programs.owner, cwd: folder, stdio: 'ignore', detached: true },
    );
    return waitUntilReady(url('postgres'));
  };
  const stop = async (signal: StopSignal = 'SIGINT'): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  // Each process of PostgreSQL leads a process group of its own.
  const signalAll = (signal: NodeJS.Signals): void => {
    const pid = child?.pid;
    if (pid !== undefined) for (const each of [pid, ...listChildren(pid)]) signalIfRunning(each, signal);
  };
  try {
    const version = await start();
    return {
      version,
      pid: () => child?.pid ?? 0,
      url,
      start: async () => {
        await start();
      },
      stop,
      freeze: () => signalAll('SIGSTOP'),
      thaw: () => signalAll('SIGCONT'),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

// A session may end while its server is signalled.
function signalIfRunning(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Lists the child processes of a process; needs Linux. */
function listChildren(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && readParent(name) === parent)
    .map(Number);
}

function readParent(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // The process has ended.
    return undefined;
  }
}

async function waitUntilReady(url: string): Promise<string> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  let lastError: unknown;
  while (Date.now() < giveUpAt) {
    try {
      const [row] = await queryOnce(url, 'show server_version');
      return String(row?.['server_version']);
    } catch (error) {
      lastError = error;
      await sleep(100);
    }
  }
  throw new Error('PostgreSQL did not start.', { cause: lastError });
}

/** Runs a statement on a connection of its own. */
export async function queryOnce(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // Without a listener, a server that stops between two statements would end this process.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
