import { jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import { z } from 'zod';
import { textProblem } from '../../domain/text/text-problem.ts';
import { localIssuer, openLocalIssuer } from './local-issuer.ts';
import { keysOfIssuer } from './oidc.ts';
import { InvalidTokenError, invalidToken, IssuerUnreachableError } from './token-errors.ts';
import type { TokenViewer } from '../viewer.ts';

/** Where tokens come from. */
export type Authentication =
  /** An OpenID Connect issuer, and the audience its tokens must be meant for */
  | { readonly kind: 'oidc'; readonly issuer: string; readonly audience: string }
  /** Ourselves, for development: the key is in the data folder */
  | { readonly kind: 'local'; readonly dataDir: string }
  /** Nowhere: every token is refused */
  | { readonly kind: 'none' };

/** Tells whose a token is. */
export interface TokenVerifier {
  /**
   * @throws InvalidTokenError where the token is not to be trusted
   * @throws IssuerUnreachableError where that cannot be told, as the issuer's keys are out of reach
   */
  verify(token: string): Promise<TokenViewer>;
}

// Asymmetric ones only: a public key taken for a shared secret would let anybody sign.
const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Seconds by which the clocks of the issuer and ours may differ. */
const CLOCK_TOLERANCE = 5;

const isStorable = (text: string): boolean => text.trim() !== '' && textProblem(text) === undefined;
const claims = z.object({
  exp: z.number(),
  sub: z.string().refine(isStorable),
  name: z.string().refine(isStorable).nullable().catch(null),
});

const verifierBy = (key: JWTVerifyGetKey, options: JWTVerifyOptions): TokenVerifier => ({
  verify: async (token) => {
    const { payload } = await jwtVerify(token, key, { ...options, requiredClaims: ['exp', 'sub'] }).catch(
      (error: unknown) => {
        throw error instanceof IssuerUnreachableError ? error : invalidToken(error);
      },
    );
    const said = claims.safeParse(payload);
    if (!said.success) throw new InvalidTokenError('The token has a «sub» that names nobody.');
    const { sub, name, exp } = said.data;
    return { subject: sub, name, expiresAt: new Date(exp * 1_000) };
  },
});

/** Refuses every token: there is nobody to have it from. */
export const noTokens: TokenVerifier = {
  verify: () =>
    Promise.reject(
      new InvalidTokenError('This server accepts no tokens: it has no issuer (OIDC_ISSUER and OIDC_AUDIENCE).'),
    ),
};

/**
 * Opens what tells whose a token is.
 *
 * @param options.timeout milliseconds that each question to an issuer may take
 * @throws LocalIssuerError where the key of the local issuer cannot be read or made
 */
export const createTokenVerifier = async (
  authentication: Authentication,
  { timeout = 5_000 }: { timeout?: number } = {},
): Promise<TokenVerifier> => {
  if (authentication.kind === 'none') return noTokens;
  if (authentication.kind === 'local') {
    const { key } = await openLocalIssuer(authentication.dataDir);
    return verifierBy(key, { ...localIssuer, algorithms: ['ES256'] });
  }
  const { issuer, audience } = authentication;
  return verifierBy(keysOfIssuer(issuer, timeout), {
    ...{ issuer, audience, algorithms: asymmetric },
    clockTolerance: CLOCK_TOLERANCE,
  });
};
