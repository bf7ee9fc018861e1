import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { InvalidTokenError, IssuerUnreachableError } from '../auth/tokens/token-errors.ts';
import type { TokenVerifier } from '../auth/tokens/token-verifier.ts';
import type { TokenViewer } from '../auth/viewer.ts';
import type { ErrorCode } from '../errors/error-codes.ts';

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
   * @throws as `authenticate`
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
      throw createUnauthenticatedError('Reading requires a token here: send it as "Authorization: Bearer TOKEN".', '');
    }
    const [, token] = bearerPattern.exec(header) ?? [];
    if (token === undefined)
      throw createUnauthenticatedError(
        'The Authorization header is not "Bearer TOKEN": send a token in that form, or omit the header.',
        ', error="invalid_request"',
      );
    return verifier.verify(token).catch((error: unknown) => {
      throw toHttpError(error);
    });
  };
  const authenticate = async (request: Request): Promise<void> => {
    const viewer = await verifyHeader(request.headers.get('authorization'));
    if (viewer) viewers.set(request, viewer);
  };
  return {
    authenticate,
    verifyHeader,
    findViewer: (request) => viewers.get(request) ?? null,
    plugin: { onRequestParse: ({ request }) => authenticate(request) },
  };
}

function createUnauthenticatedError(message: string, challenge: string): GraphQLError {
  return createHttpError(401, 'UNAUTHENTICATED', message, {
    'www-authenticate': `Bearer realm="resh-graph"${challenge}`,
  });
}

function createHttpError(
  status: number,
  code: ErrorCode,
  message: string,
  headers: Record<string, string>,
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status, headers } } });
}

function toHttpError(error: unknown): unknown {
  if (error instanceof InvalidTokenError) return createUnauthenticatedError(error.message, ', error="invalid_token"');
  if (error instanceof IssuerUnreachableError)
    return createHttpError(503, 'ISSUER_UNREACHABLE', `${error.message} Try again in a moment.`, {
      'retry-after': '5',
    });
  return error;
}
