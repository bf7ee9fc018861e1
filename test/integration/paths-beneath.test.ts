import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { verifyRegister, type Violation } from '../../src/store/verify/verify.ts';
import type { ChangeAnswer, Changes } from '../support/changes.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';
import { actor, buildWorld, subjects, units, worldBegan } from '../support/world.ts';

let database: Database;
let operator: Changes;
beforeAll(async () => {
  database = await openTestDatabase();
  operator = actor(database, subjects.operator);
});
beforeEach(async () => {
  await emptyRegister(database);
  await buildWorld(database);
});
afterAll(() => database.close());

const reshIdOf = ({ payload, errors }: ChangeAnswer): number => {
  expect({ errors, userErrors: payload?.userErrors }).toEqual({ errors: [], userErrors: [] });
  return payload?.unit?.reshId ?? 0;
};

const create = async (name: string, parentReshId: number): Promise<number> =>
  reshIdOf(await operator.createDepartment({ name, parentReshId, effectiveOn: worldBegan }));

/** Days and paths of a unit as the newest knowledge has them. */
const pathsOf = async (reshId: number): Promise<string[]> => {
  const rows = await database.prisma.unitVersion.findMany({
    where: { reshId, supersededRev: null },
    orderBy: { validFrom: 'asc' },
  });
  return rows.map(({ validFrom, path }) => `${validFrom.toISOString().slice(0, 10)} ${path.join('/')}`);
};

const expectRules = async (): Promise<void> => {
  const violations: Violation[] = [];
  await database.bulk((session) =>
    verifyRegister(
      session,
      (found) => violations.push(...found),
      () => {},
    ),
  );
  expect(violations).toEqual([]);
};

describe('paths of what stands beneath', () => {
  it('follow a move on the days after it only', async () => {
    reshIdOf(
      await operator.moveUnit({ reshId: units.clinic, newParentReshId: units.siblingTrust, effectiveOn: '2020-01-01' }),
    );

    expect(await pathsOf(units.ward)).toEqual(['2010-01-01 100/110/111/112', '2020-01-01 100/120/111/112']);
    await expectRules();
  });

  it('follow where a unit stands on different days at different depths beneath the moved one', async () => {
    const deep = await create('Deep', units.ward);
    const mover = await create('Mover', units.secondWard);
    const beneath = await create('Beneath', mover);
    const deepest = await create('Deepest', beneath);
    reshIdOf(await operator.moveUnit({ reshId: mover, newParentReshId: deep, effectiveOn: '2015-01-01' }));

    reshIdOf(
      await operator.moveUnit({ reshId: units.clinic, newParentReshId: units.siblingTrust, effectiveOn: worldBegan }),
    );

    expect(await pathsOf(deepest)).toEqual([
      `2010-01-01 100/120/111/113/${mover}/${beneath}/${deepest}`,
      `2015-01-01 100/120/111/112/${deep}/${mover}/${beneath}/${deepest}`,
    ]);
    await expectRules();
  });

  it('follow whatever the order of the steps of a reorganization', async () => {
    const deep = await create('Deep', units.ward);
    const deeper = await create('Deeper', deep);

    const { payload } = await operator.reorganize({
      effectiveOn: '2020-01-01',
      steps: [
        { update: { reshId: deep, name: 'Renamed' } },
        { move: { reshId: units.secondClinic, newParentReshId: units.ward } },
        { move: { reshId: units.clinic, newParentReshId: units.siblingTrust } },
      ],
    });

    expect(payload?.userErrors).toEqual([]);
    expect((await pathsOf(deeper)).at(-1)).toBe(`2020-01-01 100/120/111/112/${deep}/${deeper}`);
    expect((await pathsOf(units.secondClinic)).at(-1)).toBe('2020-01-01 100/120/111/112/114');
    await expectRules();
  });

  it('are found by what a dry run foretells, and the RESH-id of a new unit is not used up by it', async () => {
    const input = { name: 'New', parentReshId: units.clinic };
    const foretold = await operator.createDepartment({ ...input, dryRun: true });
    await operator.createDepartment({ ...input, dryRun: true });

    const made = await operator.createDepartment(input);

    expect(made.payload?.impact).toEqual(foretold.payload?.impact);
    expect(made.payload?.unit?.reshId).toBe(Math.max(...Object.values(units)) + 1);
  });
});
