import type { RemoveMappingNodeInput } from '../domain/plan/change-input.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { planNodeRemoval } from '../domain/plan/mapping.ts';
import { dayBefore } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { readMappingNode, readMappingNodeChildrenFromDay } from '../store/change/mapping-nodes.ts';
import { checkExpectedNodeRevision } from './engine/expected-revision.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/**
 * Ends a node in the tree of another system on a day, its planned days included. It must have no children from then on.
 */
export function removeMappingNode(context: OperationContext, input: RemoveMappingNodeInput) {
  return runChange(context, 'removeMappingNode', input, async (planContext) => {
    const { tx, unitOfWork, issues, day, revision } = planContext;
    const keyIssues = issues.at();
    const texts = new TextReader(keyIssues);
    const node = {
      systemId: texts.readLine(input.systemId, ['systemId']),
      nodeId: texts.readLine(input.nodeId, ['nodeId']),
    };
    await checkExpectedNodeRevision(planContext, node, input.expectedRevision);
    const rows = await readMappingNode(tx, node);
    const children = await readMappingNodeChildrenFromDay(tx, node, day);
    if (!keyIssues.hasErrors()) planNodeRemoval(unitOfWork.draft, issues, node, day, rows, children);
    // The payload shows the node on its last day or, if no day is left, as it was before the change.
    const last = dayBefore(day);
    const snapshot = rows.some((row) => covers(row, last)) ? { day: last, revision } : { day, revision: revision - 1 };
    return { shown: { mappingNode: { ...node, ...snapshot } } };
  });
}
