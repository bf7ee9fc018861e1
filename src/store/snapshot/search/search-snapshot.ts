import type { SearchTerms } from '../../../domain/text/search-terms.ts';
import type { MatchKind } from '../../read/search.ts';
import { compareBytes } from '../compare-bytes.ts';
import type { RegisterSnapshot } from '../register-snapshot.ts';
import { findNameMatches, foldTerms, isFoundByShortName, type FoldedTerms } from './name-matches.ts';
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
  readonly totalCount: number;
}

/** What of a unit matched: the version with the name, as a row of the index, or a number that it has on the day. */
type Matched = number | SearchHit['match'];

/** A match of a unit. */
interface Candidate {
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
  const best = new BestCandidates(snapshot, limit, within);
  for (const { position, score, match } of listNumberMatches(snapshot, index, terms)) best.add(position, score, match);
  const { rows, scores } = findNameMatches(index, snapshot.at, folded);
  const timeOf = index.versions.seenFrom(snapshot.at);
  for (let match = 0; match < rows.length; match += 1) {
    const row = rows[match] as number;
    const position = snapshot.tree.positionOf(index.versions.reshIdOf(row));
    const score = (scores[match] as number) - (timeOf(row) === 'past' ? FORMER_NAME_PENALTY : 0);
    best.add(position, score, row);
  }
  return {
    hits: best.candidates.map((candidate) => toHit(snapshot, index, folded, candidate)),
    totalCount: best.unitCount,
  };
}

/** The best candidates of a search, each of another unit, and the number of units that had one. */
class BestCandidates {
  /** In order, best first */
  readonly candidates: Candidate[] = [];
  unitCount = 0;
  readonly #start: number;
  readonly #end: number;
  readonly #isCounted: Uint8Array;

  /** @param within RESH-id of the unit to whose subtree the candidates are limited */
  constructor(
    private readonly snapshot: RegisterSnapshot,
    private readonly limit: number,
    within: number | undefined,
  ) {
    const top = within === undefined ? 0 : snapshot.tree.positionOf(within);
    this.#start = top;
    this.#end = within === undefined ? snapshot.units.length : top < 0 ? top : snapshot.tree.endOf(top);
    this.#isCounted = new Uint8Array(snapshot.units.length);
  }

  /** Counts the unit of a match, and adds the match unless there are better ones. */
  add(position: number, score: number, matched: Matched): void {
    if (position < this.#start || position >= this.#end) return;
    if (this.#isCounted[position] === 0) {
      this.#isCounted[position] = 1;
      this.unitCount += 1;
    }
    const last = this.candidates[this.limit - 1];
    // Most matches are not among the best, so nothing is made for them.
    if (this.limit > 0 && (last === undefined || score >= last.score)) this.#insert({ position, score, matched });
  }

  #insert(candidate: Candidate): void {
    const known = this.candidates.findIndex(({ position }) => position === candidate.position);
    if (known >= 0) {
      if (!isBetter(candidate, this.candidates[known] as Candidate)) return;
      this.candidates.splice(known, 1);
    }
    let place = this.candidates.length;
    while (place > 0 && this.#compare(candidate, this.candidates[place - 1] as Candidate) < 0) place -= 1;
    this.candidates.splice(place, 0, candidate);
    if (this.candidates.length > this.limit) this.candidates.pop();
  }

  #compare(one: Candidate, other: Candidate): number {
    if (one.score !== other.score) return other.score - one.score;
    const [a, b] = [this.snapshot.unitAt(one.position), this.snapshot.unitAt(other.position)];
    return compareBytes(a.nameSortKey, b.nameSortKey) || a.reshId - b.reshId;
  }
}

/** Says which of two matches of a unit is shown: of those with the same score, that of the version recorded later. */
function isBetter(one: Candidate, other: Candidate): boolean {
  if (one.score !== other.score) return one.score > other.score;
  return typeof one.matched === 'number' && typeof other.matched === 'number' && one.matched > other.matched;
}

function toHit(snapshot: RegisterSnapshot, index: SearchIndex, terms: FoldedTerms, candidate: Candidate): SearchHit {
  const { position, score, matched: row } = candidate;
  if (typeof row !== 'number') return { position, score, match: row };
  const isPast = index.versions.seenFrom(snapshot.at)(row) === 'past';
  const names = (isPast ? index.writtenNamesOf(row) : undefined) ?? snapshot.unitAt(position);
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
