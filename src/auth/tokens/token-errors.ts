import { errors } from 'jose';

/** The token cannot be trusted; the message says why and what to do. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/** The keys of the issuer cannot be read, so no token can be verified. */
export class IssuerUnreachableError extends Error {
  override readonly name = 'IssuerUnreachableError';
}

/** Creates the error of a failed verification. Its message never quotes the token. */
export function createInvalidTokenError(error: unknown): InvalidTokenError {
  return new InvalidTokenError(`The token ${describeTokenError(error)}.`, { cause: error });
}

function describeTokenError(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'has expired; get a new one';
  if (error instanceof errors.JWTClaimValidationFailed)
    return describeClaimError(error.claim, error.reason === 'missing');
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'is not signed by its issuer';
  if (error instanceof errors.JWKSNoMatchingKey) return 'is signed by a key that its issuer does not publish';
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'matches several keys of its issuer; it must name one in "kid"';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'is not signed with an accepted algorithm';
  return 'is not a signed JWT';
}

function describeClaimError(claim: string, isMissing: boolean): string {
  if (isMissing) return `has no "${claim}" claim`;
  if (claim === 'iss') return 'is from another issuer';
  if (claim === 'aud') return 'is for another audience';
  if (claim === 'nbf') return 'is not valid yet';
  return `has an invalid "${claim}" claim`;
}
