import { describe, expect, it } from 'vitest';
import { Draft } from '../../src/domain/plan/draft.ts';
import { handOver } from '../../src/domain/plan/reparenting.ts';
import { emptyUnit, type UnitState, type VersionRow } from '../../src/domain/unit/state.ts';

const [trust, source, target, deep] = [1, 2, 3, 4];
const firstChild = 10;
const day = '2026-01-01';

const version = (reshId: number, above: readonly number[]): VersionRow => ({
  ...{ id: String(reshId), from: '2020-01-01', to: null, name: `Unit ${reshId}`, path: [...above, reshId] },
  ...{ type: above.length === 0 ? 'ORGANIZATION' : 'DEPARTMENT', parentReshId: above.at(-1) ?? null },
  ...{ shortName: null, designationCode: null, designationText: null, organizationNumber: null },
  ...{ treatmentSiteNumber: null, responsiblePerson: null },
});

/** A unit whose versions count how often they are looked at. */
const watched = (reshId: number, above: readonly number[], look: () => void): UnitState => {
  const versions = [version(reshId, above)];
  return {
    ...emptyUnit(reshId),
    get versions() {
      look();
      return versions;
    },
  };
};

describe('the draft of a change', () => {
  it('looks at what changed and at what stands beneath it, not at all units, when it is settled after each of many children', () => {
    const looksFor = (children: number): number => {
      let looks = 0;
      const ids = Array.from({ length: children }, (_, place) => firstChild + place);
      const units: [number, number[]][] = [
        [trust, []],
        [source, [trust]],
        [target, [trust]],
      ];
      for (const reshId of ids) units.push([reshId, [trust, source]]);
      const draft = new Draft(units.map(([reshId, above]) => watched(reshId, above, () => (looks += 1))));
      for (const reshId of ids) {
        handOver(draft, reshId, [source], target, day, ['childReshIds']);
        draft.settle();
      }
      expect(draft.errors).toEqual([]);
      expect(ids.every((reshId) => draft.unit(reshId)?.versions.at(-1)?.path.join() === `1,3,${reshId}`)).toBe(true);
      return looks;
    };

    const [few, many] = [looksFor(200), looksFor(2_000)];

    // Ten times the children, ten times the looks.
    expect(many).toBeLessThan(11 * few);
  });

  it('gives what stands beneath a unit its path, also where the unit above moves after it, and where that came in later', () => {
    const plain = (reshId: number, above: readonly number[]) => watched(reshId, above, () => undefined);
    const draft = new Draft([
      plain(trust, []),
      plain(deep, [trust, source, firstChild]),
      plain(firstChild, [trust, source]),
      plain(target, [trust]),
    ]);
    handOver(draft, firstChild, [source], target, day, []);
    draft.settle();
    expect(draft.unit(deep)?.versions.map(({ path }) => path.join())).toEqual(['1,2,10,4', '1,3,10,4']);

    // One that is loaded when what stands above it has moved has the path that it had.
    draft.take(plain(11, [trust, source, firstChild, deep]));
    draft.settle();
    expect(draft.unit(11)?.versions.map(({ path }) => path.join())).toEqual(['1,2,10,4,11', '1,3,10,4,11']);
    expect(draft.childrenOf(deep).map(({ reshId }) => reshId)).toEqual([11]);
    expect(draft.childrenOf(target).map(({ reshId }) => reshId)).toEqual([firstChild]);
  });
});
