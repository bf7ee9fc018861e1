import type { MatchKind } from '../../read/search.ts';
import { compareBytes } from '../compare-bytes.ts';
import type { RegisterSnapshot } from '../register-snapshot.ts';
import type { SnapshotUnit } from '../snapshot-unit.ts';

/** What of a unit matched: the code of a match of a name, or a number. */
type Matched = number | { readonly kind: MatchKind; readonly text: string };

/** A unit that a search found, with a match. */
interface Candidate {
  readonly unit: SnapshotUnit;
  readonly position: number;
  readonly score: number;
  readonly matched: Matched;
}

/** The best candidates of a search, each of another unit. */
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

  /** Adds a match, unless there are enough better ones or a better one of the same unit. */
  add(position: number, score: number, matched: Matched): void {
    const candidate = { position, score, matched, unit: this.snapshot.unitAt(position) };
    const known = this.candidates.findIndex((other) => other.position === position);
    if (known >= 0) {
      if (!isBetter(candidate, this.candidates[known] as Candidate)) return;
      this.candidates.splice(known, 1);
    }
    let place = this.candidates.length;
    while (place > 0 && compareCandidates(candidate, this.candidates[place - 1] as Candidate) < 0) place -= 1;
    if (place === this.limit) return;
    this.candidates.splice(place, 0, candidate);
    if (this.candidates.length > this.limit) this.candidates.pop();
    if (this.candidates.length === this.limit) this.leastScore = this.candidates.at(-1)?.score ?? this.leastScore;
  }
}

function compareCandidates(one: Candidate, other: Candidate): number {
  return (
    other.score - one.score ||
    compareBytes(one.unit.nameSortKey, other.unit.nameSortKey) ||
    one.unit.reshId - other.unit.reshId
  );
}

/** Says which of two matches of a unit is shown. */
function isBetter(one: Candidate, other: Candidate): boolean {
  if (one.score !== other.score) return one.score > other.score;
  return typeof one.matched === 'number' && typeof other.matched === 'number' && one.matched > other.matched;
}
