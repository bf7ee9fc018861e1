import type { Day } from '../time/day.ts';
import type { Lookup } from './lookup.ts';
import { isForward, type Succession } from './succession.ts';

/** What a unit as of one day is on another day. */
export const translationOutcomes = [
  'SPLIT',
  'MERGED',
  'CLOSED',
  'MOVED',
  'RENAMED',
  'UNCHANGED',
  'NOT_YET_VALID',
  'UNKNOWN',
] as const;
export type TranslationOutcome = (typeof translationOutcomes)[number];

/** What of a unit's version tells whether it moved or got another name. */
export interface TranslatedVersion {
  readonly parentReshId: number | null;
  readonly name: string;
  readonly shortName: string | null;
}

/** A unit on both days, and the successions followed between them. */
export interface Translation<Version> {
  /** Day as of which the unit is meant, and its version then: the last one where it had closed */
  readonly since: Day;
  readonly originVersion: Version;
  readonly to: Day;
  /** What the unit itself is on that day */
  readonly lookupAtTarget: Lookup<Version>;
  readonly steps: readonly Pick<Succession, 'kind'>[];
}

/**
 * What became of a unit: the first that holds of SPLIT, MERGED, CLOSED (or, before its first day, NOT_YET_VALID),
 * MOVED, RENAMED and UNCHANGED.
 *
 * A succession followed makes it SPLIT or MERGED by its kind, whichever way one looks. A replacement leaves it CLOSED
 * (backwards: NOT_YET_VALID); where the unit is there itself on the day, beside what replaced it, it was SPLIT
 * (backwards: MERGED).
 */
export function classifyTranslation<Version extends TranslatedVersion>({
  since,
  originVersion,
  to,
  lookupAtTarget: { outcome, found },
  steps,
}: Translation<Version>): TranslationOutcome {
  if (steps.some(({ kind }) => kind === 'SPLIT')) return 'SPLIT';
  if (steps.some(({ kind }) => kind === 'MERGE')) return 'MERGED';
  if (outcome === 'NOT_YET_VALID') return 'NOT_YET_VALID';
  if (outcome !== 'FOUND' || !found) return 'CLOSED';
  if (steps.length > 0) return isForward({ since, to }) ? 'SPLIT' : 'MERGED';
  const { parentReshId, name, shortName } = found.version;
  if (parentReshId !== originVersion.parentReshId) return 'MOVED';
  return name !== originVersion.name || shortName !== originVersion.shortName ? 'RENAMED' : 'UNCHANGED';
}
