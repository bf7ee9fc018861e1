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

/** A match of a unit. */
interface Candidate {
  readonly position: number;
  readonly score: number;
}

/** A match of a unit's names. */
interface NameCandidate extends Candidate {
  /** The version that matched, as a row of the index */
  readonly row: number;
}

/** A match of a number of a unit, which it has on the day. */
interface NumberCandidate extends Candidate {
  readonly match: SearchHit['match'];
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
  const best = new Map<number, NameCandidate | NumberCandidate>();
  const top = within === undefined ? 0 : snapshot.tree.positionOf(within);
  const end = within === undefined ? snapshot.units.length : top < 0 ? top : snapshot.tree.endOf(top);
  for (const candidate of [...listNumberMatches(snapshot, index, terms), ...listNameMatches(snapshot, index, folded)]) {
    const { position, score } = candidate;
    if (position < top || position >= end) continue;
    const known = best.get(position);
    if (!known || score > known.score || (score === known.score && isLater(candidate, known)))
      best.set(position, candidate);
  }
  const hits = selectFirst(best.values(), limit, (one, other) => compareCandidates(snapshot, one, other));
  return { hits: hits.map((candidate) => toHit(snapshot, index, folded, candidate)), totalCount: best.size };
}

/** Says which of two matches of a unit with the same score is shown: that of the version that was recorded later. */
function isLater(one: NameCandidate | NumberCandidate, other: NameCandidate | NumberCandidate): boolean {
  return 'row' in one && 'row' in other && one.row > other.row;
}

function* listNameMatches(snapshot: RegisterSnapshot, index: SearchIndex, terms: FoldedTerms): Iterable<NameCandidate> {
  const { rows, scores } = findNameMatches(index, snapshot.at, terms);
  const timeOf = index.versions.seenFrom(snapshot.at);
  for (const [match, row] of rows.entries()) {
    const penalty = timeOf(row) === 'past' ? FORMER_NAME_PENALTY : 0;
    const position = snapshot.tree.positionOf(index.versions.reshIdOf(row));
    yield { position, score: (scores[match] as number) - penalty, row };
  }
}

function toHit(
  snapshot: RegisterSnapshot,
  index: SearchIndex,
  terms: FoldedTerms,
  candidate: NameCandidate | NumberCandidate,
): SearchHit {
  if ('match' in candidate) return candidate;
  const { position, score, row } = candidate;
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
): Iterable<NumberCandidate> {
  const toCandidate = (matched: number, score: number, kind: MatchKind, text: string): NumberCandidate => ({
    position: tree.positionOf(matched),
    score,
    match: { kind, text },
  });
  const [timeOfVersion, timeOfIdentifier] = [index.versions.seenFrom(at), index.identifiers.seenFrom(at)];
  if (reshId !== null) yield toCandidate(reshId, RESH_ID_SCORE, 'RESH_ID', String(reshId));
  if (organizationNumber !== null)
    for (const row of index.versionsWithOrganizationNumber(organizationNumber)) {
      const matched = index.versions.reshIdOf(row);
      if (timeOfVersion(row) === 'present')
        yield toCandidate(matched, ORGANIZATION_NUMBER_SCORE, 'ORGANIZATION_NUMBER', organizationNumber);
    }
  for (const row of index.identifiersWithValue(identifier))
    if (timeOfIdentifier(row) === 'present')
      yield toCandidate(index.identifiers.reshIdOf(row), IDENTIFIER_SCORE, 'IDENTIFIER', identifier);
}

function compareCandidates(snapshot: RegisterSnapshot, one: Candidate, other: Candidate): number {
  if (one.score !== other.score) return other.score - one.score;
  const [a, b] = [snapshot.unitAt(one.position), snapshot.unitAt(other.position)];
  return compareBytes(a.nameSortKey, b.nameSortKey) || a.reshId - b.reshId;
}

/** Returns the first values in an order, without sorting the others. */
function selectFirst<Value>(
  values: Iterable<Value>,
  limit: number,
  compare: (one: Value, other: Value) => number,
): Value[] {
  const selected: Value[] = [];
  for (const value of values) {
    const last = selected[limit - 1];
    if (limit === 0 || (last !== undefined && compare(value, last) >= 0)) continue;
    let index = selected.length;
    while (index > 0 && compare(value, selected[index - 1] as Value) < 0) index -= 1;
    selected.splice(index, 0, value);
    if (selected.length > limit) selected.pop();
  }
  return selected;
}
