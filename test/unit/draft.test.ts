import { describe, expect, it } from 'vitest';
import { Draft } from '../../src/domain/plan/draft.ts';
import { reparent } from '../../src/domain/plan/reparenting.ts';
import { createEmptyUnit, type UnitState, type VersionRow } from '../../src/domain/unit/state.ts';
import { versionRow } from '../support/builders/version-row.ts';

const [trust, source, target, deepUnit] = [1, 2, 3, 4];
const firstChild = 10;
const day = '2026-01-01';

function buildVersion(reshId: number, ancestors: readonly number[]): VersionRow {
  return versionRow({
    id: String(reshId),
    name: `Unit ${reshId}`,
    type: ancestors.length === 0 ? 'ORGANIZATION' : 'DEPARTMENT',
    parentReshId: ancestors.at(-1) ?? null,
    path: [...ancestors, reshId],
  });
}

/** Builds a unit that reports every read of its versions. */
function watchReads(reshId: number, ancestors: readonly number[], onRead: () => void): UnitState {
  const versions = [buildVersion(reshId, ancestors)];
  return {
    ...createEmptyUnit(reshId),
    get versions() {
      onRead();
      return versions;
    },
  };
}

describe('draft of a change', () => {
  it('visits only changed units and their descendants when settled after each of many children', () => {
    const countReads = (children: number): number => {
      let readCount = 0;
      const ids = Array.from({ length: children }, (_, index) => firstChild + index);
      const units: [number, number[]][] = [
        [trust, []],
        [source, [trust]],
        [target, [trust]],
      ];
      for (const reshId of ids) units.push([reshId, [trust, source]]);
      const draft = new Draft(
        units.map(([reshId, ancestors]) => watchReads(reshId, ancestors, () => (readCount += 1))),
      );
      for (const reshId of ids) {
        expect(reparent(draft, reshId, [source], target, day)).toEqual([]);
        draft.recomputePaths();
      }
      expect(ids.every((reshId) => draft.unit(reshId)?.versions.at(-1)?.path.join() === `1,3,${reshId}`)).toBe(true);
      return readCount;
    };

    const [readsForFew, readsForMany] = [countReads(200), countReads(2_000)];

    // Ten times the children may take ten times the reads, not more.
    expect(readsForMany).toBeLessThan(11 * readsForFew);
  });

  it('recomputes paths of descendants, even when an ancestor moves later or is loaded later', () => {
    const unwatchedUnit = (reshId: number, ancestors: readonly number[]) =>
      watchReads(reshId, ancestors, () => undefined);
    const draft = new Draft([
      unwatchedUnit(trust, []),
      unwatchedUnit(deepUnit, [trust, source, firstChild]),
      unwatchedUnit(firstChild, [trust, source]),
      unwatchedUnit(target, [trust]),
    ]);
    reparent(draft, firstChild, [source], target, day);
    draft.recomputePaths();

    expect(draft.unit(deepUnit)?.versions.map(({ path }) => path.join())).toEqual(['1,2,10,4', '1,3,10,4']);

    // A unit loaded after a unit above it has moved still has its old path.
    draft.track(unwatchedUnit(11, [trust, source, firstChild, deepUnit]));
    draft.recomputePaths();

    expect(draft.unit(11)?.versions.map(({ path }) => path.join())).toEqual(['1,2,10,4,11', '1,3,10,4,11']);
    expect(draft.findChildren(deepUnit).map(({ reshId }) => reshId)).toEqual([11]);
    expect(draft.findChildren(target).map(({ reshId }) => reshId)).toEqual([firstChild]);
  });
});
