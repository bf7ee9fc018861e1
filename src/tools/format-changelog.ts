import type { GraphQLSchema } from 'graphql';
import { listSchemaChanges, type SchemaChange } from './schema-changes.ts';
import type { AgreedBreak, SchemaRelease } from './schema-releases.ts';

const headings: Readonly<Record<SchemaChange['kind'], string>> = {
  breaking: 'Breaking',
  deprecated: 'Deprecated',
  added: 'Added',
  changed: 'Changed',
};

const introduction = `# Changelog of the API

The differences between the released schemas in \`docs/releases/\`, newest first; \`npm run schema\` writes this page.
[The promise](api-promise.md) says which changes clients must expect. Changes of descriptions are left out.
`;

/**
 * Writes the changelog from released schemas, oldest first, and the schema of today.
 *
 * @returns Markdown
 */
export async function formatChangelog(
  releases: readonly SchemaRelease[],
  current: GraphQLSchema,
  agreedBreaks: readonly AgreedBreak[],
): Promise<string> {
  const points = [...releases.map(({ day, schema }) => ({ title: day, schema })), { title: 'Next', schema: current }];
  const sections = await Promise.all(
    points.map(async ({ title, schema }, index) => {
      const before = points[index - 1];
      const body = before
        ? formatChanges(await listSchemaChanges(before.schema, schema), agreedBreaks)
        : 'The first release.\n';
      return `## ${title}\n\n${body}`;
    }),
  );
  return [introduction, ...sections.reverse()].join('\n');
}

function formatChanges(changes: readonly SchemaChange[], agreedBreaks: readonly AgreedBreak[]): string {
  if (changes.length === 0) return 'No changes.\n';
  const reasons = new Map(agreedBreaks.map(({ change, reason }) => [change, reason]));
  return (Object.keys(headings) as SchemaChange['kind'][])
    .map((kind) => ({ kind, texts: changes.filter((change) => change.kind === kind).map(({ text }) => text) }))
    .filter(({ texts }) => texts.length > 0)
    .map(({ kind, texts }) => {
      const items = texts.map((text) => {
        const reason = reasons.get(text);
        return kind === 'breaking' && reason !== undefined ? `- ${text}: ${reason}\n` : `- ${text}\n`;
      });
      return `### ${headings[kind]}\n\n${items.join('')}`;
    })
    .join('\n');
}
