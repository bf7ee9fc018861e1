import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { MappingNodeKey } from '../change-input.ts';
import { defineProblem } from './define.ts';
import type { Problem } from '../user-error.ts';
import type { Message } from './message.ts';
import { describeStart, type CycleStart, type InvalidDay } from './wording.ts';

// Errors of changing a node in the tree of another system.

export const nodeNotFound = defineProblem<{ node: MappingNodeKey }>('NOT_FOUND', {
  en: 'Node {node} is not in the register; correct the system or the node id.',
  nb: 'Node {node} finnes ikke i registeret; rett systemet eller node-id-en.',
});

export const parentNodeNotFound = defineProblem<{ parent: MappingNodeKey }>('NOT_FOUND', {
  en: 'Node {parent} is not in the register; correct the node id, or create the node first.',
  nb: 'Node {parent} finnes ikke i registeret; rett node-id-en, eller opprett noden først.',
});

export const newNodeNeedsName = defineProblem<{ node: MappingNodeKey; day: Day }>('REQUIRED', {
  en: 'Node {node} is not valid on {day, date}; give a name to create it from that day on.',
  nb: 'Node {node} er ikke gyldig {day, date}; oppgi et navn for å opprette den fra og med den dagen.',
});

export const nodeNotValid = defineProblem<InvalidDay & { node: MappingNodeKey }>('NOT_VALID_ON_DAY', {
  en: 'Node {node} is not valid on {day, date}; it is valid {valid, period}. Choose one of those days.',
  nb: 'Node {node} er ikke gyldig {day, date}; den er gyldig {valid, period}. Velg en av disse dagene.',
});

export const nodeOwnParent = defineProblem<{ node: MappingNodeKey }>('CYCLE', {
  en: 'Node {node} cannot be its own parent; name another node.',
  nb: 'Node {node} kan ikke ligge under seg selv; oppgi en annen node.',
});

export function parentUnderNode({
  node,
  parent,
  cycleFrom,
  firstDay,
}: CycleStart & { node: MappingNodeKey; parent: MappingNodeKey }): Problem {
  return parentIsDescendant({ nodeId: node.nodeId, parent, start: describeStart(cycleFrom, firstDay) });
}

const parentIsDescendant = defineProblem<{ nodeId: string; parent: MappingNodeKey; start: Message }>('CYCLE', {
  en: 'Node {parent} is under "{nodeId}" {start}; name a node outside it.',
  nb: 'Node {parent} ligger under «{nodeId}» {start}; oppgi en node som ikke ligger under den.',
});

/** @param gap day of the period on which the parent is not valid */
export function parentNodeNotValid({
  node,
  ...values
}: {
  node: MappingNodeKey;
  parent: MappingNodeKey;
  period: Period;
  gap: Day;
}): Problem {
  return parentClosed({ nodeId: node.nodeId, parent: values.parent, placed: values.period, gap: values.gap });
}

const parentClosed = defineProblem<{ nodeId: string; parent: MappingNodeKey; placed: Period; gap: Day }>(
  'PARENT_CLOSED',
  {
    en:
      'Node {parent} is not valid on {gap, date}, and "{nodeId}" would be under it {placed, period}; ' +
      'name a node that is valid on all those days.',
    nb:
      'Node {parent} er ikke gyldig {gap, date}, og «{nodeId}» ville ligge under den {placed, period}; ' +
      'oppgi en node som er gyldig på alle disse dagene.',
  },
);

/** @param example a child, with the first day from which it is under the node */
export function nodeHasChildren({
  node,
  childCount,
  example,
  day,
}: {
  node: MappingNodeKey;
  childCount: number;
  example: { readonly nodeId: string; readonly from: Day };
  day: Day;
}): Problem {
  return hasChildren({ node, childCount, child: example.nodeId, start: describeStart(example.from, day) });
}

const hasChildren = defineProblem<{ node: MappingNodeKey; childCount: number; child: string; start: Message }>(
  'HAS_OPEN_CHILDREN',
  {
    en:
      'Node {node} has {childCount, plural, one {1 node under it, "{child}" {start}; remove or move it first} ' +
      'other {{childCount} nodes under it, such as "{child}" {start}; remove or move them first}}.',
    nb:
      'Node {node} har {childCount, plural, one {1 node under seg, «{child}» {start}; fjern eller flytt den først} ' +
      'other {{childCount} noder under seg, for eksempel «{child}» {start}; fjern eller flytt dem først}}.',
  },
);
