import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordChange } from '../../src/store/change/ledger.ts';
import type { Database } from '../../src/store/database/database.ts';
import { formatPathText } from '../../src/store/sql/path-text.ts';
import { rebuildPaths } from '../../src/store/verify/rebuild-paths.ts';
import type { Violation } from '../../src/store/verify/violation.ts';
import { changeEntry } from '../support/builders/change-entry.ts';
import { verifyDatabase } from '../support/database/violations.ts';
import { clearRegister, openTestDatabase } from '../support/database/database.ts';
import { insertUnitVersions, type StoredVersion } from '../support/database/insert-unit-versions.ts';

let database: Database;
let hasAllConstraints = true;

async function openDatabase() {
  database = await openTestDatabase();
  hasAllConstraints = true;
}

/** Drops constraints for one test, so that the database accepts corrupt rows. */
function dropConstraints(...names: readonly string[]) {
  hasAllConstraints = false;
  return database.bulk((session) =>
    session.execute(`alter table unit_version ${names.map((name) => `drop constraint ${name}`).join(', ')}`),
  );
}

beforeAll(openDatabase);
beforeEach(() => clearRegister(database));
afterEach(async () => {
  if (hasAllConstraints) return;
  await database.close();
  await openDatabase();
});
afterAll(() => database.close());

/** Records rows as one change without checking the rules. */
function recordRows(rows: readonly StoredVersion[], prepare = '') {
  return database.bulk((session) =>
    recordChange(session, changeEntry({ operation: 'IMPORT' }), async (revision) => {
      await session.execute(prepare.replaceAll('$revision', String(revision)));
      await insertUnitVersions(session, revision, rows);
      await session.execute("select setval('resh_id_seq', (select max(resh_id) from unit))");
    }),
  );
}

async function findViolations(): Promise<Violation[]> {
  const { violations, counts } = await verifyDatabase(database);
  expect(counts.violations).toBe(violations.length);
  return violations;
}

const root: StoredVersion = { path: [1], type: 'ORGANIZATION' };
const clinic: StoredVersion = { path: [1, 2] };
const ward: StoredVersion = { path: [1, 2, 3] };

describe('verify', () => {
  it('finds nothing in a valid register, even when a parent changes under its child', async () => {
    await recordRows([
      root,
      { ...clinic, to: '2010-01-01' },
      { ...clinic, from: '2010-01-01' },
      ward,
      { path: [4], type: 'ORGANIZATION', to: '2010-01-01' },
    ]);
    expect(await findViolations()).toEqual([]);
  });

  it('finds two versions on one day (rule 1)', async () => {
    await dropConstraints('unit_version_no_overlap');
    await recordRows([root, { ...root, from: '2010-01-01', to: '2011-01-01' }]);
    expect(await findViolations()).toEqual([
      {
        rule: '1',
        reshId: 1,
        days: '[2010-01-01,2011-01-01)',
        revisions: '[1,)',
        problem: 'has two versions on the same days',
      },
    ]);
  });

  it('finds a child on days without its parent (rule 2)', async () => {
    await recordRows([
      { ...root, from: '2005-01-01', to: '2010-01-01' },
      { ...root, from: '2011-01-01' },
      { path: [1, 2] },
    ]);
    const missingParent = {
      rule: '2',
      reshId: 2,
      revisions: '[1,)',
      problem: 'its parent 1 is not valid on these days',
    };
    expect(await findViolations()).toEqual([
      { ...missingParent, days: '[2002-01-01,2005-01-01)' },
      { ...missingParent, days: '[2010-01-01,2011-01-01)' },
    ]);
  });

  it('finds a child without its parent on every day (rule 2)', async () => {
    await recordRows([{ ...root, from: '1990-01-01', to: '2000-01-01' }, { path: [1, 2] }]);
    expect(await findViolations()).toEqual([
      {
        rule: '2',
        reshId: 2,
        days: '[2002-01-01,)',
        revisions: '[1,)',
        problem: 'its parent 1 is not valid on these days',
      },
    ]);
  });

  it('finds a cycle and only its members (rule 3)', async () => {
    await recordRows([root, { path: [6, 5] }, { path: [5, 6] }, { path: [6, 7] }]);
    expect((await findViolations()).map(({ rule, reshId, problem }) => [rule, reshId, problem])).toEqual([
      ['3', 5, 'is its own ancestor: 5, 6, 5'],
      ['3', 6, 'is its own ancestor: 6, 5, 6'],
    ]);
  });

  it('finds an organization under a department (rule 4)', async () => {
    await recordRows([root, clinic, { path: [1, 2, 9], type: 'ORGANIZATION' }]);
    expect(await findViolations()).toMatchObject([{ rule: '4', reshId: 9 }]);
  });

  it('finds an organization number on two units (rule 5)', async () => {
    await dropConstraints('unit_version_organization_number_no_overlap');
    await recordRows([
      { ...root, organizationNumber: '983974880' },
      { path: [8], type: 'ORGANIZATION', organizationNumber: '983974880', from: '2020-01-01' },
    ]);
    expect(await findViolations()).toMatchObject([{ rule: '5', reshId: 8, days: '[2020-01-01,)' }]);
  });

  it('finds a reused RESH-id and a sequence that would reuse one (rule 6)', async () => {
    await recordRows([root]);
    await recordRows([], 'update unit_version set superseded_rev = $revision');
    await recordRows([root]);
    await database.bulk((session) => session.execute('insert into unit values (77, 1)'));

    expect(await findViolations()).toMatchObject([
      { rule: '6', reshId: 1, problem: expect.stringContaining('was withdrawn before revision 3') as string },
      { rule: '6', reshId: 77 },
      { rule: 'ledger', reshId: null, revisions: '[1,2)' },
    ]);
  });

  it('finds a site and a code on days outside their validity (rule 7)', async () => {
    const reference = `
      insert into treatment_site values ('983974880', $revision);
      insert into treatment_site_version (organization_number, name, address_lines, valid_from, recorded_rev)
      values ('983974880', 'Site', '{}', '2010-01-01', $revision);
      insert into code_set values (8451, 'x', 'Set', $revision);
      insert into code values (8451, '1', $revision);
      insert into code_version (code_set, code, name, replaced_by, valid_to, recorded_rev)
      values (8451, '1', 'Ended', '{}', '2010-01-01', $revision);`;
    await recordRows([{ ...root, treatmentSiteNumber: '983974880' }], reference);
    await recordRows(
      [],
      'insert into unit_code (resh_id, code_set, code, attributes, valid_from, recorded_rev) ' +
        "values (1, 8451, '1', '{}', '2015-01-01', $revision)",
    );
    expect(await findViolations()).toMatchObject([
      { rule: '7', reshId: 1, days: '{[2002-01-01,2010-01-01)}' },
      { rule: '7', reshId: 1, days: '[2015-01-01,)' },
    ]);
  });

  it('finds a stored path that differs from the parents', async () => {
    await recordRows([root, { path: [9], type: 'ORGANIZATION' }, clinic, { ...ward, path: [9, 2, 3] }]);
    expect(await findViolations()).toMatchObject([
      { rule: 'path', reshId: 3, problem: 'the stored path 9/2/3 (0000000009/0000000002/0000000003/) is not 1/2/3' },
    ]);
  });
});

describe('verify of earlier knowledge', () => {
  const supersedeRows = (which = 'true') =>
    recordRows([], `update unit_version set superseded_rev = $revision where superseded_rev is null and ${which}`);

  it('finds nothing when a parent and later its children were superseded', async () => {
    await recordRows([root, clinic, ward]);
    await recordRows(
      [
        { ...clinic, to: '2010-01-01' },
        { ...clinic, from: '2010-01-01' },
      ],
      'update unit_version set superseded_rev = $revision where resh_id = 2',
    );
    await supersedeRows();
    expect(await findViolations()).toEqual([]);
  });

  it('finds two versions and a shared number in a past revision (rules 1 and 5)', async () => {
    await dropConstraints('unit_version_no_overlap', 'unit_version_organization_number_no_overlap');
    await recordRows([{ ...root, organizationNumber: '983974880' }]);
    await recordRows([
      { ...root, from: '2010-01-01' },
      { path: [8], type: 'ORGANIZATION', organizationNumber: '983974880' },
    ]);
    await supersedeRows();

    expect(await findViolations()).toMatchObject([
      { rule: '1', reshId: 1, days: '[2010-01-01,)', revisions: '[2,3)' },
      { rule: '5', reshId: 8, days: '[2002-01-01,)', revisions: '[2,3)' },
    ]);
  });

  it('finds a parent that was unknown for some revisions (rule 2)', async () => {
    await recordRows([root, clinic]);
    await supersedeRows('resh_id = 1');
    await recordRows([]);
    await recordRows([{ ...root, from: '2005-01-01' }]);
    await recordRows([{ ...root, to: '2005-01-01' }]);

    expect(await findViolations()).toMatchObject([
      { rule: '2', reshId: 2, days: '[2002-01-01,)', revisions: '[2,4)' },
      { rule: '2', reshId: 2, days: '[2002-01-01,2005-01-01)', revisions: '[4,5)' },
      { rule: '6', reshId: 1, revisions: '[4,)' },
    ]);
  });

  it('finds a cycle and an organization under a department (rules 3 and 4)', async () => {
    await recordRows([root, clinic, { path: [6, 5] }, { path: [5, 6] }, { path: [1, 2, 9], type: 'ORGANIZATION' }]);
    await supersedeRows();
    expect(await findViolations()).toMatchObject([
      { rule: '3', reshId: 5, revisions: '[1,2)' },
      { rule: '3', reshId: 6, revisions: '[1,2)' },
      { rule: '4', reshId: 9, revisions: '[1,2)' },
    ]);
  });

  it('finds a cycle through a unit with two versions, one of them a root', async () => {
    await dropConstraints('unit_version_no_overlap');
    await recordRows([root, clinic, { path: [2, 1] }]);
    expect(await findViolations()).toMatchObject([
      { rule: '1', reshId: 1 },
      { rule: '3', reshId: 1 },
    ]);
  });
});

describe('rebuild-paths', () => {
  const rebuildAllPaths = () => database.bulk((session) => rebuildPaths(session, () => {}));

  it('repairs corrupted paths without recording a change and is idempotent', async () => {
    await recordRows([root, { path: [9], type: 'ORGANIZATION' }, clinic, { ...ward, path: [9, 2, 3] }]);
    await database.bulk((session) =>
      session.execute("update unit_version set path_text = '0000000007/' where resh_id = 2"),
    );

    expect(await rebuildAllPaths()).toEqual({ changed: 2, notRepaired: 0 });

    expect(await findViolations()).toEqual([]);
    expect(await rebuildAllPaths()).toEqual({ changed: 0, notRepaired: 0 });
    expect(await database.prisma.change.count()).toBe(1);
  });

  it('skips a row that would need two paths', async () => {
    await recordRows([
      root,
      { path: [9], type: 'ORGANIZATION' },
      { ...clinic, to: '2019-02-01' },
      { ...clinic, path: [9, 2], from: '2019-02-01' },
      ward,
    ]);

    expect(await rebuildAllPaths()).toEqual({ changed: 0, notRepaired: 1 });
    expect(await findViolations()).toMatchObject([{ rule: 'path', reshId: 3, days: '[2019-02-01,)' }]);
  });

  it('repairs only the superseded row that verify reports', async () => {
    const bed: StoredVersion = { path: [1, 2, 3, 4] };
    await recordRows([root, clinic, ward, bed]);
    await recordRows([ward], 'update unit_version set superseded_rev = $revision where resh_id = 3');
    await database.bulk((session) =>
      session.execute(
        `update unit_version set path = '{9, 2, 3}', path_text = '${formatPathText([9, 2, 3])}' ` +
          'where superseded_rev is not null',
      ),
    );

    expect(await findViolations()).toEqual([
      {
        rule: 'path',
        reshId: 3,
        days: '[2002-01-01,)',
        revisions: '[1,2)',
        problem: 'the stored path 9/2/3 (0000000009/0000000002/0000000003/) is not 1/2/3',
      },
    ]);

    expect(await rebuildAllPaths()).toEqual({ changed: 1, notRepaired: 0 });

    expect(await findViolations()).toEqual([]);

    const paths = await database.bulk((session) =>
      session.query('select path, path_text from unit_version where resh_id = 3'),
    );
    expect(paths).toEqual([1, 2].map(() => ({ path: [1, 2, 3], path_text: formatPathText([1, 2, 3]) })));
    expect(await rebuildAllPaths()).toEqual({ changed: 0, notRepaired: 0 });
  });

  it('skips a row that needs another path in a later revision', async () => {
    await recordRows([root, { path: [9], type: 'ORGANIZATION' }, clinic, ward]);
    await recordRows(
      [{ ...clinic, path: [9, 2] }],
      'update unit_version set superseded_rev = $revision where resh_id = 2',
    );
    await recordRows([], 'update unit_version set superseded_rev = $revision where superseded_rev is null');

    expect(await rebuildAllPaths()).toEqual({ changed: 0, notRepaired: 1 });
    expect(await findViolations()).toMatchObject([
      { rule: 'path', reshId: 3, days: '[2002-01-01,)', revisions: '[2,3)' },
    ]);
  });
});
