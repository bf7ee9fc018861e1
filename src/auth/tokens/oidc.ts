import { createRemoteJWKSet, errors, type JWTVerifyGetKey, type RemoteJWKSet } from 'jose';
import { z } from 'zod';
import { IssuerUnreachableError } from './token-errors.ts';

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

// What says something of the token; any other error says something of the issuer.
const tokenErrorTypes = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys];

/**
 * The public keys of an OpenID Connect issuer, found by discovery and kept; what failed is tried anew by the next token.
 *
 * @param timeout milliseconds that each of discovery and keys may take
 * @returns looks up the key a token names; throws IssuerUnreachableError where the keys cannot be had
 */
export function createIssuerKeyLookup(issuer: string, timeout: number): JWTVerifyGetKey {
  let keys: Promise<RemoteJWKSet> | undefined;
  return async (header, token) => {
    const current = (keys ??= discoverKeySet(issuer, timeout));
    try {
      const getKey = await current;
      return await getKey(header, token);
    } catch (error) {
      if (tokenErrorTypes.some((kind) => error instanceof kind)) throw error;
      if (keys === current) keys = undefined;
      throw createUnreachableError(issuer, error);
    }
  };
}

async function discoverKeySet(issuer: string, timeout: number): Promise<RemoteJWKSet> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  });
  if (response.status !== 200) throw new Error(`its discovery answers ${response.status}`);
  const { issuer: discoveredIssuer, jwks_uri } = discoverySchema.parse(await response.json());
  if (discoveredIssuer !== issuer) throw new Error(`its discovery is that of ${discoveredIssuer}`);
  const url = new URL(jwks_uri);
  if (url.protocol === 'http:' && !issuer.startsWith('http:')) throw new Error('its keys are not served over https');
  return createRemoteJWKSet(url, { timeoutDuration: timeout });
}

function createUnreachableError(issuer: string, error: unknown): IssuerUnreachableError {
  return new IssuerUnreachableError(`The keys of the issuer ${issuer} cannot be had (${formatReason(error)}).`, {
    cause: error,
  });
}

function formatReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
