import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import type { ChangeResponse, Mutations } from '../../support/mutations/mutations.ts';
import { mutationsAs, buildWorld, subjects, units, worldStart } from '../../support/world/world.ts';
import { findViolations } from '../../support/database/violations.ts';

let database: Database;
let operator: Mutations;
beforeAll(async () => {
  database = await openTestDatabase();
  operator = mutationsAs(database, subjects.operator);
});
beforeEach(async () => {
  await clearRegister(database);
  await buildWorld(database);
});
afterAll(() => database.close());

function expectCreated({ payload, errors }: ChangeResponse): number {
  expect({ errors, userErrors: payload?.userErrors }).toEqual({ errors: [], userErrors: [] });
  return payload?.unit?.reshId ?? 0;
}

async function create(name: string, parentReshId: number): Promise<number> {
  return expectCreated(await operator.createDepartment({ name, parentReshId, effectiveOn: worldStart }));
}

/** Returns the days and paths of a unit at the newest revision. */
async function readPaths(reshId: number): Promise<string[]> {
  const rows = await database.prisma.unitVersion.findMany({
    where: { reshId, supersededRev: null },
    orderBy: { validFrom: 'asc' },
  });
  return rows.map(({ validFrom, path }) => `${validFrom.toISOString().slice(0, 10)} ${path.join('/')}`);
}

async function expectNoViolations(): Promise<void> {
  expect(await findViolations(database)).toEqual([]);
}

describe('paths of descendants', () => {
  it('follow a move from its day on', async () => {
    expectCreated(
      await operator.moveUnit({ reshId: units.clinic, newParentReshId: units.siblingTrust, effectiveOn: '2020-01-01' }),
    );

    expect(await readPaths(units.ward)).toEqual(['2010-01-01 100/110/111/112', '2020-01-01 100/120/111/112']);
    await expectNoViolations();
  });

  it('keep one row where a moved unit has several', async () => {
    expectCreated(await operator.updateUnit({ reshId: units.clinic, name: 'Later', effectiveOn: '2030-01-01' }));

    expectCreated(
      await operator.moveUnit({ reshId: units.clinic, newParentReshId: units.siblingTrust, effectiveOn: '2020-01-01' }),
    );

    expect(await readPaths(units.clinic)).toEqual([
      '2010-01-01 100/110/111',
      '2020-01-01 100/120/111',
      '2030-01-01 100/120/111',
    ]);
    expect(await readPaths(units.ward)).toEqual(['2010-01-01 100/110/111/112', '2020-01-01 100/120/111/112']);
    await expectNoViolations();
  });

  it('follow when a unit is at different depths on different days', async () => {
    const deep = await create('Deep', units.ward);
    const mover = await create('Mover', units.secondWard);
    const childOfMover = await create('Child of mover', mover);
    const deepest = await create('Deepest', childOfMover);
    expectCreated(await operator.moveUnit({ reshId: mover, newParentReshId: deep, effectiveOn: '2015-01-01' }));

    expectCreated(
      await operator.moveUnit({ reshId: units.clinic, newParentReshId: units.siblingTrust, effectiveOn: worldStart }),
    );

    expect(await readPaths(deepest)).toEqual([
      `2010-01-01 100/120/111/113/${mover}/${childOfMover}/${deepest}`,
      `2015-01-01 100/120/111/112/${deep}/${mover}/${childOfMover}/${deepest}`,
    ]);
    await expectNoViolations();
  });

  it('follow whatever the order of reorganization steps', async () => {
    const deep = await create('Deep', units.ward);
    const deeper = await create('Deeper', deep);

    const { payload } = await operator.reorganize({
      effectiveOn: '2020-01-01',
      steps: [
        { updateUnit: { unit: { reshId: deep }, name: 'Renamed' } },
        { moveUnit: { unit: { reshId: units.secondClinic }, newParent: { reshId: units.ward } } },
        { moveUnit: { unit: { reshId: units.clinic }, newParent: { reshId: units.siblingTrust } } },
      ],
    });

    expect(payload?.userErrors).toEqual([]);
    expect((await readPaths(deeper)).at(-1)).toBe(`2020-01-01 100/120/111/112/${deep}/${deeper}`);
    expect((await readPaths(units.secondClinic)).at(-1)).toBe('2020-01-01 100/120/111/112/114');
    await expectNoViolations();
  });

  it('match the prediction of a dry run, which does not use up a RESH-id', async () => {
    const input = { name: 'New', parentReshId: units.clinic };
    const preview = await operator.createDepartment({ ...input, dryRun: true });
    await operator.createDepartment({ ...input, dryRun: true });

    const created = await operator.createDepartment(input);

    expect(created.payload?.impact).toEqual(preview.payload?.impact);
    expect(created.payload?.unit?.reshId).toBe(Math.max(...Object.values(units)) + 1);
  });
});
