import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { InvalidTokenError, IssuerUnreachableError } from '../auth/tokens/token-errors.ts';
import { authorizationHeaderInvalid, readingRequiresToken } from '../auth/tokens/token-messages.ts';
import type { TokenVerifier } from '../auth/tokens/token-verifier.ts';
import type { TokenViewer } from '../auth/viewer.ts';
import { toClientError, type CodedError } from '../errors/client-error.ts';
import { chooseLanguage } from './language.ts';

const bearerPattern = /^Bearer +([\w~+/.=-]+) *$/i;

/** Verifies the token of a request before the request's body is parsed. */
export interface Authentication {
  readonly plugin: Plugin;
  /**
   * Verifies the token of a request that is not a GraphQL operation.
   *
   * @throws GraphQLError with status 401 if the token is invalid or missing, 503 while the issuer is unreachable
   */
  authenticate(request: Request): Promise<void>;
  /**
   * Verifies an Authorization header; null without one.
   *
   * @throws InvalidTokenError, IssuerUnreachableError
   */
  verifyHeader(header: string | null): Promise<TokenViewer | null>;
  /** Returns the subject of a request's verified token, or null without a token */
  readonly findViewer: (request: Request) => TokenViewer | null;
}

/**
 * Returns the plugin that answers operations with an invalid token with status 401, and with 503 while the issuer is
 * unreachable. The explorer's page and other requests that are not operations need no token.
 *
 * @param readAccess `token`: operations without a token are refused too
 */
export function createAuthentication(verifier: TokenVerifier, readAccess: 'public' | 'token'): Authentication {
  const viewers = new WeakMap<Request, TokenViewer>();
  const verifyHeader = async (header: string | null): Promise<TokenViewer | null> => {
    if (header === null) {
      if (readAccess === 'public') return null;
      throw new InvalidTokenError(readingRequiresToken(), null);
    }
    const [, token] = bearerPattern.exec(header) ?? [];
    if (token === undefined) throw new InvalidTokenError(authorizationHeaderInvalid(), 'invalid_request');
    return verifier.verify(token);
  };
  const authenticate = async (request: Request): Promise<void> => {
    const viewer = await verifyHeader(request.headers.get('authorization')).catch((error: unknown) => {
      throw toHttpError(error, request);
    });
    if (viewer) viewers.set(request, viewer);
  };
  return {
    authenticate,
    verifyHeader,
    findViewer: (request) => viewers.get(request) ?? null,
    plugin: { onRequestParse: ({ request }) => authenticate(request) },
  };
}

function toHttpError(error: unknown, request: Request): unknown {
  if (error instanceof InvalidTokenError) {
    const challenge = error.challenge === null ? '' : `, error="${error.challenge}"`;
    return withStatus(error, request, 401, { 'www-authenticate': `Bearer realm="resh-graph"${challenge}` });
  }
  if (error instanceof IssuerUnreachableError) return withStatus(error, request, 503, { 'retry-after': '5' });
  return error;
}

function withStatus(
  error: CodedError,
  request: Request,
  status: number,
  headers: Readonly<Record<string, string>>,
): GraphQLError {
  const { message, extensions } = toClientError(error, chooseLanguage(request)) as GraphQLError;
  return new GraphQLError(message, { extensions: { ...extensions, http: { status, headers } } });
}
