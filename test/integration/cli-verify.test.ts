import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { recordChange } from '../../src/store/change/ledger.ts';
import { rebuildPaths } from '../../src/store/verify/rebuild-paths.ts';
import { verifyRegister, type Violation } from '../../src/store/verify/verify.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';

let database: Database;
let isWhole = true;
const openDatabase = async () => {
  database = await openTestDatabase();
  isWhole = true;
};
/** Lets in what the database itself would refuse, for one test. */
const dropConstraints = (...names: readonly string[]) => {
  isWhole = false;
  return database.bulk((session) =>
    session.execute(`alter table unit_version ${names.map((name) => `drop constraint ${name}`).join(', ')}`),
  );
};
beforeAll(openDatabase);
beforeEach(() => emptyRegister(database));
afterEach(async () => {
  if (isWhole) return;
  await database.close();
  await openDatabase();
});
afterAll(() => database.close());

interface Row {
  readonly id: number;
  readonly path: readonly number[];
  readonly type?: 'ORGANIZATION' | 'DEPARTMENT';
  readonly from?: string;
  readonly to?: string;
  readonly number?: string;
  readonly site?: string;
}

const pathText = (path: readonly number[]) => path.map((id) => `${String(id).padStart(10, '0')}/`).join('');

/** Records rows as one change, whatever the rules say of them. */
const record = (rows: readonly Row[], prepare = '') =>
  database.bulk((session) =>
    recordChange(
      session,
      { operation: 'IMPORT', actor: { subject: 'test', name: 'Test' }, effectiveOn: null, reason: null, input: {} },
      async (revision) => {
        await session.execute(prepare.replaceAll('$revision', String(revision)));
        for (const { id } of rows)
          await session.query(
            'insert into unit (resh_id, registered_rev) values ($1::integer, $2::integer) on conflict do nothing',
            [id, revision],
          );
        for (const {
          id,
          path,
          type = 'DEPARTMENT',
          from = '2002-01-01',
          to = null,
          number = null,
          site = null,
        } of rows)
          await session.query(
            `insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name, organization_number, treatment_site_number, path, path_text)
             values ($1::integer, $2::text::date, $3::text::date, $4::integer, $5::integer, $6::text::unit_type, 'Unit', $7, $8, $9::integer[], $10)`,
            [id, from, to, revision, path.at(-2) ?? null, type, number, site, path, pathText(path)],
          );
        await session.execute("select setval('resh_id_seq', (select max(resh_id) from unit))");
      },
    ),
  );

const violations = async (): Promise<Violation[]> => {
  const found: Violation[] = [];
  const { violations: count } = await database.bulk((session) =>
    verifyRegister(
      session,
      (batch) => found.push(...batch),
      () => {},
    ),
  );
  expect(count).toBe(found.length);
  return found;
};

const root: Row = { id: 1, path: [1], type: 'ORGANIZATION' };
const clinic: Row = { id: 2, path: [1, 2] };
const ward: Row = { id: 3, path: [1, 2, 3] };

describe('verify', () => {
  it('finds nothing where nothing is wrong, also where a parent changes beneath its child', async () => {
    await record([
      root,
      { ...clinic, to: '2010-01-01' },
      { ...clinic, from: '2010-01-01' },
      ward,
      { id: 4, path: [4], type: 'ORGANIZATION', to: '2010-01-01' },
    ]);
    expect(await violations()).toEqual([]);
  });

  it('rule 1: two versions on one day', async () => {
    await dropConstraints('unit_version_no_overlap');
    await record([root, { ...root, from: '2010-01-01', to: '2011-01-01' }]);
    expect(await violations()).toEqual([
      {
        rule: '1',
        reshId: 1,
        days: '[2010-01-01,2011-01-01)',
        revisions: '[1,)',
        problem: 'has two versions on the same days',
      },
    ]);
  });

  it('rule 2: a child on days on which its parent is not', async () => {
    await record([
      { ...root, from: '2005-01-01', to: '2010-01-01' },
      { ...root, from: '2011-01-01' },
      { id: 2, path: [1, 2] },
    ]);
    const lacking = { rule: '2', reshId: 2, revisions: '[1,)', problem: 'its parent 1 is not valid on these days' };
    expect(await violations()).toEqual([
      { ...lacking, days: '[2002-01-01,2005-01-01)' },
      { ...lacking, days: '[2010-01-01,2011-01-01)' },
    ]);
  });

  it('rule 2: a child whose parent is valid on none of its days', async () => {
    await record([
      { ...root, from: '1990-01-01', to: '2000-01-01' },
      { id: 2, path: [1, 2] },
    ]);
    expect(await violations()).toEqual([
      {
        rule: '2',
        reshId: 2,
        days: '[2002-01-01,)',
        revisions: '[1,)',
        problem: 'its parent 1 is not valid on these days',
      },
    ]);
  });

  it('rule 3: a circle, and only what is in it', async () => {
    await record([root, { id: 5, path: [6, 5] }, { id: 6, path: [5, 6] }, { id: 7, path: [6, 7] }]);
    expect((await violations()).map(({ rule, reshId, problem }) => [rule, reshId, problem])).toEqual([
      ['3', 5, 'its parents lead back to itself: 5, 6, 5'],
      ['3', 6, 'its parents lead back to itself: 6, 5, 6'],
    ]);
  });

  it('rule 4: an organization beneath a department', async () => {
    await record([root, clinic, { id: 9, path: [1, 2, 9], type: 'ORGANIZATION' }]);
    expect(await violations()).toMatchObject([{ rule: '4', reshId: 9 }]);
  });

  it('rule 5: an organization number on two units', async () => {
    await dropConstraints('unit_version_organization_number_no_overlap');
    await record([
      { ...root, number: '983974880' },
      { id: 8, path: [8], type: 'ORGANIZATION', number: '983974880', from: '2020-01-01' },
    ]);
    expect(await violations()).toMatchObject([{ rule: '5', reshId: 8, days: '[2020-01-01,)' }]);
  });

  it('rule 6: a RESH-id given again after it was withdrawn, and a sequence that would give one again', async () => {
    await record([root]);
    await record([], 'update unit_version set superseded_rev = $revision');
    await record([root]);
    await database.bulk((session) => session.execute('insert into unit values (77, 1)'));
    expect(await violations()).toMatchObject([
      { rule: '6', reshId: 1, problem: expect.stringContaining('was withdrawn before revision 3') as string },
      { rule: '6', reshId: 77 },
      { rule: 'ledger', reshId: null, revisions: '[1,2)' },
    ]);
  });

  it('rule 7: a site and a code on days on which they are not valid', async () => {
    const reference = `
      insert into treatment_site values ('983974880', $revision);
      insert into treatment_site_version (organization_number, name, address_lines, valid_from, recorded_rev) values ('983974880', 'Site', '{}', '2010-01-01', $revision);
      insert into code_set values (8451, 'x', 'Set', $revision);
      insert into code values (8451, '1', $revision);
      insert into code_version (code_set, code, name, replaced_by, valid_to, recorded_rev) values (8451, '1', 'Ended', '{}', '2010-01-01', $revision);`;
    await record([{ ...root, site: '983974880' }], reference);
    await record(
      [],
      "insert into unit_code (resh_id, code_set, code, attributes, valid_from, recorded_rev) values (1, 8451, '1', '{}', '2015-01-01', $revision)",
    );
    expect(await violations()).toMatchObject([
      { rule: '7', reshId: 1, days: '{[2002-01-01,2010-01-01)}' },
      { rule: '7', reshId: 1, days: '[2015-01-01,)' },
    ]);
  });

  it('a stored path that is not what the parents say', async () => {
    await record([root, { id: 9, path: [9], type: 'ORGANIZATION' }, clinic, { ...ward, path: [9, 2, 3] }]);
    expect(await violations()).toMatchObject([
      { rule: 'path', reshId: 3, problem: 'the stored path 9/2/3 (0000000009/0000000002/0000000003/) is not 1/2/3' },
    ]);
  });
});

describe('verify of what was known before', () => {
  const supersede = (which = 'true') =>
    record([], `update unit_version set superseded_rev = $revision where superseded_rev is null and ${which}`);

  it('finds nothing where a parent was superseded beneath its child, and all of it after that', async () => {
    await record([root, clinic, ward]);
    await record(
      [
        { ...clinic, to: '2010-01-01' },
        { ...clinic, from: '2010-01-01' },
      ],
      'update unit_version set superseded_rev = $revision where resh_id = 2',
    );
    await supersede();
    expect(await violations()).toEqual([]);
  });

  it('rules 1 and 5: two versions, and two units with a number, in a revision that is past', async () => {
    await dropConstraints('unit_version_no_overlap', 'unit_version_organization_number_no_overlap');
    await record([{ ...root, number: '983974880' }]);
    await record([
      { ...root, from: '2010-01-01' },
      { id: 8, path: [8], type: 'ORGANIZATION', number: '983974880' },
    ]);
    await supersede();
    expect(await violations()).toMatchObject([
      { rule: '1', reshId: 1, days: '[2010-01-01,)', revisions: '[2,3)' },
      { rule: '5', reshId: 8, days: '[2002-01-01,)', revisions: '[2,3)' },
    ]);
  });

  it('rule 2: a parent that was unknown for some revisions', async () => {
    await record([root, clinic]);
    await supersede('resh_id = 1');
    await record([]);
    await record([{ ...root, from: '2005-01-01' }]);
    await record([{ ...root, to: '2005-01-01' }]);
    expect(await violations()).toMatchObject([
      { rule: '2', reshId: 2, days: '[2002-01-01,)', revisions: '[2,4)' },
      { rule: '2', reshId: 2, days: '[2002-01-01,2005-01-01)', revisions: '[4,5)' },
      { rule: '6', reshId: 1, revisions: '[4,)' },
    ]);
  });

  it('rules 3 and 4: a circle, and an organization beneath a department', async () => {
    await record([
      root,
      clinic,
      { id: 5, path: [6, 5] },
      { id: 6, path: [5, 6] },
      { id: 9, path: [1, 2, 9], type: 'ORGANIZATION' },
    ]);
    await supersede();
    expect(await violations()).toMatchObject([
      { rule: '3', reshId: 5, revisions: '[1,2)' },
      { rule: '3', reshId: 6, revisions: '[1,2)' },
      { rule: '4', reshId: 9, revisions: '[1,2)' },
    ]);
  });

  it('a circle through a unit that has two versions, one of them a root', async () => {
    await dropConstraints('unit_version_no_overlap');
    await record([root, clinic, { id: 1, path: [2, 1] }]);
    expect(await violations()).toMatchObject([
      { rule: '1', reshId: 1 },
      { rule: '3', reshId: 1 },
    ]);
  });
});

describe('rebuild-paths', () => {
  const rebuild = () => database.bulk((session) => rebuildPaths(session, () => {}));

  it('mends corrupted paths, recording no change, and finds nothing to do after that', async () => {
    await record([root, { id: 9, path: [9], type: 'ORGANIZATION' }, clinic, { ...ward, path: [9, 2, 3] }]);
    await database.bulk((session) =>
      session.execute("update unit_version set path_text = '0000000007/' where resh_id = 2"),
    );

    expect(await rebuild()).toEqual({ changed: 2, notMended: 0 });

    expect(await violations()).toEqual([]);
    expect(await rebuild()).toEqual({ changed: 0, notMended: 0 });
    expect(await database.prisma.change.count()).toBe(1);
  });

  it('leaves a row that needs two paths to verify', async () => {
    await record([
      root,
      { id: 9, path: [9], type: 'ORGANIZATION' },
      { ...clinic, to: '2019-02-01' },
      { ...clinic, path: [9, 2], from: '2019-02-01' },
      ward,
    ]);

    expect(await rebuild()).toEqual({ changed: 0, notMended: 1 });
    expect(await violations()).toMatchObject([{ rule: 'path', reshId: 3, days: '[2019-02-01,)' }]);
  });

  it('mends a superseded row, which verify names, and only that', async () => {
    const bed: Row = { id: 4, path: [1, 2, 3, 4] };
    await record([root, clinic, ward, bed]);
    await record([ward], 'update unit_version set superseded_rev = $revision where resh_id = 3');
    await database.bulk((session) =>
      session.execute(
        `update unit_version set path = '{9, 2, 3}', path_text = '${pathText([9, 2, 3])}' where superseded_rev is not null`,
      ),
    );
    expect(await violations()).toEqual([
      {
        rule: 'path',
        reshId: 3,
        days: '[2002-01-01,)',
        revisions: '[1,2)',
        problem: 'the stored path 9/2/3 (0000000009/0000000002/0000000003/) is not 1/2/3',
      },
    ]);

    expect(await rebuild()).toEqual({ changed: 1, notMended: 0 });

    expect(await violations()).toEqual([]);
    const paths = await database.bulk((session) =>
      session.query('select path, path_text from unit_version where resh_id = 3'),
    );
    expect(paths).toEqual([1, 2].map(() => ({ path: [1, 2, 3], path_text: pathText([1, 2, 3]) })));
    expect(await rebuild()).toEqual({ changed: 0, notMended: 0 });
  });

  it('leaves a row that needs another path in a later revision to verify', async () => {
    await record([root, { id: 9, path: [9], type: 'ORGANIZATION' }, clinic, ward]);
    await record([{ ...clinic, path: [9, 2] }], 'update unit_version set superseded_rev = $revision where resh_id = 2');
    await record([], 'update unit_version set superseded_rev = $revision where superseded_rev is null');

    expect(await rebuild()).toEqual({ changed: 0, notMended: 1 });
    expect(await violations()).toMatchObject([{ rule: 'path', reshId: 3, days: '[2002-01-01,)', revisions: '[2,3)' }]);
  });
});
