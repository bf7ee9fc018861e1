import type { MappingNodeKey } from '../../../domain/plan/change-input.ts';
import {
  childNodeNeedsNode,
  formerNodePlaceInCycle,
  formerParentNodeNotValid,
  nodeFieldChangedLater,
  nodeRestored,
} from '../../../domain/plan/messages/undoing.ts';
import { findMisplaced, type PlacedRow } from '../../../domain/plan/undo/placement.ts';
import type { Recorded } from '../../../domain/plan/undo/recorded.ts';
import type { UndoRange } from '../../../domain/plan/undo/three-way-merge.ts';
import { undoNode, type UndoneRecord } from '../../../domain/plan/undo/undo-record.ts';
import { diffRows, type MappingNodeRow } from '../../../domain/plan/write-set.ts';
import { FIRST_DAY } from '../../../domain/time/day.ts';
import { compareByFirstDay, findFirstUncoveredDay, overlap } from '../../../domain/time/period.ts';
import {
  readMappingNodeChildrenFromDay,
  readMappingNodesWithAncestors,
  readNewestMappingNodeChange,
} from '../../../store/change/mapping-nodes.ts';
import { readRecordedNodes } from '../../../store/change/undone-change.ts';
import type { PlanContext } from '../plan-context.ts';

/** A mapping node that a change altered. */
export interface UndoneNode extends UndoneRecord<MappingNodeRow> {
  readonly node: MappingNodeKey;
  /** RESH-ids that it points at before or after the change; null for none */
  readonly mappedReshIds: readonly (number | null)[];
}

/** Reads the mapping nodes that a change altered, and takes the change back in each. */
export async function readUndoneNodes({ tx }: PlanContext, range: UndoRange): Promise<UndoneNode[]> {
  const byNode = new Map<string, { node: MappingNodeKey; rows: Recorded<MappingNodeRow>[] }>();
  for (const recorded of await readRecordedNodes(tx, range.revision)) {
    const { systemId, nodeId } = recorded.row;
    const key = JSON.stringify([systemId, nodeId]);
    const known = byNode.get(key) ?? { node: { systemId, nodeId }, rows: [] };
    byNode.set(key, { ...known, rows: [...known.rows, recorded] });
  }
  return [...byNode.values()].map(({ node, rows }) => ({
    node,
    mappedReshIds: rows
      .filter(({ recordedRev, supersededRev }) => [recordedRev, supersededRev].includes(range.revision))
      .filter(({ row }) => overlap(row, { from: range.from, to: null }))
      .map(({ row }) => row.reshId),
    ...undoNode(rows, range),
  }));
}

/** Plans mapping nodes with a change taken back, if they can have their former places. */
export async function planUndoneNodes(planContext: PlanContext, nodes: readonly UndoneNode[]): Promise<void> {
  const { unitOfWork, issues } = planContext;
  for (const { node, conflicts } of nodes)
    issues.add('revision', ...conflicts.map((conflict) => nodeFieldChangedLater({ node, ...conflict })));
  // A change alters one node, so this is one round of statements.
  for (const undone of nodes) {
    await checkNodePlace(planContext, undone);
    await checkNodeChildren(planContext, undone);
  }
  for (const { node, firstDay } of nodes)
    if (firstDay !== undefined) unitOfWork.draft.addNotes(nodeRestored({ node, day: firstDay }));
  const changes = nodes.map(({ now, result }) => diffRows(now, result));
  unitOfWork.draft.mappingNodes = {
    superseded: changes.flatMap(({ superseded }) => superseded),
    added: changes.flatMap(({ added }) => added),
  };
}

async function checkNodePlace({ tx, issues }: PlanContext, { node, result }: UndoneNode): Promise<void> {
  const parents = result.flatMap(({ parentNodeId }) => parentNodeId ?? []);
  if (parents.length === 0) return;
  const stored = await readMappingNodesWithAncestors(tx, node.systemId, parents);
  const readRows = (nodeId: string): PlacedRow<string>[] =>
    (nodeId === node.nodeId ? result : stored.filter((row) => row.nodeId === nodeId))
      .map(({ from, to, parentNodeId }) => ({ from, to, parent: parentNodeId }))
      .sort(compareByFirstDay);
  for (const { parent, day, reason } of findMisplaced([node.nodeId], readRows)) {
    const parentNode = { systemId: node.systemId, nodeId: parent };
    const revisions = await readNewestRevisions(tx, parentNode);
    issues.add(
      'revision',
      reason === 'CYCLE'
        ? formerNodePlaceInCycle({ node, day, revisions })
        : formerParentNodeNotValid({ node, parent: parentNode, day, revisions }),
    );
  }
}

async function checkNodeChildren({ tx, issues }: PlanContext, { node, now, result }: UndoneNode): Promise<void> {
  if (now.every((row) => findFirstUncoveredDay(result, row) === undefined)) return;
  for (const row of await readMappingNodeChildrenFromDay(tx, node, FIRST_DAY)) {
    const day = findFirstUncoveredDay(result, row);
    if (day === undefined) continue;
    const child = { systemId: row.systemId, nodeId: row.nodeId };
    const revisions = await readNewestRevisions(tx, child);
    issues.add('revision', childNodeNeedsNode({ node, child, day, revisions }));
    return;
  }
}

/** Returns the revision that changed a node last; none if the node does not exist. */
async function readNewestRevisions(tx: PlanContext['tx'], node: MappingNodeKey): Promise<number[]> {
  const revision = await readNewestMappingNodeChange(tx, node);
  return typeof revision === 'number' ? [revision] : [];
}
