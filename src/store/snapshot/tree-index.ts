import { formatPathText } from '../sql/path-text.ts';
import { findLowerBound } from './lower-bound.ts';
import { PositionIndex } from './position-index.ts';

/** A unit's place in the tree. */
interface TreeUnit {
  readonly reshId: number;
  readonly parentReshId: number | null;
}

/**
 * The structure of a tree with its units numbered in tree order: each is followed by its descendants, so a subtree is
 * a range of positions.
 */
export class TreeIndex {
  readonly #reshIds: Int32Array;
  readonly #positions = new PositionIndex();
  readonly #parents: Int32Array;
  readonly #ends: Int32Array;

  /**
   * @param units in tree order
   * @throws if a unit is not among the descendants of its parent: then a stored path is wrong
   */
  constructor(units: Iterable<TreeUnit> & { readonly length: number }) {
    this.#reshIds = new Int32Array(units.length);
    this.#parents = new Int32Array(units.length);
    this.#ends = new Int32Array(units.length).fill(units.length);
    // Ancestors of the next unit, root first, and units that end before it.
    const open: number[] = [];
    let position = 0;
    for (const { reshId, parentReshId } of units) {
      while (open.length > 0 && this.#reshIds[open.at(-1) as number] !== parentReshId)
        this.#ends[open.pop() as number] = position;
      if (open.length === 0 && parentReshId !== null)
        throw new Error(`The stored path of unit ${reshId} does not lead to its parent ${parentReshId}.`);
      this.#reshIds[position] = reshId;
      this.#parents[position] = open.at(-1) ?? -1;
      this.#positions.set(reshId, position);
      open.push(position);
      position += 1;
    }
  }

  get size(): number {
    return this.#reshIds.length;
  }

  /** Returns the position of a unit, or -1 if it is not in the tree. */
  positionOf(reshId: number): number {
    return this.#positions.get(reshId);
  }

  /** Returns the position of the parent, or -1 at a root. */
  parentOf(position: number): number {
    return this.#parents[position] as number;
  }

  /** Returns the position after the last descendant. */
  endOf(position: number): number {
    return this.#ends[position] as number;
  }

  /** Returns the positions of the ancestors, root first. */
  ancestorsOf(position: number): number[] {
    const ancestors: number[] = [];
    for (let above = this.parentOf(position); above >= 0; above = this.parentOf(above)) ancestors.push(above);
    return ancestors.reverse();
  }

  /** Returns the number of levels above a unit: 0 for a root. */
  depthOf(position: number): number {
    let depth = 0;
    for (let above = this.parentOf(position); above >= 0; above = this.parentOf(above)) depth += 1;
    return depth;
  }

  /** Returns the RESH-ids of the ancestors, root first, and of the unit itself. */
  pathOf(position: number): number[] {
    return [...this.ancestorsOf(position), position].map((each) => this.#reshIds[each] as number);
  }

  /** Returns the path of a unit as text, which sorts in tree order. */
  pathTextOf(position: number): string {
    return formatPathText(this.pathOf(position));
  }

  /** Returns the position of the first unit with a path after the given one, or the number of units. */
  positionAfter(pathText: string): number {
    return findLowerBound(this.size, (position) => this.pathTextOf(position) <= pathText);
  }

  /** Returns the positions of the children, in tree order. */
  childrenOf(position: number): number[] {
    return this.#listSiblings(position + 1, this.endOf(position));
  }

  /** Returns the positions of the roots, in tree order. */
  roots(): number[] {
    return this.#listSiblings(0, this.size);
  }

  // Each sibling begins where the subtree of the one before it ends.
  #listSiblings(start: number, end: number): number[] {
    const siblings: number[] = [];
    for (let position = start; position < end; position = this.endOf(position)) siblings.push(position);
    return siblings;
  }
}
