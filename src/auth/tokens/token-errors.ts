import { errors } from 'jose';
import type { Message } from '../../domain/plan/messages/message.ts';
import { CodedError } from '../../errors/client-error.ts';
import * as messages from './token-messages.ts';

/** The token cannot be trusted, or there is none; the message says why and what to do. */
export class InvalidTokenError extends CodedError {
  override readonly name = 'InvalidTokenError';
  /** @param challenge error of the WWW-Authenticate header; null if the request has no token */
  constructor(
    message: Message,
    readonly challenge: 'invalid_token' | 'invalid_request' | null = 'invalid_token',
    override readonly cause?: unknown,
  ) {
    super('UNAUTHENTICATED', message);
  }
}

/** The keys of the issuer cannot be read, so no token can be verified. */
export class IssuerUnreachableError extends CodedError {
  override readonly name = 'IssuerUnreachableError';
  constructor(
    message: Message,
    override readonly cause: unknown,
  ) {
    super('ISSUER_UNREACHABLE', message);
  }
}

/** Creates the error of a failed verification. Its message never quotes the token. */
export function createInvalidTokenError(error: unknown): InvalidTokenError {
  return new InvalidTokenError(describeTokenError(error), 'invalid_token', error);
}

function describeTokenError(error: unknown): Message {
  if (error instanceof errors.JWTExpired) return messages.tokenExpired();
  if (error instanceof errors.JWTClaimValidationFailed)
    return describeClaimError(error.claim, error.reason === 'missing');
  if (error instanceof errors.JWSSignatureVerificationFailed) return messages.tokenNotSignedByIssuer();
  if (error instanceof errors.JWKSNoMatchingKey) return messages.tokenKeyUnknown();
  if (error instanceof errors.JWKSMultipleMatchingKeys) return messages.tokenKeyAmbiguous();
  if (error instanceof errors.JOSEAlgNotAllowed) return messages.tokenAlgorithmRefused();
  return messages.tokenNotJwt();
}

function describeClaimError(claim: string, isMissing: boolean): Message {
  if (isMissing) return messages.tokenClaimMissing({ claim });
  if (claim === 'iss') return messages.tokenOfOtherIssuer();
  if (claim === 'aud') return messages.tokenForOtherAudience();
  if (claim === 'nbf') return messages.tokenNotYetValid();
  return messages.tokenClaimInvalid({ claim });
}
