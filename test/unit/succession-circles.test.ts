import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCircularSuccessions } from '../../src/domain/unit/succession-circles.ts';

interface Link {
  readonly fromReshId: number;
  readonly toReshId: number;
  readonly effectiveOn: string;
}

const unit = fc.integer({ min: 1, max: 6 });
const links = fc.array(
  fc.record({ fromReshId: unit, toReshId: unit, effectiveOn: fc.constantFrom('2020-01-01', '2020-01-02') }),
  { maxLength: 12 },
);

/** Returns whether a unit becomes another one within a day, directly or by way of others. */
function leadsTo(edges: readonly Link[], start: number, goal: number, day: string): boolean {
  const reached = new Set([start]);
  for (const current of reached)
    for (const { fromReshId, toReshId, effectiveOn } of edges)
      if (fromReshId === current && effectiveOn === day) reached.add(toReshId);
  return reached.has(goal);
}

describe('circular successions', () => {
  it('are those whose successor leads back to their unit within the day', () => {
    let circularCount = 0;
    fc.assert(
      fc.property(links, (edges) => {
        const expected = edges.filter(({ fromReshId, toReshId, effectiveOn }) =>
          leadsTo(edges, toReshId, fromReshId, effectiveOn),
        );
        circularCount += expected.length;

        expect([...findCircularSuccessions(edges)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );

    expect(circularCount).toBeGreaterThan(0);
  });

  it('are found along a long chain', () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => ({
      fromReshId: index,
      toReshId: index + 1,
      effectiveOn: '2020-01-01',
    }));
    const back = { fromReshId: 50_000, toReshId: 0, effectiveOn: '2020-01-01' };

    expect(findCircularSuccessions(chain).size).toBe(0);
    expect(findCircularSuccessions([...chain, back]).size).toBe(50_001);
  });
});
