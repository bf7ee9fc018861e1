import type { MappingNodeRow } from '../../store/read/mapping-nodes.ts';

/** The tree of another system, by which the nodes under a node are found without looking at all nodes. */
export class MappingTree {
  /** Indexes of the children of each node, in the order of the nodes; those of the nodes at the top under null */
  readonly #childrenByParent = new Map<string | null, number[]>();

  /** @param nodes in the order in which clients get them */
  constructor(private readonly nodes: readonly MappingNodeRow[]) {
    for (const [index, { parentNodeId }] of nodes.entries()) {
      const children = this.#childrenByParent.get(parentNodeId);
      if (children) children.push(index);
      else this.#childrenByParent.set(parentNodeId, [index]);
    }
  }

  roots(): MappingNodeRow[] {
    return this.#childrenOf(null).map((index) => this.#at(index));
  }

  /** Returns the nodes under a node, at any level, in the order of the nodes. */
  descendantsOf(nodeId: string): MappingNodeRow[] {
    const found = [...this.#childrenOf(nodeId)];
    // The list grows while it is read.
    for (const index of found) for (const child of this.#childrenOf(this.#at(index).nodeId)) found.push(child);
    return found.sort((one, other) => one - other).map((index) => this.#at(index));
  }

  #childrenOf(nodeId: string | null): readonly number[] {
    return this.#childrenByParent.get(nodeId) ?? [];
  }

  #at(index: number): MappingNodeRow {
    return this.nodes[index] as MappingNodeRow;
  }
}

// A loader returns the same nodes to all who ask within a request.
const trees = new WeakMap<readonly MappingNodeRow[], MappingTree>();

/** Returns the tree of nodes, which is made once. */
export function treeOf(nodes: readonly MappingNodeRow[]): MappingTree {
  const known = trees.get(nodes);
  if (known) return known;
  const tree = new MappingTree(nodes);
  trees.set(nodes, tree);
  return tree;
}
