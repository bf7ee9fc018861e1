import type { Day } from '../time/day.ts';
import { covers, findFirstUncoveredDay, intersectPeriods, type Period } from '../time/period.ts';
import { findFactEnd, insertRow, setFact, truncateAt } from '../time/timeline.ts';
import type { MappingNodeKey } from './change-input.ts';
import type { Draft } from './draft.ts';
import type { Issues } from './issues.ts';
import {
  newNodeNeedsName,
  nodeHasChildren,
  nodeNotFound,
  nodeNotValid,
  nodeOwnParent,
  parentNodeNotFound,
  parentNodeNotValid,
  parentUnderNode,
} from './messages/mapping-nodes.ts';
import { nodeBegins, nodeEnds } from './messages/notes.ts';
import { nameRequired } from './messages/texts.ts';
import type { Problem } from './user-error.ts';
import { diffRows, type MappingNodeRow } from './write-set.ts';

/** Facts of a node to set; absent facts stay as they are. */
export interface NodeFacts {
  readonly name?: string | null | undefined;
  readonly parentNodeId?: string | null | undefined;
  readonly reshId?: number | null | undefined;
}

const nodeFacts = ['name', 'parentNodeId', 'reshId'] as const;

/**
 * Plans a node from a day on. If the node is valid on the day, each fact holds until the next planned change of that
 * fact. Otherwise the node begins on the day, and lasts until the day on which it was planned to begin, if any.
 *
 * @param issues collector for the whole input; if it has an error, nothing is planned
 * @param facts in the form in which they are stored
 * @param known periods of the node, of its new parent, and of all ancestors of both
 */
export function planNode(
  draft: Draft,
  issues: Issues,
  node: MappingNodeKey,
  facts: NodeFacts,
  day: Day,
  known: readonly MappingNodeRow[],
): void {
  const { name, parentNodeId, reshId } = facts;
  const rows = known.filter(({ nodeId }) => nodeId === node.nodeId);
  const isValid = rows.some((row) => covers(row, day));
  if (name === null) issues.add('name', nameRequired({ of: 'node', canKeep: true }));
  if (!isValid && name === undefined) issues.add('name', newNodeNeedsName({ node, day }));
  const next = rows.find((row) => row.from > day)?.from ?? null;
  const parentPeriod = isValid ? findAlteredPeriod(rows, day, { parentNodeId }) : undefined;
  if (typeof parentNodeId === 'string')
    issues.add('parentNodeId', ...checkNodeParent(node, parentNodeId, parentPeriod ?? { from: day, to: next }, known));
  if (issues.hasErrors()) return;
  if (isValid) {
    draft.mappingNodes = diffRows(rows, patchNode(rows, facts, day));
    return;
  }
  const newNode = { ...node, name: name ?? '', parentNodeId: parentNodeId ?? null, reshId: reshId ?? null };
  draft.addNotes(nodeBegins({ node, day }));
  draft.mappingNodes = diffRows(rows, insertRow(rows, { ...newNode, from: day, to: next }));
}

function patchNode(rows: readonly MappingNodeRow[], facts: NodeFacts, day: Day): readonly MappingNodeRow[] {
  const setFacts = nodeFacts.filter((fact) => facts[fact] !== undefined);
  return setFacts.reduce((patched, fact) => setFact(patched, day, (row) => row[fact], { [fact]: facts[fact] }), rows);
}

/**
 * Returns the days on which setting facts of a node from a day on changes the node.
 *
 * @param rows of the node, in order of days
 * @returns undefined if the node is not valid on the day, so that it begins then
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
  return { from: day, to: ends.length === 0 ? current.to : ends.reduce(laterEnd) };
}

function laterEnd(one: Day | null, other: Day | null): Day | null {
  if (one === null || other === null) return null;
  return one > other ? one : other;
}

function checkNodeParent(
  node: MappingNodeKey,
  parentNodeId: string,
  period: Period,
  known: readonly MappingNodeRow[],
): Problem[] {
  const parent = { systemId: node.systemId, nodeId: parentNodeId };
  if (parentNodeId === node.nodeId) return [nodeOwnParent({ node })];
  const rows = known.filter(({ nodeId }) => nodeId === parentNodeId);
  if (rows.length === 0) return [parentNodeNotFound({ parent })];
  const problems: Problem[] = [];
  const cycleFrom = findFirstDayUnder(known, parentNodeId, node.nodeId, period);
  if (cycleFrom !== undefined) problems.push(parentUnderNode({ node, parent, cycleFrom, firstDay: period.from }));
  const gap = findFirstUncoveredDay(rows, period);
  if (gap !== undefined) problems.push(parentNodeNotValid({ node, parent, period, gap }));
  return problems;
}

/** Returns the first day of a period on which a node is an ancestor or under it; undefined if it never is. */
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
 * Plans the end of a node on a day, its planned days included. A node that ends on its first day is removed.
 *
 * @param issues collector for the whole input; if it has an error, nothing is planned
 * @param rows of the node, in order of days
 * @param children periods of its child nodes on or after the day
 */
export function planNodeRemoval(
  draft: Draft,
  issues: Issues,
  node: MappingNodeKey,
  day: Day,
  rows: readonly MappingNodeRow[],
  children: readonly MappingNodeRow[],
): void {
  const [example] = children;
  if (rows.length === 0) issues.add('nodeId', nodeNotFound({ node }));
  else if (!rows.some((row) => covers(row, day))) issues.add('effectiveOn', nodeNotValid({ node, day, valid: rows }));
  if (example) {
    const childCount = new Set(children.map(({ nodeId }) => nodeId)).size;
    issues.add('nodeId', nodeHasChildren({ node, childCount, example, day }));
  }
  if (issues.hasErrors()) return;
  draft.mappingNodes = diffRows(rows, truncateAt(rows, day));
  draft.addNotes(nodeEnds({ node, day }));
}
