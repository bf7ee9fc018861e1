import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/time/day.ts';
import type { Database } from '../../src/store/database/database.ts';
import { queryOf } from '../../src/store/database/prisma-client.ts';
import { readRevisionsWithin } from '../../src/store/feed/change-feed.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';
import { histories } from '../support/model/history.ts';
import { recordKnowledge } from '../support/model/record.ts';
import { bordersOf, factsOn, nothingKnown, pathOn, type Knowledge } from '../support/model/register.ts';
import { tried } from '../support/model/runs.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** Whether a change concerns a unit, found by looking at every unit on every day, before and after. */
const concerns = (within: number, before: Knowledge, after: Knowledge): boolean => {
  const days = [...new Set([before, after].flatMap(bordersOf))];
  const pathsWithin = (knowledge: Knowledge, reshId: number, day: Day): string => {
    const path = pathOn(knowledge, reshId, day);
    return path?.includes(within) ? path.join('/') : '';
  };
  return [...after.timelines.keys()].some((reshId) => {
    const places = days.map((day) => [pathsWithin(before, reshId, day), pathsWithin(after, reshId, day)] as const);
    if (places.some(([old, current]) => old !== current)) return true;
    const isChanged = days.some(
      (day) => JSON.stringify(factsOn(before, reshId, day)) !== JSON.stringify(factsOn(after, reshId, day)),
    );
    return isChanged && places.some(([old, current]) => old !== '' || current !== '');
  });
};

describe('the feed within a unit', () => {
  it('tells the changes that every unit on every day says, of every history, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), fc.integer({ min: 1, max: 4 }), async ({ revisions, reshIds }, first) => {
        await emptyRegister(database);
        for (const [revision, after] of revisions.entries())
          if (revision > 0) await recordKnowledge(database, revisions[revision - 1] ?? nothingKnown, after);
        const upTo = revisions.length - 1;
        const query = queryOf(database.prisma);

        for (const within of reshIds) {
          const told: number[] = [];
          for (;;) {
            const page = await readRevisionsWithin(query, { within, since: told.at(-1) ?? 0, upTo }, first);
            told.push(...page);
            if (page.length < first) break;
          }
          const concerning = revisions.flatMap((after, revision) =>
            revision > 0 && concerns(within, revisions[revision - 1] ?? nothingKnown, after) ? revision : [],
          );
          expect({ within, told }).toEqual({ within, told: concerning });
        }
      }),
      tried(6),
    );
  });
});
