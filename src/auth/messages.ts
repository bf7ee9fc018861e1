import type { MutationName, Role } from '../domain/plan/change-input.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/unit/code-sets.ts';
import { unitLabel, type UnitName } from '../domain/unit/unit-label.ts';

// The texts of denied changes: what the viewer may not do, what is missing, and who can help.

/** A person who can make the change or grant access. */
export interface Contact {
  readonly name: string;
  readonly email: string | null;
}

/** Returns the text for a request without a token. */
export function tokenMissing(): string {
  return 'This request needs a token. Send it as "Authorization: Bearer ...".';
}

/** Returns the text for a change that did not get the register's lock in time. */
export function registerBusy(): string {
  return 'The register is busy with a long change, such as an import. Nothing was written; try again in a few minutes.';
}

/** Returns the text for a mutation without a line in the permission table. */
export function mutationNotPermitted(): string {
  return 'Nobody may make this change: the permission table has no line for it.';
}

/** @param missing what the viewer does not have, from `noAccess`, `actionReserved` and `unitAccessRequired` */
export function changeDenied(values: {
  mutation: MutationName;
  missing: readonly string[];
  contacts: readonly Contact[];
}): string {
  const { mutation, missing, contacts } = values;
  return `You may not ${mutationPhrases[mutation]}: ${missing.join(', and ')}. ${whomToAsk(contacts)}`;
}

const mutationPhrases: Readonly<Record<MutationName, string>> = {
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
  undoChange: 'undo this change',
};

function whomToAsk(contacts: readonly Contact[]): string {
  if (contacts.length === 0) return 'Ask the national operator.';
  return `Ask ${contacts.map(({ name, email }) => (email ? `${name} (${email})` : name)).join(' or ')}.`;
}

// What is missing.

export function noAccess(): string {
  return 'you have no access to the register today';
}

/** @param action from one of the functions below */
export function actionReserved({ action, isForRegistrar }: { action: string; isForRegistrar: boolean }): string {
  const holders = isForRegistrar ? 'registrar of contract specialists and the national operator' : 'national operator';
  return `${action} is reserved for the ${holders}`;
}

/** @param purpose from `forUnit` or `toChangePerson`; undefined for a change of the unit itself */
export function unitAccessRequired({ unit, purpose }: { unit: UnitName; purpose: string | undefined }): string {
  const requirement = `you need access to unit ${unitLabel(unit)} or a unit above it`;
  return purpose === undefined ? requirement : `${purpose}, ${requirement}`;
}

// Actions that are reserved for national roles.

export function registeringOrganizations(): string {
  return 'registering organizations';
}

export function registeringSpecialists(): string {
  return 'registering contract specialists';
}

export function registeringSitesWithoutLegalEntity(): string {
  return 'registering treatment sites without a legal entity';
}

export function assigningSpecialistDesignation(): string {
  return `assigning designation ${CONTRACT_SPECIALIST_DESIGNATION} (Privat avtalespesialist)`;
}

export function creatingRootUnit(): string {
  return 'creating a root unit';
}

/** @param unit undefined for a unit that an earlier step of the reorganization creates */
export function makingUnitRoot({ unit }: { unit: UnitName | undefined }): string {
  return unit ? `making unit ${unitLabel(unit)} a root unit` : 'making a unit a root unit';
}

export function changingRootUnit({ unit }: { unit: UnitName }): string {
  return `changing root unit ${unitLabel(unit)}`;
}

export function changingUnitType({ unit }: { unit: UnitName }): string {
  return `changing the type of unit ${unitLabel(unit)}`;
}

export function mergingIntoOrganization(): string {
  return 'merging departments into a new organization';
}

export function splittingOffOrganization(): string {
  return 'splitting off a new organization';
}

export function changingUnmappedNode(): string {
  return 'changing a mapping node that points at no unit';
}

export function grantingRole({ role }: { role: Role }): string {
  return `granting the role ${role}`;
}

export function revokingRole({ role }: { role: Role }): string {
  return `revoking the role ${role}`;
}

export function changingPerson({ subject }: { subject: string }): string {
  return `changing the name and e-mail address of "${subject}"`;
}

// Purposes: what access to another unit is needed for.

export function forUnit({ unit }: { unit: UnitName }): string {
  return `for unit ${unitLabel(unit)}`;
}

export function toChangePerson({ subject }: { subject: string }): string {
  return `to change the name and e-mail address of "${subject}" (omit both to leave them as they are)`;
}
