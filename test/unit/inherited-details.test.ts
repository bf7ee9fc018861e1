import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectNearestByType } from '../../src/domain/unit/inherited-details.ts';

describe('inherited details', () => {
  it('are its own for each type, otherwise all of the nearest ancestor with that type', () => {
    const ownEmail = { reshId: 3, type: 'EMAIL', value: 'ward@example.no' };
    const telephones = [
      { reshId: 2, type: 'TELEPHONE', value: '70 10 50 00' },
      { reshId: 2, type: 'TELEPHONE', value: '70 10 50 01' },
    ];
    const overriddenDetails = [
      { reshId: 2, type: 'EMAIL', value: 'clinic@example.no' },
      { reshId: 1, type: 'TELEPHONE', value: '02300' },
    ];
    expect(selectNearestByType([ownEmail, ...telephones, ...overriddenDetails], 3)).toEqual([
      { ...ownEmail, inherited: false },
      ...telephones.map((telephone) => ({ ...telephone, inherited: true })),
    ]);
  });

  it('come from one unit for each type, the nearest', () => {
    const details = fc
      .array(fc.record({ reshId: fc.integer({ min: 1, max: 5 }), type: fc.constantFrom('A', 'B', 'C') }))
      .map((found) => found.sort((one, other) => other.reshId - one.reshId));
    fc.assert(
      fc.property(details, (nearestFirst) => {
        const inherited = selectNearestByType(nearestFirst, 5);
        expect(new Set(inherited.map(({ type }) => type))).toEqual(new Set(nearestFirst.map(({ type }) => type)));
        for (const { type, reshId, inherited: isInherited } of inherited) {
          expect(Math.max(...nearestFirst.filter((each) => each.type === type).map((each) => each.reshId))).toBe(
            reshId,
          );
          expect(isInherited).toBe(reshId !== 5);
        }
        for (const type of ['A', 'B', 'C']) {
          const [nearest] = nearestFirst.filter((each) => each.type === type);
          const all = nearestFirst.filter((each) => each.type === type && each.reshId === nearest?.reshId);
          expect(inherited.filter((each) => each.type === type)).toHaveLength(all.length);
        }
      }),
    );
  });
});
