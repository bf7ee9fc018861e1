import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitChange, type DatedUnit, type UnitChange, type UnitSuccession } from '../../src/domain/unit/change.ts';
import type { Database } from '../../src/store/database/database.ts';
import { queryOf } from '../../src/store/database/prisma-client.ts';
import { countChangesOfUnits, readChangesOfUnits } from '../../src/store/feed/changes-of-units.ts';
import { countPathChanges, countUnitChanges, readUnitChanges } from '../../src/store/feed/unit-changes.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';
import { histories } from '../support/model/history.ts';
import { recordKnowledge } from '../support/model/record.ts';
import { bordersOf, nothingKnown, pathOn, runs, type Knowledge } from '../support/model/register.ts';
import { tried } from '../support/model/runs.ts';
import { drawnSuccessions, withSuccessions } from '../support/model/successions.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const stateOf = ({ timelines }: Knowledge, reshId: number): DatedUnit => ({
  versions: (timelines.get(reshId) ?? []).map((stated) => ({
    ...stated,
    designationCode: null,
    designationText: null,
    responsiblePerson: null,
  })),
  codes: [],
  identifiers: [],
  names: [],
  addresses: [],
  contactPoints: [],
});

const becameOf = ({ successions }: Knowledge, reshId: number): UnitSuccession[] =>
  successions.flatMap(({ fromReshId, ...became }) => (fromReshId === reshId ? became : []));

const pathsOf = (knowledge: Knowledge, reshId: number): string =>
  JSON.stringify(runs(bordersOf(knowledge), (day) => pathOn(knowledge, reshId, day)));

/** Reads to the last page, a few at a time. */
const allOf = async <Item>(read: (after: Item | undefined) => Promise<Item[]>): Promise<Item[]> => {
  const found: Item[] = [];
  for (;;) {
    const page = await read(found.at(-1));
    if (page.length === 0) return found;
    found.push(...page);
  }
};

describe('what changes did to units', () => {
  it('is read as the two states say, in every revision of every history, in pages', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), drawnSuccessions, async (history, drawn) => {
        const { revisions, reshIds } = withSuccessions(history, drawn);
        await emptyRegister(database);
        const inOrder = [...reshIds].sort((one, other) => one - other);
        const changesOf = new Map<number, number[]>();
        const query = queryOf(database.prisma);
        for (const [revision, after] of revisions.entries()) {
          const before = revisions[revision - 1] ?? nothingKnown;
          if (revision > 0) await recordKnowledge(database, before, after);
          const changes = inOrder.flatMap((reshId): UnitChange[] => {
            const change = unitChange(reshId, stateOf(before, reshId), stateOf(after, reshId), {
              before: becameOf(before, reshId),
              after: becameOf(after, reshId),
            });
            return change ? [change] : [];
          });
          for (const { reshId } of changes) changesOf.set(reshId, [revision, ...(changesOf.get(reshId) ?? [])]);
          const changed = changes.map(({ reshId }) => reshId);
          const moved = inOrder.filter(
            (reshId) => !changed.includes(reshId) && pathsOf(before, reshId) !== pathsOf(after, reshId),
          );

          expect(
            await allOf<UnitChange>((last) => readUnitChanges(query, revision, { first: 3, after: last?.reshId })),
          ).toEqual(changes);
          expect(await database.bulk((session) => readUnitChanges(session, revision, { first: 100 }))).toEqual(changes);
          expect(await countUnitChanges(query, revision)).toBe(changes.length);
          expect(await countPathChanges(query, revision)).toBe(moved.length);
        }
        const revision = revisions.length - 1;
        for (const reshId of reshIds)
          expect(
            await allOf<number>(
              async (before) => (await readChangesOfUnits(query, [{ reshId, revision, first: 2, before }]))[0] ?? [],
            ),
          ).toEqual(changesOf.get(reshId) ?? []);
        expect(
          await countChangesOfUnits(
            query,
            reshIds.map((reshId) => ({ reshId, revision })),
          ),
        ).toEqual(reshIds.map((reshId) => changesOf.get(reshId)?.length ?? 0));
      }),
      tried(15),
    );
  });
});
