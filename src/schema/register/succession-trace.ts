import type { Context } from '../../context.ts';
import { lookUpVersion, type Lookup } from '../../domain/unit/lookup.ts';
import { SuccessionGraph } from '../../domain/unit/succession-graph.ts';
import type { SuccessionTrace as Trace, TraceQuery } from '../../domain/unit/succession.ts';
import type { SuccessionRow } from '../../store/read/successions.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import type { UnitAtSnapshot, View } from '../kit/view.ts';

/** The successions followed, and each unit reached, the first included, as looked up on the target day. */
export interface SuccessionTrace extends Omit<Trace<SuccessionRow>, 'reached'> {
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
  const networks = await Promise.all(
    queries.map(({ reshId }) => loaders.successionNetworkByReshId.load({ reshId, revision })),
  );
  const reshIds = new Set(queries.map(({ reshId }) => reshId));
  for (const { fromReshId, toReshId } of [...new Set(networks)].flat()) reshIds.add(fromReshId).add(toReshId);
  const timelines = new Map(
    await Promise.all(
      [...reshIds].map(async (reshId) => [reshId, await loaders.timelineByReshId.load({ reshId, revision })] as const),
    ),
  );
  const graphs = new Map<readonly SuccessionRow[], SuccessionGraph<SuccessionRow>>();
  return queries.map((query, index) => {
    const network = networks[index] ?? [];
    const graph = graphs.get(network) ?? new SuccessionGraph(network, timelines);
    graphs.set(network, graph);
    const { steps, undone, reached } = graph.trace(query);
    countObjects(steps.length + reached.length);
    return {
      steps,
      undone,
      reached: reached.map((reshId) => ({
        reshId,
        lookup: lookUpVersion(timelines.get(reshId) ?? [], true, query.to),
      })),
    };
  });
}

/**
 * Finds the replacements of a closed unit: its successors that are valid on the day, or if there are none, the last
 * successors of each chain, as on their last day.
 */
export function findReplacements(
  reshId: number,
  { steps, undone, reached }: SuccessionTrace,
  view: View,
): UnitAtSnapshot[] {
  const others = reached.filter((each) => each.reshId !== reshId);
  const valid = findValidUnits({ reached: others }, view);
  if (valid.length > 0) return valid;
  const idsWithSuccessor = new Set(steps.filter((step) => !undone.has(step)).map(({ fromReshId }) => fromReshId));
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
