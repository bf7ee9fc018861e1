import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReorganizeStepInput } from '../../../src/domain/plan/change-input.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';
import { findViolations } from '../../support/database/violations.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import type { Mutations } from '../../support/mutations/mutations.ts';
import { addUnits } from '../../support/world/add-units.ts';
import { lastYear } from '../../support/world/days.ts';
import { buildWorld, mutationsAs, numbers, subjects, units, worldDay } from '../../support/world/world.ts';

const counter = createStatementCounter();
let database: Database;
let regional: Mutations;
beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await buildWorld(database);
  regional = mutationsAs(database, subjects.regional);
});
afterAll(async () => {
  expect(await findViolations(database)).toEqual([]);
  await database.close();
});

/** Adds a ward for each group of steps, with units under it, and returns 14 steps for each of the groups. */
async function prepareSteps(groupCount: number): Promise<ReorganizeStepInput[]> {
  const groups = Array.from({ length: groupCount }, (_, index) => index);
  const departments = groups.flatMap((group): [name: string, under: number | string][] => [
    [`ward ${group}`, units.clinic],
    [`room ${group}`, `ward ${group}`],
    [`bed ${group}`, `room ${group}`],
    [`spare ${group}`, `ward ${group}`],
    [`old ${group}`, `ward ${group}`],
    [`oldest ${group}`, `old ${group}`],
    [`twin ${group}`, `ward ${group}`],
    [`child ${group}`, `twin ${group}`],
    [`closed ${group}`, `ward ${group}`],
    [`under ${group}`, `closed ${group}`],
    [`error ${group}`, `ward ${group}`],
  ]);
  const reshIds = await addUnits(
    { database },
    Object.fromEntries(departments.map(([name, under]) => [name, { name, under }])),
  );
  const find = (name: string) => ({ reshId: reshIds[name] ?? 0 });
  const closing = groups.map((group) => ({ closeUnit: { unit: find(`closed ${group}`), withDescendants: true } }));
  expectAccepted(await regional.reorganize({ steps: closing, effectiveOn: lastYear }));
  return groups.flatMap((group): ReorganizeStepInput[] => {
    const created = { key: `new ${group}` };
    const ward = find(`ward ${group}`);
    return [
      {
        createDepartment: {
          ...created,
          name: `New ${group}`,
          designation: '05',
          parent: ward,
          codes: [specialty('010')],
          treatmentSite: numbers.site,
        },
      },
      { moveUnit: { unit: find(`room ${group}`), newParent: created } },
      { updateUnit: { unit: find(`bed ${group}`), shortName: `B ${group}` } },
      { updateUnitCodes: { unit: find(`bed ${group}`), add: [specialty('020')] } },
      { mergeUnits: { sources: [find(`spare ${group}`)], newTarget: { name: `Merged ${group}`, parent: ward } } },
      { closeUnit: { unit: find(`old ${group}`), withDescendants: true, successors: [created] } },
      {
        splitUnit: {
          unit: find(`twin ${group}`),
          into: [{ name: `First ${group}`, children: [find(`child ${group}`)] }, { name: `Second ${group}` }],
        },
      },
      { connectTreatmentSite: { unit: find(`bed ${group}`), organizationNumber: numbers.site } },
      { setIdentifier: { unit: find(`bed ${group}`), system: 'urn:x', value: `${group}` } },
      { removeIdentifier: { unit: find(`room ${group}`), system: 'urn:x' } },
      { disconnectTreatmentSite: { unit: find(`room ${group}`) } },
      { reopenUnit: { unit: find(`closed ${group}`), withDescendants: true } },
      { withdrawUnit: { unit: find(`error ${group}`) } },
      { moveUnit: { unit: ward, newParent: { reshId: units.siblingTrust } } },
    ];
  });
}

async function recordStatements(groupCount: number): Promise<string[]> {
  const steps = await prepareSteps(groupCount);
  const { result, statements } = await counter.during(() => regional.reorganize({ steps, effectiveOn: worldDay }));
  expectAccepted(result);
  // A page of units may have no treatment site.
  const names = statements.map(readStatementName);
  return names.filter((name) => name !== 'treatment sites');
}

it('a reorganization of 994 steps takes as many statements as one of 28', { timeout: 60_000 }, async () => {
  const few = await recordStatements(2);
  const many = await recordStatements(71);

  expect(new Set(many)).toEqual(new Set(few));
  // Replies that arrive at different times can split a batch in two.
  expect(many.length).toBeLessThanOrEqual(few.length + 2);
  expect(many.length).toBeLessThan(50);
});
