import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { schema } from '../schema/index.ts';
import { formatChangelog } from './format-changelog.ts';
import { formatSchema } from './format-schema.ts';
import { readAgreedBreaks, readReleases } from './schema-releases.ts';

const root = new URL('../../', import.meta.url);

/** A file made from the schema. */
export interface SchemaFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** Returns what schema.graphql and the changelog must contain. */
export async function buildSchemaFiles(): Promise<SchemaFile[]> {
  const changelog = locateFile('docs/changelog.md');
  const text = await formatChangelog(readReleases(), schema, readAgreedBreaks());
  const options = await resolveConfig(changelog.path);
  return [
    { ...locateFile('schema.graphql'), text: formatSchema(schema) },
    { ...changelog, text: await format(text, { ...options, filepath: changelog.path }) },
  ];
}

function locateFile(name: string): Omit<SchemaFile, 'text'> {
  return { name, path: fileURLToPath(new URL(name, root)) };
}
