import { compareBytes } from '../compare-bytes.ts';
import type { RegisterSnapshot } from '../register-snapshot.ts';

/** A unit that a search found, with what orders it. */
export interface Candidate {
  readonly position: number;
  readonly score: number;
  readonly nameSortKey: string;
  readonly reshId: number;
}

/** The best units that a search found. */
export class BestCandidates {
  /** In order, best first */
  readonly candidates: Candidate[] = [];
  /** A candidate with a smaller score is not among the best */
  leastScore: number;

  constructor(
    private readonly snapshot: RegisterSnapshot,
    private readonly limit: number,
  ) {
    this.leastScore = limit > 0 ? -Infinity : Infinity;
  }

  /** Adds a unit, which must not have been added before, unless there are enough better ones. */
  add(position: number, score: number): void {
    const { nameSortKey, reshId } = this.snapshot.unitAt(position);
    const candidate = { position, score, nameSortKey, reshId };
    let place = this.candidates.length;
    while (place > 0 && compareCandidates(candidate, this.candidates[place - 1] as Candidate) < 0) place -= 1;
    if (place === this.limit) return;
    this.candidates.splice(place, 0, candidate);
    if (this.candidates.length > this.limit) this.candidates.pop();
    if (this.candidates.length === this.limit) this.leastScore = this.candidates.at(-1)?.score ?? this.leastScore;
  }
}

function compareCandidates(one: Candidate, other: Candidate): number {
  return other.score - one.score || compareBytes(one.nameSortKey, other.nameSortKey) || one.reshId - other.reshId;
}
