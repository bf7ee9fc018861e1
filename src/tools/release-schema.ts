import { rmSync, writeFileSync } from 'node:fs';
import { schema } from '../schema/index.ts';
import { listDeprecationFaults } from './deprecations.ts';
import { formatSchema } from './format-schema.ts';
import { listUnagreedBreaks } from './schema-changes.ts';
import { buildSchemaFiles } from './schema-files.ts';
import { readAgreedBreaks, readReleases, releaseFile } from './schema-releases.ts';

// Releases the schema: from now on, it is what clients were promised. With --replace, takes the place of the newest
// release, for as long as nobody depends on that one.
const isReplacing = process.argv.includes('--replace');
const day = new Date().toISOString().slice(0, 10);
const released = readReleases();
const newest = released.at(-1);
const kept = isReplacing || newest?.day === day ? released.slice(0, -1) : released;

const promised = isReplacing ? kept.at(-1) : newest;
const breaks = promised ? await listUnagreedBreaks(promised.schema, schema, readAgreedBreaks()) : [];
const faults = [
  ...breaks.map((text) => `${text}: agree on it in docs/releases/agreed-breaks.json, or undo it`),
  ...listDeprecationFaults([...kept, { day, schema }], schema),
];

if (faults.length > 0) {
  process.stderr.write(`The schema was not released:\n${faults.map((fault) => `- ${fault}\n`).join('')}`);
  process.exitCode = 1;
} else {
  if (newest && kept.length < released.length) rmSync(releaseFile(newest.day));
  writeFileSync(releaseFile(day), formatSchema(schema));
  for (const { path, text } of await buildSchemaFiles()) writeFileSync(path, text);
  process.stdout.write(`Released the schema of ${day}. Commit docs/releases/, docs/changelog.md and schema.graphql.\n`);
}
