import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schema } from '../schema/index.ts';
import { formatSchema } from './format-schema.ts';

// Writes schema.graphql; with --check, only checks that it is up to date.
const file = fileURLToPath(new URL('../../schema.graphql', import.meta.url));
const expectedText = formatSchema(schema);

if (!process.argv.includes('--check')) {
  writeFileSync(file, expectedText);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== expectedText) {
  process.stderr.write('schema.graphql is out of date. Run npm run schema and commit the file.\n');
  process.exitCode = 1;
}
