import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/domain/time/day.ts';
import { SuccessionGraph } from '../../src/domain/unit/succession-graph.ts';
import type { Succession } from '../../src/domain/unit/succession.ts';

function buildSuccession(fromReshId: number, toReshId: number, effectiveOn: string): Succession {
  return {
    fromReshId,
    toReshId,
    effectiveOn,
    kind: 'MERGE',
    extent: 'FULL',
  };
}

/** Returns the units reached, and the successions followed as `from>to`. */
function traceSuccessions(reshId: number, since: string, to: string, edges: readonly Succession[]) {
  const { steps, reached } = new SuccessionGraph(edges, new Map()).trace({ reshId, since, to });
  return { reached, steps: steps.map(({ fromReshId, toReshId }) => `${fromReshId}>${toReshId}`) };
}

const chain = [buildSuccession(2, 3, '2015-01-01'), buildSuccession(1, 2, '2010-01-01')];

describe('succession trace', () => {
  it('follows a chain until the day', () => {
    expect(traceSuccessions(1, '2009-12-31', '2015-01-01', chain)).toEqual({
      reached: [1, 2, 3],
      steps: ['1>2', '2>3'],
    });
    expect(traceSuccessions(1, '2009-12-31', '2014-12-31', chain)).toEqual({ reached: [1, 2], steps: ['1>2'] });
    expect(traceSuccessions(1, '2009-12-31', '2009-12-31', chain)).toEqual({ reached: [1], steps: [] });
  });

  it('excludes successions on or before the start day', () => {
    expect(traceSuccessions(1, '2010-01-01', '2026-01-01', chain)).toEqual({ reached: [1], steps: [] });
  });

  it('goes back to predecessors for an earlier day', () => {
    expect(traceSuccessions(3, '2015-01-01', '2009-12-31', chain)).toEqual({
      reached: [1, 2, 3],
      steps: ['1>2', '2>3'],
    });
    expect(traceSuccessions(3, '2015-01-01', '2010-01-01', chain)).toEqual({ reached: [2, 3], steps: ['2>3'] });
    expect(traceSuccessions(3, '2014-12-31', '2009-12-31', chain)).toEqual({ reached: [3], steps: [] });
  });

  it('excludes parts transferred before a predecessor joined', () => {
    const edges = [buildSuccession(1, 2, '2010-01-01'), buildSuccession(2, 9, '2005-01-01')];

    expect(traceSuccessions(1, '2004-01-01', '2026-01-01', edges)).toEqual({ reached: [1, 2], steps: ['1>2'] });
    expect(traceSuccessions(9, '2026-01-01', '2004-01-01', edges)).toEqual({ reached: [2, 9], steps: ['2>9'] });
  });

  it('follows a chain within one day in any recorded order', () => {
    const edges = [
      buildSuccession(3, 4, '2010-01-01'),
      buildSuccession(2, 3, '2010-01-01'),
      buildSuccession(1, 2, '2010-01-01'),
    ];

    expect(traceSuccessions(1, '2009-12-31', '2010-01-01', edges).reached).toEqual([1, 2, 3, 4]);
    expect(traceSuccessions(4, '2010-01-01', '2009-12-31', edges).reached).toEqual([1, 2, 3, 4]);
  });

  it('counts each step of a diamond once', () => {
    const edges = [
      buildSuccession(3, 4, '2012-01-01'),
      buildSuccession(2, 4, '2012-01-01'),
      buildSuccession(1, 3, '2010-01-01'),
      buildSuccession(1, 2, '2010-01-01'),
    ];

    expect(traceSuccessions(1, '2009-12-31', '2026-01-01', edges)).toEqual({
      reached: [1, 2, 3, 4],
      steps: ['1>2', '1>3', '2>4', '3>4'],
    });
  });

  it('stops at cycles', () => {
    const cycle = [
      buildSuccession(1, 2, '2010-01-01'),
      buildSuccession(2, 1, '2010-01-01'),
      buildSuccession(2, 1, '2012-01-01'),
    ];

    expect(traceSuccessions(1, '2009-12-31', '2026-01-01', cycle)).toEqual({
      reached: [1, 2],
      steps: ['1>2', '2>1', '2>1'],
    });
  });

  it('forward and backward reach the same pairs of units', () => {
    const edges = fc.array(
      fc.record({ from: fc.integer({ min: 1, max: 6 }), to: fc.integer({ min: 1, max: 6 }), day: fc.nat(8) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(edges, (draws) => {
        const [since, to] = ['2010-01-01', '2010-01-08'];
        const successions = draws.map(({ from, to: target, day }) =>
          buildSuccession(from, target, addDays('2010-01-01', day)),
        );
        for (let one = 1; one <= 6; one += 1)
          for (let other = 1; other <= 6; other += 1)
            expect(traceSuccessions(one, since, to, successions).reached.includes(other)).toBe(
              traceSuccessions(other, to, since, successions).reached.includes(one),
            );
      }),
    );
  });
});
