import type { MutationName } from '../domain/plan/change-input.ts';
import { CodedError } from '../errors/client-error.ts';
import type { Requirement } from './scope.ts';

/** The request has no token. */
export class UnauthenticatedError extends CodedError {
  override readonly name = 'UnauthenticatedError';
  constructor() {
    super('UNAUTHENTICATED', 'This request needs a token. Send it as "Authorization: Bearer ...".');
  }
}

/** The viewer may not make the change; the message names the unit and the people who can grant access. */
export class ForbiddenError extends CodedError {
  override readonly name = 'ForbiddenError';
  constructor(message: string) {
    super('FORBIDDEN', message);
  }
}

/** The register's lock was not free in time. */
export class RegisterBusyError extends CodedError {
  override readonly name = 'RegisterBusyError';
  constructor() {
    super(
      'REGISTER_BUSY',
      'The register is busy with a long change, such as an import. Nothing was written; try again in a few minutes.',
    );
  }
}

/** Somebody who may be asked. */
export interface Contact {
  readonly name: string;
  readonly email: string | null;
}

const actionPhrases: Readonly<Record<MutationName, string>> = {
  registerOrganization: 'register an organization',
  registerContractSpecialist: 'register a contract specialist',
  registerTreatmentSite: 'register this treatment site',
  createDepartment: 'create a department here',
  updateUnit: 'change these facts of the unit',
  moveUnit: 'move this unit there',
  closeUnit: 'close this unit',
  reopenUnit: 'reopen this unit',
  mergeUnits: 'merge these units',
  splitUnit: 'split this unit',
  withdrawUnit: 'withdraw this unit',
  reorganize: 'reorganize these units',
  setUnitCodes: 'set codes of this unit',
  connectTreatmentSite: 'connect this unit to a treatment site',
  disconnectTreatmentSite: 'disconnect this unit from its treatment site',
  setIdentifier: 'set identifiers of this unit',
  setMappingNode: 'set this mapping node',
  removeMappingNode: 'remove this mapping node',
  grantAccess: 'grant this access',
  revokeAccess: 'revoke this access',
};

/**
 * Says what a refused change lacks, and whom to ask.
 *
 * @param requirement that nothing meets; undefined where it has none that can be told
 * @param contacts who may be asked; the national operator where there is nobody
 * @param hasAccess whether whoever asks holds any grant today
 */
export function createForbiddenError(
  mutation: MutationName,
  requirement: Requirement | undefined,
  contacts: readonly Contact[] = [],
  hasAccess = true,
): ForbiddenError {
  const missing = [
    ...(hasAccess ? [] : ['you have no access to the register today']),
    ...(requirement ? [describeMissing(requirement)] : []),
  ];
  return new ForbiddenError(
    `You may not ${actionPhrases[mutation]}: ${missing.join(', and ')}. ${formatContacts(contacts)}`,
  );
}

function describeMissing(requirement: Requirement): string {
  if (requirement.kind === 'role') {
    const isForRegistrar = requirement.roles.includes('SPECIALIST_REGISTRAR');
    const holders = isForRegistrar
      ? 'registrar of contract specialists and the national operator'
      : 'national operator';
    return `${requirement.what} is reserved for the ${holders}`;
  }
  const { reshId, name, purpose } = requirement;
  const need = `you need access to unit ${reshId} "${name}" or a unit above it`;
  return purpose ? `${purpose}, ${need}` : need;
}

function formatContacts(contacts: readonly Contact[]): string {
  return contacts.length === 0
    ? 'Ask the national operator.'
    : `Ask ${contacts.map(({ name, email }) => (email ? `${name} (${email})` : name)).join(' or ')}.`;
}
