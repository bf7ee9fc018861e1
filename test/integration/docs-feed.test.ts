import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { changesBy } from '../support/changes.ts';
import { revisionOf } from '../support/changing-world.ts';
import { createClient } from '../support/client.ts';
import { demoDay, openDemoRegister } from '../support/demo-register.ts';
import { listenOn, type ListeningServer } from '../support/http-server.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/feed.md', import.meta.url)), 'utf8');
const blocksOf = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);

let database: Database;
let server: ListeningServer;
let folder: string;
beforeAll(async () => {
  database = await openDemoRegister();
  server = await listenOn(database, { today: () => demoDay });
  folder = await mkdtemp(join(tmpdir(), 'resh-feed-'));
});
afterAll(async () => {
  await server.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly told: () => string;
}

const run = (command: string, parts: readonly string[]): Running => {
  const child = spawn(command, parts, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', RESH_URL: server.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  return { child, told: () => told };
};

/** What a program says until it has said something; then it is killed. */
const toldUntil = async ({ child, told }: Running, expected: string): Promise<string> => {
  for (let waited = 0; waited < 1_000 && !told().includes(expected) && child.exitCode === null; waited += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  if (child.exitCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  return told();
};

describe('docs/feed.md', () => {
  const [asked = '', followed = ''] = blocksOf('sh');
  const curl = (text: string) => run('sh', ['-c', `exec ${text.replace('http://127.0.0.1:4000/graphql', server.url)}`]);

  it('has two calls of curl and one program', () => {
    expect([blocksOf('sh').length, blocksOf('js').length]).toEqual([2, 1]);
  });

  it('asks for a page by curl', async () => {
    expect(JSON.parse(await toldUntil(curl(asked), '}}}'))).toEqual({
      data: { changes: { changes: [{ revision: 2, operation: 'DEMO' }], nextSince: 2, hasMore: false } },
    });
  });

  it('follows by curl', async () => {
    const told = await toldUntil(curl(followed), '"revision":2');
    expect(told.match(/^(event|data): .*$/gm)).toEqual([
      'event: next',
      'data: {"data":{"changes":{"revision":1,"operation":"DEMO"}}}',
      'event: next',
      'data: {"data":{"changes":{"revision":2,"operation":"DEMO"}}}',
    ]);
  });

  it('follows by a program that takes each change once, though it is killed between them', async () => {
    const program = join(folder, 'follow.mjs');
    await writeFile(program, blocksOf('js')[0] ?? '');
    const follow = (expected: string) => toldUntil(run(process.execPath, [program]), expected);
    const taken = (await follow('"revision":2')).trim().split('\n');

    const administrator = changesBy(createClient(database, { today: demoDay, as: 'trust-admin' }));
    const rename = async (name: string) =>
      revisionOf(await administrator.updateUnit({ reshId: 108597, name, reason: 'A test' }));
    await rename('Kongsvinger sykehus');
    taken.push(...(await follow('"revision":3')).trim().split('\n'));
    await rename('Kongsvinger');
    taken.push(...(await follow('"revision":4')).trim().split('\n'));

    expect(taken.map((line) => (JSON.parse(line) as { revision: number }).revision)).toEqual([1, 2, 3, 4]);
    expect(JSON.parse(taken[2] ?? '')).toEqual({
      revision: 3,
      operation: 'UPDATE_UNIT',
      units: { nodes: [{ reshId: 108597, kinds: ['RENAMED'] }] },
    });
  });
});
