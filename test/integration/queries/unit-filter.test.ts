import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordChange } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { generateRegister, generatedRegister } from '../../support/registers/generated-register.ts';
import { graphql } from '../../support/generated/gql.ts';

const UNITS = 50;

let database: Database;
let client: TestClient;
beforeAll(async () => {
  database = await openTestDatabase();
  await generateRegister(database, UNITS);
  // Adds codes in three levels, with the lowest on one unit, one unit that differs from all others in each fact, and
  // one that has two periods, each of two versions.
  await database.bulk((session) =>
    recordChange(session, changeEntry({ operation: 'IMPORT' }), (revision) =>
      session.execute(`
          insert into code
          values
            (8451, '100', ${revision}),
            (8451, '110', ${revision}),
            (8451, '111', ${revision}),
            (8624, '08', ${revision});
          insert into code_version (code_set, code, name, parent_code, recorded_rev)
          values
            (8451, '100', 'Nevro', null, ${revision}),
            (8451, '110', 'Nevrokirurgi', '100', ${revision}),
            (8451, '111', 'Barnenevrokirurgi', '110', ${revision}),
            (8624, '08', 'Post', null, ${revision});
          insert into unit_code (resh_id, code_set, code, valid_from, valid_to, recorded_rev)
          values (20, 8451, '111', '2010-01-01', '2020-01-01', ${revision});
          update unit_version set superseded_rev = ${revision} where resh_id = 20;
          insert into unit_version (resh_id, valid_from, recorded_rev, parent_resh_id, type, name, designation_code,
            path, path_text)
          select resh_id, valid_from, ${revision}, parent_resh_id, type, 'Øyepost Å 100%', '08', path, path_text
          from unit_version where resh_id = 20;
          update unit_version set superseded_rev = ${revision} where resh_id = 21;
          insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name,
            designation_code, path, path_text, treatment_site_number)
          select resh_id, period.first, period.last, ${revision}, parent_resh_id, type, name, designation_code, path,
            path_text, treatment_site_number
          from unit_version
          cross join (
            values
              (date '2003-01-01', date '2008-01-01'),
              ('2008-01-01', '2016-01-01'),
              ('2017-01-01', '2025-01-01'),
              ('2025-01-01', '2030-01-01')
          ) period (first, last)
          where resh_id = 21;`),
    ),
  );
  client = createClient(database, { today: '2026-11-23' });
});
afterAll(() => database.close());

const filterQuery = graphql(`
  query Filtered($filter: UnitFilter, $validAt: Date) {
    register(validAt: $validAt) {
      unit(reshId: 1) {
        descendantCount(filter: $filter)
        descendants(filter: $filter, first: 100) {
          totalCount
          nodes {
            reshId
          }
        }
      }
      parent: unit(reshId: 4) {
        children(filter: $filter) {
          totalCount
          nodes {
            reshId
          }
        }
      }
      search(filter: $filter, first: 100) {
        totalCount
      }
    }
  }
`);
type Filter = NonNullable<Parameters<typeof client.query<object, { filter?: object | null; validAt?: string }>>[1]>;

/** Returns the RESH-ids under the root that match a filter; every field with a filter must agree. */
async function findUnits(filter: Filter['filter'], validAt = '2026-11-23'): Promise<number[]> {
  const { register } = await client.query(filterQuery, { filter, validAt });
  const ids = register.unit?.descendants.nodes.map(({ reshId }) => reshId) ?? [];
  const children = ids.filter((reshId) => reshId >= 20 && reshId <= 25);

  expect(register.unit?.descendantCount).toBe(ids.length);
  expect(register.unit?.descendants.totalCount).toBe(ids.length);
  expect(register.parent?.children.nodes.map(({ reshId }) => reshId).toSorted((a, b) => a - b)).toEqual(
    children.toSorted((a, b) => a - b),
  );
  expect(register.parent?.children.totalCount).toBe(children.length);
  expect([0, 1]).toContain(register.search.totalCount - ids.length); // the root itself may be found too
  return ids.toSorted((a, b) => a - b);
}

const allReshIds = Array.from({ length: UNITS - 1 }, (_, index) => index + 2);
const allButTwenty = allReshIds.filter((reshId) => reshId !== 20);

describe('unit filter', () => {
  it('matches everything when empty, null or filled with nulls', async () => {
    expect(await findUnits({})).toEqual(allReshIds);
    expect(await findUnits(null)).toEqual(allReshIds);
    expect(await findUnits({ types: null, name: null, hasTreatmentSite: null })).toEqual(allReshIds);
  });

  const readError = async (filter: Filter['filter']) =>
    (await client.execute(filterQuery, { filter })).errors?.[0]?.message;

  it('refuses an empty list of values, a range without days and a range without levels', async () => {
    expect(await readError({ types: [] })).toBe(
      '`filter.types` is an empty list, which no unit can meet. Give at least one value, or omit the field.',
    );
    expect(await readError({ or: [{ not: { codes: [] } }] })).toContain('`filter.or[0].not.codes` is an empty list');
    expect(await readError({ openedBetween: { from: '2020-02-01', to: '2020-01-01' } })).toBe(
      '`filter.openedBetween` goes from 2020-02-01 to 2020-01-01, which is earlier. Swap the days, or omit one.',
    );
    expect(await readError({ minDepth: 3, maxDepth: 1 })).toContain('`filter.minDepth` is 3 and `maxDepth` is 1');
    expect(await readError({ and: Array.from({ length: 50 }, () => ({ name: 'a' })) })).toContain('has 51 filters');
  });

  it('refuses codes, designations, treatment sites and regions that do not exist, and names near ones', async () => {
    expect(await readError({ codes: [specialty('100'), specialty('112')] })).toBe(
      '`filter.codes[1]` is 112, but code set 8451 has no such code; `codeSets` lists them. ' +
        'The nearest: 110 (Nevrokirurgi), 111 (Barnenevrokirurgi), 100 (Nevro).',
    );
    expect(await readError({ codes: [{ codeSet: 9999, code: '100' }] })).toBe(
      '`filter.codes[0]` is 100, but code set 9999 has no such code; `codeSets` lists them.',
    );
    expect(await readError({ or: [{ name: 'a' }, { designations: ['09'] }] })).toContain(
      '`filter.or[1].designations[0]` is 09, but code set 8624 has no such code; `codeSets` lists them. The nearest: 0',
    );
    expect(await readError({ not: { treatmentSites: ['999999999'] } })).toBe(
      '`filter.not.treatmentSites[0]` is 999999999, but the register has no treatment site with that number. ' +
        `The nearest: ${generatedRegister.site}.`,
    );
    expect(await readError({ regions: [20] })).toContain(
      '`filter.regions[0]` is 20, but no unit with that RESH-id is a root; `roots` lists them. The nearest: 1 (',
    );
  });

  it('selects regions, levels and the days on which units open and close', async () => {
    expect(await findUnits({ regions: [1] })).toEqual(allReshIds);
    expect(await findUnits({ minDepth: 1, maxDepth: 1 })).toEqual(await findUnits({ types: ['ORGANIZATION'] }));
    expect(await findUnits({ minDepth: 2 })).toEqual(await findUnits({ types: ['DEPARTMENT'] }));
    expect(await findUnits({ openedBetween: { to: '2100-01-01' } })).toEqual(allReshIds);
    expect(await findUnits({ openedBetween: { from: '2100-01-01' } })).toEqual([]);
    for (const day of ['2005-01-01', '2010-01-01']) {
      expect(await findUnits({ openedBetween: { from: '2003-01-01', to: '2003-01-01' } }, day)).toEqual([21]);
      expect(await findUnits({ closedBetween: { from: '2016-01-01', to: '2016-01-01' } }, day)).toEqual([21]);
    }
    for (const day of ['2020-01-01', '2026-11-23']) {
      expect(await findUnits({ openedBetween: { from: '2002-01-02' } }, day)).toEqual([21]);
      expect(await findUnits({ openedBetween: { from: '2017-01-02' } }, day)).toEqual([]);
      expect(await findUnits({ closedBetween: { from: '2030-01-01', to: '2030-01-01' } }, day)).toEqual([21]);
      expect(await findUnits({ closedBetween: { to: '2029-12-31' } }, day)).toEqual([]);
      expect(await findUnits({ closedBetween: {} }, day)).toEqual([21]);
    }
  });

  it('combines filters', async () => {
    expect(await findUnits({ not: { designations: ['08'] } })).toEqual(allButTwenty);
    expect(await findUnits({ not: { codes: [specialty('100')] } }, '2015-01-01')).toEqual(allButTwenty);
    expect(await findUnits({ or: [{ types: ['ORGANIZATION'] }, { designations: ['08'] }] })).toEqual([
      2, 3, 4, 5, 6, 7, 20,
    ]);
    expect(
      await findUnits({ and: [{ codes: [specialty('020')] }, { codes: [specialty('111')] }] }, '2015-01-01'),
    ).toEqual([20]);
    expect(await findUnits({ not: { not: { designations: ['08'] } } })).toEqual([20]);
    expect(await findUnits({ name: '4', not: { or: [{ name: '40' }, { name: '41' }] } })).toEqual(
      (await findUnits({ name: '4' })).filter((reshId) => reshId !== 40 && reshId !== 41),
    );
  });

  it('selects unit types', async () => {
    expect(await findUnits({ types: ['ORGANIZATION'] })).toEqual([2, 3, 4, 5, 6, 7]);
    expect(await findUnits({ types: ['ORGANIZATION', 'DEPARTMENT'] })).toEqual(allReshIds);
  });

  it('selects designations and treatment sites', async () => {
    expect(await findUnits({ designations: ['08'] })).toEqual([20]);
    expect(await findUnits({ designations: ['05', '08'] })).toEqual(allReshIds);
    expect(await findUnits({ treatmentSites: [generatedRegister.site] })).toEqual(allButTwenty);
    expect(await findUnits({ hasTreatmentSite: false })).toEqual([20]);
    expect(await findUnits({ hasTreatmentSite: true })).toEqual(allButTwenty);
  });

  it('selects a part of the name without letter case and accents, and takes patterns literally', async () => {
    expect(await findUnits({ name: 'oyePOST a' })).toEqual([20]);
    expect(await findUnits({ name: '100%' })).toEqual([20]);
    expect(await findUnits({ name: '1%0' })).toEqual([]);
    expect(await findUnits({ name: 'avdeling 4' })).toEqual([4, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
  });

  it('selects descendants of a unit with a code, on the days of the code', async () => {
    expect(await findUnits({ codes: [specialty('100')] }, '2015-01-01')).toEqual([20]);
    expect(await findUnits({ codes: [specialty('111')] }, '2015-01-01')).toEqual([20]);
    expect(await findUnits({ codes: [specialty('100')] }, '2020-01-01')).toEqual([]);
    expect(await findUnits({ codes: [specialty('020')] })).toEqual(allReshIds);
  });

  it('requires all conditions', async () => {
    expect(await findUnits({ types: ['DEPARTMENT'], name: '2', hasTreatmentSite: true })).toEqual([
      12, 21, 22, 23, 24, 25, 26, 27, 28, 29, 32, 42,
    ]);
    expect(await findUnits({ types: ['ORGANIZATION'], designations: ['08'] })).toEqual([]);
  });
});
