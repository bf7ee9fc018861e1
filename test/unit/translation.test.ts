import { describe, expect, it } from 'vitest';
import type { Lookup } from '../../src/domain/unit/lookup.ts';
import type { Succession } from '../../src/domain/unit/succession.ts';
import { translationOutcome, type Translated } from '../../src/domain/unit/translation.ts';

const [earlier, later] = ['2010-01-01', '2020-01-01'];
const ward: Translated = { parentReshId: 10, name: 'Ward', shortName: null };
const found = (version: Translated): Lookup<Translated> => ({ outcome: 'FOUND', found: { version, seenOn: later } });
const closed: Lookup<Translated> = { outcome: 'CLOSED', found: { version: ward, seenOn: '2015-01-01' } };
const notYet: Lookup<Translated> = { outcome: 'NOT_YET_VALID', found: { version: ward, seenOn: earlier } };

const outcomeOf = (then: Lookup<Translated>, kinds: readonly Succession['kind'][] = [], backwards = false) =>
  translationOutcome({
    ...(backwards ? { since: later, to: earlier } : { since: earlier, to: later }),
    as: ward,
    then,
    steps: kinds.map((kind) => ({ kind })),
  });

describe('what became of a unit', () => {
  it('is the first that holds of split, merged, closed, moved, renamed and unchanged', () => {
    const movedAndRenamed = { parentReshId: 20, name: 'Post', shortName: null };
    expect(outcomeOf(closed, ['MERGE', 'SPLIT'])).toBe('SPLIT');
    expect(outcomeOf(closed, ['REPLACEMENT', 'MERGE'])).toBe('MERGED');
    expect(outcomeOf(closed, ['REPLACEMENT'])).toBe('CLOSED');
    expect(outcomeOf(closed)).toBe('CLOSED');
    expect(outcomeOf(found(movedAndRenamed))).toBe('MOVED');
    expect(outcomeOf(found({ ...ward, name: 'Post' }))).toBe('RENAMED');
    expect(outcomeOf(found({ ...ward, shortName: 'W' }))).toBe('RENAMED');
    expect(outcomeOf(found(ward))).toBe('UNCHANGED');
  });

  it('is split or merged where the unit is still there, too', () => {
    expect(outcomeOf(found(ward), ['SPLIT'])).toBe('SPLIT');
    expect(outcomeOf(found(ward), ['MERGE'])).toBe('MERGED');
    expect(outcomeOf(found(ward), ['REPLACEMENT'])).toBe('SPLIT');
  });

  it('looks back by the same kinds, and before the first day is not yet valid', () => {
    expect(outcomeOf(notYet, ['MERGE'], true)).toBe('MERGED');
    expect(outcomeOf(notYet, ['SPLIT'], true)).toBe('SPLIT');
    expect(outcomeOf(notYet, ['REPLACEMENT'], true)).toBe('NOT_YET_VALID');
    expect(outcomeOf(notYet, [], true)).toBe('NOT_YET_VALID');
    expect(outcomeOf(found(ward), ['REPLACEMENT'], true)).toBe('MERGED');
  });
});
