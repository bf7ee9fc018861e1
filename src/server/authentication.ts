import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { InvalidTokenError, IssuerUnreachableError } from '../auth/tokens/token-errors.ts';
import type { TokenVerifier } from '../auth/tokens/token-verifier.ts';
import type { TokenViewer } from '../auth/viewer.ts';

const bearer = /^Bearer +([\w~+/.=-]+) *$/i;

const refuse = (status: number, code: string, message: string, headers: Record<string, string>): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status, headers } } });

const unauthenticated = (message: string, challenge: string): GraphQLError =>
  refuse(401, 'UNAUTHENTICATED', message, { 'www-authenticate': `Bearer realm="resh-graph"${challenge}` });

const refusalOf = (error: unknown): unknown => {
  if (error instanceof InvalidTokenError) return unauthenticated(error.message, ', error="invalid_token"');
  if (error instanceof IssuerUnreachableError)
    return refuse(503, 'ISSUER_UNREACHABLE', `${error.message} Try again in a moment.`, {
      'retry-after': '5',
    });
  return error;
};

/** Finds out who asks, before anything of the request is read. */
export interface Authentication {
  readonly plugin: Plugin;
  /**
   * Finds out who sent a request that is no operation.
   *
   * @throws GraphQLError with status 401 where the token is bad or missing, 503 where that cannot be told
   */
  identify(request: Request): Promise<void>;
  /** Who sent a request; null where it has no token */
  readonly viewerOf: (request: Request) => TokenViewer | null;
}

/**
 * Answers operations whose token is bad with 401, and with 503 where that cannot be told; the explorer's page and whatever else
 * is no operation stays open.
 *
 * @param readAccess `token`: an operation without a token is refused too
 */
export const authenticateBy = (verifier: TokenVerifier, readAccess: 'public' | 'token'): Authentication => {
  const viewers = new WeakMap<Request, TokenViewer>();
  const identify = async (request: Request): Promise<void> => {
    const header = request.headers.get('authorization');
    if (header === null) {
      if (readAccess === 'public') return;
      throw unauthenticated('Reading needs a token here: send it as «Authorization: Bearer TOKEN».', '');
    }
    const [, token] = bearer.exec(header) ?? [];
    if (token === undefined)
      throw unauthenticated(
        'The Authorization header is not «Bearer TOKEN»: send a token like that, or no such header.',
        ', error="invalid_request"',
      );
    const viewer = await verifier.verify(token).catch((error: unknown) => {
      throw refusalOf(error);
    });
    viewers.set(request, viewer);
  };
  return {
    identify,
    viewerOf: (request) => viewers.get(request) ?? null,
    plugin: { onRequestParse: ({ request }) => identify(request) },
  };
};
