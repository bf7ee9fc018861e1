import type { SetMappingNodeInput } from '../domain/plan/change-input.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { planNode } from '../domain/plan/mapping.ts';
import { unitNotFoundError, findVersionOn } from '../domain/plan/parent-rules.ts';
import { readMappingNodesWithAncestors } from '../store/change/mapping-nodes.ts';
import { checkExpectedNodeRevision } from './engine/expected-revision.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/**
 * Sets a node in the tree of another system from a day on, or begins it there; what is absent from the input is kept, null clears.
 * The node keeps pointing at its unit when that closes: what becomes of it is for those to say whose tree it is.
 */
export function setMappingNode(context: OperationContext, input: SetMappingNodeInput) {
  return runChange(context, 'setMappingNode', input, async (planContext) => {
    const { tx, unitOfWork, day, revision } = planContext;
    const { draft } = unitOfWork;
    const { reshId } = input;
    const texts = new TextReader();
    const node = {
      systemId: texts.readLine(input.systemId, ['systemId']),
      nodeId: texts.readLine(input.nodeId, ['nodeId']),
    };
    const name = typeof input.name === 'string' ? texts.readLine(input.name, ['name']) : input.name;
    const parentNodeId =
      input.parentNodeId === undefined ? undefined : texts.readOptionalLine(input.parentNodeId, ['parentNodeId']);
    draft.errors.push(...texts.errors);
    await unitOfWork.load([reshId ?? null]);
    if (typeof reshId === 'number') {
      const unit = draft.unit(reshId);
      const found = unit && findVersionOn(reshId, unit.versions, day);
      if (!unit) draft.errors.push(unitNotFoundError(reshId, 'reshId'));
      if (found && 'error' in found) draft.errors.push(found.error);
    }
    draft.errors.push(...(await checkExpectedNodeRevision(planContext, node, input.expectedRevision)));
    const known = await readMappingNodesWithAncestors(tx, node.systemId, [
      node.nodeId,
      ...(parentNodeId ? [parentNodeId] : []),
    ]);
    planNode(draft, node, { name, parentNodeId, reshId }, day, known);
    return { shown: { mappingNode: { ...node, day, revision } } };
  });
}
