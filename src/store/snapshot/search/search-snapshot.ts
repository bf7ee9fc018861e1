import type { SearchTerms } from '../../../domain/text/search-terms.ts';
import type { MatchKind } from '../../read/search.ts';
import { compareBytes } from '../compare-bytes.ts';
import type { RegisterSnapshot } from '../register-snapshot.ts';
import type { SnapshotUnit } from '../snapshot-unit.ts';
import { findNameMatches, foldTerms, isFoundByShortName, type FoldedTerms, type NameMatches } from './name-matches.ts';
import type { SearchIndex } from './search-index.ts';

/** Points that a former name scores less than a name of the day. */
const FORMER_NAME_PENALTY = 150;
/** Scores of numbers, which are greater than any score of a name. */
const RESH_ID_SCORE = 10_003;
const ORGANIZATION_NUMBER_SCORE = 10_002;
const IDENTIFIER_SCORE = 10_001;

/** A unit that a search found, with its best match. */
export interface SearchHit {
  readonly position: number;
  readonly score: number;
  readonly match: { readonly kind: MatchKind; readonly text: string };
}

/** The best hits of a search. */
export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** Counts all units that were found */
  readonly countUnits: () => number;
}

/** What of a unit matched: the version with the name, as a row of the index, or a number that it has on the day. */
type Matched = number | SearchHit['match'];

/** A match of a unit. */
interface Candidate {
  readonly unit: SnapshotUnit;
  readonly position: number;
  readonly score: number;
  readonly matched: Matched;
}

/** A search by text. */
export interface TextSearch {
  readonly terms: SearchTerms;
  /** RESH-id of a unit: limits the search to its subtree */
  readonly within: number | undefined;
  /** Most hits to return */
  readonly limit: number;
}

/**
 * Searches the units of a snapshot with the result of `readSearchHits`: best match first, then by name in Norwegian
 * order and RESH-id.
 *
 * @param index at the revision of the snapshot or later
 * @returns undefined where only the database can search
 */
export function searchSnapshot(
  snapshot: RegisterSnapshot,
  index: SearchIndex,
  { terms, within, limit }: TextSearch,
): SearchResult | undefined {
  const folded = foldTerms(index, terms);
  if (!folded) return undefined;
  const isWithin = createRange(snapshot, within);
  const numberMatches = [...listNumberMatches(snapshot, index, terms)].filter(({ position }) => isWithin(position));
  const nameMatches = findNameMatches(index, snapshot.at, folded);
  const findPosition = (row: number): number => snapshot.tree.positionOf(index.versions.reshIdOf(row));
  const best = new BestCandidates(snapshot, limit);
  for (const { position, score, match } of numberMatches) best.add(position, score, match);
  const timeOf = index.versions.seenFrom(snapshot.at);
  forEachName(nameMatches, (row, nameScore) => {
    // Most matches are not among the best, so nothing is made for them.
    if (nameScore < best.leastScore) return;
    const score = nameScore - (timeOf(row) === 'past' ? FORMER_NAME_PENALTY : 0);
    const position = findPosition(row);
    if (score >= best.leastScore && isWithin(position)) best.add(position, score, row);
  });
  const countUnits = (): number => {
    const isFound = new Uint8Array(snapshot.units.length);
    for (const { position } of numberMatches) isFound[position] = 1;
    forEachName(nameMatches, (row) => {
      const position = findPosition(row);
      if (isWithin(position)) isFound[position] = 1;
    });
    return isFound.reduce((sum, found) => sum + found, 0);
  };
  let unitCount: number | undefined;
  return {
    hits: best.candidates.map((candidate) => toHit(snapshot, index, folded, candidate)),
    countUnits: () => (unitCount ??= countUnits()),
  };
}

/** Returns a function that says whether a position is one of a unit in the subtree of another one. */
function createRange({ tree }: RegisterSnapshot, within: number | undefined): (position: number) => boolean {
  const top = within === undefined ? 0 : tree.positionOf(within);
  const end = within === undefined ? tree.size : top < 0 ? top : tree.endOf(top);
  return (position) => position >= top && position < end;
}

function forEachName({ rows, scores, leastScore }: NameMatches, visit: (row: number, score: number) => void): void {
  for (let match = 0; match < rows.length; match += 1) {
    const score = scores[match] as number;
    if (score >= leastScore) visit(rows[match] as number, score);
  }
}

/** The best candidates of a search, each of another unit. */
class BestCandidates {
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

/** Says which of two matches of a unit is shown: of those with the same score, that of the version recorded later. */
function isBetter(one: Candidate, other: Candidate): boolean {
  if (one.score !== other.score) return one.score > other.score;
  return typeof one.matched === 'number' && typeof other.matched === 'number' && one.matched > other.matched;
}

function toHit(snapshot: RegisterSnapshot, index: SearchIndex, terms: FoldedTerms, candidate: Candidate): SearchHit {
  const { unit, position, score, matched: row } = candidate;
  if (typeof row !== 'number') return { position, score, match: row };
  const isPast = index.versions.seenFrom(snapshot.at)(row) === 'past';
  const names = (isPast ? index.writtenNamesOf(row) : undefined) ?? unit;
  if (names.shortName === null || !isFoundByShortName(index, row, terms))
    return { position, score, match: { kind: isPast ? 'FORMER_NAME' : 'NAME', text: names.name } };
  return { position, score, match: { kind: isPast ? 'FORMER_NAME' : 'SHORT_NAME', text: names.shortName } };
}

function* listNumberMatches(
  { tree, at }: RegisterSnapshot,
  index: SearchIndex,
  { reshId, organizationNumber, identifier }: SearchTerms,
): Iterable<SearchHit> {
  const toHitOf = (matched: number, score: number, kind: MatchKind, text: string): SearchHit => ({
    position: tree.positionOf(matched),
    score,
    match: { kind, text },
  });
  const [timeOfVersion, timeOfIdentifier] = [index.versions.seenFrom(at), index.identifiers.seenFrom(at)];
  if (reshId !== null) yield toHitOf(reshId, RESH_ID_SCORE, 'RESH_ID', String(reshId));
  if (organizationNumber !== null)
    for (const row of index.versionsWithOrganizationNumber(organizationNumber)) {
      const matched = index.versions.reshIdOf(row);
      if (timeOfVersion(row) === 'present')
        yield toHitOf(matched, ORGANIZATION_NUMBER_SCORE, 'ORGANIZATION_NUMBER', organizationNumber);
    }
  for (const row of index.identifiersWithValue(identifier))
    if (timeOfIdentifier(row) === 'present')
      yield toHitOf(index.identifiers.reshIdOf(row), IDENTIFIER_SCORE, 'IDENTIFIER', identifier);
}
