import type { MutationName, Role } from '../domain/plan/change-input.ts';
import { definePhrase, type Message, type MessageBuilder } from '../domain/plan/messages/message.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/unit/code-sets.ts';
import type { UnitName } from '../domain/unit/unit-label.ts';

// The texts of denied changes: what the viewer may not do, what is missing, and who can help.

/** A person who can make the change or grant access. */
export interface Contact {
  readonly name: string;
  readonly email: string | null;
}

/** The request has no token. */
export const tokenMissing = definePhrase({
  en: 'This request needs a token. Send it as "Authorization: Bearer ...".',
  nb: 'Denne forespørselen krever et token. Send det som «Authorization: Bearer ...».',
});

/** A change did not get the register's lock in time. */
export const registerBusy = definePhrase({
  en: 'The register is busy with a long change, such as an import. Nothing was written; try again in a few minutes.',
  nb:
    'Registeret er opptatt med en lang endring, for eksempel en import. ' +
    'Ingenting ble lagret; prøv igjen om noen minutter.',
});

/** A mutation has no line in the permission table. */
export const mutationNotPermitted = definePhrase({
  en: 'Nobody may make this change: the permission table has no line for it.',
  nb: 'Ingen kan gjøre denne endringen: den står ikke i tilgangstabellen.',
});

/** @param missing what the viewer does not have, from `noAccess`, `actionReserved` and `unitAccessRequired` */
export function changeDenied({
  mutation,
  missing,
  contacts,
}: {
  mutation: MutationName;
  missing: readonly Message[];
  contacts: readonly Contact[];
}): Message {
  const [first = noAccess(), second] = missing;
  return denial({
    action: mutationPhrases[mutation](),
    missing: second ? bothMissing({ first, second }) : first,
    contacts: listContacts(contacts),
  });
}

const denial = definePhrase<{ action: Message; missing: Message; contacts: Message }>({
  en: 'You may not {action}: {missing}. {contacts}',
  nb: 'Du kan ikke {action}: {missing}. {contacts}',
});

const bothMissing = definePhrase<{ first: Message; second: Message }>({
  en: '{first}, and {second}',
  nb: '{first}, og {second}',
});

const mutationPhrases: Readonly<Record<MutationName, () => Message>> = {
  registerOrganization: phrase('register an organization', 'registrere en organisasjon'),
  registerContractSpecialist: phrase('register a contract specialist', 'registrere en avtalespesialist'),
  registerTreatmentSite: phrase('register this treatment site', 'registrere dette behandlingsstedet'),
  updateTreatmentSite: phrase('change this treatment site', 'endre dette behandlingsstedet'),
  closeTreatmentSite: phrase('close this treatment site', 'avslutte dette behandlingsstedet'),
  reopenTreatmentSite: phrase('reopen this treatment site', 'gjenåpne dette behandlingsstedet'),
  createDepartment: phrase('create a department here', 'opprette en avdeling her'),
  updateUnit: phrase('change these facts of the unit', 'endre disse opplysningene om enheten'),
  moveUnit: phrase('move this unit there', 'flytte denne enheten dit'),
  closeUnit: phrase('close this unit', 'avslutte denne enheten'),
  reopenUnit: phrase('reopen this unit', 'gjenåpne denne enheten'),
  mergeUnits: phrase('merge these units', 'slå sammen disse enhetene'),
  splitUnit: phrase('split this unit', 'dele denne enheten'),
  withdrawUnit: phrase('withdraw this unit', 'trekke tilbake denne enheten'),
  reorganize: phrase('reorganize these units', 'omorganisere disse enhetene'),
  updateUnitCodes: phrase('change codes of this unit', 'endre koder på denne enheten'),
  connectTreatmentSite: phrase('connect this unit to a treatment site', 'knytte denne enheten til et behandlingssted'),
  disconnectTreatmentSite: phrase(
    'disconnect this unit from its treatment site',
    'koble denne enheten fra behandlingsstedet',
  ),
  setIdentifier: phrase('set identifiers of this unit', 'registrere identifikatorer for denne enheten'),
  removeIdentifier: phrase('remove identifiers of this unit', 'fjerne identifikatorer fra denne enheten'),
  setMappingNode: phrase('set this mapping node', 'endre denne noden'),
  removeMappingNode: phrase('remove this mapping node', 'fjerne denne noden'),
  grantAccess: phrase('grant this access', 'gi denne tilgangen'),
  revokeAccess: phrase('revoke this access', 'trekke tilbake denne tilgangen'),
  undoChange: phrase('undo this change', 'angre denne endringen'),
};

function phrase(en: string, nb: string): MessageBuilder<object> {
  return definePhrase({ en, nb });
}

function listContacts(contacts: readonly Contact[]): Message {
  if (contacts.length === 0) return askOperator();
  return askContacts({
    contacts: contacts.map(describeContact).reduce((first, second) => eitherContact({ first, second })),
  });
}

const askOperator = phrase('Ask the national operator.', 'Kontakt den nasjonale operatøren.');
const askContacts = definePhrase<{ contacts: Message }>({ en: 'Ask {contacts}.', nb: 'Kontakt {contacts}.' });
const eitherContact = definePhrase<{ first: Message; second: Message }>({
  en: '{first} or {second}',
  nb: '{first} eller {second}',
});

function describeContact({ name, email }: Contact): Message {
  return onlyContact({ contact: email === null || email === '' ? name : `${name} (${email})` });
}

const onlyContact = definePhrase<{ contact: string }>({ en: '{contact}', nb: '{contact}' });

// What is missing.

export const noAccess = phrase('you have no access to the register today', 'du har ingen tilgang til registeret i dag');

/** The action is one of the phrases below. */
export const actionReserved = definePhrase<{ action: Message; isForRegistrar: boolean }>({
  en:
    '{action} is reserved for the {isForRegistrar, select, ' +
    'true {registrar of contract specialists and the national operator} other {national operator}}',
  nb:
    '{action} er forbeholdt {isForRegistrar, select, ' +
    'true {registerføreren for avtalespesialister og den nasjonale operatøren} other {den nasjonale operatøren}}',
});

/** @param purpose from `forUnit` or `toChangePerson`; undefined for a change of the unit itself */
export function unitAccessRequired({ unit, purpose }: { unit: UnitName; purpose: Message | undefined }): Message {
  return purpose === undefined ? needsAccess({ unit }) : needsAccessFor({ purpose, unit });
}

const needsAccess = definePhrase<{ unit: UnitName }>({
  en: 'you need access to unit {unit} or a unit above it',
  nb: 'du må ha tilgang til enhet {unit} eller en enhet over den',
});

const needsAccessFor = definePhrase<{ purpose: Message; unit: UnitName }>({
  en: '{purpose}, you need access to unit {unit} or a unit above it',
  nb: '{purpose} må du ha tilgang til enhet {unit} eller en enhet over den',
});

// Actions that are reserved for national roles.

export const registeringOrganizations = phrase('registering organizations', 'registrering av organisasjoner');

export const registeringSpecialists = phrase('registering contract specialists', 'registrering av avtalespesialister');

export const registeringSitesWithoutLegalEntity = phrase(
  'registering treatment sites without a legal entity',
  'registrering av behandlingssteder uten juridisk enhet',
);

export const changingSitesWithoutLegalEntity = phrase(
  'changing treatment sites without a legal entity',
  'endring av behandlingssteder uten juridisk enhet',
);

export const assigningSpecialistDesignation = phrase(
  `assigning designation ${CONTRACT_SPECIALIST_DESIGNATION} (Privat avtalespesialist)`,
  `tildeling av betegnelsen ${CONTRACT_SPECIALIST_DESIGNATION} (Privat avtalespesialist)`,
);

export const creatingRootUnit = phrase('creating a root unit', 'oppretting av en rotenhet');

/** @param unit undefined for a unit that an earlier step of the reorganization creates */
export function makingUnitRoot({ unit }: { unit: UnitName | undefined }): Message {
  return unit ? makingThisUnitRoot({ unit }) : makingNewUnitRoot();
}

const makingThisUnitRoot = definePhrase<{ unit: UnitName }>({
  en: 'making unit {unit} a root unit',
  nb: 'å gjøre enhet {unit} til rotenhet',
});
const makingNewUnitRoot = phrase('making a unit a root unit', 'å gjøre en enhet til rotenhet');

export const changingRootUnit = definePhrase<{ unit: UnitName }>({
  en: 'changing root unit {unit}',
  nb: 'endring av rotenheten {unit}',
});

export const changingUnitType = definePhrase<{ unit: UnitName }>({
  en: 'changing the type of unit {unit}',
  nb: 'endring av typen til enhet {unit}',
});

export const undoingChangeWithoutUnits = phrase(
  'undoing a change that altered no unit',
  'angring av en endring som ikke endret noen enhet',
);

export const mergingIntoOrganization = phrase(
  'merging departments into a new organization',
  'sammenslåing av avdelinger til en ny organisasjon',
);

export const splittingOffOrganization = phrase('splitting off a new organization', 'utskilling av en ny organisasjon');

export const changingUnmappedNode = phrase(
  'changing a mapping node that points at no unit',
  'endring av en node som ikke peker på noen enhet',
);

export const grantingRole = definePhrase<{ role: Role }>({
  en: 'granting the role {role, role}',
  nb: 'tildeling av rollen {role, role}',
});

export const revokingRole = definePhrase<{ role: Role }>({
  en: 'revoking the role {role, role}',
  nb: 'tilbaketrekking av rollen {role, role}',
});

export const changingPerson = definePhrase<{ subject: string }>({
  en: 'changing the name and e-mail address of "{subject}"',
  nb: 'endring av navnet og e-postadressen til «{subject}»',
});

// Purposes: what access to another unit is needed for.

export const forUnit = definePhrase<{ unit: UnitName }>({ en: 'for unit {unit}', nb: 'for enhet {unit}' });

export const toChangePerson = definePhrase<{ subject: string }>({
  en: 'to change the name and e-mail address of "{subject}" (omit both to leave them as they are)',
  nb: 'for å endre navnet og e-postadressen til «{subject}» (utelat begge for å la dem stå)',
});
