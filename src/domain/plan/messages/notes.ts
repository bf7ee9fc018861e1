import type { Day } from '../../time/day.ts';
import type { CodeKey } from '../../unit/filter.ts';
import type { MappingNodeKey } from '../change-input.ts';
import { defineNote } from './define.ts';
import type { Note } from '../user-error.ts';
import type { NamedUnit } from './labels.ts';
import { definePhrase, listFirst, type Message } from './message.ts';

// Notes in the impact of a change: effects that the input did not request, a sentence each.

export const siteLeft = defineNote<{ unit: NamedUnit; organizationNumber: string }>('TREATMENT_SITE_LEFT', {
  en: 'Unit {unit} leaves treatment site {organizationNumber}.',
  nb: 'Enhet {unit} er ikke lenger knyttet til behandlingssted {organizationNumber}.',
});

export const codesEnd = defineNote<{ unit: NamedUnit; codes: readonly CodeKey[] }>('CODES_END', {
  en: 'Codes of unit {unit} end: {codes}.',
  nb: 'Kodene til enhet {unit} slutter å gjelde: {codes}.',
});

export const closesInstead = defineNote<{ unit: NamedUnit; planned: Day; day: Day }>('PLANNED_CLOSING_REPLACED', {
  en: 'Unit {unit} was planned to close on {planned, date}; it closes on {day, date} instead.',
  nb: 'Enhet {unit} skulle avsluttes {planned, date}; den avsluttes i stedet {day, date}.',
});

export const reopeningDropped = defineNote<{ unit: NamedUnit; planned: Day }>('PLANNED_REOPENING_DROPPED', {
  en: 'The reopening of unit {unit} planned for {planned, date} is dropped.',
  nb: 'Gjenåpningen av enhet {unit} som var planlagt til {planned, date}, faller bort.',
});

/** A fact that was planned, with its value; null if it was planned to be cleared. */
interface PlannedFact {
  readonly field: string;
  readonly value: string | null;
}

export function factsDropped({
  unit,
  planned,
  facts,
}: {
  unit: NamedUnit;
  planned: Day;
  facts: readonly PlannedFact[];
}): Note {
  return plannedFactsDropped({ unit, planned, facts: listFirst('fact', facts.map(describeFact), facts.length) });
}

const plannedFactsDropped = defineNote<{ unit: NamedUnit; planned: Day; facts: Message }>('PLANNED_CHANGE_DROPPED', {
  en: 'The change of unit {unit} planned for {planned, date} is dropped: {facts}.',
  nb: 'Endringen av enhet {unit} som var planlagt til {planned, date}, faller bort: {facts}.',
});

export function planNotRestored({
  unit,
  planned,
  facts,
}: {
  unit: NamedUnit;
  planned: Day;
  facts: readonly PlannedFact[];
}): Note {
  return plannedFactsNotRestored({ unit, planned, facts: listFirst('fact', facts.map(describeFact), facts.length) });
}

const plannedFactsNotRestored = defineNote<{ unit: NamedUnit; planned: Day; facts: Message }>(
  'PLANNED_CHANGE_NOT_RESTORED',
  {
    en: 'The change of unit {unit} planned for {planned, date}, which its closing dropped, does not return: {facts}.',
    nb:
      'Endringen av enhet {unit} som var planlagt til {planned, date} og falt bort da den ble avsluttet, ' +
      'kommer ikke tilbake: {facts}.',
  },
);

function describeFact({ field, value }: PlannedFact): Message {
  return value === null ? noFact({ field }) : fact({ field, value });
}

const fact = definePhrase<{ field: string; value: string }>({ en: '{field} "{value}"', nb: '{field} «{value}»' });
const noFact = definePhrase<{ field: string }>({ en: 'no {field}', nb: '{field} fjernet' });

export const plannedVersionDropped = defineNote<{ unit: NamedUnit; planned: Day }>('PLANNED_CHANGE_DROPPED', {
  en: 'The change of unit {unit} planned for {planned, date} is dropped.',
  nb: 'Endringen av enhet {unit} som var planlagt til {planned, date}, faller bort.',
});

export const plannedClosingDropped = defineNote<{ unit: NamedUnit; planned: Day }>('PLANNED_CLOSING_DROPPED', {
  en: 'The closing of unit {unit} planned for {planned, date} is dropped.',
  nb: 'Avslutningen av enhet {unit} som var planlagt til {planned, date}, faller bort.',
});

export const plannedNumberDropped = defineNote<{ unit: NamedUnit; organizationNumber: string }>(
  'PLANNED_CHANGE_DROPPED',
  {
    en: 'Organization number {organizationNumber} planned for unit {unit} is dropped.',
    nb: 'Organisasjonsnummer {organizationNumber} som var planlagt for enhet {unit}, faller bort.',
  },
);

export const codeNotRestored = defineNote<{ unit: NamedUnit; code: CodeKey; day: Day }>('CODE_NOT_RESTORED', {
  en: 'Unit {unit} does not get code {code} back on {day, date}: the code cannot be assigned on that day.',
  nb: 'Enhet {unit} får ikke tilbake kode {code} {day, date}: koden kan ikke tildeles den dagen.',
});

export const siteNotRestored = defineNote<{ unit: NamedUnit; organizationNumber: string; day: Day }>(
  'TREATMENT_SITE_NOT_RESTORED',
  {
    en:
      'Unit {unit} does not get treatment site {organizationNumber} back on {day, date}: ' +
      'the site is not valid on all of its days.',
    nb:
      'Enhet {unit} får ikke tilbake behandlingssted {organizationNumber} {day, date}: ' +
      'stedet er ikke gyldig på alle dagene.',
  },
);

export const successionDropped = defineNote<{ unit: NamedUnit; successor: NamedUnit; day: Day }>('SUCCESSION_DROPPED', {
  en: 'Unit {unit} no longer becomes unit {successor} on {day, date}.',
  nb: 'Enhet {unit} blir ikke lenger til enhet {successor} {day, date}.',
});

export const accessEndsWithUnit = defineNote<{ unit: NamedUnit; day: Day }>('ACCESS_ENDS', {
  en: 'Access to unit {unit} ends on {day, date}, the day the unit closes.',
  nb: 'Tilgangen til enhet {unit} opphører {day, date}, dagen enheten avsluttes.',
});

export const nodeBegins = defineNote<{ node: MappingNodeKey; day: Day }>('MAPPING_NODE_BEGINS', {
  en: 'Node {node} begins on {day, date}; no unit changes.',
  nb: 'Node {node} gjelder fra og med {day, date}; ingen enhet endres.',
});

export const nodeEnds = defineNote<{ node: MappingNodeKey; day: Day }>('MAPPING_NODE_ENDS', {
  en: 'Node {node} ends on {day, date}; no unit changes.',
  nb: 'Node {node} opphører {day, date}; ingen enhet endres.',
});
