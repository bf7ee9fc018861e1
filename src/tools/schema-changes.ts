import { ChangeType, CriticalityLevel, diff, DiffRule, type Change as InspectorChange } from '@graphql-inspector/core';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { formatSchema } from './format-schema.ts';
import type { AgreedBreak } from './schema-releases.ts';

/** A change of GraphQL Inspector, whose own type leaves `type` open. */
type Change = Omit<InspectorChange, 'type'> & { readonly type: string };

/** A difference between two schemas. */
export interface SchemaChange {
  readonly kind: 'breaking' | 'added' | 'deprecated' | 'changed';
  /** One sentence without a full stop, names in backticks */
  readonly text: string;
}

/** Changes that GraphQL calls only dangerous, and that change the meaning of a request that stays the same. */
const alsoBreaking: ReadonlySet<string> = new Set([
  ChangeType.FieldArgumentDefaultChanged,
  ChangeType.InputFieldDefaultValueChanged,
]);

/** Returns the differences between two schemas, but for descriptions; a new type counts once, without its fields. */
export async function listSchemaChanges(older: GraphQLSchema, newer: GraphQLSchema): Promise<SchemaChange[]> {
  const rules = [DiffRule.simplifyChanges, DiffRule.ignoreDescriptionChanges];
  const changes: Change[] = await diff(asPrinted(older), asPrinted(newer), rules);
  return changes.filter(isOfInterest).map((change) => ({ kind: findKind(change), text: formatMessage(change) }));
}

/** Returns the breaking changes from one schema to another that are not agreed, in the words of the changelog. */
export async function listUnagreedBreaks(
  older: GraphQLSchema,
  newer: GraphQLSchema,
  agreedBreaks: readonly AgreedBreak[],
): Promise<string[]> {
  const agreed = new Set(agreedBreaks.map(({ change }) => change));
  return (await listSchemaChanges(older, newer))
    .filter(({ kind, text }) => kind === 'breaking' && !agreed.has(text))
    .map(({ text }) => text);
}

// The uses of directives are known only of a schema that was parsed.
function asPrinted(schema: GraphQLSchema): GraphQLSchema {
  return buildSchema(formatSchema(schema));
}

// A deprecation is reported as a change of its own beside the use of the directive.
function isOfInterest({ type, path }: Change): boolean {
  return !(type.startsWith('DIRECTIVE_USAGE_') && /\.@(?:deprecated|specifiedBy)\b/.test(path ?? ''));
}

function findKind({ type, path, criticality }: Change): SchemaChange['kind'] {
  const makesExclusive = type === ChangeType.DirectiveUsageInputObjectAdded && path?.endsWith('.@oneOf') === true;
  if (criticality.level === CriticalityLevel.Breaking || alsoBreaking.has(type) || makesExclusive) return 'breaking';
  if (type.includes('DEPRECATION')) return 'deprecated';
  return type.endsWith('_ADDED') ? 'added' : 'changed';
}

function formatMessage({ message }: Change): string {
  return message.replaceAll(/'([^']*)'/g, '`$1`');
}
