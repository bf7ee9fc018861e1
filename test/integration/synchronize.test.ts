import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importFolder } from '../../src/exchange/import/import-folder.ts';
import { ourFiles } from '../../src/exchange/import/stage-files.ts';
import { synchronize, type SynchronizeOptions } from '../../src/exchange/import/synchronize.ts';
import type { Database } from '../../src/store/database.ts';
import type { ToldProblem } from '../../src/store/import-staging-problems.ts';
import { verifyRegister, type Violation } from '../../src/store/verify.ts';
import { emptyRegister, openTestDatabase } from '../support/database.ts';

const header = 'resh_id,type,name,parent_resh_id';
const first = '2002-01-01';
const day = '2026-03-01';

let database: Database;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await emptyRegister(database);
  folder = await mkdtemp(join(tmpdir(), 'resh-sync-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const csv = (...rows: string[]): string => [header, ...rows, ''].join('\n');

const inFile = async (content: string, name = 'picture.csv'): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

const actor = { subject: 'test', name: 'Test' };

const registered = async (units: string, more: Readonly<Record<string, string>> = {}) => {
  const files = { 'treatment_sites.csv': 'organization_number,name\n', 'codes.csv': 'code_set,code,name\n', ...more };
  for (const [name, content] of Object.entries({ ...files, 'units.csv': units })) await inFile(content, name);
  const outcome = await importFolder(database, {
    folder,
    validFrom: first,
    skipInvalid: false,
    rejects: null,
    actor,
    problemsShown: 50,
    onProgress: () => {},
  });
  expect(outcome).toMatchObject({ refused: false, problems: [] });
};

const synchronized = async (path: string, options: Partial<SynchronizeOptions> = {}) => {
  const problems: ToldProblem[] = [];
  const outcome = await synchronize(database, {
    path,
    reading: ourFiles,
    day,
    today: day,
    within: null,
    dryRun: false,
    skipInvalid: false,
    allowMassClose: true,
    rejects: null,
    report: null,
    actor,
    onProblems: (batch) => problems.push(...batch),
    onProgress: () => {},
    ...options,
  });
  const told = problems.map(
    ({ kind, file, line, column, value, problem, remedy }) =>
      `${kind} ${file}:${line ?? ''} ${column ?? ''} «${value ?? ''}» ${problem}; ${remedy}`,
  );
  return { ...outcome, told };
};

const synchronizedTo = async (units: string, options: Partial<SynchronizeOptions> = {}) =>
  synchronized(await inFile(units), options);

/** The tree on a day, a line a unit: names from the root down. */
const treeOn = async (on: string): Promise<string[]> => {
  const rows = await database.bulk((session) =>
    session.query<{ path: string }>(
      `select (
         select string_agg(a.name, ' / ' order by step.depth)
         from unnest(v.path) with ordinality as step (resh_id, depth)
         join unit_version a on a.resh_id = step.resh_id and a.superseded_rev is null
           and a.valid_from <= $1::text::date and (a.valid_to is null or a.valid_to > $1::text::date)
       ) as path
       from unit_version v
       where v.superseded_rev is null and v.valid_from <= $1::text::date and (v.valid_to is null or v.valid_to > $1::text::date)`,
      [on],
    ),
  );
  return rows.map(({ path }) => path).sort();
};

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

const counts = (opened: number, moved: number, renamed: number, closed: number) => ({
  counts: { opened, moved, renamed, closed },
});

const trust = '1,ORGANIZATION,Trust,';
const clinic = '2,DEPARTMENT,Clinic,1';
const ward = '3,DEPARTMENT,Ward,2';

describe('a full picture of the register on a day', () => {
  it('opens, moves, renames and closes from the day on, as one change', async () => {
    await registered(csv(trust, clinic, ward, '4,DEPARTMENT,Laboratory,1'));

    const outcome = await synchronizedTo(
      csv('5,DEPARTMENT,Out-patients,2', '3,DEPARTMENT,Ward,1', '2,DEPARTMENT,Great clinic,1', trust),
    );

    expect(outcome).toMatchObject({ refused: null, revision: 2, told: [], ...counts(1, 1, 1, 1) });
    expect(await treeOn('2026-02-28')).toEqual([
      'Trust',
      'Trust / Clinic',
      'Trust / Clinic / Ward',
      'Trust / Laboratory',
    ]);
    expect(await treeOn(day)).toEqual([
      'Trust',
      'Trust / Great clinic',
      'Trust / Great clinic / Out-patients',
      'Trust / Ward',
    ]);
    const change = await database.prisma.change.findUnique({ where: { revision: 2 } });
    expect(change).toMatchObject({
      operation: 'SYNCHRONIZE',
      actorSubject: 'test',
      effectiveOn: new Date(day),
      input: { files: { 'units.csv': expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
    });
    expect(await violations()).toEqual([]);
  });

  it('records no change the second time', async () => {
    await registered(csv(trust, clinic));
    const picture = csv(trust, '2,DEPARTMENT,Great clinic,1', '7,DEPARTMENT,Ward,2');

    await synchronizedTo(picture);
    const again = await synchronizedTo(picture);

    expect(again).toMatchObject({ refused: null, revision: null, told: [], ...counts(0, 0, 0, 0) });
    expect(await database.prisma.change.count()).toBe(2);
  });

  it('lets a parent and its child change places, and a child leave a parent that closes', async () => {
    await registered(
      csv(trust, clinic, ward, '4,DEPARTMENT,Bed post,3', '5,DEPARTMENT,Old house,1', '6,DEPARTMENT,Guests,5'),
    );

    const outcome = await synchronizedTo(
      csv(trust, '2,DEPARTMENT,Clinic,3', '3,DEPARTMENT,Ward,1', '4,DEPARTMENT,Bed post,3', '6,DEPARTMENT,Guests,2'),
    );

    expect(outcome).toMatchObject({ refused: null, told: [], ...counts(0, 3, 0, 1) });
    expect(await treeOn(day)).toEqual([
      'Trust',
      'Trust / Ward',
      'Trust / Ward / Bed post',
      'Trust / Ward / Clinic',
      'Trust / Ward / Clinic / Guests',
    ]);
    expect(await violations()).toEqual([]);
  });
});
