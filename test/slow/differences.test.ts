import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayBefore, type Day } from '../../src/domain/day.ts';
import { unitDifference, type PlacedUnit, type UnitAtPoint, type UnitDifference } from '../../src/domain/difference.ts';
import type { DatedContactPoint } from '../../src/domain/unit-change.ts';
import type { Database } from '../../src/store/database.ts';
import { queryOf } from '../../src/store/prisma-query.ts';
import { countDifferences, readChangePoints, readDifferences } from '../../src/store/readers/differences.ts';
import { openTestDatabase } from '../support/database.ts';
import { dayNear, histories, type History } from '../support/model/history.ts';
import { forgetEverything, recordKnowledge } from '../support/model/record.ts';
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

interface Point {
  readonly revision: number;
  readonly day: Day;
}

/** A telephone number of a unit: one of the lists beside its versions, which the model's histories do not have. */
interface Telephone extends DatedContactPoint {
  readonly reshId: number;
  readonly recordedRev: number;
  readonly supersededRev: number | null;
}

const telephoneWishes = fc.array(
  fc.record({
    unit: fc.nat(40),
    from: fc.nat(7),
    length: fc.integer({ min: 1, max: 8 }),
    recorded: fc.nat(7),
    known: fc.integer({ min: 1, max: 8 }),
    value: fc.constantFrom('1', '2'),
  }),
  { maxLength: 12 },
);
type Wishes = typeof telephoneWishes extends fc.Arbitrary<infer Value> ? Value : never;

/** Telephone numbers as wished, but for those that would stand twice at one point. */
const telephonesOf = ({ revisions, days, reshIds }: History, wishes: Wishes): Telephone[] => {
  const kept: Telephone[] = [];
  for (const { unit, from, length, recorded, known, value } of wishes) {
    const [reshId, first] = [reshIds[unit % reshIds.length], days[from % days.length]];
    const recordedRev = Array.from(revisions.keys()).find(
      (revision) =>
        revision >= 1 + (recorded % (revisions.length - 1)) && revisions[revision]?.timelines.has(reshId ?? 0),
    );
    if (reshId === undefined || first === undefined || recordedRev === undefined) continue;
    const supersededRev = recordedRev + known < revisions.length ? recordedRev + known : null;
    const to = days[(from % days.length) + length] ?? null;
    const overlaps = kept.some(
      (other) =>
        other.reshId === reshId &&
        other.value === value &&
        (other.to === null || other.to > first) &&
        (to === null || other.from < to) &&
        (other.supersededRev === null || other.supersededRev > recordedRev) &&
        (supersededRev === null || other.recordedRev < supersededRev),
    );
    if (!overlaps) kept.push({ ...{ reshId, value, recordedRev, supersededRev, from: first, to }, type: 'TELEPHONE' });
  }
  return kept;
};

const knownUnit = (knowledge: Knowledge, reshId: number, contactPoints: readonly Telephone[]): PlacedUnit => ({
  versions: runs(bordersOf(knowledge), (day) => {
    const facts = factsOn(knowledge, reshId, day);
    const path = pathOn(knowledge, reshId, day);
    return facts && path && { ...facts, path };
  }).map(({ from, to, value }) => ({
    ...{ from, to, ...value },
    ...{ designationCode: null, designationText: null, responsiblePerson: null },
  })),
  contactPoints,
  codes: [],
  identifiers: [],
  names: [],
  addresses: [],
});

/** All that the pure rule says of a history. */
class Differences {
  constructor(
    private readonly history: History,
    private readonly telephones: readonly Telephone[],
  ) {}

  at(reshId: number, { revision, day }: Point): UnitAtPoint {
    const contactPoints = this.telephones.filter(
      (each) =>
        each.reshId === reshId &&
        each.recordedRev <= revision &&
        (each.supersededRev === null || each.supersededRev > revision),
    );
    return { day, known: knownUnit(this.history.revisions[revision] ?? nothingKnown, reshId, contactPoints) };
  }

  between(from: Point, to: Point, within?: number): UnitDifference[] {
    return [...this.history.reshIds]
      .sort((one, other) => one - other)
      .flatMap((reshId) => {
        const points = { reshId, from: this.at(reshId, from), to: this.at(reshId, to), became: [] };
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
    const { contactPoints: _contactPoints, ...told } = { ...facts, ...changed } as Facts & { contactPoints?: unknown };
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

const record = async ({ revisions }: History, telephones: readonly Telephone[]): Promise<void> => {
  await forgetEverything(database);
  for (const [revision, after] of revisions.entries())
    if (revision > 0) await recordKnowledge(database, revisions[revision - 1] ?? nothingKnown, after);
  await database.bulk((session) =>
    session.query(
      `insert into unit_contact_point (resh_id, type, value, valid_from, valid_to, recorded_rev, superseded_rev)
       select "reshId", 'TELEPHONE', value, "from", "to", "recordedRev", "supersededRev"
       from jsonb_to_recordset($1::text::jsonb) as told ("reshId" integer, value text, "from" date, "to" date, "recordedRev" integer, "supersededRev" integer)`,
      [JSON.stringify(telephones)],
    ),
  );
};

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
  it('make the one tree of the other, and are the mirror of those back', () => {
    fc.assert(
      fc.property(histories(1), telephoneWishes, points, fc.nat(40), (history, wishes, [one, other], n) => {
        const differences = new Differences(history, telephonesOf(history, wishes));
        const [from, to] = [pointOf(history, one ?? [0, 0]), pointOf(history, other ?? [0, 0])];

        expect(applied(treeAt(history, from), differences.between(from, to))).toEqual(treeAt(history, to));
        for (const within of scopesOf(history, n)) {
          expect(differences.between(from, from, within)).toEqual([]);
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

  it('are read as the two states say, of everything and within a unit, in pages', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), telephoneWishes, points, fc.nat(40), async (history, wishes, coordinates, n) => {
        const telephones = telephonesOf(history, wishes);
        const differences = new Differences(history, telephones);
        await record(history, telephones);
        const query = queryOf(database.prisma);
        for (const [place, coordinate] of coordinates.entries()) {
          const from = pointOf(history, coordinate);
          const to = pointOf(history, coordinates[(place + 1) % coordinates.length] ?? coordinate);
          for (const within of scopesOf(history, n)) {
            const expected = differences.between(from, to, within);
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
          const changing = (day: Day) =>
            differences.between({ revision, day: dayBefore(day) }, { revision, day }, within).length > 0;
          for (const [from, to] of [
            [first, last],
            [borders[n % borders.length] ?? first, borders[(n * 7) % borders.length] ?? last].sort(),
          ] as [Day, Day][])
            expect(await readChangePoints(query, { revision, from, to, within }, 1_000)).toEqual(
              borders.filter((day) => day >= from && day <= to && changing(day)),
            );
        }
      }),
      tried(7),
    );
  });
});
