import { jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import { z } from 'zod';
import { findTextProblem } from '../../domain/text/text-problem.ts';
import type { TokenViewer } from '../viewer.ts';
import { localIssuer, openLocalIssuer } from './local-issuer.ts';
import { createIssuerKeyLookup } from './oidc.ts';
import { InvalidTokenError, createInvalidTokenError, IssuerUnreachableError } from './token-errors.ts';

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
const asymmetricAlgorithms = [
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
const CLOCK_TOLERANCE_SECONDS = 5;

const claimsSchema = z.object({
  exp: z.number(),
  sub: z.string().refine(isStorable),
  name: z.string().refine(isStorable).nullable().catch(null),
});

function isStorable(text: string): boolean {
  return text.trim() !== '' && findTextProblem(text) === undefined;
}

/** Refuses every token: there is nobody to have it from. */
export const rejectingVerifier: TokenVerifier = {
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
export async function createTokenVerifier(
  authentication: Authentication,
  { timeout = 5_000 }: { timeout?: number } = {},
): Promise<TokenVerifier> {
  if (authentication.kind === 'none') return rejectingVerifier;
  if (authentication.kind === 'local') {
    const { key } = await openLocalIssuer(authentication.dataDir);
    return createJwtVerifier(key, { ...localIssuer, algorithms: ['ES256'] });
  }
  const { issuer, audience } = authentication;
  return createJwtVerifier(createIssuerKeyLookup(issuer, timeout), {
    ...{ issuer, audience, algorithms: asymmetricAlgorithms },
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  });
}

function createJwtVerifier(key: JWTVerifyGetKey, options: JWTVerifyOptions): TokenVerifier {
  return {
    verify: async (token) => {
      const { payload } = await jwtVerify(token, key, { ...options, requiredClaims: ['exp', 'sub'] }).catch(
        (error: unknown) => {
          throw error instanceof IssuerUnreachableError ? error : createInvalidTokenError(error);
        },
      );
      const parsed = claimsSchema.safeParse(payload);
      if (!parsed.success) throw new InvalidTokenError('The token has a «sub» that names nobody.');
      const { sub, name, exp } = parsed.data;
      return { subject: sub, name, expiresAt: new Date(exp * 1_000) };
    },
  };
}
