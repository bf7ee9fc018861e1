import type { Day } from '../time/day.ts';
import { covers, findFirstUncoveredDay, intersectPeriods, type Period } from '../time/period.ts';
import { truncateAt, findFactEnd, setFact, insertRow } from '../time/timeline.ts';
import type { MappingNodeKey } from './change-input.ts';
import { diffRows, type Draft, type MappingNodeRow } from './draft.ts';
import { formatPeriods } from './parent-rules.ts';
import { userError, type UserError } from './user-error.ts';

/** Facts of a node that are to be set; those absent are kept. */
export interface NodeFacts {
  readonly name?: string | null | undefined;
  readonly parentNodeId?: string | null | undefined;
  readonly reshId?: number | null | undefined;
}

const nodeFacts = ['name', 'parentNodeId', 'reshId'] as const;

/**
 * Plans a node from a day on: where it is there, each fact until the next day on which that fact was already going to change; where it is
 * not, the node begins, and is there until the next day on which it was going to begin anyway.
 *
 * @param facts as they are stored
 * @param known periods of the node, of the parent that is named, and of all that stand above the two
 */
export function planNode(
  draft: Draft,
  node: MappingNodeKey,
  facts: NodeFacts,
  day: Day,
  known: readonly MappingNodeRow[],
): void {
  const { name, parentNodeId, reshId } = facts;
  const rows = known.filter(({ nodeId }) => nodeId === node.nodeId);
  const isValid = rows.some((row) => covers(row, day));
  if (name === null)
    draft.errors.push(
      userError('REQUIRED', 'name', 'A node must have a name; give one, or leave «name» out to keep it.'),
    );
  if (!isValid && name === undefined)
    draft.errors.push(
      userError('REQUIRED', 'name', `Node ${nodeLabel(node)} is not there on ${day}; give a name, and it begins.`),
    );
  const next = rows.find((row) => row.from > day)?.from ?? null;
  const parentPeriod = isValid ? findAlteredPeriod(rows, day, { parentNodeId }) : undefined;
  if (typeof parentNodeId === 'string')
    draft.errors.push(...validateNodeParent(node, parentNodeId, parentPeriod ?? { from: day, to: next }, known));
  if (draft.errors.length > 0) return;
  if (!isValid) draft.notes.push(`Node ${nodeLabel(node)} begins on ${day}; no unit changes.`);
  const patched = nodeFacts.reduce<readonly MappingNodeRow[]>(
    (list, fact) =>
      facts[fact] === undefined ? list : setFact(list, day, (row) => row[fact], { [fact]: facts[fact] }),
    rows,
  );
  const newNode = { ...node, name: name ?? '', parentNodeId: parentNodeId ?? null, reshId: reshId ?? null };
  draft.mappingNodes = diffRows(rows, isValid ? patched : insertRow(rows, { ...newNode, from: day, to: next }));
}

/** How a node is named to a person. */
export function nodeLabel({ systemId, nodeId }: MappingNodeKey): string {
  return `«${nodeId}» of ${systemId}`;
}

/**
 * The days on which a node becomes another when facts of it are set from a day on.
 *
 * @param rows of the node, in the order of their days
 * @returns undefined where the node is not there on the day, and so begins
 */
export function findAlteredPeriod(
  rows: readonly (Period & NodeFacts)[],
  day: Day,
  facts: NodeFacts,
): Period | undefined {
  const current = rows.find((row) => covers(row, day));
  if (!current) return undefined;
  const ends = nodeFacts
    .filter((fact) => facts[fact] !== undefined)
    .map((fact) => findFactEnd(rows, day, (row) => row[fact])?.to ?? null);
  const endings = ends.length === 0 ? [current.to] : ends;
  return {
    from: day,
    to: endings.reduce((last, end) => (last === null || end === null ? null : end > last ? end : last)),
  };
}

function validateNodeParent(
  node: MappingNodeKey,
  parentNodeId: string,
  period: Period,
  known: readonly MappingNodeRow[],
): UserError[] {
  const parent = { systemId: node.systemId, nodeId: parentNodeId };
  if (parentNodeId === node.nodeId)
    return [
      userError('CYCLE', 'parentNodeId', `Node ${nodeLabel(node)} cannot stand beneath itself; name another one.`),
    ];
  const rows = known.filter(({ nodeId }) => nodeId === parentNodeId);
  if (rows.length === 0)
    return [
      userError(
        'NOT_FOUND',
        'parentNodeId',
        `Node ${nodeLabel(parent)} is not in the register; correct the node, or set it first.`,
      ),
    ];
  const errors: UserError[] = [];
  const cycleDay = findFirstDayUnder(known, parentNodeId, node.nodeId, period);
  if (cycleDay !== undefined)
    errors.push(
      userError(
        'CYCLE',
        'parentNodeId',
        `Node ${nodeLabel(parent)} stands beneath «${node.nodeId}» ${cycleDay > period.from ? `from ${cycleDay} on` : `on ${cycleDay}`}; name a node outside of it.`,
      ),
    );
  const gap = findFirstUncoveredDay(rows, period);
  if (gap !== undefined)
    errors.push(
      userError(
        'PARENT_CLOSED',
        'parentNodeId',
        `Node ${nodeLabel(parent)} is not there on ${gap}, and «${node.nodeId}» would stand beneath it ${period.to === null ? `from ${period.from} on` : `from ${period.from} until ${period.to}`}; name a node that is there throughout.`,
      ),
    );
  return errors;
}

/** First day of a period on which a node is another one, or stands beneath it; undefined where it never does. */
function findFirstDayUnder(
  known: readonly MappingNodeRow[],
  nodeId: string,
  ancestorId: string,
  period: Period,
): Day | undefined {
  if (nodeId === ancestorId) return period.from;
  for (const row of known) {
    const shared = intersectPeriods(row, period);
    if (row.nodeId !== nodeId || row.parentNodeId === null || !shared) continue;
    const found = findFirstDayUnder(known, row.parentNodeId, ancestorId, shared);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Plans the end of a node from a day on; from its first day on it is as though it never was.
 *
 * @param rows of the node, in the order of their days
 * @param children periods of the nodes that stand beneath it on some day from then on
 */
export function planNodeRemoval(
  draft: Draft,
  node: MappingNodeKey,
  day: Day,
  rows: readonly MappingNodeRow[],
  children: readonly MappingNodeRow[],
): void {
  const [child] = children;
  if (rows.length === 0)
    draft.errors.push(
      userError(
        'NOT_FOUND',
        'nodeId',
        `Node ${nodeLabel(node)} is not in the register; correct the system or the node.`,
      ),
    );
  else if (!rows.some((row) => covers(row, day)))
    draft.errors.push(
      userError(
        'NOT_VALID_ON_DAY',
        'effectiveOn',
        `Node ${nodeLabel(node)} is not there on ${day}, but ${formatPeriods(rows)}; choose a day on which it is.`,
      ),
    );
  if (child)
    draft.errors.push(
      userError(
        'HAS_OPEN_CHILDREN',
        'nodeId',
        `Node ${nodeLabel(node)} has nodes beneath it (${new Set(children.map(({ nodeId }) => nodeId)).size}), such as «${child.nodeId}» ${child.from > day ? `from ${child.from} on` : `on ${day}`}; remove or move them first.`,
      ),
    );
  if (draft.errors.length > 0) return;
  draft.mappingNodes = diffRows(rows, truncateAt(rows, day));
  draft.notes.push(`Node ${nodeLabel(node)} ends on ${day}; no unit changes.`);
}
