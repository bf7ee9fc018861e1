import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readConfig, readDatabaseLocation } from '../../src/config.ts';
import { openDatabase } from '../../src/store/database/database.ts';
import { createRegisterLocation, type RegisterLocation } from '../support/processes/register-location.ts';
import { spawnResh, waitForExit } from '../support/processes/resh-process.ts';
import { runReshInProcess } from '../support/processes/run-resh.ts';

const source = inject('testDatabaseSource');

let folder: string;
let register: RegisterLocation;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-cli-'));
  register = await createRegisterLocation(folder);
  await writeFile(join(folder, 'codes.csv'), 'code_set,code,name\n8451,1,Code\n');
  await writeFile(join(folder, 'treatment_sites.csv'), 'organization_number,name\n983974880,Site\n');
  await writeFile(
    join(folder, 'units.csv'),
    'resh_id,type,name,parent_resh_id\n' +
      '1,ORGANIZATION,Trust,\n' +
      '2,DEPARTMENT,Clinic,1\n' +
      '3,DEPARTMENT,Ward,2\n' +
      '4,DEPARTMENT,,2\n',
  );
});
afterAll(async () => {
  await register.remove();
  await rm(folder, { recursive: true, force: true });
});

function spawnAsTester(arguments_: readonly string[]) {
  return spawnResh(arguments_, { USER: 'tester', ...register.environment });
}

/** Runs a command in its own process, as a user starts it. */
async function runReshProcess(...arguments_: string[]) {
  return waitForExit(spawnAsTester(arguments_));
}

/** Runs a command in this process, with only the environment of the test. */
function runResh(...arguments_: string[]) {
  return runReshInProcess({ DATABASE_URL: '', USER: 'tester', ...register.environment }, ...arguments_);
}

function runReshWithoutEnvironment(...arguments_: string[]) {
  return runReshInProcess({}, ...arguments_);
}

describe('resh', () => {
  it('migrates and reports when no migration is pending', async () => {
    expect((await runReshProcess('migrate')).code).toBe(0);
    expect(await runResh('migrate')).toMatchObject({
      code: 0,
      stdout: 'nothing to apply: the database is up to date\n',
    });
  });

  it('refuses an invalid import with place and remedy and without a stack trace', async () => {
    const { code, stdout, stderr } = await runResh('import', folder, '--valid-from', '2002-01-01');

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('units.csv, line 5, name: is empty; give the name of the unit.\n');
    expect(stderr).toContain('Nothing was imported: 1 problem, 1 row affected.');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('imports the valid rows and prints the numbers of units and rejected rows', async () => {
    const { code, stdout } = await runResh('import', folder, '--valid-from', '2002-01-01', '--skip-invalid');

    expect(code).toBe(0);
    expect(stdout).toBe(
      '1 codes imported, 0 rows rejected\n' +
        '1 treatment sites imported, 0 rows rejected\n' +
        '3 units imported, 1 rows rejected\n',
    );
  });

  it('verifies, repairs a corrupted path and verifies again', async () => {
    expect(await runResh('verify')).toMatchObject({ code: 0, stdout: '3 units checked, 0 violations\n' });

    const database = await openDatabase(register.location);
    await database.bulk((session) =>
      session.execute(
        "update unit_version set path = '{9, 2, 3}', path_text = '0000000009/0000000002/0000000003/' where resh_id = 3",
      ),
    );
    await database.close();

    const verifyResult = await runResh('verify');
    expect(verifyResult.code).toBe(1);
    expect(verifyResult.stdout).toMatch(
      /^path\t3\t\[2002-01-01,\)\t.*9\/2\/3.*1\/2\/3\n3 units checked, 1 violations\n$/,
    );

    expect(await runResh('rebuild-paths')).toMatchObject({ code: 0, stdout: '1 rows changed\n' });
    expect((await runResh('verify')).code).toBe(0);
  });

  it('extracts to standard output', async () => {
    expect(await runResh('extract', '--columns', 'resh_id,name,path')).toMatchObject({
      code: 0,
      stdout: 'resh_id,name,path\r\n1,Trust,1\r\n2,Clinic,1/2\r\n3,Ward,1/2/3\r\n',
    });
  });

  it('synchronizes with a units file and prints the numbers of units, as a dry run or not', async () => {
    const syncFile = join(folder, 'snapshot.csv');
    await writeFile(syncFile, 'resh_id,name,parent_resh_id\n1,Great trust,\n3,Ward,1\n5,New,3\n');
    const synchronizeFile = (...options: string[]) =>
      runResh('import', syncFile, '--sync', '--effective-on', '2026-03-01', ...options);
    const line = '1 opened, 1 moved, 1 renamed, 1 closed\n';

    const massCloseResult = await synchronizeFile();
    const dryRunResult = await synchronizeFile('--allow-mass-close', '--dry-run');
    const syncResult = await synchronizeFile('--allow-mass-close');
    await writeFile(syncFile, 'resh_id,name,parent_resh_id\n1,,\n3,Ward,1\n5,New,3\n');
    const failedResult = await synchronizeFile();
    await writeFile(syncFile, 'resh_id,navn,parent_resh_id\n1,Trust,\n');
    const unreadableResult = await synchronizeFile();

    expect({ code: massCloseResult.code, stdout: massCloseResult.stdout }).toEqual({ code: 1, stdout: '' });
    expect(massCloseResult.stderr).toContain('1 of 3 units would close, more than a tenth.');
    expect(dryRunResult).toMatchObject({ code: 0, stdout: line });
    expect(syncResult).toMatchObject({ code: 0, stdout: line });
    expect(failedResult).toMatchObject({ code: 1, stdout: '' });
    expect(failedResult.stderr).toBe(
      'snapshot.csv, line 2, name: is empty; give the name of the unit.\n' +
        'Nothing was synchronized: 1 problem, 1 row affected. Correct it, or leave the rows out with --skip-invalid.\n',
    );
    expect(unreadableResult.stderr.split('\n').at(-2)).toBe('Nothing was synchronized: 1 problem. Correct it.');
  });

  it('prints the number of successions that a synchronization adds', async () => {
    const syncFolder = join(folder, 'snapshot');
    await mkdir(syncFolder);
    await writeFile(join(syncFolder, 'units.csv'), 'resh_id,name,parent_resh_id\n1,Great trust,\n3,Ward,1\n');
    await writeFile(
      join(syncFolder, 'successions.csv'),
      'from_resh_id,to_resh_id,kind,extent,effective_on\n5,3,MERGE,FULL,2026-04-01\n',
    );

    const result = await runResh(
      'import',
      syncFolder,
      '--sync',
      '--effective-on=2026-04-01',
      '--allow-mass-close',
      '--dry-run',
    );

    expect(result).toMatchObject({
      code: 0,
      stdout: '1 succession added\n0 opened, 0 moved, 0 renamed, 1 closed\n',
    });
  });

  it('refuses the demo register in a register with data', async () => {
    const { code, stderr } = await runResh('demo');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The register is not empty: it is at revision 2\./);
  });

  it('names a folder that does not exist', async () => {
    expect(await runResh('import', join(folder, 'nowhere'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nowhere does not exist') as string,
    });
  });
});

describe('resh extract to files', () => {
  const runExtract = (...arguments_: string[]) => runResh('extract', ...arguments_);

  it('writes one file with its parameters, or a folder', async () => {
    const file = join(folder, 'subtree.csv');
    const extractOptions = ['--columns', 'resh_id,name,path', '--within', '2', '--valid-at', '2020-01-01'];

    expect(await runExtract(...extractOptions, '--delimiter', ';', '--bom', '--out', file)).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(await readFile(file, 'utf8')).toBe('\uFEFFresh_id;name;path\r\n2;Clinic;1/2\r\n3;Ward;1/2/3\r\n');

    const outputFolder = join(folder, 'extracted');
    expect(await runExtract('--format', 'folder', '--out', outputFolder)).toMatchObject({ code: 0, stdout: '' });
    expect((await readdir(outputFolder)).sort()).toEqual([
      'codes.csv',
      'identifiers.csv',
      'successions.csv',
      'treatment_sites.csv',
      'unit_codes.csv',
      'units.csv',
    ]);
  });

  it.each<[string[], number, RegExp]>([
    [['--revision', '7'], 2, /^--revision is 7, but the newest revision is \d: use that or an earlier one.\n$/],
    [['--format', 'folder'], 2, /^--out is missing/],
    [
      ['--format', 'ndjson', '--bom'],
      2,
      /^--bom is not a parameter of units.ndjson. Its parameters are --valid-at, --known-at, --revi/,
    ],
    [['--valid-at', 'today'], 2, /^--valid-at is "today": give a day that exists as YYYY-MM-DD/],
    [['--delimiter', '|'], 2, /^--delimiter is "\|": give a comma or a semicolon \(in quotes: ';'\)\.\n$/],
    [
      ['--known-at', 'yesterday'],
      2,
      /^--known-at is "yesterday": give an instant with its offset, such as 2026-11-23T12:00:00Z\.\n$/,
    ],
    [['--within', '9'], 1, /^--within is 9: no unit has that RESH-id at revision \d/],
    [['--out', '/dev/null/x.csv'], 1, /^A file cannot be used \(ENOTDIR.*\)\. Check its path and permissions\.\n$/],
    [['--out', '/dev/null/database/x.csv'], 1, /^A file cannot be used \(ENOTDIR/],
  ])('reports %j as invalid and writes nothing', async (arguments_, expected, message) => {
    const { code, stdout, stderr } = await runExtract(...arguments_);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('resh usage', () => {
  it.each([
    [['frobnicate'], /unknown command/],
    [['import'], /missing required argument/],
    [['import', '.', '--valid-from', '2023-02-29'], /not a day/],
    [['import', '.', '--sync'], /--sync needs --effective-on DATE/],
    [['import', '.', '--dry-run'], /--dry-run needs --sync/],
    [
      ['import', '.', '--sync', '--effective-on', '2026-01-01', '--valid-from', '2026-01-01'],
      /--valid-from does not go with --sync/,
    ],
    [['import', '.', '--sync', '--effective-on', '2026-01-01', '--within', 'x'], /not a RESH-id/],
    [['import', '.', '--id-system', 'urn:x', '--id-column', 'code'], /--parent-column go together/],
    [['import', '.', '--id-system', 'x', '--id-column', 'code', '--parent-column', 'p'], /not a URI/],
    [['import', '.', '--map', 'title=Navn'], /"title" is not one of the columns/],
    [['import', '.', '--type-map', 'TRUST=HOSPITAL'], /"HOSPITAL" is not a type/],
    [['demo', '--units', '0'], /whole number/],
    [['extract', '--format', 'xml'], /Allowed choices are csv, ndjson, fhir, history, successions, folder/],
    [['verify', '--what'], /unknown option/],
  ])('reports invalid usage: %j', async (arguments_, message) => {
    const { code, stderr } = await runReshWithoutEnvironment(...arguments_);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ DATABASE_URL: 'mysql://localhost/resh' }, /^DATABASE_URL is \(hidden\): it must begin with postgresql:/],
    [{ DATABASE_URL: '', DATA_DIR: '/dev/null/x' }, /^The folder \/dev\/null\/x cannot be used .*Set DATA_DIR to/],
  ])('reports the invalid setting: %j', async (settings, message) => {
    const { code, stderr } = await runReshInProcess(settings, 'verify');
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('ignores settings that the command does not use', () => {
    const env = { PORT: 'x', DEMO: 'perhaps', DATABASE_URL: 'postgresql://localhost/resh' };
    expect(readDatabaseLocation(env)).toEqual({ kind: 'server', url: env.DATABASE_URL });
    expect(() => readConfig(env)).toThrow(/PORT is "x".*\nDEMO is "perhaps"/);
  });

  it('shows help with examples for each command', async () => {
    for (const command of ['migrate', 'import', 'extract', 'demo', 'verify', 'rebuild-paths'])
      expect(await runReshWithoutEnvironment(command, '--help')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(new RegExp(`Examples?:\\n[^]*npm run resh -- ${command}`)) as string,
      });
  });
});

describe.runIf(source.kind === 'embedded')('data folder', () => {
  it('is locked with the pid of its process and free after that process ends', async () => {
    const openedDatabase = await openDatabase(register.location);
    const failedResult = await runReshProcess('verify');
    await openedDatabase.close();

    expect(failedResult.code).toBe(1);
    expect(failedResult.stderr).toContain(`in use by process ${process.pid}`);

    const largeFolder = join(folder, 'large');
    const units = Array.from({ length: 40_000 }, (_, index) => `${index + 10},ORGANIZATION,Unit ${index},\n`);
    await mkdir(largeFolder);
    await writeFile(join(largeFolder, 'codes.csv'), 'code_set,code,name\n');
    await writeFile(join(largeFolder, 'treatment_sites.csv'), 'organization_number,name\n');
    await writeFile(join(largeFolder, 'units.csv'), `resh_id,type,name,parent_resh_id\n${units.join('')}`);
    const importProcess = spawnAsTester(['import', largeFolder, '--valid-from', '2002-01-01']);
    const exitCode = new Promise<number | null>((resolve) => importProcess.on('close', resolve));
    await new Promise((resolve) => importProcess.stderr.once('data', resolve));
    importProcess.kill('SIGTERM');

    expect(await exitCode).toBe(143);
    expect(await runReshProcess('verify')).toMatchObject({ code: 0, stdout: '4 units checked, 0 violations\n' });
  });
});
