import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayBefore, type Day } from '../../src/domain/time/day.ts';
import { computeUnitDifference, type UnitWithPaths, type UnitAtPoint } from '../../src/domain/unit/difference.ts';
import { emptyFacts, differenceKinds, type DifferenceKind } from '../../src/domain/unit/facts.ts';
import { createSqlClient } from '../../src/store/database/prisma-sql-client.ts';
import {
  countDifferences,
  countDifferencesByKind,
  readChangePoints,
  readDifferences,
} from '../../src/store/read/differences.ts';
import { clearRegister } from '../support/database/database.ts';
import { DifferenceModel, formatDifference, type Point, type UnitDifference } from '../support/model/differences.ts';
import { dayNear, histories, type History } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import {
  findBoundaries,
  factsOn,
  emptyState,
  pathOn,
  findPeriods,
  type Facts,
  type RegisterState,
} from '../support/model/register-state.ts';
import { successionDraws, addSuccessions } from '../support/model/successions.ts';
import { buildDetails, detailDraws, recordDetails, type UnitDetail } from '../support/model/unit-details.ts';
import { useRegister } from '../support/registers/use-register.ts';

function buildPlacedUnit(
  state: RegisterState,
  reshId: number,
  detailsOf: (list: UnitDetail['list']) => readonly UnitDetail[],
): UnitWithPaths {
  return {
    versions: findPeriods(findBoundaries(state), (day) => {
      const facts = factsOn(state, reshId, day);
      const path = pathOn(state, reshId, day);
      return facts && path && { ...facts, path };
    }).map(({ from, to, value }) => ({
      ...emptyFacts,
      ...value,
      from,
      to,
    })),
    codes: detailsOf('codes').map(({ from, to, value }) => ({ from, to, codeSet: 8451, code: value, attributes: [] })),
    identifiers: detailsOf('identifiers').map(({ from, to, value }) => ({ from, to, system: 'urn:test', value })),
    names: detailsOf('names').map(({ from, to, value }) => ({ from, to, language: value, name: 'Name' })),
    contactPoints: detailsOf('contactPoints').map(({ from, to, value }) => ({ from, to, type: 'TELEPHONE', value })),
    addresses: [],
  };
}

/** Differences of a history, according to the domain rule. */
class RuleDifferences {
  constructor(
    private readonly history: History,
    private readonly belongings: readonly UnitDetail[],
  ) {}

  unitAt(reshId: number, { revision, day }: Point): UnitAtPoint {
    const currentDetails = this.belongings.filter(
      (each) =>
        each.reshId === reshId &&
        each.recordedRev <= revision &&
        (each.supersededRev === null || each.supersededRev > revision),
    );
    const detailsOf = (list: UnitDetail['list']) => currentDetails.filter((each) => each.list === list);
    return { day, history: buildPlacedUnit(this.history.revisions[revision] ?? emptyState, reshId, detailsOf) };
  }

  between(from: Point, to: Point, within?: number): UnitDifference[] {
    const successions = this.history.revisions[to.revision]?.successions ?? [];
    return [...this.history.reshIds]
      .sort((one, other) => one - other)
      .flatMap((reshId) => {
        const successionsFrom = successions.filter(({ fromReshId }) => fromReshId === reshId);
        const points = {
          reshId,
          from: this.unitAt(reshId, from),
          to: this.unitAt(reshId, to),
          successions: successionsFrom,
        };
        const difference = computeUnitDifference(points, within);
        return difference ? [formatDifference(difference)] : [];
      });
  }
}

type Tree = ReadonlyMap<number, Facts>;

function buildTree({ revisions, reshIds }: History, { revision, day }: Point): Tree {
  return new Map(
    reshIds.flatMap((reshId) => {
      const facts = factsOn(revisions[revision] ?? emptyState, reshId, day);
      return facts ? [[reshId, facts] as const] : [];
    }),
  );
}

const noFacts: Facts = {
  parentReshId: null,
  type: 'DEPARTMENT',
  name: '',
  shortName: null,
  organizationNumber: null,
  treatmentSiteNumber: null,
};

/** Applies differences to a tree, using only their kinds and fields. */
function applyDifferences(tree: Tree, differences: readonly UnitDifference[]): Tree {
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
    const newFacts = Object.fromEntries(
      Object.keys(noFacts).map((name) => [name, name in changed ? changed[name] : facts[name as keyof Facts]]),
    ) as unknown as Facts;
    result.set(reshId, newFacts);
  }
  return result;
}

function reverseDifference({ reshId, isValidBefore, isValidAfter, fields }: UnitDifference) {
  return {
    reshId,
    isValidBefore: isValidAfter,
    isValidAfter: isValidBefore,
    fields: fields.map(({ field, old, new: fresh }) => ({ field, old: fresh, new: old })),
  };
}

const factKinds = ['RENAMED', 'MOVED', 'RECODED', 'SITE_CHANGED', 'CHANGED'];
const reversedKinds: Readonly<Record<string, string>> = { ENTERED: 'LEFT', LEFT: 'ENTERED' };

const register = useRegister();

async function recordHistory({ revisions }: History, details: readonly UnitDetail[]): Promise<void> {
  await clearRegister(register.database);
  for (const [revision, after] of revisions.entries())
    if (revision > 0) await recordState(register.database, revisions[revision - 1] ?? emptyState, after);
  await recordDetails(register.database, details);
}

/** Histories with successions and unit details. */
const fullHistories = fc
  .record({ history: histories(1), drawn: successionDraws, wishes: detailDraws })
  .map(({ history, drawn, wishes }) => ({
    history: addSuccessions(history, drawn),
    belongings: buildDetails(history, wishes),
  }));

const points = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 2, maxLength: 3 });

function toPoint(history: History, [at, on]: [number, number]): Point {
  return {
    revision: at % history.revisions.length,
    day: dayNear(history, on),
  };
}

function listScopes({ reshIds }: History, n: number): (number | undefined)[] {
  return [undefined, reshIds[0], reshIds[n % reshIds.length]];
}

describe('differences between two points', () => {
  it('turn one tree into the other, are symmetric and equal a comparison fact by fact', () => {
    fc.assert(
      fc.property(fullHistories, points, fc.nat(40), ({ history, belongings }, [one, other], n) => {
        const differences = new RuleDifferences(history, belongings);
        const model = new DifferenceModel(history, belongings);
        const [from, to] = [toPoint(history, one ?? [0, 0]), toPoint(history, other ?? [0, 0])];

        expect(applyDifferences(buildTree(history, from), differences.between(from, to))).toEqual(
          buildTree(history, to),
        );
        for (const within of listScopes(history, n)) {
          expect(differences.between(from, from, within)).toEqual([]);
          expect(differences.between(from, to, within)).toEqual(model.between(from, to, within));
          const [forwardDifferences, backwardDifferences] = [
            differences.between(from, to, within),
            differences.between(to, from, within),
          ];
          expect(forwardDifferences.map(reverseDifference)).toEqual(
            backwardDifferences.map(({ kinds: _kinds, ...rest }) => rest),
          );
          forwardDifferences.forEach(({ kinds, isValidBefore, isValidAfter }, index) => {
            const backwardKinds = backwardDifferences[index]?.kinds ?? [];
            if (isValidBefore && isValidAfter)
              expect(new Set(kinds.map((kind) => reversedKinds[kind] ?? kind))).toEqual(new Set(backwardKinds));
            else expect(kinds.filter((kind) => factKinds.includes(kind))).toEqual([]);
          });
        }
      }),
      propertyOptions(100),
    );
  });

  it('equal a comparison fact by fact through the API, for all units and within one, in pages', async () => {
    await fc.assert(
      fc.asyncProperty(fullHistories, points, fc.nat(40), async ({ history, belongings }, coordinates, n) => {
        const model = new DifferenceModel(history, belongings);
        await recordHistory(history, belongings);
        const query = createSqlClient(register.database.prisma);
        for (const [index, coordinate] of coordinates.entries()) {
          const from = toPoint(history, coordinate);
          const to = toPoint(history, coordinates[(index + 1) % coordinates.length] ?? coordinate);
          for (const within of listScopes(history, n)) {
            const expected = model.between(from, to, within);
            const found: UnitDifference[] = [];
            let page: readonly UnitDifference[];
            do {
              page = (await readDifferences(query, { from, to, within, first: 8, after: found.at(-1)?.reshId })).map(
                formatDifference,
              );
              found.push(...page);
            } while (page.length > 0);
            expect(found).toEqual(expected);
            expect(await countDifferences(query, { from, to, within })).toBe(expected.length);

            const withKind = (kind: DifferenceKind) => expected.filter(({ kinds }) => kinds.includes(kind));
            expect(await countDifferencesByKind(query, { from, to, within })).toEqual(
              differenceKinds.map((kind) => ({ kind, count: withKind(kind).length })).filter(({ count }) => count > 0),
            );
            const kinds = differenceKinds.filter((_kind, place) => (n >> (place % 5)) % 2 === 1);
            const ofKinds = expected.filter((each) => each.kinds.some((kind) => kinds.includes(kind)));
            expect(
              (await readDifferences(query, { from, to, within, kinds, first: 1_000 })).map(formatDifference),
            ).toEqual(ofKinds);
            expect(await countDifferences(query, { from, to, within, kinds })).toBe(ofKinds.length);
          }
        }

        const revision = history.revisions.length - 1;
        const boundaryDays = [...new Set(history.days.flatMap((day) => [dayBefore(day), day, addDays(day, 1)]))].sort();
        const [first = '2020-01-01', last = '2020-01-01'] = [boundaryDays[0], boundaryDays.at(-1)];
        for (const within of listScopes(history, n)) {
          for (const [from, to] of [
            [first, last],
            [
              boundaryDays[n % boundaryDays.length] ?? first,
              boundaryDays[(n * 7) % boundaryDays.length] ?? last,
            ].sort(),
          ] as [Day, Day][])
            expect(await readChangePoints(query, { revision, from, to, within }, 1_000)).toEqual(
              boundaryDays.filter((day) => day >= from && day <= to && model.hasChangesOn(revision, day, within)),
            );
        }
      }),
      propertyOptions(7),
    );
  });
});
