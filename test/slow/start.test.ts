import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { subscribeToFeed } from '../support/http/feed-subscriber.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

interface StartedProcess {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
}

const running: ChildProcess[] = [];

/** Starts the server, with only the given environment. */
function startServer(environment: Record<string, string>): StartedProcess {
  return startProcess(process.execPath, ['--import', 'tsx', 'src/main.ts'], environment);
}

/** Starts a command as the leader of a process group. */
function startProcess(command: string, args: readonly string[], environment: Record<string, string>): StartedProcess {
  const child = spawn(command, args, {
    cwd: project,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', DEMO: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.push(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return { process: child, output: () => output, errors: () => errors };
}

async function waitForExit({ process: child }: StartedProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** Sends a signal to all processes of a group, as a terminal does on Ctrl+C. */
function signalGroup({ pid }: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): void {
  if (pid !== undefined) process.kill(-pid, signal);
}

/** Waits until the server prints its URL. */
async function waitForUrl(started: StartedProcess): Promise<string> {
  let url: string | undefined;
  while (url === undefined) {
    if (started.process.exitCode !== null) throw new Error(`The server ended: ${started.errors()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    url = /GraphiQL and API\s+(\S+)/.exec(started.output())?.[1];
  }
  return url;
}

async function sendQuery(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: 'query Revision { revision }' }),
  });
  const { data } = z.object({ data: z.object({ revision: z.number() }) }).parse(await response.json());
  return { revision: data.revision, requestId: response.headers.get('x-request-id') };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-start-'));
});
afterAll(async () => {
  for (const child of running) if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

describe('server process', () => {
  it('serves, locks its folder, survives SIGKILL and on SIGTERM ends subscriptions and unlocks', async () => {
    const lock = join(folder, 'resh-graph.lock');

    const first = startServer({ DATA_DIR: folder });
    const url = await waitForUrl(first);

    expect(await sendQuery(url, { 'x-request-id': 'asked-1' })).toEqual({ revision: 1, requestId: 'asked-1' });
    await expect.poll(first.errors).toMatch(/"requestId":"asked-1".*"operation":"Revision"/);
    expect((await fetch(new URL('/health', url))).status).toBe(200);

    const second = startServer({ DATA_DIR: folder });
    expect(await waitForExit(second)).toBe(1);
    expect(second.errors()).toContain(`${folder} is in use by process ${first.process.pid}`);
    expect(second.errors()).not.toMatch(/\bat .*\.ts:\d+/);
    expect(await sendQuery(url)).toMatchObject({ revision: 1 });

    first.process.kill('SIGKILL');
    await waitForExit(first);

    expect(existsSync(lock)).toBe(true);

    const thirdServer = startServer({ DATA_DIR: folder });
    const thirdUrl = await waitForUrl(thirdServer);

    expect(await sendQuery(thirdUrl)).toMatchObject({ revision: 1 });

    const subscriptions = [await subscribeToFeed(thirdUrl), await subscribeToFeed(thirdUrl, { since: 1 })];
    const finalMessages = Promise.all(subscriptions.map((follower) => follower.next()));
    const startedAt = performance.now();
    thirdServer.process.kill('SIGTERM');

    expect(await waitForExit(thirdServer)).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(await finalMessages).toEqual([undefined, undefined]);
    expect(existsSync(lock)).toBe(false);
  });

  it('unlocks its folder on Ctrl+C under npm start, which delivers the signal more than once', async () => {
    const data = join(folder, 'interrupted');
    const lock = join(data, 'resh-graph.lock');
    const started = startProcess('npm', ['start'], { DATA_DIR: data, HOME: folder });
    const url = await waitForUrl(started);
    const followers = [await subscribeToFeed(url), await subscribeToFeed(url)];

    expect(existsSync(lock)).toBe(true);

    signalGroup(started.process, 'SIGINT');
    const finalMessages = await Promise.all(followers.map((follower) => follower.next()));

    expect([0, 130]).toContain(await waitForExit(started));
    expect(started.errors()).not.toMatch(/\bat .*\.ts:\d+/);
    expect(finalMessages).toEqual([undefined, undefined]);
    expect(existsSync(lock)).toBe(false);
  });

  it('ignores a repeated SIGINT within a second while it stops', async () => {
    const data = join(folder, 'repeated');
    const started = startServer({ DATA_DIR: data });
    const follower = await subscribeToFeed(await waitForUrl(started));

    started.process.kill('SIGINT');
    expect(await follower.next()).toBeUndefined();
    started.process.kill('SIGINT');

    expect(await waitForExit(started)).toBe(0);
    expect(existsSync(join(data, 'resh-graph.lock'))).toBe(false);
  });

  it('reports every invalid setting and exits with 1', async () => {
    const failedServer = startServer({
      DATA_DIR: folder,
      PORT: '70000',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://u:secret@h/d',
    });

    expect(await waitForExit(failedServer)).toBe(1);
    expect(failedServer.errors()).toContain('PORT is "70000": it must be a port, 0 to 65535.');
    expect(failedServer.errors()).toContain('LOG_LEVEL is "loud": it must be one of');
    expect(failedServer.errors()).toContain('DATABASE_URL is (hidden): it must begin with postgresql://.');
    expect(failedServer.errors()).not.toContain('secret');
  });

  it('reports an unreachable database server', async () => {
    const failedServer = startServer({ DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere' });

    expect(await waitForExit(failedServer)).toBe(1);
    expect(failedServer.errors()).toContain('Cannot reach the PostgreSQL server in DATABASE_URL.');
  });

  it('reports a port in use', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const failedServer = startServer({ DATA_DIR: join(folder, 'other'), PORT: String(port) });

      expect(await waitForExit(failedServer)).toBe(1);
      expect(failedServer.errors()).toContain('The port is in use. Set PORT to another one');
    } finally {
      server.close();
    }
  });
});
