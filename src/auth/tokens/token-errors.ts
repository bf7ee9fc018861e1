import { errors } from 'jose';

/** A token that is not to be trusted; the message says why and what to do. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/** The issuer's keys cannot be had, so that nothing can be said of any token. */
export class IssuerUnreachableError extends Error {
  override readonly name = 'IssuerUnreachableError';
}

/** What a verification failed by, told in our words: those of the token never get into an answer. */
export function createInvalidTokenError(error: unknown): InvalidTokenError {
  return new InvalidTokenError(`The token ${describeTokenError(error)}.`, { cause: error });
}

function describeTokenError(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'has expired: get a new one';
  if (error instanceof errors.JWTClaimValidationFailed)
    return describeClaimError(error.claim, error.reason === 'missing');
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'is not signed by its issuer';
  if (error instanceof errors.JWKSNoMatchingKey) return 'is signed by a key that its issuer does not have';
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'does not say which of the keys of its issuer it is signed by';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'is not signed by an algorithm that is accepted';
  return 'is not a signed JWT';
}

function describeClaimError(claim: string, isMissing: boolean): string {
  if (isMissing) return `has no «${claim}»`;
  if (claim === 'iss') return 'comes from another issuer';
  if (claim === 'aud') return 'is meant for another audience';
  if (claim === 'nbf') return 'is not valid yet';
  return `has a «${claim}» that cannot be`;
}
