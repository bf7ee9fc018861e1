import type { RemoveMappingNodeInput } from '../domain/plan/change-input.ts';
import { dayBefore } from '../domain/time/day.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { covers } from '../domain/time/period.ts';
import { planNodeRemoval } from '../domain/plan/mapping.ts';
import { readMappingNode, readMappingNodesBeneath } from '../store/change/mapping-nodes.ts';
import { change, type OperationContext } from './engine/run-change.ts';
import { nodeConflict } from './engine/expected-revision.ts';

/** Ends a node in the tree of another system from a day on, its planned days too; it may have no nodes beneath it from then on. */
export const removeMappingNode = (context: OperationContext, input: RemoveMappingNodeInput) =>
  change(context, 'removeMappingNode', input, async (work) => {
    const { tx, workspace, day, revision } = work;
    const { draft } = workspace;
    const texts = new TextReader();
    const node = { systemId: texts.line(input.systemId, ['systemId']), nodeId: texts.line(input.nodeId, ['nodeId']) };
    draft.errors.push(...texts.errors, ...(await nodeConflict(work, node, input.expectedRevision)));
    const rows = await readMappingNode(tx, node);
    if (texts.errors.length === 0)
      planNodeRemoval(draft, node, day, rows, await readMappingNodesBeneath(tx, node, day));
    // Shown on its last day; where no day is left, as it was before.
    const last = dayBefore(day);
    const shown = rows.some((row) => covers(row, last)) ? { day: last, revision } : { day, revision: revision - 1 };
    return { shown: { mappingNode: { ...node, ...shown } } };
  });
