import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateSimilarReshIds } from '../../src/domain/text/similar-resh-ids.ts';

function swapDigits(text: string, index: number): string {
  return text.slice(0, index) + text.charAt(index + 1) + text.charAt(index) + text.slice(index + 2);
}

describe('suggestions for a mistyped RESH-id', () => {
  it('are unique: one digit less, one more, two swapped, then one changed, each sorted by number', () => {
    expect(generateSimilarReshIds(12)).toEqual([
      ...[1, 2],
      ...[102, 112, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 132, 142, 152, 162, 172, 182, 192],
      ...[212, 312, 412, 512, 612, 712, 812, 912],
      21,
      ...[10, 11, 13, 14, 15, 16, 17, 18, 19, 22, 32, 42, 52, 62, 72, 82, 92],
    ]);
  });

  it.each([
    [1_085_970, 108_597, 'a digit too many'],
    [10_859, 108_597, 'a digit too few'],
    [108_596, 108_597, 'one wrong digit'],
    [108_579, 108_597, 'two neighbours swapped'],
  ])('include for %i the intended %i: %s', (typed, intended) => {
    expect(generateSimilarReshIds(typed)).toContain(intended);
  });

  it('exclude leading zeros, ids above the greatest and the id itself', () => {
    expect(generateSimilarReshIds(10)).not.toContain(0);
    expect(generateSimilarReshIds(1_000).every((suggestions) => suggestions > 99)).toBe(true);
    expect(Math.max(...generateSimilarReshIds(2_147_483_647))).toBeLessThanOrEqual(2_147_483_647);
    expect(generateSimilarReshIds(5)).not.toContain(5);
  });

  it('include the original of every typo', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 9_999_999 }), fc.nat(), fc.nat(9), (intended, randomIndex, digit) => {
        const text = String(intended);
        const index = randomIndex % text.length;
        const typos = [
          text.slice(0, index) + text.slice(index + 1),
          text.slice(0, index) + String(digit) + text.slice(index),
          text.slice(0, index) + String(digit) + text.slice(index + 1),
          swapDigits(text, index % (text.length - 1)),
        ];
        for (const typo of typos.filter((each) => each !== text && !each.startsWith('0')))
          expect(generateSimilarReshIds(Number(typo)), typo).toContain(intended);
      }),
    );
  });
});
