import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayBefore, type Day } from '../../src/domain/time/day.ts';
import {
  unitDifference,
  type PlacedUnit,
  type UnitAtPoint,
  type UnitDifference,
} from '../../src/domain/unit/difference.ts';
import type { Database } from '../../src/store/database/database.ts';
import { queryOf } from '../../src/store/database/prisma-client.ts';
import { countDifferences, readChangePoints, readDifferences } from '../../src/store/read/differences.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';
import { belongingsOf, belongingWishes, recordBelongings, type Belonging } from '../support/model/belongings.ts';
import { ModelDifferences, type Point } from '../support/model/differences.ts';
import { dayNear, histories, type History } from '../support/model/history.ts';
import { recordKnowledge } from '../support/model/record.ts';
import {
  bordersOf,
  factsOn,
  nothingKnown,
  pathOn,
  runs,
  type Facts,
  type Knowledge,
} from '../support/model/register.ts';
import { tried } from '../support/model/runs.ts';
import { drawnSuccessions, withSuccessions } from '../support/model/successions.ts';

const knownUnit = (
  knowledge: Knowledge,
  reshId: number,
  listed: (list: Belonging['list']) => readonly Belonging[],
): PlacedUnit => ({
  versions: runs(bordersOf(knowledge), (day) => {
    const facts = factsOn(knowledge, reshId, day);
    const path = pathOn(knowledge, reshId, day);
    return facts && path && { ...facts, path };
  }).map(({ from, to, value }) => ({
    ...{ from, to, ...value },
    ...{ designationCode: null, designationText: null, responsiblePerson: null },
  })),
  codes: listed('codes').map(({ from, to, value }) => ({ from, to, codeSet: 8451, code: value, attributes: [] })),
  identifiers: listed('identifiers').map(({ from, to, value }) => ({ from, to, system: 'urn:test', value })),
  names: listed('names').map(({ from, to, value }) => ({ from, to, language: value, name: 'Name' })),
  contactPoints: listed('contactPoints').map(({ from, to, value }) => ({ from, to, type: 'TELEPHONE', value })),
  addresses: [],
});

/** All that the pure rule says of a history. */
class Differences {
  constructor(
    private readonly history: History,
    private readonly belongings: readonly Belonging[],
  ) {}

  at(reshId: number, { revision, day }: Point): UnitAtPoint {
    const known = this.belongings.filter(
      (each) =>
        each.reshId === reshId &&
        each.recordedRev <= revision &&
        (each.supersededRev === null || each.supersededRev > revision),
    );
    const listed = (list: Belonging['list']) => known.filter((each) => each.list === list);
    return { day, known: knownUnit(this.history.revisions[revision] ?? nothingKnown, reshId, listed) };
  }

  between(from: Point, to: Point, within?: number): UnitDifference[] {
    const successions = this.history.revisions[to.revision]?.successions ?? [];
    return [...this.history.reshIds]
      .sort((one, other) => one - other)
      .flatMap((reshId) => {
        const became = successions.filter(({ fromReshId }) => fromReshId === reshId);
        const points = { reshId, from: this.at(reshId, from), to: this.at(reshId, to), became };
        return unitDifference(points, within) ?? [];
      });
  }
}

type Tree = ReadonlyMap<number, Facts>;
const treeAt = ({ revisions, reshIds }: History, { revision, day }: Point): Tree =>
  new Map(
    reshIds.flatMap((reshId) => {
      const facts = factsOn(revisions[revision] ?? nothingKnown, reshId, day);
      return facts ? [[reshId, facts] as const] : [];
    }),
  );

const noFacts: Facts = {
  parentReshId: null,
  type: 'DEPARTMENT',
  name: '',
  shortName: null,
  organizationNumber: null,
  treatmentSiteNumber: null,
};

/** A tree with differences made, by what their kinds and fields say alone. */
const applied = (tree: Tree, differences: readonly UnitDifference[]): Tree => {
  const result = new Map(tree);
  for (const { reshId, kinds, fields } of differences) {
    if (kinds.includes('CLOSED') || kinds.includes('WITHDRAWN')) {
      result.delete(reshId);
      continue;
    }
    const facts: Facts = result.get(reshId) ?? noFacts;
    const changed = Object.fromEntries(
      fields.map((field): [string, string | number | null] => {
        if (field.field === 'parent') return ['parentReshId', field.new === null ? null : Number(field.new)];
        return [field.field === 'treatmentSite' ? 'treatmentSiteNumber' : field.field, field.new];
      }),
    );
    const told = Object.fromEntries(
      Object.keys(noFacts).map((name) => [name, name in changed ? changed[name] : facts[name as keyof Facts]]),
    ) as unknown as Facts;
    result.set(reshId, told);
  }
  return result;
};

const mirrored = ({ reshId, isBefore, isAfter, fields }: UnitDifference) => ({
  ...{ reshId, isBefore: isAfter, isAfter: isBefore },
  fields: fields.map(({ field, old, new: fresh }) => ({ field, old: fresh, new: old })),
});
const factKinds = ['RENAMED', 'MOVED', 'RECODED', 'SITE_CHANGED', 'CHANGED'];
const swapped: Readonly<Record<string, string>> = { ENTERED: 'LEFT', LEFT: 'ENTERED' };

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const record = async ({ revisions }: History, belongings: readonly Belonging[]): Promise<void> => {
  await emptyRegister(database);
  for (const [revision, after] of revisions.entries())
    if (revision > 0) await recordKnowledge(database, revisions[revision - 1] ?? nothingKnown, after);
  await recordBelongings(database, belongings);
};

/** Histories with successions and belongings. */
const fullHistories = fc
  .record({ history: histories(1), drawn: drawnSuccessions, wishes: belongingWishes })
  .map(({ history, drawn, wishes }) => ({
    history: withSuccessions(history, drawn),
    belongings: belongingsOf(history, wishes),
  }));

const points = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 2, maxLength: 3 });
const pointOf = (history: History, [at, on]: [number, number]): Point => ({
  revision: at % history.revisions.length,
  day: dayNear(history, on),
});
const scopesOf = ({ reshIds }: History, n: number): (number | undefined)[] => [
  undefined,
  reshIds[0],
  reshIds[n % reshIds.length],
];

describe('differences between two points', () => {
  it('make the one tree of the other, are the mirror of those back, and what the trees compared fact by fact say', () => {
    fc.assert(
      fc.property(fullHistories, points, fc.nat(40), ({ history, belongings }, [one, other], n) => {
        const differences = new Differences(history, belongings);
        const model = new ModelDifferences(history, belongings);
        const [from, to] = [pointOf(history, one ?? [0, 0]), pointOf(history, other ?? [0, 0])];

        expect(applied(treeAt(history, from), differences.between(from, to))).toEqual(treeAt(history, to));
        for (const within of scopesOf(history, n)) {
          expect(differences.between(from, from, within)).toEqual([]);
          expect(differences.between(from, to, within)).toEqual(model.between(from, to, within));
          const [there, back] = [differences.between(from, to, within), differences.between(to, from, within)];
          expect(there.map(mirrored)).toEqual(back.map(({ kinds: _kinds, ...rest }) => rest));
          there.forEach(({ kinds, isBefore, isAfter }, place) => {
            const backKinds = back[place]?.kinds ?? [];
            if (isBefore && isAfter)
              expect(new Set(kinds.map((kind) => swapped[kind] ?? kind))).toEqual(new Set(backKinds));
            else expect(kinds.filter((kind) => factKinds.includes(kind))).toEqual([]);
          });
        }
      }),
      tried(100),
    );
  });

  it('are read as the trees compared fact by fact say, of everything and within a unit, in pages', async () => {
    await fc.assert(
      fc.asyncProperty(fullHistories, points, fc.nat(40), async ({ history, belongings }, coordinates, n) => {
        const model = new ModelDifferences(history, belongings);
        await record(history, belongings);
        const query = queryOf(database.prisma);
        for (const [place, coordinate] of coordinates.entries()) {
          const from = pointOf(history, coordinate);
          const to = pointOf(history, coordinates[(place + 1) % coordinates.length] ?? coordinate);
          for (const within of scopesOf(history, n)) {
            const expected = model.between(from, to, within);
            const found: UnitDifference[] = [];
            for (;;) {
              const after = found.at(-1)?.reshId;
              const page = await readDifferences(query, { from, to, within, first: 8, after });
              if (page.length === 0) break;
              found.push(...page);
            }
            expect(found).toEqual(expected);
            expect(await countDifferences(query, { from, to, within })).toBe(expected.length);
          }
        }

        const revision = history.revisions.length - 1;
        const borders = [...new Set(history.days.flatMap((day) => [dayBefore(day), day, addDays(day, 1)]))].sort();
        const [first = '2020-01-01', last = '2020-01-01'] = [borders[0], borders.at(-1)];
        for (const within of scopesOf(history, n)) {
          for (const [from, to] of [
            [first, last],
            [borders[n % borders.length] ?? first, borders[(n * 7) % borders.length] ?? last].sort(),
          ] as [Day, Day][])
            expect(await readChangePoints(query, { revision, from, to, within }, 1_000)).toEqual(
              borders.filter((day) => day >= from && day <= to && model.changesOn(revision, day, within)),
            );
        }
      }),
      tried(7),
    );
  });
});
