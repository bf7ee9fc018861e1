import fc from 'fast-check';
import { addDays, type Day } from '../../../src/domain/time/day.ts';
import type { Period } from '../../../src/domain/time/period.ts';

const firstDay = '2020-02-20';

/** Days close enough together that periods touch, including a leap day. */
export const arbitraryDay: fc.Arbitrary<Day> = fc.nat(40).map((n) => addDays(firstDay, n));

/** A timeline: ordered periods without overlap, adjacent or with gaps; the last may be open. */
export function arbitraryTimeline<Facts extends object>(
  facts: fc.Arbitrary<Facts>,
): fc.Arbitrary<(Facts & { from: Day; to: Day | null })[]> {
  return fc
    .record({
      parts: fc.array(fc.record({ length: fc.integer({ min: 1, max: 6 }), gap: fc.nat(2), facts }), { maxLength: 6 }),
      isOpen: fc.boolean(),
    })
    .map(({ parts, isOpen }) => {
      let offset = 0;
      return parts.map(({ length, gap, facts: periodFacts }, index) => {
        const from = offset + gap;
        offset = from + length;
        const to = isOpen && index === parts.length - 1 ? null : addDays(firstDay, offset);
        return { ...periodFacts, from: addDays(firstDay, from), to };
      });
    });
}

/** A period that begins in spring 2020 and has no end or lasts up to 20 days. */
export const arbitraryPeriod: fc.Arbitrary<Period> = fc
  .record({ from: arbitraryDay, length: fc.option(fc.integer({ min: 1, max: 20 })) })
  .map(({ from, length }) => ({ from, to: length === null ? null : addDays(from, length) }));
