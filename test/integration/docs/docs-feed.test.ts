import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { expectRevision } from '../../support/mutations/change-assertions.ts';
import { createClient } from '../../support/http/client.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { createMutations } from '../../support/mutations/mutations.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/feed.md', import.meta.url)), 'utf8');

function readCodeBlocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);
}

let database: Database;
let server: ListeningServer;
let folder: string;
beforeAll(async () => {
  database = await openDemoRegister();
  server = await startHttpServer(database, { today: () => demoDay });
  folder = await mkdtemp(join(tmpdir(), 'resh-feed-'));
});
afterAll(async () => {
  await server.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

interface RunningProgram {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function startProgram(command: string, args: readonly string[]): RunningProgram {
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', RESH_URL: server.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

/** Returns the output of a program once it contains a text and the program is idle, and kills the program. */
async function waitForOutput(
  { child, output }: RunningProgram,
  expected: string,
  isIdle: () => boolean = () => true,
): Promise<string> {
  const hasFinished = (): boolean => (output().includes(expected) && isIdle()) || child.exitCode !== null;
  for (let attempts = 0; attempts < 1_000 && !hasFinished(); attempts += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  if (child.exitCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
  return output();
}

describe('docs/feed.md', () => {
  const [queryCommand = '', subscribeCommand = ''] = readCodeBlocks('sh');
  const runCurl = (text: string) =>
    startProgram('sh', ['-c', `exec ${text.replace('http://127.0.0.1:4000/graphql', server.url)}`]);

  it('has two curl commands and one program', () => {
    expect([readCodeBlocks('sh').length, readCodeBlocks('js').length]).toEqual([2, 1]);
  });

  it('fetches a page with curl', async () => {
    expect(JSON.parse(await waitForOutput(runCurl(queryCommand), '}}}'))).toEqual({
      data: { changes: { changes: [{ revision: 2, operation: 'DEMO' }], nextSince: 2, hasMore: false } },
    });
  });

  it('follows the feed with curl', async () => {
    const output = await waitForOutput(runCurl(subscribeCommand), '"revision":2');
    expect(output.match(/^(event|data): .*$/gm)).toEqual([
      'event: next',
      'data: {"data":{"changes":{"revision":1,"operation":"DEMO"}}}',
      'event: next',
      'data: {"data":{"changes":{"revision":2,"operation":"DEMO"}}}',
    ]);
  });

  it('follows the feed with a program that continues after the last stored revision when killed', async () => {
    const program = join(folder, 'follow.mjs');
    const cursor = join(folder, 'cursor.txt');
    await writeFile(program, readCodeBlocks('js')[0] ?? '');
    const hasStored = (revision: number) => existsSync(cursor) && readFileSync(cursor, 'utf8') === String(revision);
    const runFollower = (revision: number) =>
      waitForOutput(startProgram(process.execPath, [program]), `"revision":${revision}`, () => hasStored(revision));
    const outputLines = (await runFollower(2)).trim().split('\n');

    const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
    const renameUnit = async (name: string) =>
      expectRevision(await administrator.updateUnit({ reshId: 108597, name, reason: 'A test' }));
    await renameUnit('Kongsvinger sykehus');
    outputLines.push(...(await runFollower(3)).trim().split('\n'));
    await renameUnit('Kongsvinger');
    outputLines.push(...(await runFollower(4)).trim().split('\n'));

    expect(outputLines.map((line) => (JSON.parse(line) as { revision: number }).revision)).toEqual([1, 2, 3, 4]);
    expect(JSON.parse(outputLines[2] ?? '')).toEqual({
      revision: 3,
      operation: 'UPDATE_UNIT',
      units: { nodes: [{ reshId: 108597, kinds: ['RENAMED'] }] },
    });
  });
});
