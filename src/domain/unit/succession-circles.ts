import type { Succession } from './succession.ts';

type Link = Pick<Succession, 'fromReshId' | 'toReshId' | 'effectiveOn'>;

/**
 * Returns the successions by which units become each other within a day, directly or by way of others. On a later day,
 * a unit may come back from its successor.
 */
export function findCircularSuccessions<Edge extends Link>(edges: readonly Edge[]): ReadonlySet<Edge> {
  const successors = groupNeighbors(edges, formatSource, formatTarget);
  const predecessors = groupNeighbors(edges, formatTarget, formatSource);
  // Kosaraju's algorithm: backwards from the unit that finished last, exactly the units of its circle are new.
  const finished: string[] = [];
  const visited = new Set<string>();
  for (const start of successors.keys()) visit(start, successors, visited, (unit) => finished.push(unit));
  const circleOf = new Map<string, string>();
  const assigned = new Set<string>();
  for (const start of finished.toReversed()) visit(start, predecessors, assigned, (unit) => circleOf.set(unit, start));
  return new Set(edges.filter((edge) => circleOf.get(formatSource(edge)) === circleOf.get(formatTarget(edge))));
}

function formatSource({ fromReshId, effectiveOn }: Link): string {
  return `${fromReshId}@${effectiveOn}`;
}

function formatTarget({ toReshId, effectiveOn }: Link): string {
  return `${toReshId}@${effectiveOn}`;
}

function groupNeighbors<Edge extends Link>(
  edges: readonly Edge[],
  formatNear: (edge: Edge) => string,
  formatFar: (edge: Edge) => string,
): Map<string, string[]> {
  const neighbors = new Map<string, string[]>();
  for (const edge of edges) {
    const near = formatNear(edge);
    const far = neighbors.get(near);
    if (far) far.push(formatFar(edge));
    else neighbors.set(near, [formatFar(edge)]);
  }
  return neighbors;
}

/** Visits all units that can be reached from one and were not visited before, and finishes each after its neighbors. */
function visit(
  start: string,
  neighbors: ReadonlyMap<string, readonly string[]>,
  visited: Set<string>,
  finish: (unit: string) => void,
): void {
  if (visited.has(start)) return;
  visited.add(start);
  const path = [{ unit: start, next: 0 }];
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const neighbor = neighbors.get(step.unit)?.[step.next];
    step.next += 1;
    if (neighbor === undefined) {
      finish(step.unit);
      path.pop();
    } else if (!visited.has(neighbor)) {
      visited.add(neighbor);
      path.push({ unit: neighbor, next: 0 });
    }
  }
}
