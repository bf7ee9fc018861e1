import type { Context } from '../../context.ts';
import { lookUpVersion, type Lookup } from '../../domain/unit/lookup.ts';
import { traverseSuccessions, isForward, type TraceQuery } from '../../domain/unit/succession.ts';
import type { SuccessionRow } from '../../store/read/successions.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import type { UnitAtSnapshot, View } from '../kit/view.ts';

/** The successions traversed, and each unit reached, the first included, as looked up on the target day. */
export interface SuccessionTrace {
  readonly steps: readonly SuccessionRow[];
  readonly reached: readonly { readonly reshId: number; readonly lookup: Lookup<UnitRow> }[];
}

/**
 * Traces units, each from its own day, to their successors on another day, or to their predecessors if that day is
 * earlier; one trace for each query, in order. All are read together, so a thousand take as many statements as one.
 */
export async function loadSuccessionTraces(
  { loaders, countObjects }: Context,
  queries: readonly TraceQuery[],
  revision: number,
): Promise<SuccessionTrace[]> {
  const loadTimeline = (reshId: number) => loaders.timelineByReshId.load({ reshId, revision });
  const edges = await Promise.all(
    queries.map((query) =>
      loaders[isForward(query) ? 'successorsByReshId' : 'predecessorsByReshId'].load({
        reshId: query.reshId,
        revision,
        transitive: true,
      }),
    ),
  );
  return Promise.all(
    queries.map(async (query, index) => {
      const { steps, reached } = traverseSuccessions(query, edges[index] ?? []);
      countObjects(steps.length + reached.length);
      const timelines = await Promise.all(reached.map(loadTimeline));
      return {
        steps,
        reached: reached.map((reshId, position) => ({
          reshId,
          lookup: lookUpVersion(timelines[position] ?? [], true, query.to),
        })),
      };
    }),
  );
}

/**
 * Finds the replacements of a closed unit: its successors that are valid on the day, or if there are none, the last
 * successors of each chain, as on their last day.
 */
export function findReplacements(reshId: number, { steps, reached }: SuccessionTrace, view: View): UnitAtSnapshot[] {
  const others = reached.filter((each) => each.reshId !== reshId);
  const valid = findValidUnits({ reached: others }, view);
  if (valid.length > 0) return valid;
  const idsWithSuccessor = new Set(steps.map(({ fromReshId }) => fromReshId));
  return others.flatMap(({ reshId: id, lookup: { found } }) =>
    found && !idsWithSuccessor.has(id) ? [{ row: found.version, view, seenOn: found.seenOn }] : [],
  );
}

/** Returns the units reached that are valid on the day. */
export function findValidUnits({ reached }: Pick<SuccessionTrace, 'reached'>, view: View): UnitAtSnapshot[] {
  return reached.flatMap(({ lookup: { outcome, found } }) =>
    outcome === 'FOUND' && found ? [{ row: found.version, view, seenOn: found.seenOn }] : [],
  );
}
