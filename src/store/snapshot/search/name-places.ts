import type { RegisterSnapshot } from '../register-snapshot.ts';
import type { SearchIndex } from './search-index.ts';

/** Receives a name of a unit of the snapshot: rank 1 is its name, 2 a short name, 3 one in another language, 4 a site. */
export type VisitName = (position: number, rank: number, isFormer: boolean, row: number) => void;

/** Of a row that a snapshot does not show. */
const NOWHERE = 2 ** 30;

/** Where the names of an index are in a snapshot, which is looked up once for all searches of the snapshot. */
export class NamePlaces {
  readonly size: number;
  /** Position of the unit of each version, or -1 less it for a version before the day */
  readonly #versions: Int32Array;
  readonly #sitePositions: ReadonlyMap<string, readonly number[]>;

  constructor(
    private readonly snapshot: RegisterSnapshot,
    private readonly index: SearchIndex,
  ) {
    const { tree, at, units } = snapshot;
    this.size = tree.size;
    const timeOf = index.versions.seenFrom(at);
    this.#versions = new Int32Array(index.versions.length);
    for (let row = 0; row < this.#versions.length; row += 1) {
      const time = timeOf(row);
      const isShown = time === 'present' || time === 'past';
      const position = isShown ? tree.positionOf(index.versions.reshIdOf(row)) : -1;
      this.#versions[row] = position < 0 ? NOWHERE : time === 'present' ? position : -1 - position;
    }
    const sitePositions = new Map<string, number[]>();
    let position = 0;
    for (const { treatmentSiteNumber } of units) {
      if (treatmentSiteNumber !== null) {
        const positions = sitePositions.get(treatmentSiteNumber);
        if (positions) positions.push(position);
        else sitePositions.set(treatmentSiteNumber, [position]);
      }
      position += 1;
    }
    this.#sitePositions = sitePositions;
  }

  /** Returns the positions of the units that have a treatment site. */
  withSite(organizationNumber: string): readonly number[] {
    return this.#sitePositions.get(organizationNumber) ?? [];
  }

  /** Visits the names of units of the snapshot that are a text. */
  forEach(number: number, visit: VisitName): void {
    const { index, snapshot } = this;
    const first = index.firstRowWithText(number);
    if (first >= 0) {
      this.#visitVersion(number, first, visit);
      const others = index.otherRowsWithText(number);
      for (let other = 0; other < others.length; other += 1) this.#visitVersion(number, others[other] as number, visit);
    }
    for (const row of index.nameRowsWithText(number)) {
      const time = index.names.seenFrom(snapshot.at)(row);
      const position = snapshot.tree.positionOf(index.names.reshIdOf(row));
      if (position >= 0 && (time === 'present' || time === 'past')) visit(position, 3, time === 'past', row);
    }
    for (const row of index.siteRowsWithText(number)) {
      if (index.sites.seenFrom(snapshot.at)(row) !== 'present') continue;
      for (const position of this.withSite(index.siteAt(row).organizationNumber)) visit(position, 4, false, row);
    }
  }

  #visitVersion(number: number, row: number, visit: VisitName): void {
    const place = this.#versions[row] as number;
    if (place === NOWHERE) return;
    const [position, isFormer] = place < 0 ? [-1 - place, true] : [place, false];
    if (this.index.isName(row, number)) visit(position, 1, isFormer, row);
    if (this.index.isShortName(row, number)) visit(position, 2, isFormer, row);
  }
}
