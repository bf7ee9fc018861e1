import type { SetMappingNodeInput } from '../domain/plan/change-input.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { planNode } from '../domain/plan/mapping.ts';
import { notFound, versionOn } from '../domain/plan/parent-rules.ts';
import { readMappingNodesAbove } from '../store/change/mapping-nodes.ts';
import { change, type OperationContext } from './engine/run-change.ts';
import { nodeConflict } from './engine/expected-revision.ts';

/**
 * Sets a node in the tree of another system from a day on, or begins it there; what is absent from the input is kept, null clears.
 * The node keeps pointing at its unit when that closes: what becomes of it is for those to say whose tree it is.
 */
export const setMappingNode = (context: OperationContext, input: SetMappingNodeInput) =>
  change(context, 'setMappingNode', input, async (work) => {
    const { tx, workspace, day, revision } = work;
    const { draft } = workspace;
    const { reshId } = input;
    const texts = new TextReader();
    const node = { systemId: texts.line(input.systemId, ['systemId']), nodeId: texts.line(input.nodeId, ['nodeId']) };
    const name = typeof input.name === 'string' ? texts.line(input.name, ['name']) : input.name;
    const parentNodeId =
      input.parentNodeId === undefined ? undefined : texts.optionalLine(input.parentNodeId, ['parentNodeId']);
    draft.errors.push(...texts.errors);
    await workspace.load([reshId ?? null]);
    if (typeof reshId === 'number') {
      const unit = draft.unit(reshId);
      const found = unit && versionOn(reshId, unit.versions, day);
      if (!unit) draft.errors.push(notFound(reshId, 'reshId'));
      if (found && 'error' in found) draft.errors.push(found.error);
    }
    draft.errors.push(...(await nodeConflict(work, node, input.expectedRevision)));
    const known = await readMappingNodesAbove(tx, node.systemId, [
      node.nodeId,
      ...(parentNodeId ? [parentNodeId] : []),
    ]);
    planNode(draft, node, { name, parentNodeId, reshId }, day, known);
    return { shown: { mappingNode: { ...node, day, revision } } };
  });
