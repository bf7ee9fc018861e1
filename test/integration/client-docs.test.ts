import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenVerifier } from '../../src/auth/tokens/token-verifier.ts';
import type { Database } from '../../src/store/database/database.ts';
import { made } from '../support/changing-world.ts';
import { changesBy } from '../support/changes.ts';
import { createClient } from '../support/client.ts';
import { demoDay, openDemoRegister } from '../support/demo-register.ts';
import { listenOn, type ListeningServer } from '../support/http-server.ts';
import { blocksOfPage, type PageBlock } from '../support/page-blocks.ts';
import { runProgram, startProgram } from '../support/run-program.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) process.stderr.write('There is no python3 on this machine: the pages for Python are NOT tested.\n');

let database: Database;
let server: ListeningServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-clients-'));
  database = await openDemoRegister();
  // As a server for development has it: the key is in its folder, where «resh token» finds it.
  const authenticate = await createTokenVerifier({ kind: 'local', dataDir: folder });
  server = await listenOn(database, { today: () => demoDay, authenticate });
});
afterAll(async () => {
  await server.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const origin = (): string => new URL(server.url).origin;
const environment = () => ({ RESH_ORIGIN: origin(), RESH_WAIT: '0.05' });

/** Commands of a page with what they print, as the page shows it right after them. */
const commandsOf = (blocks: readonly PageBlock[]): { title: string; command: string; shown: PageBlock | undefined }[] =>
  blocks.flatMap(({ language, text }, place) =>
    language === 'sh' ? [{ title: text.split('\n')[0] ?? '', command: text, shown: blocks[place + 1] }] : [],
  );

const sh = (command: string, cwd: string): Promise<string> =>
  runProgram('sh', ['-c', command.replaceAll('http://127.0.0.1:4000', origin())], {
    cwd,
    env: { ...environment(), DATA_DIR: folder },
  });

describe('docs/clients/curl.md', () => {
  const commands = commandsOf(blocksOfPage('clients/curl.md'));
  it('has commands', () => expect(commands.length).toBeGreaterThan(5));

  it.each(commands)('shows what is answered to $title', async ({ command, shown }) => {
    // «npm run resh» works in the folder of the product; files go where nothing is.
    const told = await sh(command, command.includes('npm run') ? project : folder);
    if (shown?.language === 'json') expect(JSON.parse(told)).toEqual(JSON.parse(shown.text));
    else expect(told.replaceAll('\r', '')).toBe(shown?.text);
  });
});

describe('docs/clients/curl.md, where a file breaks off', () => {
  it('fetches it again', async () => {
    let asked = 0;
    const breaking = createServer((request, response) => {
      asked += 1;
      if (request.headers['if-none-match'] === '"tag"') return void response.writeHead(304, { etag: '"tag"' }).end();
      response.writeHead(200, { etag: '"tag"' }).write('half');
      if (asked === 1) setTimeout(() => response.destroy(), 50);
      else response.end(' and half');
    });
    breaking.listen(0, '127.0.0.1');
    await once(breaking, 'listening');
    const here = `http://127.0.0.1:${(breaking.address() as AddressInfo).port}`;
    const place = await mkdtemp(join(folder, 'breaking-'));
    const command = commandsOf(blocksOfPage('clients/curl.md')).find((each) => each.command.includes('--etag-save'));
    const text = `${command?.command.replaceAll('http://127.0.0.1:4000', here) ?? ''}fetch`;

    expect(await runProgram('sh', ['-c', text], { cwd: place })).toBe('200\n304\n');
    expect(await readFile(join(place, 'units.ndjson'), 'utf8')).toBe('half and half');
    breaking.close();
  });
});

describe.skipIf(!hasPython)('docs/clients/python.md', () => {
  it('makes a table of the whole register, and makes it anew', async () => {
    const blocks = blocksOfPage('clients/python.md');
    for (const { file, text } of blocks) if (file) await writeFile(join(folder, file), text);
    const [run] = commandsOf(blocks);
    expect(await sh(run?.command ?? '', folder)).toBe(run?.shown?.text);
    expect(await sh(run?.command ?? '', folder)).toBe(run?.shown?.text);

    const beneath = "select count(*) from unit where path like '% / Kongsvinger%'";
    const told = await runProgram(
      'python3',
      ['-c', `import sqlite3; print(*sqlite3.connect("register.db").execute("${beneath}").fetchone())`],
      { cwd: folder },
    );
    const day = new Date(demoDay);
    const units = await database.prisma.unitVersion.count({
      where: {
        ...{ path: { has: 108597 }, supersededRev: null, validFrom: { lte: day } },
        OR: [{ validTo: null }, { validTo: { gt: day } }],
      },
    });
    expect(Number(told)).toBe(units);
  });
});

describe.skipIf(!hasPython)('docs/clients/following.md', () => {
  it('takes each change once and in order, though it is killed again and again while changes are made', async () => {
    const blocks = blocksOfPage('clients/following.md');
    for (const { file, text } of blocks) if (file) await writeFile(join(folder, file), text);
    const [run] = commandsOf(blocks);
    const start = () => startProgram('sh', ['-c', `exec ${run?.command ?? ''}`], { cwd: folder, env: environment() });
    const until = async (follower: ReturnType<typeof start>, words: string): Promise<void> => {
      const giveUpAt = Date.now() + 30_000;
      while (!follower.told().includes(words)) {
        if (Date.now() > giveUpAt || follower.child.exitCode !== null)
          throw new Error(`No «${words}»: ${follower.told()}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const kill = async ({ child }: ReturnType<typeof start>): Promise<void> => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    };

    let follower = start();
    await until(follower, run?.shown?.text ?? '');
    const administrator = changesBy(createClient(database, { today: demoDay, as: 'trust-admin' }));
    for (let round = 0; round < 12; round += 1) {
      const changed = administrator.updateUnit({ reshId: 108597, shortName: `Name ${round}` });
      if (round % 3 === 1) {
        await kill(follower);
        follower = start();
      }
      made(await changed);
    }
    await until(follower, 'at revision 14\n');
    await kill(follower);

    const seen = await runProgram(
      'python3',
      [
        '-c',
        'import sqlite3; print(*sqlite3.connect("follower.db").execute("select revision, units from seen"), sep="\\n")',
      ],
      { cwd: folder },
    );
    expect(
      seen
        .trim()
        .split('\n')
        .map((line) => Number(/\d+/.exec(line)?.[0])),
    ).toEqual(Array.from({ length: 14 }, (_, place) => place + 1));
    // The first is the demo register itself: its revision and 5,000 units, of which a page has 100.
    expect(new Set(seen.split('\n')[0]?.match(/\d+/g)).size).toBe(1 + 5_000);
    expect(seen.trim().split('\n').slice(2)).toEqual(
      Array.from({ length: 12 }, (_, place) => `(${place + 3}, '[108597]')`),
    );
  });
});
