import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayBefore, type Day } from '../../src/domain/time/day.ts';
import { ourFiles } from '../../src/exchange/import/stage-files.ts';
import { synchronize } from '../../src/exchange/sync/synchronize.ts';
import type { Database } from '../../src/store/database/database.ts';
import { verifyRegister, type Violation } from '../../src/store/verify/verify.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';
import { dayNear, histories, type History } from '../support/model/history.ts';
import { recordKnowledge } from '../support/model/record.ts';
import { factsOn, nothingKnown, type Facts, type Knowledge } from '../support/model/register.ts';
import { tried } from '../support/model/runs.ts';

let database: Database;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'resh-synchronizing-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

type Pictured = Pick<Facts, 'parentReshId' | 'type' | 'name' | 'shortName' | 'organizationNumber'>;
type Picture = ReadonlyMap<number, Pictured>;

/** What random numbers ask for of one unit of a picture. */
interface Wish {
  readonly isIn: boolean;
  readonly rank: number;
  readonly parent: number;
  readonly isOrganization: boolean;
  readonly name: string | null;
  readonly number: number;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  isIn: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  rank: fc.nat(1_000),
  parent: fc.nat(40),
  isOrganization: fc.boolean(),
  name: fc.option(fc.constantFrom('Avdeling', 'Ærlig, «B»', 'post; 3', 'Øye "x"')),
  number: fc.nat(8),
});

const numbers = ['974747138', '974749025', '974557746', '983974880'];

/** A tree of units of the register and new ones; a unit that is told no name keeps the one that it has. */
const pictureOf = (wishes: readonly Wish[], known: Knowledge, day: Day): Picture => {
  const ids = [...known.timelines].flatMap(([reshId, timeline]) => (timeline.length > 0 ? [reshId] : []));
  const fresh = [7_000_001, 7_000_002, 3, 4].filter((reshId) => !known.timelines.has(reshId));
  const inTree = [...ids, ...fresh]
    .flatMap((reshId, place) => {
      const each = wishes[place % Math.max(1, wishes.length)];
      return each?.isIn ? [{ reshId, each, rank: each.rank + place * 7 }] : [];
    })
    .sort((one, other) => (one.rank % 97) - (other.rank % 97) || one.reshId - other.reshId);
  const picture = new Map<number, Pictured>();
  const left = [...numbers];
  for (const { reshId, each } of inTree) {
    const above = [...picture];
    const at = factsOn(known, reshId, day);
    const wanted =
      at && each.parent % 3 > 0 ? at.parentReshId : (above[each.parent % Math.max(1, above.length)]?.[0] ?? null);
    const parent = wanted !== null && picture.has(wanted) ? wanted : (above[0]?.[0] ?? null);
    const isUnder = parent !== null && picture.get(parent)?.type === 'DEPARTMENT';
    const type = parent === null || (each.isOrganization && !isUnder) ? 'ORGANIZATION' : 'DEPARTMENT';
    picture.set(reshId, {
      parentReshId: type === 'ORGANIZATION' && each.parent % 5 === 0 ? null : parent,
      type,
      name: each.name ?? at?.name ?? 'Ny',
      shortName: each.number % 2 === 0 ? null : 'K',
      organizationNumber: type === 'ORGANIZATION' && each.number > 3 ? (left.pop() ?? null) : null,
    });
  }
  return picture;
};

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const csvOf = (picture: Picture, hasNumbers: boolean): string =>
  [
    `resh_id,type,name,short_name,parent_resh_id${hasNumbers ? ',organization_number' : ''}`,
    ...[...picture]
      .reverse()
      .map(
        ([reshId, { type, name, shortName, parentReshId, organizationNumber }]) =>
          `${reshId},${type},${quoted(name)},${shortName ?? ''},${parentReshId ?? ''}${hasNumbers ? `,${organizationNumber ?? ''}` : ''}`,
      ),
    '',
  ].join('\n');

const stateOn = (day: Day): Promise<Record<string, unknown>[]> =>
  database.bulk((session) =>
    session.query(
      `select resh_id, parent_resh_id, type, name, short_name, organization_number, treatment_site_number, path
       from unit_version
       where superseded_rev is null and valid_from <= $1::text::date and (valid_to is null or valid_to > $1::text::date)
       order by resh_id`,
      [day],
    ),
  );

const violations = async (): Promise<Violation[]> => {
  const found: Violation[] = [];
  await database.bulk((session) =>
    verifyRegister(
      session,
      (batch) => found.push(...batch),
      () => {},
    ),
  );
  return found;
};

const recorded = async ({ revisions }: History): Promise<Knowledge> => {
  await emptyRegister(database);
  for (const [revision, after] of revisions.entries())
    if (revision > 0) await recordKnowledge(database, revisions[revision - 1] ?? nothingKnown, after);
  return revisions.at(-1) ?? nothingKnown;
};

describe('synchronizing any register with any tree', () => {
  it('gives that tree on the day, leaves the day before alone, keeps every rule, and changes nothing the second time', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(1),
        fc.nat(200),
        fc.array(wish, { minLength: 1, maxLength: 25 }),
        fc.boolean(),
        async (history, near, wishes, hasNumbers) => {
          const known = await recorded(history);
          const day = dayNear(history, near);
          const picture = pictureOf(wishes, known, day);
          const path = join(folder, 'units.csv');
          await writeFile(path, csvOf(picture, hasNumbers));
          const before = await stateOn(dayBefore(day));
          const sync = () =>
            synchronize(database, {
              ...{ path, reading: ourFiles, day, today: day, within: null, dryRun: false, skipInvalid: false },
              ...{ allowMassClose: true, rejects: null, report: null, actor: { subject: 'test', name: 'Test' } },
              onProblems: (problems) => {
                const wrong = problems.filter(({ kind }) => kind !== 'WARNING');
                if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
              },
              onProgress: () => {},
            });

          expect(await sync()).toMatchObject({ refused: null });

          const after = await stateOn(day);
          const pathOf = (reshId: number): number[] => {
            const parent = picture.get(reshId)?.parentReshId ?? null;
            return [...(parent === null ? [] : pathOf(parent)), reshId];
          };
          expect(
            after.map(({ treatment_site_number: _site, organization_number: number, ...row }) =>
              hasNumbers ? { ...row, organization_number: number } : row,
            ),
          ).toEqual(
            [...picture]
              .sort(([one], [other]) => one - other)
              .map(([reshId, { parentReshId, type, name, shortName, organizationNumber }]) => ({
                ...{ resh_id: reshId, parent_resh_id: parentReshId, type, name, short_name: shortName },
                ...(hasNumbers && { organization_number: organizationNumber }),
                path: pathOf(reshId),
              })),
          );
          expect(await stateOn(dayBefore(day))).toEqual(before);
          expect(await violations()).toEqual([]);
          expect(await sync()).toMatchObject({
            ...{ refused: null, revision: null },
            counts: { opened: 0, moved: 0, renamed: 0, closed: 0 },
          });
        },
      ),
      tried(12),
    );
  });
});
