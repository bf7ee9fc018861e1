import { jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import { z } from 'zod';
import { findTextProblem } from '../../domain/text/text-problem.ts';
import type { TokenViewer } from '../viewer.ts';
import { localIssuer, openLocalIssuer } from './local-issuer.ts';
import { createIssuerKeyLookup } from './oidc.ts';
import type { TokenSource } from './token-source.ts';
import { InvalidTokenError, createInvalidTokenError, IssuerUnreachableError } from './token-errors.ts';
import { tokensNotAccepted, tokenSubjectInvalid } from './token-messages.ts';

/** Identifies the viewer of a token. */
export interface TokenVerifier {
  /**
   * @throws InvalidTokenError if the token cannot be trusted
   * @throws IssuerUnreachableError if the issuer's keys cannot be read
   */
  verify(token: string): Promise<TokenViewer>;
}

// Only asymmetric algorithms: with a symmetric one, anyone could sign with the public key as the secret.
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
/** Seconds by which the clocks of the issuer and this server may differ. */
const CLOCK_TOLERANCE_SECONDS = 5;

const claimsSchema = z.object({
  exp: z.number(),
  sub: z.string().refine(isStorable),
  name: z.string().refine(isStorable).nullable().catch(null),
});

/** Refuses every token, for a server without an issuer. */
export const rejectingVerifier: TokenVerifier = {
  verify: () => Promise.reject(new InvalidTokenError(tokensNotAccepted())),
};

/**
 * Creates the verifier of a server's tokens.
 *
 * @param options.timeout milliseconds for each request to an issuer
 * @throws LocalIssuerError if the key of the local issuer cannot be read or created
 */
export async function createTokenVerifier(
  tokenSource: TokenSource,
  { timeout = 5_000 }: { timeout?: number } = {},
): Promise<TokenVerifier> {
  if (tokenSource.kind === 'none') return rejectingVerifier;
  if (tokenSource.kind === 'local') {
    const { key } = await openLocalIssuer(tokenSource.dataDir);
    return createJwtVerifier(key, { ...localIssuer, algorithms: ['ES256'] });
  }
  const { issuer, audience } = tokenSource;
  return createJwtVerifier(createIssuerKeyLookup(issuer, timeout), {
    issuer,
    audience,
    algorithms: asymmetricAlgorithms,
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
      if (!parsed.success) throw new InvalidTokenError(tokenSubjectInvalid());
      const { sub, name, exp } = parsed.data;
      return { subject: sub, name, expiresAt: new Date(exp * 1_000) };
    },
  };
}

function isStorable(text: string): boolean {
  return text.trim() !== '' && findTextProblem(text) === undefined;
}
