import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The package of the peers, apart from the product's. */
export const peerFolder = fileURLToPath(new URL('../peers', import.meta.url));

const inputs = ['package-lock.json', 'pothos/schema.prisma'];

/** Installs the packages of the peers and generates their database client, if that has not been done. */
export async function installPeers(printLine: (line: string) => void): Promise<void> {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(await readFile(join(peerFolder, input)));
  const expectedStamp = hash.digest('hex');
  const stampFile = join(peerFolder, 'node_modules', '.bench-stamp');
  const stamp = await readFile(stampFile, 'utf8').catch(() => undefined);
  if (stamp === expectedStamp) return;
  printLine(`Installing the peers in ${peerFolder} (about 850 MB, a minute).`);
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: peerFolder });
  const programs = join(peerFolder, 'node_modules/.bin');
  await run(join(programs, 'prisma'), ['generate'], {
    cwd: join(peerFolder, 'pothos'),
    env: {
      ...process.env,
      // Prisma starts the generator of Pothos by its name.
      PATH: [programs, process.env['PATH']].join(delimiter),
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  });
  await writeFile(stampFile, expectedStamp);
}

/**
 * Returns the Node.js that runs all servers: that of the peers' packages, because PostGraphile needs Node 22.
 *
 * @throws if there is none for this system
 */
export function findServerNode(): string {
  const installed = join(peerFolder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  throw new Error(`The peers need Node 22 or later; this is ${process.version}.`);
}
