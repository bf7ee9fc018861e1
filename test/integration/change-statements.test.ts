import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import type { ChangeAnswer, Changes } from '../support/changes.ts';
import { countStatements } from '../support/counting.ts';
import { openTestDatabase } from '../support/database.ts';
import { actor, buildWorld, numbers, subjects, units, worldBegan } from '../support/world.ts';

const counter = countStatements();
let database: Database;
let operator: Changes;
/** A department nine levels below the clinic, with many rows of every kind */
let deep: number;
/** A department beneath the clinic, with one row */
let shallow: number;

const create = async (name: string, parentReshId: number): Promise<number> => {
  const { payload } = await operator.createDepartment({ name, parentReshId, effectiveOn: worldBegan });
  return payload?.unit?.reshId ?? 0;
};

beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await buildWorld(database);
  operator = actor(database, subjects.operator);
  shallow = await create('Shallow', units.clinic);
  deep = await create('Deep', units.clinic);
  for (let level = 0; level < 8; level += 1) deep = await create(`Level ${level}`, deep);
  for (let year = 2011; year < 2031; year += 1) {
    const changed = { reshId: deep, effectiveOn: `${year}-01-01` };
    await operator.updateUnit({ ...changed, name: `Name of ${year}` });
    await operator.setIdentifier({ ...changed, system: 'urn:test', value: `Value of ${year}` });
    await create(`Beneath ${year}`, deep);
  }
});
afterAll(() => database.close());

const nameOf = (sql: string): string => /-- (.*)/.exec(sql)?.[1] ?? sql;
/** Names of the statements of a change that is made, or on a dry run would be. */
const statementsOf = async (work: () => Promise<ChangeAnswer>): Promise<string[]> => {
  const { result, statements } = await counter.during(work);
  expect({ errors: result.errors, userErrors: result.payload?.userErrors }).toEqual({ errors: [], userErrors: [] });
  return statements.map(nameOf).sort();
};

// What only a change that is kept does: its ledger entry, and reading it back for the answer.
const keeping = 12;

describe('statements of a change, whatever the unit', () => {
  it.each<[string, (reshId: number, dryRun: boolean) => Promise<ChangeAnswer>]>([
    ['a new name', (reshId, dryRun) => operator.updateUnit({ reshId, name: 'New', effectiveOn: '2018-06-01', dryRun })],
    [
      'a new code',
      (reshId, dryRun) =>
        operator.setUnitCodes({
          ...{ reshId, effectiveOn: '2018-06-01', dryRun },
          add: [{ codeSet: 8451, code: '010' }],
        }),
    ],
    [
      'a new identifier',
      (reshId, dryRun) =>
        operator.setIdentifier({ reshId, system: 'urn:other', value: 'V', effectiveOn: '2018-06-01', dryRun }),
    ],
    [
      'a new department beneath it',
      (reshId, dryRun) =>
        operator.createDepartment({ name: 'Child', parentReshId: reshId, effectiveOn: '2018-06-01', dryRun }),
    ],
    [
      'a move with all beneath it',
      (reshId, dryRun) =>
        operator.moveUnit({ reshId, newParentReshId: units.siblingTrust, effectiveOn: '2018-06-01', dryRun }),
    ],
    ['a site', (reshId, dryRun) => operator.disconnectTreatmentSite({ reshId, effectiveOn: '2018-06-01', dryRun })],
  ])(
    'are as many for %s with few rows near the top as with many far down, and fewer on a dry run',
    async (_what, make) => {
      const [dry, dryDeep] = [
        await statementsOf(() => make(shallow, true)),
        await statementsOf(() => make(deep, true)),
      ];
      const [kept, keptDeep] = [
        await statementsOf(() => make(shallow, false)),
        await statementsOf(() => make(deep, false)),
      ];

      expect(dryDeep).toEqual(dry);
      expect(keptDeep).toEqual(kept);
      expect(kept.length - dry.length).toBeLessThanOrEqual(keeping);
      expect(kept.length).toBeLessThanOrEqual(60);
    },
  );

  it('are as many for a clinic that closes with fifty beneath it, each with an administrator of its own, as with two, and that reopens', async () => {
    const [few, many] = [await create('Few', units.secondClinic), await create('Many', units.secondClinic)];
    const fill = async (clinic: number, departments: number): Promise<void> => {
      for (let n = 0; n < departments; n += 1) {
        const { payload } = await operator.createDepartment({
          ...{ name: `Department ${n}`, parentReshId: clinic, effectiveOn: worldBegan },
          ...{ codes: [{ codeSet: 8451, code: '010' }], treatmentSite: numbers.site },
        });
        const reshId = payload?.unit?.reshId;
        await operator.grantAccess({ subject: `head of ${reshId}`, name: `Head ${n}`, role: 'ADMINISTRATOR', reshId });
      }
    };
    await fill(few, 2);
    await fill(many, 50);
    const closing = { withDescendants: true, effectiveOn: '2040-01-01' };
    const close = (reshId: number) => statementsOf(() => operator.closeUnit({ reshId, ...closing }));
    const reopen = (reshId: number) => statementsOf(() => operator.reopenUnit({ reshId, ...closing }));

    expect(await close(many)).toEqual(await close(few));
    expect(await reopen(many)).toEqual(await reopen(few));
  });
});
