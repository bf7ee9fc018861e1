import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { z } from 'zod';

/** A schema that clients were promised, and the day of its release. */
export interface SchemaRelease {
  readonly day: string;
  readonly schema: GraphQLSchema;
}

/** A change that breaks clients and was agreed with them. */
export interface AgreedBreak {
  /** The change in the words of the changelog */
  readonly change: string;
  readonly agreedOn: string;
  readonly reason: string;
}

const folder = new URL('../../docs/releases/', import.meta.url);
const agreedBreaksSchema = z.array(
  z.strictObject({ change: z.string().min(1), agreedOn: z.iso.date(), reason: z.string().min(1) }),
);

/** Returns the released schemas in docs/releases/, oldest first. */
export function readReleases(): SchemaRelease[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({
      day: file.slice(0, -'.graphql'.length),
      schema: buildSchema(readFileSync(new URL(file, folder), 'utf8')),
    }));
}

/** Returns the file of the schema released on a day. */
export function releaseFile(day: string): string {
  return fileURLToPath(new URL(`${day}.graphql`, folder));
}

/** Returns the breaking changes that docs/releases/agreed-breaks.json allows. */
export function readAgreedBreaks(): AgreedBreak[] {
  return agreedBreaksSchema.parse(JSON.parse(readFileSync(new URL('agreed-breaks.json', folder), 'utf8')));
}
