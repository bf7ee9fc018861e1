import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importFolder, type ImportOptions } from '../../../src/exchange/import/import-folder.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import { synchronize, type SynchronizeOptions } from '../../../src/exchange/sync/synchronize.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions, synchronizeOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { findViolations } from '../../support/database/violations.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { useFolder } from '../../support/use-folder.ts';
import { buildWorld, mutationsAs, subjects, units as u, worldDay, worldStart } from '../../support/world/world.ts';

const unitHeader = 'resh_id,type,name,parent_resh_id,valid_from,valid_to';
const greatestOfWorld = Math.max(...Object.values(u));

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await clearRegister(database);
  await buildWorld(database);
});
const folder = useFolder();

type Files = Readonly<Record<string, string>>;

async function writeFiles(files: Files): Promise<void> {
  const required = { 'treatment_sites.csv': 'organization_number,name\n', 'codes.csv': 'code_set,code,name\n' };
  for (const [name, content] of Object.entries({ ...required, ...files }))
    await writeFile(join(folder(), name), content);
}

function formatUnits(...rows: string[]): string {
  return [unitHeader, ...rows, ''].join('\n');
}

async function importFiles(files: Files, options: Partial<ImportOptions> = {}) {
  await writeFiles(files);
  return importFolder(
    database,
    importOptions({ folder: folder(), validFrom: worldStart, skipInvalid: true, ...options }),
  );
}

async function synchronizeClinic(rows: readonly string[], options: Partial<SynchronizeOptions> = {}) {
  const path = join(folder(), 'clinic.csv');
  await writeFile(path, formatUnits(...rows));
  const required = { path, day: worldDay, within: u.clinic, allowMassClose: true, skipInvalid: true };
  return synchronize(database, synchronizeOptions({ ...required, ...options }));
}

async function createDepartment(): Promise<number | undefined> {
  const operator = mutationsAs(database, subjects.operator);
  const created = await operator.createDepartment({ parentReshId: u.northTrust, name: 'New' });
  return expectAccepted(created).unit?.reshId;
}

const loaded = `300,DEPARTMENT,Loaded,${u.clinic},,`;

describe('after an import, a new unit gets no RESH-id that the files mention', () => {
  it.each<[where: string, files: Files, next: number]>([
    ['in a rejected row', { 'units.csv': formatUnits(loaded, `400,DEPARTMENT,,${u.clinic},,`) }, 401],
    ['as an unknown parent', { 'units.csv': formatUnits(loaded, '301,DEPARTMENT,Orphan,500,,') }, 501],
    [
      'in the codes of an unknown unit',
      { 'units.csv': formatUnits(loaded), 'unit_codes.csv': 'resh_id,code_set,code\n600,8451,010\n' },
      601,
    ],
    [
      'in the identifiers of an unknown unit',
      { 'units.csv': formatUnits(loaded), 'identifiers.csv': 'resh_id,system,value\n700,urn:x,7\n' },
      701,
    ],
    [
      'as an unknown legal entity',
      {
        'units.csv': formatUnits(loaded),
        'treatment_sites.csv': 'organization_number,name,trust_resh_id\n974795515,Site,800\n',
      },
      801,
    ],
  ])('%s', async (_where, files, next) => {
    const outcome = await importFiles(files);

    expect(outcome).toMatchObject({ isAborted: false, revision: 2 });
    expect(outcome.files.reduce((total, { rejected }) => total + rejected, 0)).toBe(1);
    expect(await createDepartment()).toBe(next);
    expect(await findViolations(database)).toEqual([]);
  });

  it('so that a rejected row, once corrected, loads with its own id', async () => {
    await importFiles({ 'units.csv': formatUnits(loaded, `400,DEPARTMENT,,${u.clinic},,`) });
    await createDepartment();

    const corrected = await importFiles({ 'units.csv': formatUnits(`400,DEPARTMENT,Corrected,${u.clinic},,`) });

    expect(corrected).toMatchObject({ problemCount: 0, revision: 4 });
    expect(await findViolations(database)).toEqual([]);
  });

  it('when all rows are rejected and nothing is written', async () => {
    const outcome = await importFiles({ 'units.csv': formatUnits(`400,DEPARTMENT,,${u.clinic},,`) });

    expect(outcome).toMatchObject({ isAborted: false, revision: null });
    expect(await createDepartment()).toBe(401);
  });

  it('but a refused import reserves no ids', async () => {
    const files = { 'units.csv': formatUnits(loaded, `400,DEPARTMENT,,${u.clinic},,`) };

    expect(await importFiles(files, { skipInvalid: false })).toMatchObject({ isAborted: true });
    expect(await createDepartment()).toBe(greatestOfWorld + 1);
  });

  it('and the greatest integer, which no id can follow, reserves none', async () => {
    await importFiles({ 'units.csv': formatUnits(loaded, `2147483647,DEPARTMENT,,${u.clinic},,`) });

    expect(await createDepartment()).toBe(301);
  });

  it.each(['1000', '2000000000'])('and %s, with more digits than any unit that loads, reserves none', async (id) => {
    const units = formatUnits(loaded, `${id},DEPARTMENT,,${u.clinic},,`, `999,DEPARTMENT,,${u.clinic},,`);
    await importFiles({ 'units.csv': units });

    expect(await createDepartment()).toBe(1000);
    expect(await findViolations(database)).toEqual([]);
  });

  it('but one as long as an id of the same file reserves ids', async () => {
    const units = formatUnits(`3000,DEPARTMENT,Loaded,${u.clinic},,`, `4000,DEPARTMENT,,${u.clinic},,`);
    await importFiles({ 'units.csv': units });

    expect(await createDepartment()).toBe(4001);
  });

  it('and a mistyped id reserves none before new units of another register', async () => {
    const foreign = { system: 'urn:x', idColumn: 'id', parentColumn: 'parent' };
    const files = {
      'units.csv': 'id,parent,type,name\nA,,ORGANIZATION,Other\n',
      'treatment_sites.csv': 'organization_number,name,trust_resh_id\n974795515,Site,2000000000\n',
    };
    await importFiles(files, { fileOptions: { ...standardFileOptions, foreign } });

    expect(await createDepartment()).toBe(greatestOfWorld + 2);
  });

  it('nor does a new unit of another register', async () => {
    const foreign = { system: 'urn:x', idColumn: 'id', parentColumn: 'parent' };
    await importFiles(
      {
        'units.csv': 'id,parent,type,name\nA,,ORGANIZATION,Other\n',
        'treatment_sites.csv': 'organization_number,name,trust_resh_id\n974795515,Site,800\n',
      },
      { fileOptions: { ...standardFileOptions, foreign } },
    );

    const rows = await database.bulk((session) =>
      session.query("select resh_id from unit_identifier where system = 'urn:x'"),
    );
    expect(rows).toEqual([{ resh_id: 801 }]);
    expect(await createDepartment()).toBe(802);
  });
});

describe('after a synchronization, a new unit gets no RESH-id that the file mentions', () => {
  const present = [
    `${u.ward},DEPARTMENT,ward,${u.clinic},,`,
    `${u.secondWard},DEPARTMENT,secondWard,${u.clinic},,`,
  ] as const;

  it.each<[where: string, row: string, next: number]>([
    ['in a rejected row', `400,DEPARTMENT,,${u.clinic},,`, 401],
    ['in a row that is not valid on the day', `500,DEPARTMENT,Later,${u.clinic},2030-01-01,`, 501],
    ['as an unknown parent', '401,DEPARTMENT,Orphan,600,,', 601],
  ])('%s', async (_where, row, next) => {
    const outcome = await synchronizeClinic([...present, row]);

    expect(outcome).toMatchObject({ abortReason: null, revision: null });
    expect(await createDepartment()).toBe(next);
  });

  it('in a rejected row beside one that opens a unit', async () => {
    const outcome = await synchronizeClinic([...present, loaded, `400,DEPARTMENT,,${u.clinic},,`]);

    expect(outcome).toMatchObject({ abortReason: null, revision: 2, counts: { opened: 1 } });
    expect(await createDepartment()).toBe(401);
    expect(await findViolations(database)).toEqual([]);
  });

  it('but a dry run reserves no ids', async () => {
    await synchronizeClinic([...present, `400,DEPARTMENT,,${u.clinic},,`], { dryRun: true });

    expect(await createDepartment()).toBe(greatestOfWorld + 1);
  });
});
