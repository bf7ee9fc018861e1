import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenVerifier } from '../../../src/auth/tokens/token-verifier.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { createClient } from '../../support/http/client.ts';
import { readCodeBlocks, type CodeBlock } from '../../support/code-blocks.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { createMutations } from '../../support/mutations/mutations.ts';
import { runProgram, startProgram } from '../../support/processes/run-program.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) process.stderr.write('There is no python3 on this machine: the pages for Python are NOT tested.\n');

let database: Database;
let server: ListeningServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-clients-'));
  database = await openDemoRegister();
  // As on a development server, the key is in the data folder, where `resh token` reads it.
  const tokenVerifier = await createTokenVerifier({ kind: 'local', dataDir: folder });
  server = await startHttpServer(database, { today: () => demoDay, tokenVerifier });
});
afterAll(async () => {
  await server.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

function serverOrigin(): string {
  return new URL(server.url).origin;
}

function environment() {
  return { RESH_ORIGIN: serverOrigin(), RESH_WAIT: '0.05' };
}

/** Returns the commands of a page with the output shown right after them. */
function listCommands(
  blocks: readonly CodeBlock[],
): { title: string; command: string; shown: CodeBlock | undefined }[] {
  return blocks.flatMap(({ language, text }, index) =>
    language === 'sh' ? [{ title: text.split('\n')[0] ?? '', command: text, shown: blocks[index + 1] }] : [],
  );
}

function runShell(command: string, cwd: string): Promise<string> {
  return runProgram('sh', ['-c', command.replaceAll('http://127.0.0.1:4000', serverOrigin())], {
    cwd,
    env: { ...environment(), DATA_DIR: folder },
  });
}

describe('docs/clients/curl.md', () => {
  const commands = listCommands(readCodeBlocks('clients/curl.md'));
  it('has commands', () => expect(commands.length).toBeGreaterThan(5));

  it.each(commands)('shows the real answer to $title', async ({ command, shown }) => {
    // `npm run resh` runs in the project; other commands write to an empty folder.
    const output = await runShell(command, command.includes('npm run') ? project : folder);
    if (shown?.language === 'json') expect(JSON.parse(output)).toEqual(JSON.parse(shown.text));
    else expect(output.replaceAll('\r', '')).toBe(shown?.text);
  });
});

describe('docs/clients/curl.md after an interrupted download', () => {
  it('downloads the file again', async () => {
    let requestCount = 0;
    const interruptingServer = createServer((request, response) => {
      requestCount += 1;
      if (request.headers['if-none-match'] === '"tag"') {
        response.writeHead(304, { etag: '"tag"' }).end();
        return;
      }
      response.writeHead(200, { etag: '"tag"' }).write('half');
      if (requestCount === 1) setTimeout(() => response.destroy(), 50);
      else response.end(' and half');
    });
    interruptingServer.listen(0, '127.0.0.1');
    await once(interruptingServer, 'listening');
    const interruptingUrl = `http://127.0.0.1:${(interruptingServer.address() as AddressInfo).port}`;
    const index = await mkdtemp(join(folder, 'breaking-'));
    const command = listCommands(readCodeBlocks('clients/curl.md')).find((each) =>
      each.command.includes('--etag-save'),
    );
    const text = `${command?.command.replaceAll('http://127.0.0.1:4000', interruptingUrl) ?? ''}fetch`;

    expect(await runProgram('sh', ['-c', text], { cwd: index })).toBe('200\n304\n');
    expect(await readFile(join(index, 'units.ndjson'), 'utf8')).toBe('half and half');

    interruptingServer.close();
  });
});

describe.skipIf(!hasPython)('docs/clients/python.md', () => {
  it('builds a table of the whole register and rebuilds it', async () => {
    const blocks = readCodeBlocks('clients/python.md');
    for (const { file, text } of blocks) if (file) await writeFile(join(folder, file), text);
    const [run] = listCommands(blocks);

    expect(await runShell(run?.command ?? '', folder)).toBe(run?.shown?.text);
    expect(await runShell(run?.command ?? '', folder)).toBe(run?.shown?.text);

    const subtreeCountSql = "select count(*) from unit where path like '% / Kongsvinger%'";
    const rowCount = await runProgram(
      'python3',
      ['-c', `import sqlite3; print(*sqlite3.connect("register.db").execute("${subtreeCountSql}").fetchone())`],
      { cwd: folder },
    );
    const day = new Date(demoDay);
    const units = await database.prisma.unitVersion.count({
      where: {
        path: { has: 108597 },
        supersededRev: null,
        validFrom: { lte: day },
        OR: [{ validTo: null }, { validTo: { gt: day } }],
      },
    });

    expect(Number(rowCount)).toBe(units);
  });
});

describe.skipIf(!hasPython)('docs/clients/following.md', () => {
  it('processes each change once and in order when killed again and again', async () => {
    const blocks = readCodeBlocks('clients/following.md');
    for (const { file, text } of blocks) if (file) await writeFile(join(folder, file), text);
    const [run] = listCommands(blocks);
    const start = () => startProgram('sh', ['-c', `exec ${run?.command ?? ''}`], { cwd: folder, env: environment() });
    const waitForOutput = async (program: ReturnType<typeof start>, expectedText: string): Promise<void> => {
      const deadline = Date.now() + 30_000;
      while (!program.output().includes(expectedText)) {
        if (Date.now() > deadline || program.child.exitCode !== null)
          throw new Error(`No "${expectedText}": ${program.output()}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const kill = async ({ child }: ReturnType<typeof start>): Promise<void> => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    };

    let program = start();
    await waitForOutput(program, run?.shown?.text ?? '');
    const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
    for (let round = 0; round < 12; round += 1) {
      const changed = administrator.updateUnit({ reshId: 108597, shortName: `Name ${round}` });
      if (round % 3 === 1) {
        await kill(program);
        program = start();
      }
      expectAccepted(await changed);
    }
    await waitForOutput(program, 'at revision 14\n');
    await kill(program);

    const printedCount = await runProgram(
      'python3',
      [
        '-c',
        'import sqlite3; print(*sqlite3.connect("follower.db").execute("select revision, units from seen"), sep="\\n")',
      ],
      { cwd: folder },
    );
    expect(
      printedCount
        .trim()
        .split('\n')
        .map((line) => Number(/\d+/.exec(line)?.[0])),
    ).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
    // The first line is about the demo register itself: its revision and its 5,000 units, 100 a page.
    expect(new Set(printedCount.split('\n')[0]?.match(/\d+/g)).size).toBe(1 + 5_000);
    expect(printedCount.trim().split('\n').slice(2)).toEqual(
      Array.from({ length: 12 }, (_, index) => `(${index + 3}, '[108597]')`),
    );
  });
});
