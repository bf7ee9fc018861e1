import { GraphQLError, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { deny, rule, shield } from 'graphql-shield';
import { permissions } from './permissions.ts';
import type { Context } from '../context.ts';
import type { ChangeInputs, MutationName } from '../domain/plan/change-input.ts';
import { authorize } from './authorizer.ts';
import { isRepeated } from '../operations/engine/run-change.ts';
import { UnauthenticatedError } from './denials.ts';
import { queryOf } from '../store/database/prisma-client.ts';
import { toClientError } from '../schema/kit/errors.ts';

// Whatever goes wrong in a rule is handed on as it is: shield itself would make «not authorized» of a bug.
const gateOf = (name: MutationName) =>
  rule(name, { cache: 'no_cache' })(
    async (_root, { input }: { input: ChangeInputs[MutationName] }, context: Context) => {
      try {
        if (!context.viewer) throw new UnauthenticatedError();
        const tx = queryOf(context.database.prisma);
        if (await isRepeated(tx, name, input, context.viewer)) return true;
        await authorize(tx, name, input as never, context.viewer, context.today);
        return true;
      } catch (error) {
        return toClientError(error) as Error;
      }
    },
  );

const names = Object.keys(permissions) as MutationName[];

const gates = shield(
  { Mutation: { '*': deny, ...Object.fromEntries(names.map((name) => [name, gateOf(name)])) } },
  {
    allowExternalErrors: true,
    fallbackRule: deny,
    fallbackError: () =>
      new GraphQLError('This change is open to nobody: it has no line in the permission table.', {
        extensions: { code: 'FORBIDDEN' },
      }),
  },
);

type Resolver = GraphQLFieldResolver<unknown, Context>;
type Gate = (resolve: Resolver, ...args: Parameters<Resolver>) => unknown;
// As shield makes them: of a rule the gate itself, of what is put together from rules, such as `deny`, an object around it.
type MadeGate = Gate | { readonly resolve: Gate };

/**
 * Puts a gate before every mutation: whoever may not make a change is refused before anything runs. A mutation without a line in
 * the permission table is denied. Only the fields of Mutation have gates: shield would wrap every field of every type.
 */
export const withGate = (schema: GraphQLSchema): GraphQLSchema => {
  const gateOfField = (gates.generate(schema) as { Mutation?: Record<string, MadeGate> }).Mutation ?? {};
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const [resolve, made] = [field.resolve, gateOfField[name]];
    if (!resolve || !made) throw new Error(`Mutation.${name} has no resolver or no gate.`);
    const gate = typeof made === 'function' ? made : made.resolve;
    field.resolve = (...args: Parameters<Resolver>) => gate(resolve as Resolver, ...args);
  }
  return schema;
};
