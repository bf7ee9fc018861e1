import type { MutationName } from '../domain/plan/change-input.ts';
import type { Message } from '../domain/plan/messages/message.ts';
import { CodedError } from '../errors/client-error.ts';
import {
  actionReserved,
  changeDenied,
  noAccess,
  registerBusy,
  tokenMissing,
  unitAccessRequired,
  type Contact,
} from './messages.ts';
import type { Requirement } from './scope.ts';

/** The request has no token. */
export class UnauthenticatedError extends CodedError {
  override readonly name = 'UnauthenticatedError';
  constructor() {
    super('UNAUTHENTICATED', tokenMissing());
  }
}

/** The viewer may not make the change; the message names the unit and the people who can grant access. */
export class ForbiddenError extends CodedError {
  override readonly name = 'ForbiddenError';
  constructor(message: Message, contacts: readonly Contact[]) {
    super('FORBIDDEN', message, { contacts: contacts.map(({ name, email }) => ({ name, email })) });
  }
}

/** The register's lock was not free in time. */
export class RegisterBusyError extends CodedError {
  override readonly name = 'RegisterBusyError';
  constructor() {
    super('REGISTER_BUSY', registerBusy());
  }
}

/**
 * Creates the error of a denied change, which says what is missing and who can grant it.
 *
 * @param requirement that no grant meets; undefined if the viewer has no access at all and nothing else is missing
 * @param contacts people who have the required access; without any, the message names the national operator
 * @param hasAccess whether the viewer holds any grant today
 */
export function createForbiddenError(
  mutation: MutationName,
  requirement: Requirement | undefined,
  contacts: readonly Contact[],
  hasAccess: boolean,
): ForbiddenError {
  return new ForbiddenError(describeDenial(mutation, requirement, contacts, hasAccess), contacts);
}

/** Returns the message of {@link createForbiddenError}. */
export function describeDenial(
  mutation: MutationName,
  requirement: Requirement | undefined,
  contacts: readonly Contact[],
  hasAccess: boolean,
): Message {
  const missing = [...(hasAccess ? [] : [noAccess()]), ...(requirement ? [describeMissing(requirement)] : [])];
  return changeDenied({ mutation, missing, contacts });
}

function describeMissing(requirement: Requirement): Message {
  if (requirement.kind === 'unit') return unitAccessRequired({ unit: requirement, purpose: requirement.purpose });
  const { action, roles } = requirement;
  return actionReserved({ action, isForRegistrar: roles.includes('SPECIALIST_REGISTRAR') });
}
