import type { MappingNodeName } from './change-input.ts';
import type { Day } from '../time/day.ts';
import { rowChanges, type Draft, type MappingNodeRow } from './draft.ts';
import { covers, type Period } from '../time/period.ts';
import { daysOf } from './parent-rules.ts';
import { endedOn, endOfFact, firstUncovered, overlap, setFact, withRow } from '../time/timeline.ts';
import { userError, type UserError } from './user-error.ts';

/** Facts of a node that are to be set; those absent are kept. */
export interface NodeFacts {
  readonly name?: string | null | undefined;
  readonly parentNodeId?: string | null | undefined;
  readonly reshId?: number | null | undefined;
}

const nodeFacts = ['name', 'parentNodeId', 'reshId'] as const;

/** How a node is named to a person. */
export const calledNode = ({ systemId, nodeId }: MappingNodeName): string => `«${nodeId}» of ${systemId}`;

/**
 * The days on which a node becomes another when facts of it are set from a day on.
 *
 * @param rows of the node, in the order of their days
 * @returns undefined where the node is not there on the day, and so begins
 */
export const alteredOf = (rows: readonly (Period & NodeFacts)[], day: Day, facts: NodeFacts): Period | undefined => {
  const at = rows.find((row) => covers(row, day));
  if (!at) return undefined;
  const ends = nodeFacts
    .filter((fact) => facts[fact] !== undefined)
    .map((fact) => endOfFact(rows, day, (row) => row[fact])?.to ?? null);
  const given = ends.length === 0 ? [at.to] : ends;
  return {
    from: day,
    to: given.reduce((last, end) => (last === null || end === null ? null : end > last ? end : last)),
  };
};

const shared = (one: Period, other: Period): Period => ({
  from: one.from > other.from ? one.from : other.from,
  to: one.to === null ? other.to : other.to === null || one.to < other.to ? one.to : other.to,
});

/** First day of a period on which a node is another one, or stands beneath it; undefined where it never does. */
const dayWithin = (
  known: readonly MappingNodeRow[],
  nodeId: string,
  above: string,
  period: Period,
): Day | undefined => {
  if (nodeId === above) return period.from;
  for (const row of known) {
    if (row.nodeId !== nodeId || row.parentNodeId === null || !overlap(row, period)) continue;
    const found = dayWithin(known, row.parentNodeId, above, shared(row, period));
    if (found !== undefined) return found;
  }
  return undefined;
};

const parentErrors = (
  node: MappingNodeName,
  parentNodeId: string,
  period: Period,
  known: readonly MappingNodeRow[],
): UserError[] => {
  const parent = { systemId: node.systemId, nodeId: parentNodeId };
  if (parentNodeId === node.nodeId)
    return [
      userError('CYCLE', 'parentNodeId', `Node ${calledNode(node)} cannot stand beneath itself; name another one.`),
    ];
  const rows = known.filter(({ nodeId }) => nodeId === parentNodeId);
  if (rows.length === 0)
    return [
      userError(
        'NOT_FOUND',
        'parentNodeId',
        `Node ${calledNode(parent)} is not in the register; correct the node, or set it first.`,
      ),
    ];
  const errors: UserError[] = [];
  const circle = dayWithin(known, parentNodeId, node.nodeId, period);
  if (circle !== undefined)
    errors.push(
      userError(
        'CYCLE',
        'parentNodeId',
        `Node ${calledNode(parent)} stands beneath «${node.nodeId}» ${circle > period.from ? `from ${circle} on` : `on ${circle}`}; name a node outside of it.`,
      ),
    );
  const gap = firstUncovered(rows, period);
  if (gap !== undefined)
    errors.push(
      userError(
        'PARENT_CLOSED',
        'parentNodeId',
        `Node ${calledNode(parent)} is not there on ${gap}, and «${node.nodeId}» would stand beneath it ${period.to === null ? `from ${period.from} on` : `from ${period.from} until ${period.to}`}; name a node that is there throughout.`,
      ),
    );
  return errors;
};

/**
 * Plans a node from a day on: where it is there, each fact until the next day on which that fact was already going to change; where it is
 * not, the node begins, and is there until the next day on which it was going to begin anyway.
 *
 * @param facts as they are stored
 * @param known periods of the node, of the parent that is named, and of all that stand above the two
 */
export const planNode = (
  draft: Draft,
  node: MappingNodeName,
  facts: NodeFacts,
  day: Day,
  known: readonly MappingNodeRow[],
): void => {
  const { name, parentNodeId, reshId } = facts;
  const rows = known.filter(({ nodeId }) => nodeId === node.nodeId);
  const isThere = rows.some((row) => covers(row, day));
  if (name === null)
    draft.errors.push(
      userError('REQUIRED', 'name', 'A node must have a name; give one, or leave «name» out to keep it.'),
    );
  if (!isThere && name === undefined)
    draft.errors.push(
      userError('REQUIRED', 'name', `Node ${calledNode(node)} is not there on ${day}; give a name, and it begins.`),
    );
  const next = rows.find((row) => row.from > day)?.from ?? null;
  const placed = isThere ? alteredOf(rows, day, { parentNodeId }) : undefined;
  if (typeof parentNodeId === 'string')
    draft.errors.push(...parentErrors(node, parentNodeId, placed ?? { from: day, to: next }, known));
  if (draft.errors.length > 0) return;
  if (!isThere) draft.notes.push(`Node ${calledNode(node)} begins on ${day}; no unit changes.`);
  const patched = nodeFacts.reduce<readonly MappingNodeRow[]>(
    (list, fact) =>
      facts[fact] === undefined ? list : setFact(list, day, (row) => row[fact], { [fact]: facts[fact] }),
    rows,
  );
  const begun = { ...node, name: name ?? '', parentNodeId: parentNodeId ?? null, reshId: reshId ?? null };
  draft.mappingNodes = rowChanges(rows, isThere ? patched : withRow(rows, { ...begun, from: day, to: next }));
};

/**
 * Plans the end of a node from a day on; from its first day on it is as though it never was.
 *
 * @param rows of the node, in the order of their days
 * @param children periods of the nodes that stand beneath it on some day from then on
 */
export const planNodeRemoval = (
  draft: Draft,
  node: MappingNodeName,
  day: Day,
  rows: readonly MappingNodeRow[],
  children: readonly MappingNodeRow[],
): void => {
  const [child] = children;
  if (rows.length === 0)
    draft.errors.push(
      userError(
        'NOT_FOUND',
        'nodeId',
        `Node ${calledNode(node)} is not in the register; correct the system or the node.`,
      ),
    );
  else if (!rows.some((row) => covers(row, day)))
    draft.errors.push(
      userError(
        'NOT_VALID_ON_DAY',
        'effectiveOn',
        `Node ${calledNode(node)} is not there on ${day}, but ${daysOf(rows)}; choose a day on which it is.`,
      ),
    );
  if (child)
    draft.errors.push(
      userError(
        'HAS_OPEN_CHILDREN',
        'nodeId',
        `Node ${calledNode(node)} has nodes beneath it (${new Set(children.map(({ nodeId }) => nodeId)).size}), such as «${child.nodeId}» ${child.from > day ? `from ${child.from} on` : `on ${day}`}; remove or move them first.`,
      ),
    );
  if (draft.errors.length > 0) return;
  draft.mappingNodes = rowChanges(rows, endedOn(rows, day));
  draft.notes.push(`Node ${calledNode(node)} ends on ${day}; no unit changes.`);
};
