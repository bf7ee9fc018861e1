import { describe, expect, it } from 'vitest';
import type { Lookup } from '../../src/domain/unit/lookup.ts';
import type { Succession } from '../../src/domain/unit/succession.ts';
import { classifyTranslation, type TranslatedVersion } from '../../src/domain/unit/translation.ts';

const [earlier, later] = ['2010-01-01', '2020-01-01'];
const ward: TranslatedVersion = { parentReshId: 10, name: 'Ward', shortName: null };

function buildFound(version: TranslatedVersion): Lookup<TranslatedVersion> {
  return {
    outcome: 'FOUND',
    found: { version, seenOn: later },
  };
}

const closedLookup: Lookup<TranslatedVersion> = { outcome: 'CLOSED', found: { version: ward, seenOn: '2015-01-01' } };
const notYetValidLookup: Lookup<TranslatedVersion> = {
  outcome: 'NOT_YET_VALID',
  found: { version: ward, seenOn: earlier },
};

function translationOutcomeOf(
  lookupAtTarget: Lookup<TranslatedVersion>,
  kinds: readonly Succession['kind'][] = [],
  isBackward = false,
  hasUndoneSteps = false,
) {
  return classifyTranslation({
    ...(isBackward ? { since: later, to: earlier } : { since: earlier, to: later }),
    originVersion: ward,
    lookupAtTarget,
    steps: kinds.map((kind) => ({ kind })),
    hasUndoneSteps,
  });
}

describe('outcome of a translation', () => {
  it('is the first match of split, merged, closed, moved, renamed and unchanged', () => {
    const movedAndRenamed = { parentReshId: 20, name: 'Post', shortName: null };
    expect(translationOutcomeOf(closedLookup, ['MERGE', 'SPLIT'])).toBe('SPLIT');
    expect(translationOutcomeOf(closedLookup, ['REPLACEMENT', 'MERGE'])).toBe('MERGED');
    expect(translationOutcomeOf(closedLookup, ['REPLACEMENT'])).toBe('CLOSED');
    expect(translationOutcomeOf(closedLookup)).toBe('CLOSED');
    expect(translationOutcomeOf(buildFound(movedAndRenamed))).toBe('MOVED');
    expect(translationOutcomeOf(buildFound({ ...ward, name: 'Post' }))).toBe('RENAMED');
    expect(translationOutcomeOf(buildFound({ ...ward, shortName: 'W' }))).toBe('RENAMED');
    expect(translationOutcomeOf(buildFound(ward))).toBe('UNCHANGED');
  });

  it('is split or merged even when the unit is still valid', () => {
    expect(translationOutcomeOf(buildFound(ward), ['SPLIT'])).toBe('SPLIT');
    expect(translationOutcomeOf(buildFound(ward), ['MERGE'])).toBe('MERGED');
    expect(translationOutcomeOf(buildFound(ward), ['REPLACEMENT'])).toBe('SPLIT');
  });

  it('is split where a unit came back, however it had become the other', () => {
    expect(translationOutcomeOf(buildFound(ward), ['MERGE'], false, true)).toBe('SPLIT');
    expect(translationOutcomeOf(closedLookup, ['REPLACEMENT'], true, true)).toBe('SPLIT');
  });

  it('has the same values backwards, and not yet valid before the first day', () => {
    expect(translationOutcomeOf(notYetValidLookup, ['MERGE'], true)).toBe('MERGED');
    expect(translationOutcomeOf(notYetValidLookup, ['SPLIT'], true)).toBe('SPLIT');
    expect(translationOutcomeOf(notYetValidLookup, ['REPLACEMENT'], true)).toBe('NOT_YET_VALID');
    expect(translationOutcomeOf(notYetValidLookup, [], true)).toBe('NOT_YET_VALID');
    expect(translationOutcomeOf(buildFound(ward), ['REPLACEMENT'], true)).toBe('MERGED');
  });
});
