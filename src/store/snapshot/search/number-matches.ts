import type { SearchTerms } from '../../../domain/text/search-terms.ts';
import type { Snapshot } from '../../../domain/time/snapshot.ts';
import type { MatchKind } from '../../read/search.ts';
import type { SearchIndex } from './search-index.ts';

/** Scores of numbers, which are greater than any score of a name. */
const scores = { RESH_ID: 10_005, ORGANIZATION_NUMBER: 10_004, IDENTIFIER: 10_003, TREATMENT_SITE: 10_002 } as const;
/** Points that a number loses if the unit had it before. */
const FORMER_PENALTY = 1_000;

/** A match of a number of a unit. */
export interface NumberMatch {
  readonly reshId: number;
  readonly score: number;
  readonly match: { readonly kind: MatchKind; readonly text: string };
}

/** Lists the units, valid on the day of a snapshot or before, that have a search text as a number or identifier. */
export function* listNumberMatches(
  index: SearchIndex,
  at: Snapshot,
  { reshId, organizationNumber, identifier }: SearchTerms,
): Iterable<NumberMatch> {
  const { versions, identifiers } = index;
  const [timeOfVersion, timeOfIdentifier] = [versions.seenFrom(at), identifiers.seenFrom(at)];
  const isSeen = (row: number): boolean => timeOfVersion(row) === 'present' || timeOfVersion(row) === 'past';
  if (reshId !== null && versions.rowsOf(reshId).some(isSeen)) yield toMatch(reshId, 'RESH_ID', String(reshId));
  if (organizationNumber !== null) {
    for (const row of index.versionsWithOrganizationNumber(organizationNumber).filter(isSeen))
      yield toMatch(versions.reshIdOf(row), 'ORGANIZATION_NUMBER', organizationNumber, timeOfVersion(row) === 'past');
    for (const row of index.versionsWithSite(organizationNumber))
      if (timeOfVersion(row) === 'present') yield toMatch(versions.reshIdOf(row), 'TREATMENT_SITE', organizationNumber);
  }
  for (const row of index.identifiersWithValue(identifier)) {
    const time = timeOfIdentifier(row);
    if (time === 'present' || time === 'past')
      yield toMatch(identifiers.reshIdOf(row), 'IDENTIFIER', identifier, time === 'past');
  }
}

function toMatch(reshId: number, kind: keyof typeof scores, text: string, isFormer = false): NumberMatch {
  return {
    reshId,
    score: scores[kind] - (isFormer ? FORMER_PENALTY : 0),
    match: { kind: isFormer ? 'FORMER_IDENTIFIER' : kind, text },
  };
}
