import { createRemoteJWKSet, errors, type JWTVerifyGetKey, type RemoteJWKSet } from 'jose';
import { z } from 'zod';
import { IssuerUnreachableError } from './token-errors.ts';
import { issuerUnreachable } from './token-messages.ts';

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

// Errors of the token; any other error means that the issuer failed.
const tokenErrorTypes = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys];

/**
 * Creates a lookup of the public keys of an OpenID Connect issuer. Discovery runs once; after a failure, the next token
 * tries it again.
 *
 * @param timeout milliseconds for discovery, and again for the keys
 * @returns a function that finds the key named by a token; it throws IssuerUnreachableError if the keys cannot be read
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
  if (response.status !== 200) throw new Error(`discovery responded with status ${response.status}`);
  const { issuer: discoveredIssuer, jwks_uri } = discoverySchema.parse(await response.json());
  if (discoveredIssuer !== issuer) throw new Error(`discovery names issuer ${discoveredIssuer}`);
  const url = new URL(jwks_uri);
  if (url.protocol === 'http:' && !issuer.startsWith('http:')) throw new Error('the keys are not served over https');
  return createRemoteJWKSet(url, { timeoutDuration: timeout });
}

function createUnreachableError(issuer: string, error: unknown): IssuerUnreachableError {
  return new IssuerUnreachableError(issuerUnreachable({ issuer, reason: formatReason(error) }), error);
}

function formatReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
