import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { updateUnit } from '../../../src/operations/update-unit.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import type { ChangeResponse, Mutations } from '../../support/mutations/mutations.ts';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';
import { mutationsAs, buildWorld, numbers, subjects, units, worldDay, worldStart } from '../../support/world/world.ts';

const counter = createStatementCounter();
let database: Database;
let operator: Mutations;
/** A department nine levels below the clinic, with many rows of every kind */
let deepUnit: number;
/** A department under the clinic, with one row */
let shallowUnit: number;

async function create(name: string, parentReshId: number): Promise<number> {
  const { payload } = await operator.createDepartment({ name, parentReshId, effectiveOn: worldStart });
  return payload?.unit?.reshId ?? 0;
}

beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await buildWorld(database);
  operator = mutationsAs(database, subjects.operator);
  shallowUnit = await create('Shallow', units.clinic);
  deepUnit = await create('Deep', units.clinic);
  for (let level = 0; level < 8; level += 1) deepUnit = await create(`Level ${level}`, deepUnit);
  for (let year = 2011; year < 2031; year += 1) {
    const changed = { reshId: deepUnit, effectiveOn: `${year}-01-01` };
    await operator.updateUnit({ ...changed, name: `Name of ${year}` });
    await operator.setIdentifier({ ...changed, system: 'urn:test', value: `Value of ${year}` });
    await create(`Child ${year}`, deepUnit);
  }
});
afterAll(() => database.close());

/** Returns the names of the statements of a change, committed or dry run. */
async function recordStatements(work: () => Promise<ChangeResponse>): Promise<string[]> {
  const { result, statements } = await counter.during(work);
  expect({ errors: result.errors, userErrors: result.payload?.userErrors }).toEqual({ errors: [], userErrors: [] });
  return statements.map(readStatementName).sort();
}

// Only a committed change writes a ledger entry and reads it back.
const commitStatementCount = 12;

describe('statements of a change', () => {
  it('are five for one fact, besides the begin and the commit of its transaction', async () => {
    const context = { database, today: worldDay, viewer: { subject: subjects.operator, name: 'Operator' } };

    const { result, statements } = await counter.during(() =>
      updateUnit(context, { reshId: shallowUnit, responsiblePerson: 'Kari Eksempel' }),
    );

    expect(result.userErrors).toEqual([]);
    expect(statements.map(readStatementName)).toEqual([
      'lock the register',
      'start of a change',
      'supersede unit_version rows',
      'add unit_version rows',
      'ledger entry',
    ]);
  });

  it('are prepared once in a session, and planned once for all values', async () => {
    const context = { database, today: worldDay, viewer: { subject: subjects.operator, name: 'Operator' } };
    for (const name of ['One', 'Two', 'Three']) await updateUnit(context, { reshId: shallowUnit, name });

    const prepared = await database.transaction((tx) =>
      tx.query<{ name: string; custom: number }>(
        `select substring(statement from '-- (.*?)\n') as name, custom_plans::integer as custom
         from pg_prepared_statements
         where generic_plans > 0`,
      ),
    );

    const names = prepared.map(({ name }) => name);
    expect(names).toContain('start of a change');
    expect(names.filter((name) => name === 'add unit_version rows')).toHaveLength(1);
    expect(prepared.filter(({ custom }) => custom > 0)).toEqual([]);
  });

  it.each<[string, (reshId: number, dryRun: boolean) => Promise<ChangeResponse>]>([
    ['a new name', (reshId, dryRun) => operator.updateUnit({ reshId, name: 'New', effectiveOn: '2018-06-01', dryRun })],
    [
      'a new code',
      (reshId, dryRun) =>
        operator.updateUnitCodes({
          reshId,
          effectiveOn: '2018-06-01',
          dryRun,
          add: [specialty('010')],
        }),
    ],
    [
      'a new identifier',
      (reshId, dryRun) =>
        operator.setIdentifier({ reshId, system: 'urn:other', value: 'V', effectiveOn: '2018-06-01', dryRun }),
    ],
    [
      'a new department under it',
      (reshId, dryRun) =>
        operator.createDepartment({ name: 'Child', parentReshId: reshId, effectiveOn: '2018-06-01', dryRun }),
    ],
    [
      'a move with its descendants',
      (reshId, dryRun) =>
        operator.moveUnit({ reshId, newParentReshId: units.siblingTrust, effectiveOn: '2018-06-01', dryRun }),
    ],
    ['a site', (reshId, dryRun) => operator.disconnectTreatmentSite({ reshId, effectiveOn: '2018-06-01', dryRun })],
  ])('are as many for %s near the top as for one far down, and fewer on a dry run', async (_what, runMutation) => {
    const [dryRunStatements, deepDryRunStatements] = [
      await recordStatements(() => runMutation(shallowUnit, true)),
      await recordStatements(() => runMutation(deepUnit, true)),
    ];
    const [committedStatements, deepCommittedStatements] = [
      await recordStatements(() => runMutation(shallowUnit, false)),
      await recordStatements(() => runMutation(deepUnit, false)),
    ];

    expect(deepDryRunStatements).toEqual(dryRunStatements);
    expect(deepCommittedStatements).toEqual(committedStatements);
    expect(committedStatements.length - dryRunStatements.length).toBeLessThanOrEqual(commitStatementCount);
    expect(committedStatements.length).toBeLessThanOrEqual(60);
  });

  it('are as many for a clinic with fifty departments as with two, for closing and reopening', async () => {
    const [smallClinic, largeClinic] = [
      await create('Few', units.secondClinic),
      await create('Many', units.secondClinic),
    ];
    const fill = async (clinic: number, departments: number): Promise<void> => {
      for (let n = 0; n < departments; n += 1) {
        const { payload } = await operator.createDepartment({
          name: `Department ${n}`,
          parentReshId: clinic,
          effectiveOn: worldStart,
          codes: [specialty('010')],
          treatmentSite: numbers.site,
        });
        const reshId = payload?.unit?.reshId;
        await operator.grantAccess({ subject: `head of ${reshId}`, name: `Head ${n}`, role: 'ADMINISTRATOR', reshId });
      }
    };
    await fill(smallClinic, 2);
    await fill(largeClinic, 50);
    const closing = { withDescendants: true, effectiveOn: '2040-01-01' };
    const closeStatements = (reshId: number) => recordStatements(() => operator.closeUnit({ reshId, ...closing }));
    const reopenStatements = (reshId: number) => recordStatements(() => operator.reopenUnit({ reshId, ...closing }));

    expect(await closeStatements(largeClinic)).toEqual(await closeStatements(smallClinic));
    expect(await reopenStatements(largeClinic)).toEqual(await reopenStatements(smallClinic));
  });
});
