import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// Generates src/generated if schema.prisma or a package has changed since the last run; prints nothing unless it fails.
const root = fileURLToPath(new URL('../..', import.meta.url));
const stampFile = join(root, 'src/generated/stamp');
const inputs = ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'];
const outputs = ['src/generated/prisma/client.ts', 'src/generated/pothos.ts'];

const hash = createHash('sha256');
for (const input of inputs) hash.update(readFileSync(join(root, input)));
const expectedHash = hash.digest('hex');

const isUpToDate =
  existsSync(stampFile) &&
  readFileSync(stampFile, 'utf8') === expectedHash &&
  outputs.every((output) => existsSync(join(root, output)));

if (!isUpToDate) {
  const prisma = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js');
  try {
    await promisify(execFile)(process.execPath, [prisma, 'generate'], {
      cwd: root,
      env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    });
    writeFileSync(stampFile, expectedHash);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    process.stderr.write(`${stdout}${stderr}\nCould not generate the database client from prisma/schema.prisma.\n`);
    process.exitCode = 1;
  }
}
