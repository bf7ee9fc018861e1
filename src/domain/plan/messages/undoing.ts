import type { Day } from '../../time/day.ts';
import type { MappingNodeKey, Role } from '../change-input.ts';
import type { Note, Problem } from '../user-error.ts';
import { defineNote, defineProblem } from './define.ts';
import type { NamedUnit } from './labels.ts';
import { describeLater, type LaterInWords, type LaterRevisions } from './later-revisions.ts';

// Errors and notes of undoing a change.

export const revisionNotFound = defineProblem<{ revision: number; newest: number }>('NOT_FOUND', {
  en: 'Revision {revision} is not in the register, whose newest is {newest}; correct the number.',
  nb: 'Revisjon {revision} finnes ikke i registeret, der den nyeste er {newest}; rett nummeret.',
});

export const changeTooLarge = defineProblem<{ revision: number; limit: number }>('NOT_UNDOABLE', {
  en:
    'Revision {revision} changed more than {limit} units, too many to undo as one change; ' +
    'load the earlier files with "resh import --sync" instead.',
  nb:
    'Revisjon {revision} endret mer enn {limit} enheter, for mange til å angres som én endring; ' +
    'last inn de tidligere filene med «resh import --sync» i stedet.',
});

export const codeListsChanged = defineProblem<{ revision: number }>('NOT_UNDOABLE', {
  en:
    'Revision {revision} loaded code lists, which units may use by now; ' +
    'load the earlier codes with "resh codes FILE" instead.',
  nb:
    'Revisjon {revision} lastet inn kodelister, som enheter kan ha tatt i bruk; ' +
    'last inn de tidligere kodene med «resh codes FIL» i stedet.',
});

/** A field that a later revision changed again. */
interface LaterField extends LaterRevisions {
  readonly field: string;
  readonly day: Day;
}

type FieldInWords = Omit<LaterField, 'revisions'> & LaterInWords;

export function fieldChangedLater({ revisions, ...values }: LaterField & { unit: NamedUnit }): Problem {
  return unitFieldChanged({ ...values, ...describeLater(revisions) });
}

const unitFieldChanged = defineProblem<FieldInWords & { unit: NamedUnit }>('CONFLICT', {
  en: 'Unit {unit}: "{field}" was changed again in {later}, on {day, date} and perhaps later days; {remedy}.',
  nb: 'Enhet {unit}: «{field}» ble endret igjen i {later}, for {day, date} og eventuelt senere dager; {remedy}.',
});

export function nodeFieldChangedLater({ revisions, ...values }: LaterField & { node: MappingNodeKey }): Problem {
  return nodeFieldChanged({ ...values, ...describeLater(revisions) });
}

const nodeFieldChanged = defineProblem<FieldInWords & { node: MappingNodeKey }>('CONFLICT', {
  en: 'Node {node}: "{field}" was changed again in {later}, on {day, date} and perhaps later days; {remedy}.',
  nb: 'Node {node}: «{field}» ble endret igjen i {later}, for {day, date} og eventuelt senere dager; {remedy}.',
});

export function personChangedLater({ revisions, ...values }: LaterField & { subject: string }): Problem {
  return personFieldChanged({ ...values, ...describeLater(revisions) });
}

const personFieldChanged = defineProblem<FieldInWords & { subject: string }>('CONFLICT', {
  en: 'Person "{subject}": "{field}" was changed again in {later}, on {day, date} and perhaps later days; {remedy}.',
  nb: 'Person «{subject}»: «{field}» ble endret igjen i {later}, for {day, date} og eventuelt senere dager; {remedy}.',
});

/** Reports the number of conflicts beyond those listed. */
export const moreConflicts = defineProblem<{ omitted: number }>('CONFLICT', {
  en: '... and {omitted} more; undo the later changes first.',
  nb: '... og {omitted} til; angre de senere endringene først.',
});

/** A unit that later revisions changed, on a day on which it does not fit what the undo gives back. */
export interface MisfitOnDay extends LaterRevisions {
  readonly unit: NamedUnit;
  readonly day: Day;
}

export type MisfitInWords = Omit<MisfitOnDay, 'revisions'> & LaterInWords;

export function childNeedsUnit({ revisions, ...values }: MisfitOnDay & { child: NamedUnit }): Problem {
  return childWithoutParent({ ...values, ...describeLater(revisions) });
}

const childWithoutParent = defineProblem<MisfitInWords & { child: NamedUnit }>('CONFLICT', {
  en:
    'Unit {child} cannot be under unit {unit} on {day, date} once the change is undone{since}; {remedy}, ' +
    'or move it elsewhere.',
  nb:
    'Enhet {child} kan ikke ligge under enhet {unit} {day, date} når endringen er angret{since}; {remedy}, ' +
    'eller flytt den.',
});

/** The revisions changed the parent. */
export function formerParentNotValid({ revisions, ...values }: MisfitOnDay & { parent: NamedUnit }): Problem {
  return parentClosed({ ...values, ...describeLater(revisions) });
}

const parentClosed = defineProblem<MisfitInWords & { parent: NamedUnit }>('PARENT_CLOSED', {
  en: 'Unit {unit} would be under unit {parent} on {day, date}, which is not valid on that day{since}; {remedy}.',
  nb: 'Enhet {unit} ville ligge under enhet {parent} {day, date}, som ikke er gyldig den dagen{since}; {remedy}.',
});

/** The revisions changed units of the cycle. */
export function formerPlaceInCycle({ revisions, ...values }: MisfitOnDay): Problem {
  return unitUnderItself({ ...values, ...describeLater(revisions) });
}

const unitUnderItself = defineProblem<MisfitInWords>('CYCLE', {
  en: 'Unit {unit} would be under itself on {day, date}{since}; {remedy}.',
  nb: 'Enhet {unit} ville ligge under seg selv {day, date}{since}; {remedy}.',
});

/** The revisions changed the parent. */
export function formerParentIsDepartment({ revisions, ...values }: MisfitOnDay & { parent: NamedUnit }): Problem {
  return organizationUnderDepartment({ ...values, ...describeLater(revisions) });
}

const organizationUnderDepartment = defineProblem<MisfitInWords & { parent: NamedUnit }>('WRONG_PARENT_TYPE', {
  en: 'Organization {unit} would be under department {parent} on {day, date}{since}; {remedy}.',
  nb: 'Organisasjon {unit} ville ligge under avdeling {parent} {day, date}{since}; {remedy}.',
});

/** A node that does not fit what the undo gives back on a day. */
interface NodeOnDay extends LaterRevisions {
  readonly node: MappingNodeKey;
  readonly day: Day;
}

type NodeInWords = Omit<NodeOnDay, 'revisions'> & LaterInWords;

/** The revisions changed the child. */
export function childNodeNeedsNode({ revisions, ...values }: NodeOnDay & { child: MappingNodeKey }): Problem {
  return childNodeWithoutParent({ ...values, ...describeLater(revisions) });
}

const childNodeWithoutParent = defineProblem<NodeInWords & { child: MappingNodeKey }>('CONFLICT', {
  en:
    'Node {node} would not be valid on {day, date}, but node {child}, last changed in {later}, is under it on that ' +
    'day; {remedy}, or move it elsewhere.',
  nb:
    'Node {node} ville ikke være gyldig {day, date}, men node {child}, sist endret i {later}, ligger under den ' +
    'den dagen; {remedy}, eller flytt noden.',
});

/** The revisions changed the parent. */
export function formerParentNodeNotValid({ revisions, ...values }: NodeOnDay & { parent: MappingNodeKey }): Problem {
  return parentNodeClosed({ ...values, ...describeLater(revisions) });
}

const parentNodeClosed = defineProblem<NodeInWords & { parent: MappingNodeKey }>('PARENT_CLOSED', {
  en: 'Node {node} would be under node {parent} on {day, date}, which is not valid on that day{since}; {remedy}.',
  nb: 'Node {node} ville ligge under node {parent} {day, date}, som ikke er gyldig den dagen{since}; {remedy}.',
});

/** The revisions changed the node above. */
export function formerNodePlaceInCycle({ revisions, ...values }: NodeOnDay): Problem {
  return nodeUnderItself({ ...values, ...describeLater(revisions) });
}

const nodeUnderItself = defineProblem<NodeInWords>('CYCLE', {
  en: 'Node {node} would be under itself on {day, date}{since}; {remedy}.',
  nb: 'Node {node} ville ligge under seg selv {day, date}{since}; {remedy}.',
});

// Notes.

/** Notes that access which the change ended stays ended. */
export function accessNotRestored(values: { subject: string; role: Role; unit: NamedUnit | undefined }): Note {
  return accessStaysEnded({ ...values, hasUnit: values.unit !== undefined });
}

const accessStaysEnded = defineNote<{ subject: string; role: Role; unit: NamedUnit | undefined; hasUnit: boolean }>(
  'ACCESS_NOT_RESTORED',
  {
    en:
      '"{subject}" does not get role {role, role}{hasUnit, select, true { on unit {unit}} other {}} back, ' +
      'which the change ended; grant it again if needed.',
    nb:
      '«{subject}» får ikke tilbake rollen {role, role}{hasUnit, select, true { på enhet {unit}} other {}}, ' +
      'som endringen avsluttet; tildel den på nytt ved behov.',
  },
);

/** The day is the first on which the node changes. */
export const nodeRestored = defineNote<{ node: MappingNodeKey; day: Day }>('MAPPING_NODE_RESTORED', {
  en: 'Node {node} is what it was before the change from {day, date} on; no unit changes.',
  nb: 'Fra og med {day, date} er node {node} slik den var før endringen; ingen enhet endres.',
});
