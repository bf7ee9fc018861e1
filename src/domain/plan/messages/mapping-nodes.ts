import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { MappingNodeKey } from '../change-input.ts';
import type { Problem } from '../user-error.ts';
import { formatCount, formatPeriod, formatStart, notValidOnDay, type CycleStart, type InvalidDay } from './wording.ts';

// Errors of changing a node in the tree of another system.

/** Returns the name of a node in messages: `"1.1" in urn:tree`. */
export function nodeLabel({ systemId, nodeId }: MappingNodeKey): string {
  return `"${nodeId}" in ${systemId}`;
}

export function nodeNotFound({ node }: { node: MappingNodeKey }): Problem {
  return {
    code: 'NOT_FOUND',
    message: `Node ${nodeLabel(node)} is not in the register; correct the system or the node id.`,
  };
}

export function parentNodeNotFound({ parent }: { parent: MappingNodeKey }): Problem {
  return {
    code: 'NOT_FOUND',
    message: `Node ${nodeLabel(parent)} is not in the register; correct the node id, or create the node first.`,
  };
}

export function newNodeNeedsName({ node, day }: { node: MappingNodeKey; day: Day }): Problem {
  return {
    code: 'REQUIRED',
    message: `Node ${nodeLabel(node)} is not valid on ${day}; give a name to create it from that day on.`,
  };
}

export function nodeNotValid({ node, ...invalidDay }: InvalidDay & { node: MappingNodeKey }): Problem {
  return { code: 'NOT_VALID_ON_DAY', message: notValidOnDay(`Node ${nodeLabel(node)}`, invalidDay) };
}

export function nodeOwnParent({ node }: { node: MappingNodeKey }): Problem {
  return { code: 'CYCLE', message: `Node ${nodeLabel(node)} cannot be its own parent; name another node.` };
}

export function parentUnderNode({
  node,
  parent,
  cycleFrom,
  firstDay,
}: CycleStart & { node: MappingNodeKey; parent: MappingNodeKey }): Problem {
  return {
    code: 'CYCLE',
    message:
      `Node ${nodeLabel(parent)} is under "${node.nodeId}" ${formatStart(cycleFrom, firstDay)}; ` +
      'name a node outside it.',
  };
}

/** @param gap day of the period on which the parent is not valid */
export function parentNodeNotValid({
  node,
  parent,
  period,
  gap,
}: {
  node: MappingNodeKey;
  parent: MappingNodeKey;
  period: Period;
  gap: Day;
}): Problem {
  return {
    code: 'PARENT_CLOSED',
    message:
      `Node ${nodeLabel(parent)} is not valid on ${gap}, and "${node.nodeId}" would be under it ` +
      `${formatPeriod(period)}; name a node that is valid on all those days.`,
  };
}

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
  return {
    code: 'HAS_OPEN_CHILDREN',
    message:
      `Node ${nodeLabel(node)} has ${formatCount(childCount, 'node', 'nodes')} under it, such as ` +
      `"${example.nodeId}" ${formatStart(example.from, day)}; remove or move them first.`,
  };
}
