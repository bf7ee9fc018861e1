import {
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  printIntrospectionSchema,
  printSchema,
  visit,
  type GraphQLSchema,
} from 'graphql';

/**
 * Prints a schema in alphabetical order, with a definition of every directive that it uses. graphql-js leaves out those
 * of the specification, but other programs know only some of them: an older `@deprecated`, no `@oneOf`.
 */
export function formatSchema(schema: GraphQLSchema): string {
  const text = printSchema(lexicographicSortSchema(schema));
  const undefinedNames = listUndefinedDirectives(text);
  const definitions = parse(printIntrospectionSchema(schema)).definitions.filter(
    (definition) => definition.kind === Kind.DIRECTIVE_DEFINITION && undefinedNames.includes(definition.name.value),
  );
  return `${[text, ...definitions.map(print)].join('\n\n')}\n`;
}

/** Returns the names of the directives that the text of a schema uses without defining them, sorted. */
export function listUndefinedDirectives(text: string): string[] {
  const used = new Set<string>();
  const defined = new Set<string>();
  visit(parse(text), {
    Directive: (directive) => void used.add(directive.name.value),
    DirectiveDefinition: (definition) => void defined.add(definition.name.value),
  });
  return [...used].filter((name) => !defined.has(name)).sort();
}
