import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { buildSchemaFiles } from './schema-files.ts';

// Writes schema.graphql and docs/changelog.md; with --check, only checks that they are up to date.
for (const { name, path, text } of await buildSchemaFiles()) {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text);
  } else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    process.stderr.write(`${name} is out of date. Run npm run schema and commit the file.\n`);
    process.exitCode = 1;
  }
}
