import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stampFile = join(root, 'src/generated/stamp');
const inputs = ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'];
const outputs = ['src/generated/prisma/client.ts', 'src/generated/pothos.ts'];

/** The database client cannot be generated; the message is what the generator printed. */
export class GenerateError extends Error {
  override readonly name = 'GenerateError';
}

/**
 * Generates src/generated if schema.prisma or a package has changed since the last run.
 *
 * @throws GenerateError if it fails
 */
export async function generateClient(): Promise<void> {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(readFileSync(join(root, input)));
  const stamp = hash.digest('hex');
  if (isUpToDate(stamp)) return;
  try {
    await promisify(execFile)(process.execPath, [findPrisma(), 'generate'], {
      cwd: root,
      env: {
        ...process.env,
        // Where the generators are found, also without npm.
        PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new GenerateError(`${stdout}${stderr}\nCould not generate the database client from prisma/schema.prisma.`);
  }
  writeFileSync(stampFile, stamp);
}

function isUpToDate(stamp: string): boolean {
  return (
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === stamp &&
    outputs.every((output) => existsSync(join(root, output)))
  );
}

function findPrisma(): string {
  return join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js');
}
