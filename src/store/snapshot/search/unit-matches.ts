import { searchPoints } from '../../../domain/text/search-terms.ts';

/** Matches of names; a unit may have several. They are kept as columns, because most of them are not shown. */
export interface UnitMatches {
  readonly reshIds: number[];
  /** Greater is better */
  readonly scores: number[];
  /** Of the matches of a unit with the same score, the one with the greatest code is shown */
  readonly codes: number[];
}

/** A match of a name. */
export interface NameMatch {
  readonly reshId: number;
  /** Score of the name, whenever the unit has it */
  readonly score: number;
  /** Kind of name, by `nameRanks`; 0 for the more similar one of a name and a short name */
  readonly rank: number;
  readonly time: 'past' | 'present';
  /** Row of the index with the name: the one recorded last is shown */
  readonly row: number;
}

/** Greater than any row. */
const ROW_LIMIT = 2 ** 31;
/** Greater than any rank; added to that of a former name. */
const FORMER = 10;

export function noMatches(): UnitMatches {
  return { reshIds: [], scores: [], codes: [] };
}

export function addMatch(matches: UnitMatches, { reshId, score, rank, time, row }: NameMatch): void {
  const isFormer = time === 'past';
  matches.reshIds.push(reshId);
  matches.scores.push(isFormer ? score - searchPoints.former : score);
  matches.codes.push((2 * FORMER - rank - (isFormer ? FORMER : 0)) * ROW_LIMIT + row);
}

/** Returns what the code of a match stands for. */
export function readCode(code: number): { readonly rank: number; readonly isFormer: boolean; readonly row: number } {
  const order = 2 * FORMER - Math.floor(code / ROW_LIMIT);
  return { rank: order % FORMER, isFormer: order >= FORMER, row: code % ROW_LIMIT };
}
