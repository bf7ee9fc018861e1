import type { GraphQLSchema } from 'graphql';

const description = `
Norway's register of the organization of the health service: organizations and departments in one tree, their codes,
treatment sites, identifiers and history.

To begin, query \`roots\` and follow \`children\`, look up a unit with \`unit(reshId:)\`, or find one with
\`search(text:)\`. Reading requires no token, unless the server is set up to ask for one. Mutations require one, and
\`viewer\` shows the grants of its holder.

The register is bitemporal. Every state of it has two coordinates: a day (valid time), given as \`validAt\`, and a
state of knowledge (transaction time), given as a \`revision\` or as the instant \`knownAt\`. The fields of Query show
today, as known now; \`register(validAt:, revision:)\` shows any other state. The same day and revision return the same
response at any time.

To keep a copy up to date, read the feed \`changes(since:)\` or subscribe to it.

The documentation is in the folder \`docs/\` of the project: the model of time in \`docs/time.md\`, limits and error
codes in \`docs/reference.md\`.
`.trim();

/** Gives the schema a description of its own, which introspection and the printed schema show. */
export function withDescription(schema: GraphQLSchema): GraphQLSchema {
  schema.description = description;
  return schema;
}
