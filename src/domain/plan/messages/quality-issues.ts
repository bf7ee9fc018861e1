import type { QualityIssue, QualityIssueKind } from '../../unit/quality-issue.ts';
import type { UnitName } from '../../unit/unit-label.ts';
import { definePhrase, type Message, type MessageBuilder } from './message.ts';

// Messages of likely errors in the register.

/** The values of a message: the unit, and the values and other units in question. */
interface IssueValues {
  readonly unit: UnitName;
  readonly value: readonly string[];
  readonly otherReshId: readonly number[];
}

/** Returns the message of an issue, with the values and the remedy. */
export function describeQualityIssue({ kind, reshId, name, values, otherReshIds }: QualityIssue): Message {
  return messages[kind]({ unit: { reshId, name }, value: values, otherReshId: otherReshIds });
}

const messages: Readonly<Record<QualityIssueKind, MessageBuilder<IssueValues>>> = {
  NO_TREATMENT_SITE: definePhrase({
    en:
      'Unit {unit} has service codes ({value}) but no treatment site of its own. ' +
      'Connect it to the establishment where it treats patients.',
    nb:
      'Enhet {unit} har tjenestekoder ({value}), men ikke eget behandlingssted. ' +
      'Knytt den til virksomheten der den behandler pasienter.',
  }),
  SITE_IS_ENTERPRISE_NUMBER: definePhrase({
    en:
      'Treatment site {value} of unit {unit} is the organization number of unit {otherReshId}. ' +
      'Connect the unit to the establishment where it treats patients.',
    nb:
      'Behandlingssted {value} for enhet {unit} er organisasjonsnummeret til enhet {otherReshId}. ' +
      'Knytt enheten til virksomheten der den behandler pasienter.',
  }),
  RETIRED_CODE: definePhrase({
    en:
      'Unit {unit} has codes that are retired or no longer valid: {value}. ' +
      'Assign the codes that replace them, and end these.',
    nb:
      'Enhet {unit} har koder som er utgått eller ikke lenger gyldige: {value}. ' +
      'Tildel kodene som erstatter dem, og avslutt disse.',
  }),
  CLOSED_PARENT: definePhrase({
    en: 'Unit {unit} is under {value}, which is not valid. Move it to a valid unit, or close it.',
    nb: 'Enhet {unit} ligger under {value}, som ikke er gyldig. Flytt den til en gyldig enhet, eller avslutt den.',
  }),
  GAP_IN_VALIDITY: definePhrase({
    en:
      'Unit {unit} has gaps in its validity: {value}. ' +
      'If it existed all the time, reopen it from the day on which it closed.',
    nb:
      'Enhet {unit} har opphold i gyldigheten: {value}. ' +
      'Hvis den har eksistert hele tiden, gjenåpne den fra og med dagen den ble avsluttet.',
  }),
  DUPLICATE_NAME: definePhrase({
    en:
      'Unit {unit} has the same name as {otherReshId} under the same parent. ' +
      'Give each its own name, or merge them if they are the same unit.',
    nb:
      'Enhet {unit} har samme navn som {otherReshId} under samme overordnede enhet. ' +
      'Gi hver sitt eget navn, eller slå dem sammen hvis de er samme enhet.',
  }),
  DUPLICATE_IDENTIFIER: definePhrase({
    en:
      'Unit {unit} shares identifiers with {otherReshId}: {value}. ' +
      'Keep each identifier on the unit that it was issued to, and end it on the others.',
    nb:
      'Enhet {unit} deler identifikatorer med {otherReshId}: {value}. ' +
      'Behold hver identifikator på enheten den ble utstedt til, og avslutt den på de andre.',
  }),
};
