import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { deny, rule, shield } from 'graphql-shield';
import type { Context } from '../context.ts';
import type { ChangeInputs, MutationName } from '../domain/plan/change-input.ts';
import { toClientError } from '../errors/client-error.ts';
import { collectReshIds, readChangeStart } from '../store/change/change-start.ts';
import { findIdempotencyKey, toOperation } from '../store/change/idempotency.ts';
import { authorize } from './authorizer.ts';
import { ForbiddenError, UnauthenticatedError } from './denials.ts';
import { mutationNotPermitted } from './messages.ts';
import { permissions } from './permissions.ts';

type Resolver = GraphQLFieldResolver<unknown, Context>;
type AuthorizationMiddleware = (resolve: Resolver, ...args: Parameters<Resolver>) => unknown;
// Shield generates a function for a single rule, and an object with a function for a combination such as `deny`.
type GeneratedMiddleware = AuthorizationMiddleware | { readonly resolve: AuthorizationMiddleware };

const mutationNames = Object.keys(permissions) as MutationName[];

const authorizationShield = shield(
  {
    Mutation: { '*': deny, ...Object.fromEntries(mutationNames.map((name) => [name, createAuthorizationRule(name)])) },
  },
  {
    allowExternalErrors: true,
    fallbackRule: deny,
    fallbackError: (_error, _parent, _args, context) =>
      toClientError(new ForbiddenError(mutationNotPermitted(), []), (context as unknown as Context).language) as Error,
  },
);

/**
 * Authorizes every mutation before its resolver runs. A mutation without a line in the permission table is denied. Only
 * the fields of Mutation are wrapped; shield itself would wrap every field of every type.
 */
export function withAuthorization(schema: GraphQLSchema): GraphQLSchema {
  const middlewareByField =
    (authorizationShield.generate(schema) as { Mutation?: Record<string, GeneratedMiddleware> }).Mutation ?? {};
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const [resolve, generated] = [field.resolve, middlewareByField[name]];
    if (!resolve || !generated) throw new Error(`Mutation.${name} has no resolver or no authorization rule.`);
    const middleware = typeof generated === 'function' ? generated : generated.resolve;
    field.resolve = (...args: Parameters<Resolver>) => middleware(resolve as Resolver, ...args);
  }
  return schema;
}

// An error in a rule is returned as it is: shield would turn any that is thrown, bugs included, into "not authorized".
function createAuthorizationRule(name: MutationName) {
  return rule(name, { cache: 'no_cache' })(
    async (
      _root,
      { input }: { input: ChangeInputs[MutationName] },
      { viewer, database, today, usePrimary, language }: Context,
    ) => {
      try {
        if (!viewer) throw new UnauthenticatedError();
        usePrimary();
        const { client } = database;
        const request = { subject: viewer.subject, operation: toOperation(name), key: findIdempotencyKey(input) };
        const start = await readChangeStart(client, request, collectReshIds(input), today);
        if (!start.storedResponse) await authorize(client, name, input as never, start, today);
        return true;
      } catch (error) {
        return toClientError(error, language) as Error;
      }
    },
  );
}
