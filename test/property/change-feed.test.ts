import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/time/day.ts';
import { createSqlClient } from '../../src/store/database/prisma-sql-client.ts';
import { readRevisionsWithin } from '../../src/store/feed/change-feed.ts';
import {
  countCrossings,
  readCrossingKinds,
  readCrossings,
  type Crossing,
  type CrossingKind,
} from '../../src/store/feed/crossings.ts';
import { clearRegister } from '../support/database/database.ts';
import { histories } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { findBoundaries, factsOn, emptyState, pathOn, type RegisterState } from '../support/model/register-state.ts';
import { useRegister } from '../support/registers/use-register.ts';

const register = useRegister();

/**
 * Returns whether a change affects a unit or its descendants, by comparing every unit on every day before and after.
 */
function affectsScope(within: number, before: RegisterState, after: RegisterState): boolean {
  const days = [...new Set([before, after].flatMap(findBoundaries))];
  const findPathWithin = (state: RegisterState, reshId: number, day: Day): string => {
    const path = pathOn(state, reshId, day);
    return path?.includes(within) ? path.join('/') : '';
  };
  return [...after.timelines.keys()].some((reshId) => {
    const pathsByDay = days.map(
      (day) => [findPathWithin(before, reshId, day), findPathWithin(after, reshId, day)] as const,
    );
    if (pathsByDay.some(([old, current]) => old !== current)) return true;
    const isChanged = days.some(
      (day) => JSON.stringify(factsOn(before, reshId, day)) !== JSON.stringify(factsOn(after, reshId, day)),
    );
    return isChanged && pathsByDay.some(([old, current]) => old !== '' || current !== '');
  });
}

/** Returns the units that a change brought under a unit or took away, by comparing every unit on every day. */
function findCrossings(within: number, kind: CrossingKind, before: RegisterState, after: RegisterState): Crossing[] {
  const days = [...new Set([before, after].flatMap(findBoundaries))].sort();
  const [from, to] = kind === 'ENTERED' ? [after, before] : [before, after];
  return [...after.timelines.keys()]
    .sort((one, other) => one - other)
    .flatMap((reshId) => {
      const day = days.find(
        (each) => pathOn(from, reshId, each)?.includes(within) && pathOn(to, reshId, each)?.includes(within) === false,
      );
      return day === undefined ? [] : [{ reshId, day }];
    });
}

describe('changes feed within a unit', () => {
  it('returns the units that entered or left, found by comparing states of every day, in pages', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), fc.integer({ min: 1, max: 3 }), async ({ revisions, reshIds }, first) => {
        await clearRegister(register.database);
        const query = createSqlClient(register.database.prisma);
        for (const [revision, after] of revisions.entries()) {
          if (revision === 0) continue;
          const before = revisions[revision - 1] ?? emptyState;
          await recordState(register.database, before, after);
          for (const within of reshIds)
            for (const kind of ['ENTERED', 'LEFT'] as const) {
              const expected = findCrossings(within, kind, before, after);
              const key = { revision, within, kind };
              const found: Crossing[] = [];
              let page: readonly Crossing[];
              do {
                page = (await readCrossings(query, [{ ...key, first, after: found.at(-1)?.reshId }]))[0] ?? [];
                found.push(...page);
              } while (page.length === first);
              expect({ ...key, found }).toEqual({ ...key, found: expected });
              expect(await countCrossings(query, [key])).toEqual([expected.length]);
              const units = [...after.timelines.keys()].map((reshId) => ({ reshId, revision, within }));
              const crossed = (await readCrossingKinds(query, units)).flatMap((kinds, index) =>
                kinds.includes(kind) ? [units[index]?.reshId ?? 0] : [],
              );
              expect(crossed.sort((one, other) => one - other)).toEqual(expected.map(({ reshId }) => reshId));
            }
        }
      }),
      propertyOptions(4),
    );
  });

  it('returns the changes found by comparing states of every day, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), fc.integer({ min: 1, max: 4 }), async ({ revisions, reshIds }, first) => {
        await clearRegister(register.database);
        for (const [revision, after] of revisions.entries())
          if (revision > 0) await recordState(register.database, revisions[revision - 1] ?? emptyState, after);
        const lastRevision = revisions.length - 1;
        const query = createSqlClient(register.database.prisma);

        for (const within of reshIds) {
          const feedRevisions: number[] = [];
          let page: readonly number[];
          do {
            page = await readRevisionsWithin(
              query,
              { within, since: feedRevisions.at(-1) ?? 0, upTo: lastRevision },
              first,
            );
            feedRevisions.push(...page);
          } while (page.length === first);
          const expectedRevisions = revisions.flatMap((after, revision) =>
            revision > 0 && affectsScope(within, revisions[revision - 1] ?? emptyState, after) ? revision : [],
          );
          expect({ within, revisions: feedRevisions }).toEqual({ within, revisions: expectedRevisions });
        }
      }),
      propertyOptions(6),
    );
  });
});
