import type { SetMappingNodeInput } from '../domain/plan/change-input.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { planNode } from '../domain/plan/mapping.ts';
import { findKnownUnit, findValidVersion } from '../domain/plan/valid-unit.ts';
import { readMappingNodesWithAncestors } from '../store/change/mapping-nodes.ts';
import { checkExpectedNodeRevision } from './engine/expected-revision.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/**
 * Sets facts of a node in the tree of another system from a day on, or creates the node. Absent facts stay as they are;
 * null clears. The node keeps its unit when the unit closes, because only the owner of the tree may move it.
 */
export function setMappingNode(context: OperationContext, input: SetMappingNodeInput) {
  return runChange(context, 'setMappingNode', input, async (planContext) => {
    const { tx, unitOfWork, issues, day, revision } = planContext;
    const { draft } = unitOfWork;
    const { reshId } = input;
    const texts = new TextReader(issues);
    const node = {
      systemId: texts.readLine(input.systemId, ['systemId']),
      nodeId: texts.readLine(input.nodeId, ['nodeId']),
    };
    const name = typeof input.name === 'string' ? texts.readLine(input.name, ['name']) : input.name;
    const parentNodeId =
      input.parentNodeId === undefined ? undefined : texts.readOptionalLine(input.parentNodeId, ['parentNodeId']);
    await unitOfWork.load([reshId]);
    const nodeIds = parentNodeId ? [node.nodeId, parentNodeId] : [node.nodeId];
    const known = await readMappingNodesWithAncestors(tx, node.systemId, nodeIds);

    const unit = typeof reshId === 'number' ? findKnownUnit(issues, draft, reshId, 'reshId') : undefined;
    if (unit) findValidVersion(issues, unit, day);
    await checkExpectedNodeRevision(planContext, node, input.expectedRevision);
    planNode(draft, issues, node, { name, parentNodeId, reshId }, day, known);
    return { shown: { mappingNode: { ...node, day, revision } } };
  });
}
