import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The user groups, in the order in which the explorer shows their examples. */
const groups = ['org-charts', 'analysis', 'integration', 'administration'] as const;

/** An operation that the explorer opens with, in a tab named after it: a sentence that says what it does. */
export interface Example {
  readonly group: (typeof groups)[number];
  readonly file: string;
  readonly query: string;
}

const folder = fileURLToPath(new URL('examples/', import.meta.url));

/** Example operations for each user group; their RESH-ids are those of the demo register. */
export const examples: readonly Example[] = groups.flatMap((group) =>
  readdirSync(`${folder}${group}`)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({ group, file, query: readFileSync(`${folder}${group}/${file}`, 'utf8') })),
);
