import type { Snapshot } from '../../domain/time/snapshot.ts';
import { formatCodeReference } from '../../domain/unit/code-sets.ts';
import type { CodeKey } from '../../domain/unit/filter.ts';
import type { CodeRow } from '../read/codes.ts';
import type { TreatmentSiteRow } from '../read/treatment-sites.ts';
import { CodeIndex, type CodeCount } from './code-index.ts';
import { compareBytes } from './compare-bytes.ts';
import type { SnapshotUnit } from './snapshot-unit.ts';
import { TreeIndex } from './tree-index.ts';
import type { UnitList } from './unit-list.ts';

/** What a snapshot is made of. */
export interface SnapshotContent {
  /** Hash of the revision in the ledger; null for revision 0, the empty register */
  readonly hash: string | null;
  /** Units in tree order: each is followed by its descendants */
  readonly units: UnitList;
  /** Codes by set and code, as on the day or closest to it */
  readonly codes: ReadonlyMap<string, CodeRow>;
  /** Treatment sites by organization number, as on the day or closest to it */
  readonly sites: ReadonlyMap<string, TreatmentSiteRow>;
}

/** Indexes that snapshots of consecutive revisions can share. */
export interface SharedIndexes {
  readonly tree?: TreeIndex | undefined;
  /** Undefined where codes have not been counted yet */
  readonly codeIndex?: CodeIndex | undefined;
}

/** The register on a day, as known at a revision, in memory. It never changes. Units are named by their position. */
export class RegisterSnapshot implements SnapshotContent {
  readonly hash: string | null;
  readonly units: UnitList;
  readonly codes: ReadonlyMap<string, CodeRow>;
  readonly sites: ReadonlyMap<string, TreatmentSiteRow>;
  readonly #childrenByName = new Map<number, readonly number[]>();
  readonly tree: TreeIndex;
  #codeIndex: CodeIndex | undefined;

  /** @param shared indexes of another snapshot that are the same for this one */
  constructor(
    readonly at: Snapshot,
    { hash, units, codes, sites }: SnapshotContent,
    shared: SharedIndexes = {},
  ) {
    this.tree = shared.tree ?? new TreeIndex(units);
    this.#codeIndex = shared.codeIndex;
    this.hash = hash;
    this.units = units;
    this.codes = codes;
    this.sites = sites;
  }

  get codeIndex(): CodeIndex | undefined {
    return this.#codeIndex;
  }

  unitAt(position: number): SnapshotUnit {
    return this.units.at(position);
  }

  /** Returns the position of the nearest organization, the unit itself included, or -1 if there is none. */
  enterpriseOf(position: number): number {
    let candidate = position;
    while (candidate >= 0 && this.unitAt(candidate).type !== 'ORGANIZATION') candidate = this.tree.parentOf(candidate);
    return candidate;
  }

  /** Returns the position of the root of the unit's tree. */
  rootOf(position: number): number {
    let root = position;
    while (this.tree.parentOf(root) >= 0) root = this.tree.parentOf(root);
    return root;
  }

  /** Returns the positions of the children, by name in Norwegian order, then RESH-id. */
  childrenOf(position: number): readonly number[] {
    const known = this.#childrenByName.get(position);
    if (known) return known;
    const children = this.#sortByName(this.tree.childrenOf(position));
    this.#childrenByName.set(position, children);
    return children;
  }

  /** Returns the positions of the roots, by name in Norwegian order, then RESH-id. */
  roots(): readonly number[] {
    return this.#sortByName(this.tree.roots());
  }

  #sortByName(positions: readonly number[]): number[] {
    const keyOf = (position: number) => {
      const { nameSortKey, reshId } = this.unitAt(position);
      return { position, nameSortKey, reshId };
    };
    return positions
      .map(keyOf)
      .sort((one, other) => compareBytes(one.nameSortKey, other.nameSortKey) || one.reshId - other.reshId)
      .map(({ position }) => position);
  }

  /** Counts the units of a subtree that have each code of the given sets: most frequent first, then by set and code. */
  countCodes(position: number, codeSets: readonly number[]): CodeCount[] {
    this.#codeIndex ??= new CodeIndex(this.units);
    return this.#codeIndex.count(position, this.tree.endOf(position), codeSets);
  }

  findCode(key: CodeKey): CodeRow | undefined {
    return this.codes.get(formatCodeReference(key));
  }
}
