import type { Day } from '../time/day.ts';
import type { Lookup } from './lookup.ts';
import { isForward, type Succession } from './succession.ts';

/** What a unit of one day is on another day. */
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

/** The facts of a version that show whether a unit moved or was renamed. */
export interface TranslatedVersion {
  readonly parentReshId: number | null;
  readonly name: string;
  readonly shortName: string | null;
}

/** A unit on both days, and the successions followed between them. */
export interface Translation<Version> {
  /** Day of the unit, and its version on that day; its last version if it had closed */
  readonly since: Day;
  readonly originVersion: Version;
  readonly to: Day;
  /** Lookup of the unit itself on the target day */
  readonly lookupAtTarget: Lookup<Version>;
  readonly steps: readonly Pick<Succession, 'kind'>[];
  /** Whether a unit came back between the days, and no succession records its return */
  readonly hasUndoneSteps: boolean;
}

/**
 * Classifies what became of a unit: the first that applies of SPLIT, MERGED, CLOSED (before its first day:
 * NOT_YET_VALID), MOVED, RENAMED and UNCHANGED.
 *
 * A split or merger among the followed successions makes it SPLIT or MERGED, in either direction. A replacement leaves
 * it CLOSED (backwards: NOT_YET_VALID); if the unit itself is also valid on the target day, it was SPLIT (backwards:
 * MERGED). Where a unit came back, the unit that it comes out of was SPLIT, however the unit had passed to it.
 */
export function classifyTranslation<Version extends TranslatedVersion>({
  since,
  originVersion,
  to,
  lookupAtTarget: { outcome, found },
  steps,
  hasUndoneSteps,
}: Translation<Version>): TranslationOutcome {
  if (hasUndoneSteps || steps.some(({ kind }) => kind === 'SPLIT')) return 'SPLIT';
  if (steps.some(({ kind }) => kind === 'MERGE')) return 'MERGED';
  if (outcome === 'NOT_YET_VALID') return 'NOT_YET_VALID';
  if (outcome !== 'FOUND' || !found) return 'CLOSED';
  if (steps.length > 0) return isForward({ since, to }) ? 'SPLIT' : 'MERGED';
  const { parentReshId, name, shortName } = found.version;
  if (parentReshId !== originVersion.parentReshId) return 'MOVED';
  return name !== originVersion.name || shortName !== originVersion.shortName ? 'RENAMED' : 'UNCHANGED';
}
