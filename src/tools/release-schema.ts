import { rmSync, writeFileSync } from 'node:fs';
import { schema } from '../schema/index.ts';
import { formatSchema } from './format-schema.ts';
import { planRelease } from './plan-release.ts';
import { buildSchemaFiles } from './schema-files.ts';
import { readAgreedBreaks, readReleases, releaseFile } from './schema-releases.ts';

// Releases the schema: from now on, it is what clients were promised. With --replace, takes the place of the newest
// release, for as long as nobody depends on that one.
const day = new Date().toISOString().slice(0, 10);
const { faults, replacedDay } = await planRelease({
  released: readReleases(),
  schema,
  day,
  isReplacing: process.argv.includes('--replace'),
  agreedBreaks: readAgreedBreaks(),
});

if (faults.length > 0) {
  process.stderr.write(`The schema was not released:\n${faults.map((fault) => `- ${fault}\n`).join('')}`);
  process.exitCode = 1;
} else {
  if (replacedDay !== undefined) rmSync(releaseFile(replacedDay));
  writeFileSync(releaseFile(day), formatSchema(schema));
  for (const { path, text } of await buildSchemaFiles()) writeFileSync(path, text);
  process.stdout.write(`Released the schema of ${day}. Commit docs/releases/, docs/changelog.md and schema.graphql.\n`);
}
