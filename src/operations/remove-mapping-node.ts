import type { RemoveMappingNodeInput } from '../domain/plan/change-input.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { planNodeRemoval } from '../domain/plan/mapping.ts';
import { dayBefore } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { readMappingNode, readMappingNodeChildrenFromDay } from '../store/change/mapping-nodes.ts';
import { checkExpectedNodeRevision } from './engine/expected-revision.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Ends a node in the tree of another system from a day on, its planned days too; it may have no nodes beneath it from then on. */
export function removeMappingNode(context: OperationContext, input: RemoveMappingNodeInput) {
  return runChange(context, 'removeMappingNode', input, async (planContext) => {
    const { tx, unitOfWork, day, revision } = planContext;
    const { draft } = unitOfWork;
    const texts = new TextReader();
    const node = {
      systemId: texts.readLine(input.systemId, ['systemId']),
      nodeId: texts.readLine(input.nodeId, ['nodeId']),
    };
    draft.errors.push(...texts.errors, ...(await checkExpectedNodeRevision(planContext, node, input.expectedRevision)));
    const rows = await readMappingNode(tx, node);
    if (texts.errors.length === 0)
      planNodeRemoval(draft, node, day, rows, await readMappingNodeChildrenFromDay(tx, node, day));
    // Shown on its last day; where no day is left, as it was before.
    const last = dayBefore(day);
    const snapshot = rows.some((row) => covers(row, last)) ? { day: last, revision } : { day, revision: revision - 1 };
    return { shown: { mappingNode: { ...node, ...snapshot } } };
  });
}
