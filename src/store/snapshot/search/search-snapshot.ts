import type { SearchTerms } from '../../../domain/text/search-terms.ts';
import type { MatchKind } from '../../read/search.ts';
import type { RegisterSnapshot } from '../register-snapshot.ts';
import { BestCandidates } from './best-candidates.ts';
import { findNameMatches, foldTerms, type NameMatches } from './name-matches.ts';
import { NamePlaces } from './name-places.ts';
import type { SearchIndex } from './search-index.ts';

/** Scores of numbers, which are greater than any score of a name. */
const RESH_ID_SCORE = 10_005;
const ORGANIZATION_NUMBER_SCORE = 10_004;
const IDENTIFIER_SCORE = 10_003;
const SITE_SCORE = 10_002;
const FORMER_PENALTY = 1_000;

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
 * @returns undefined where only the database can search: for characters that it has to fold, and where nothing has the
 * words as they are
 */
export function searchSnapshot(
  snapshot: RegisterSnapshot,
  index: SearchIndex,
  { terms, within, limit }: TextSearch,
): SearchResult | undefined {
  const folded = foldTerms(index, terms);
  if (!folded) return undefined;
  const places = findPlaces(snapshot, index);
  const names = findNameMatches(snapshot, index, places, folded);
  const [start, end] = findRange(snapshot, within);
  const numberHits = new Map<number, SearchHit>();
  for (const hit of listNumberHits(snapshot, index, places, terms))
    if (hit.position >= start && hit.position < end && (numberHits.get(hit.position)?.score ?? 0) < hit.score)
      numberHits.set(hit.position, hit);
  for (const { position, score } of numberHits.values()) names.scores[position] = score;
  const best = new BestCandidates(snapshot, limit);
  let unitCount = 0;
  for (let position = start; position < end; position += 1) {
    const score = names.scores[position] as number;
    if (score === 0) continue;
    unitCount += 1;
    if (score >= best.leastScore) best.add(position, score);
  }
  // Misspelled words, and texts that only closed units have, are left to SQL.
  if (unitCount === 0) return undefined;
  return {
    hits: best.candidates.map(
      ({ position, score }) =>
        numberHits.get(position) ?? { position, score, match: describeName(snapshot, index, names, position) },
    ),
    countUnits: () => unitCount,
  };
}

const placesBySnapshot = new WeakMap<RegisterSnapshot, { index: SearchIndex; revision: number; places: NamePlaces }>();

/** Returns where the names of an index are in a snapshot; an index that has advanced has more of them. */
function findPlaces(snapshot: RegisterSnapshot, index: SearchIndex): NamePlaces {
  const known = placesBySnapshot.get(snapshot);
  if (known?.index === index && known.revision === index.revision) return known.places;
  const places = new NamePlaces(snapshot, index);
  placesBySnapshot.set(snapshot, { index, revision: index.revision, places });
  return places;
}

/** Returns the positions of a subtree; of no unit if it is unknown. */
function findRange({ tree }: RegisterSnapshot, within: number | undefined): readonly [start: number, end: number] {
  if (within === undefined) return [0, tree.size];
  const top = tree.positionOf(within);
  return top < 0 ? [0, 0] : [top, tree.endOf(top)];
}

function describeName(
  snapshot: RegisterSnapshot,
  index: SearchIndex,
  names: NameMatches,
  position: number,
): SearchHit['match'] {
  const { rank, isFormer, row } = names.describe(position);
  const kindOf = (kind: MatchKind): MatchKind => (isFormer ? 'FORMER_NAME' : kind);
  if (rank === 4) return { kind: 'TREATMENT_SITE', text: index.siteAt(row).name };
  if (rank === 3) return { kind: kindOf('INTERNATIONAL_NAME'), text: index.nameAt(row) };
  const written = (isFormer ? index.writtenNamesOf(row) : undefined) ?? snapshot.unitAt(position);
  return rank === 2
    ? { kind: kindOf('SHORT_NAME'), text: written.shortName ?? written.name }
    : { kind: kindOf('NAME'), text: written.name };
}

function* listNumberHits(
  { tree, at }: RegisterSnapshot,
  index: SearchIndex,
  places: NamePlaces,
  { reshId, organizationNumber, identifier }: SearchTerms,
): Iterable<SearchHit> {
  const toHit = (matched: number, isFormer: boolean, score: number, kind: MatchKind, text: string): SearchHit => ({
    position: tree.positionOf(matched),
    score: isFormer ? score - FORMER_PENALTY : score,
    match: { kind: isFormer ? 'FORMER_IDENTIFIER' : kind, text },
  });
  const [timeOfVersion, timeOfIdentifier] = [index.versions.seenFrom(at), index.identifiers.seenFrom(at)];
  if (reshId !== null) yield toHit(reshId, false, RESH_ID_SCORE, 'RESH_ID', String(reshId));
  if (organizationNumber !== null) {
    for (const row of index.versionsWithOrganizationNumber(organizationNumber)) {
      const time = timeOfVersion(row);
      const matched = index.versions.reshIdOf(row);
      if (time === 'present' || time === 'past')
        yield toHit(matched, time === 'past', ORGANIZATION_NUMBER_SCORE, 'ORGANIZATION_NUMBER', organizationNumber);
    }
    for (const position of places.withSite(organizationNumber))
      yield { position, score: SITE_SCORE, match: { kind: 'TREATMENT_SITE', text: organizationNumber } };
  }
  for (const row of index.identifiersWithValue(identifier)) {
    const time = timeOfIdentifier(row);
    const matched = index.identifiers.reshIdOf(row);
    if (time === 'present' || time === 'past')
      yield toHit(matched, time === 'past', IDENTIFIER_SCORE, 'IDENTIFIER', identifier);
  }
}
