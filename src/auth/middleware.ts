import { GraphQLError, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { deny, rule, shield } from 'graphql-shield';
import type { Context } from '../context.ts';
import type { ChangeInputs, MutationName } from '../domain/plan/change-input.ts';
import { isReplay } from '../operations/engine/run-change.ts';
import { toClientError } from '../schema/kit/errors.ts';
import { createSqlClient } from '../store/database/prisma-sql-client.ts';
import { authorize } from './authorizer.ts';
import { UnauthenticatedError } from './denials.ts';
import { permissions } from './permissions.ts';

const mutationNames = Object.keys(permissions) as MutationName[];

const authorizationShield = shield(
  {
    Mutation: { '*': deny, ...Object.fromEntries(mutationNames.map((name) => [name, createAuthorizationRule(name)])) },
  },
  {
    allowExternalErrors: true,
    fallbackRule: deny,
    fallbackError: () =>
      new GraphQLError('This change is open to nobody: it has no line in the permission table.', {
        extensions: { code: 'FORBIDDEN' },
      }),
  },
);

// Whatever goes wrong in a rule is handed on as it is: shield itself would make «not authorized» of a bug.
function createAuthorizationRule(name: MutationName) {
  return rule(name, { cache: 'no_cache' })(
    async (_root, { input }: { input: ChangeInputs[MutationName] }, context: Context) => {
      try {
        if (!context.viewer) throw new UnauthenticatedError();
        const tx = createSqlClient(context.database.prisma);
        if (await isReplay(tx, name, input, context.viewer)) return true;
        await authorize(tx, name, input as never, context.viewer, context.today);
        return true;
      } catch (error) {
        return toClientError(error) as Error;
      }
    },
  );
}

type Resolver = GraphQLFieldResolver<unknown, Context>;
type AuthorizationMiddleware = (resolve: Resolver, ...args: Parameters<Resolver>) => unknown;
// As shield makes them: of a rule the gate itself, of what is put together from rules, such as `deny`, an object around it.
type GeneratedMiddleware = AuthorizationMiddleware | { readonly resolve: AuthorizationMiddleware };

/**
 * Puts a gate before every mutation: whoever may not make a change is refused before anything runs. A mutation without a line in
 * the permission table is denied. Only the fields of Mutation have gates: shield would wrap every field of every type.
 */
export function withAuthorization(schema: GraphQLSchema): GraphQLSchema {
  const middlewareByField =
    (authorizationShield.generate(schema) as { Mutation?: Record<string, GeneratedMiddleware> }).Mutation ?? {};
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const [resolve, generated] = [field.resolve, middlewareByField[name]];
    if (!resolve || !generated) throw new Error(`Mutation.${name} has no resolver or no gate.`);
    const middleware = typeof generated === 'function' ? generated : generated.resolve;
    field.resolve = (...args: Parameters<Resolver>) => middleware(resolve as Resolver, ...args);
  }
  return schema;
}
