import type { SearchTerms } from '../../../domain/text/search-terms.ts';
import type { MatchKind } from '../../read/search.ts';
import { nameRanks } from '../../sql/search-names.ts';
import type { RegisterSnapshot } from '../register-snapshot.ts';
import { BestCandidates } from './best-candidates.ts';
import { findExactNames } from './exact-names.ts';
import { foldTerms, type FoldedTerms } from './folded-terms.ts';
import { listNumberMatches } from './number-matches.ts';
import type { SearchIndex } from './search-index.ts';
import { findSimilarNames, isFoundByShortName } from './similar-names.ts';
import { readCode } from './unit-matches.ts';

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
  /** Counts the closed units that match; undefined in a subtree, as they have no place in the tree of a snapshot */
  readonly countClosed: () => number | undefined;
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
  const numbers = [...listNumberMatches(index, snapshot.at, terms)];
  const exactNames = findExactNames(index, snapshot.at, folded);
  // Similar words are looked for only if nothing has the words as they are.
  const hasExactMatch = numbers.length > 0 || exactNames.reshIds.length > 0;
  const { reshIds, scores, codes } = hasExactMatch ? exactNames : findSimilarNames(index, snapshot.at, folded);
  const best = new BestCandidates(snapshot, limit);
  for (const { reshId, score, match } of numbers) {
    const position = snapshot.tree.positionOf(reshId);
    if (isWithin(position)) best.add(position, score, match);
  }
  for (let match = 0; match < reshIds.length; match += 1) {
    const score = scores[match] as number;
    // Most matches are not among the best, so nothing is made for them.
    if (score < best.leastScore) continue;
    const position = snapshot.tree.positionOf(reshIds[match] as number);
    if (isWithin(position)) best.add(position, score, codes[match] as number);
  }
  const countUnits = (): number => {
    const isFound = new Uint8Array(snapshot.units.length);
    let count = 0;
    const countUnit = (reshId: number): void => {
      const position = snapshot.tree.positionOf(reshId);
      if (!isWithin(position) || isFound[position] === 1) return;
      isFound[position] = 1;
      count += 1;
    };
    for (const { reshId } of numbers) countUnit(reshId);
    for (const reshId of reshIds) countUnit(reshId);
    return count;
  };
  let unitCount: number | undefined;
  return {
    hits: best.candidates.map(({ position, score, matched }) => ({
      position,
      score,
      match: typeof matched === 'number' ? describeName(snapshot, index, folded, { position, code: matched }) : matched,
    })),
    countUnits: () => (unitCount ??= countUnits()),
    countClosed: () => {
      if (within !== undefined) return undefined;
      const matched = new Set([...numbers.map(({ reshId }) => reshId), ...reshIds]);
      return [...matched].filter((reshId) => snapshot.tree.positionOf(reshId) < 0).length;
    },
  };
}

/** Returns a function that says whether a position is one of a unit in the subtree of another one. */
function createRange({ tree }: RegisterSnapshot, within: number | undefined): (position: number) => boolean {
  const top = within === undefined ? 0 : tree.positionOf(within);
  const end = within === undefined ? tree.size : top < 0 ? top : tree.endOf(top);
  return (position) => position >= top && position < end;
}

interface FoundName {
  readonly position: number;
  /** Code of the match */
  readonly code: number;
}

function describeName(
  snapshot: RegisterSnapshot,
  index: SearchIndex,
  terms: FoldedTerms,
  { position, code }: FoundName,
): SearchHit['match'] {
  const { rank, isFormer, row } = readCode(code);
  const describe = (kind: MatchKind, text: string) => ({ kind: isFormer ? ('FORMER_NAME' as const) : kind, text });
  if (rank === nameRanks.TREATMENT_SITE) return describe('TREATMENT_SITE', index.siteAt(row).name);
  if (rank === nameRanks.INTERNATIONAL_NAME) return describe('INTERNATIONAL_NAME', index.nameInOtherLanguageAt(row));
  const { name, shortName } = (isFormer ? index.writtenNamesOf(row) : undefined) ?? snapshot.unitAt(position);
  const isShortName = rank === nameRanks.SHORT_NAME || (rank === 0 && isFoundByShortName(index, row, terms));
  return shortName !== null && isShortName ? describe('SHORT_NAME', shortName) : describe('NAME', name);
}
