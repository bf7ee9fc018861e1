import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Generates test/support/generated when the schema or a document has changed. Prints nothing unless it fails.
const root = fileURLToPath(new URL('../..', import.meta.url));
const generated = 'test/support/generated';
const ignored = [generated, 'test/bench/peers'];
const stamp = join(root, generated, 'stamp');

const inputs = [
  'codegen.ts',
  'schema.graphql',
  'package-lock.json',
  ...filesUnder('test', '.ts').filter(mayContainDocuments),
  ...filesUnder('src/explorer', '.graphql'),
];

function filesUnder(folder: string, ending: string): string[] {
  return existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((file) => join(folder, file))
        .filter((file) => file.endsWith(ending) && !ignored.some((folder) => file.startsWith(folder)))
        .sort()
    : [];
}

function mayContainDocuments(file: string): boolean {
  return readFileSync(join(root, file), 'utf8').includes('graphql(');
}

if (!existsSync(join(root, 'schema.graphql'))) {
  process.stderr.write('There is no schema.graphql; write it with npm run schema.\n');
  process.exit(1);
}

const hash = createHash('sha256');
for (const input of inputs) hash.update(`${input}\n`).update(readFileSync(join(root, input)));
const currentHash = hash.digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== currentHash) {
  process.chdir(root);
  const [{ generate }, { default: config }] = await Promise.all([
    import('@graphql-codegen/cli'),
    import('../../codegen.ts'),
  ]);
  try {
    await generate({ ...config, errorsOnly: true, silent: true }, true);
    writeFileSync(stamp, currentHash);
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n` +
        'Could not type the documents against schema.graphql; if the schema has changed, run npm run schema first.\n',
    );
    process.exitCode = 1;
  }
}
