import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatProblem } from '../../../src/cli/import-output.ts';
import { isOrganizationNumber } from '../../../src/domain/text/organization-number.ts';
import { importFolder, type ImportOptions } from '../../../src/exchange/import/import-folder.ts';
import type { ReportedProblem } from '../../../src/exchange/import/reported-problems.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { hasNorwegianData, norwegianDataFolder } from '../../support/registers/norwegian-data.ts';
import { findViolations } from '../../support/database/violations.ts';

const unitHeader = 'resh_id,type,name,parent_resh_id,organization_number,treatment_site_number,valid_from,valid_to';
const noSites = 'organization_number,name,trust_resh_id\n';
const noCodes = 'code_set,code_set_name,code,name,parent_code,status\n';

type Files = Readonly<Record<string, string | Uint8Array>>;

let database: Database;
let folder: string;

function clearDatabase() {
  return clearRegister(database);
}

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-import-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeFiles(files: Files): Promise<void> {
  for (const [name, content] of Object.entries({ 'treatment_sites.csv': noSites, 'codes.csv': noCodes, ...files }))
    await writeFile(join(folder, name), content);
}

async function importFolderFiles(options: Partial<ImportOptions> = {}) {
  const reportedProblems: ReportedProblem[] = [];
  const outcome = await importFolder(
    database,
    importOptions({
      folder,
      validFrom: '2002-01-01',
      onProblems: (problems) => reportedProblems.push(...problems),
      ...options,
    }),
  );
  return {
    ...outcome,
    warned: reportedProblems.filter(({ kind }) => kind === 'WARNING').map(formatProblem),
    problems: reportedProblems.filter(({ kind }) => kind !== 'WARNING'),
  };
}

async function importFiles(files: Files, options: Partial<ImportOptions> = {}) {
  await writeFiles(files);
  return importFolderFiles(options);
}

function formatUnits(...rows: string[]): string {
  return [unitHeader, ...rows, ''].join('\n');
}

function readVersions() {
  return database.bulk((session) =>
    session.query(
      `select resh_id, name, valid_from, valid_to, path
       from unit_version
       where superseded_rev is null
       order by resh_id, valid_from`,
    ),
  );
}

function countRevisions() {
  return database.prisma.change.count();
}

describe('import', () => {
  beforeEach(clearDatabase);

  it('accepts a child before its parent and continues RESH-ids above the greatest', async () => {
    const outcome = await importFiles({
      'units.csv': formatUnits(
        '300,DEPARTMENT,Ward,200,,,,',
        '200,DEPARTMENT,Clinic,100,,,,',
        '100,ORGANIZATION,Trust,,,,,',
      ),
    });

    expect(outcome).toMatchObject({ isAborted: false, revision: 1, problemCount: 0, warnings: [], warned: [] });
    expect(await readVersions()).toEqual([
      { resh_id: 100, name: 'Trust', valid_from: '2002-01-01', valid_to: null, path: [100] },
      { resh_id: 200, name: 'Clinic', valid_from: '2002-01-01', valid_to: null, path: [100, 200] },
      { resh_id: 300, name: 'Ward', valid_from: '2002-01-01', valid_to: null, path: [100, 200, 300] },
    ]);

    const next = await database.bulk((session) => session.query("select nextval('resh_id_seq')::integer as id"));
    expect(next).toEqual([{ id: 301 }]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('records one change with the digests of its files', async () => {
    await importFiles({ 'units.csv': formatUnits('100,ORGANIZATION,Trust,,,,,') });

    const [change] = await database.prisma.change.findMany();
    expect(change).toMatchObject({
      revision: 1,
      operation: 'IMPORT',
      actorSubject: 'test',
      actorRole: null,
      input: {
        skipInvalid: false,
        validFrom: '2002-01-01',
        files: { 'units.csv': expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      },
    });
  });

  it.each([
    ['a byte order mark, semicolons and CRLF', '\uFEFF', ';', '\r\n'],
    ['commas and LF', '', ',', '\n'],
  ])('reads %s, with columns in any order and quoted line breaks', async (_what, mark, delimiter, newline) => {
    const rows = [
      ['name', 'valid_from', 'parent_resh_id', 'type', 'resh_id'],
      ['"Ward\nwith ""two"" lines"', '2010-05-01', '100', 'DEPARTMENT', '200'],
      ['"Trust, or; so"', '2002-01-01', '', 'ORGANIZATION', '100'],
    ];
    await importFiles({ 'units.csv': mark + rows.map((row) => row.join(delimiter)).join(newline) });

    expect(await readVersions()).toEqual([
      expect.objectContaining({ resh_id: 100, name: 'Trust, or; so' }),
      expect.objectContaining({ resh_id: 200, name: 'Ward with "two" lines', valid_from: '2010-05-01' }),
    ]);
  });

  it('keeps quotes and delimiters inside a quoted text, and puts its lines on one', async () => {
    const outcome = await importFiles({
      'units.csv': `${unitHeader}\r\n1,ORGANIZATION,"Ward ""A""\r\nsecond line, more",,,,,\r\n`,
    });

    expect(outcome).toMatchObject({ isAborted: false, problemCount: 0 });
    expect(await readVersions()).toMatchObject([{ name: 'Ward "A" second line, more' }]);
  });

  it('detects the delimiter after a blank line and outside quoted names', async () => {
    await importFiles({
      'units.csv': '\uFEFF\r\n\r\nresh_id;type;name;parent_resh_id;"a,b,c,d,e,f"\r\n1;ORGANIZATION;A;;\r\n',
    });

    expect(await readVersions()).toMatchObject([{ resh_id: 1, name: 'A' }]);
  });

  it('splits only the periods of the descendants of a unit that moves', async () => {
    await importFiles({
      'units.csv': formatUnits(
        '1,ORGANIZATION,North,,,,,',
        '2,ORGANIZATION,South,,,,,',
        '10,DEPARTMENT,Clinic,1,,,2002-01-01,2010-01-01',
        '10,DEPARTMENT,New name,1,,,2010-01-01,2019-02-01',
        '10,DEPARTMENT,New name,2,,,2019-02-01,',
        '20,DEPARTMENT,Ward,10,,,,',
      ),
    });

    expect((await readVersions()).filter((row) => row['resh_id'] === 20)).toEqual([
      { resh_id: 20, name: 'Ward', valid_from: '2002-01-01', valid_to: '2019-02-01', path: [1, 10, 20] },
      { resh_id: 20, name: 'Ward', valid_from: '2019-02-01', valid_to: null, path: [2, 10, 20] },
    ]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('registers a treatment site missing from the site file, with a warning', async () => {
    const outcome = await importFiles({ 'units.csv': formatUnits('100,ORGANIZATION,Trust,,,974747138,,') });

    expect(outcome).toMatchObject({ isAborted: false, missingSites: 1 });
    expect(outcome.warned).toEqual([expect.stringContaining('units.csv, line 2, treatment_site_number "974747138"')]);
    const sites = await database.prisma.treatmentSiteVersion.findMany();
    expect(sites).toMatchObject([{ organizationNumber: '974747138', name: '974747138', validFrom: null }]);
  });

  it('accepts the number of an enterprise as a treatment site, and the legal entity of a site', async () => {
    const outcome = await importFiles({
      'units.csv': formatUnits('100,ORGANIZATION,Trust,,983974880,983974880,,'),
      'treatment_sites.csv':
        'organization_number,name,treatment_site,trust,region,trust_resh_id\n983974880,Trust,,,,100\n',
    });

    expect(outcome).toMatchObject({ isAborted: false, warnings: [], warned: [] });

    const sites = await database.prisma.treatmentSiteVersion.findMany();
    expect(sites).toMatchObject([{ organizationNumber: '983974880', legalEntityReshId: 100 }]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('gives undated codes and identifiers the days of their unit, retired codes included', async () => {
    const outcome = await importFiles({
      'units.csv': formatUnits(
        '100,ORGANIZATION,Trust,,,,2005-01-01,2015-01-01',
        '100,ORGANIZATION,Trust,,,,2016-01-01,',
      ),
      'codes.csv':
        'code_set,code_set_name,code,name,parent_code,status,replaced_by\n' +
        '8451,Fagområde,1,Old,,retired,2|8451:3\n' +
        '8451,,2,New,,active,\n' +
        '8451,,3,Part,2,active,\n',
      'unit_codes.csv': 'resh_id,code_set,code,valid_from,valid_to\n100,8451,1,,\n100,8451,2,2017-01-01,2018-01-01\n',
      'identifiers.csv': 'resh_id,system,value\n100,urn:oid:2.16.578.1.12.4.1.2,77\n',
    });

    expect(outcome).toMatchObject({ isAborted: false, problems: [] });

    const codes = await database.bulk((session) =>
      session.query('select code, valid_from, valid_to from unit_code order by id'),
    );
    expect(codes).toEqual([
      { code: '1', valid_from: '2005-01-01', valid_to: '2015-01-01' },
      { code: '1', valid_from: '2016-01-01', valid_to: null },
      { code: '2', valid_from: '2017-01-01', valid_to: '2018-01-01' },
    ]);
    expect(await database.prisma.codeSet.findMany()).toMatchObject([
      { number: 8451, oid: '2.16.578.1.12.4.1.1.8451', name: 'Fagområde' },
    ]);

    const [old] = await database.prisma.codeVersion.findMany({ where: { code: '1' } });
    expect(old).toMatchObject({ retired: true, replacedBy: ['8451:2', '8451:3'] });
    expect(await database.prisma.unitIdentifier.count()).toBe(2);
    expect(await findViolations(database)).toEqual([]);
  });

  it('adds units under existing ones and keeps existing reference data', async () => {
    const codes = 'code_set,code_set_name,code,name,parent_code,status\n8624,Betegnelse,01,Sykehus,,active\n';
    await importFiles({ 'units.csv': formatUnits('100,ORGANIZATION,Trust,,,,,'), 'codes.csv': codes });

    const second = await importFiles({
      'units.csv': formatUnits('200,DEPARTMENT,Clinic,100,,,2020-01-01,'),
      'codes.csv': codes,
    });

    expect(second).toMatchObject({ isAborted: false, revision: 2, warnings: [], warned: [] });
    expect(second.files).toContainEqual({ file: 'codes.csv', imported: 0, rejected: 0, alreadyRegistered: 1 });
    expect(await readVersions()).toContainEqual({
      resh_id: 200,
      name: 'Clinic',
      valid_from: '2020-01-01',
      valid_to: null,
      path: [100, 200],
    });
  });

  it('ignores unknown columns and names each once', async () => {
    const outcome = await importFiles({
      'units.csv':
        'resh_id,type,name,parent_resh_id,colour,region,size\n100,ORGANIZATION,A,,red,x,1\n200,ORGANIZATION,B,,,,\n',
    });

    expect(outcome.warnings).toEqual(['units.csv: unknown columns are ignored: "colour", "size".']);
  });

  it('escapes unknown columns of a binary file and hints at its encoding', async () => {
    const { warnings } = await importFiles({
      'units.csv': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x1b, 0x5b, 0x32, 0x4a, 0x2c, 0x07, 0x00, 0x0a]),
    });

    expect(warnings).toEqual([
      'units.csv: unknown columns are ignored: "\uFFFDPNG\\u{1b}[2J", "\\u{7}\uFFFD". ' +
        'The file does not look like UTF-8 text: save it as CSV in UTF-8.',
    ]);
  });

  it('refuses a RESH-id or organization number that is already registered', async () => {
    await importFiles({ 'units.csv': formatUnits('1,ORGANIZATION,Trust,,983974880,,,') });

    const { problems } = await importFiles({
      'units.csv': formatUnits('1,ORGANIZATION,Trust,,,,,', '2,ORGANIZATION,Other,,983974880,,,'),
    });

    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [2, 'resh_id'],
      [3, 'organization_number'],
    ]);
    expect(await countRevisions()).toBe(1);
  });

  it('reports every problem and every warning, in any number', async () => {
    const codes = Array.from({ length: 60 }, (_, index) => `8451,,${index},Code,,active\n`).join('');
    await importFiles({ 'units.csv': formatUnits(), 'codes.csv': noCodes + codes });
    const progress: string[] = [];

    const outcome = await importFiles(
      {
        'units.csv': formatUnits(...Array.from({ length: 5_100 }, (_, index) => `${index + 1},DEPARTMENT,,,,,,`)),
        'codes.csv': noCodes + codes.replaceAll('Code', 'Other'),
      },
      { onProblems: (problems) => progress.push(...problems.map(({ kind, line }) => `${kind} ${line}`)) },
    );

    expect(outcome).toMatchObject({ isAborted: true, problemCount: 10_200 });
    expect(progress.slice(0, 61)).toEqual([
      ...Array.from({ length: 60 }, (_, index) => `WARNING ${index + 2}`),
      'PROBLEM 2',
    ]);
    expect(progress).toHaveLength(60 + 10_200);
  });

  it('writes nothing when there is nothing to write', async () => {
    const outcome = await importFiles({ 'units.csv': formatUnits() });

    expect(outcome).toMatchObject({ isAborted: false, revision: null });
    expect(await countRevisions()).toBe(0);
  });
});

describe('import problems have place, value and remedy for', () => {
  // Nothing is written, so all tests share one register.
  beforeAll(clearDatabase);

  const trust = '1,ORGANIZATION,Trust,,,,,';
  const importProblems = async (files: Files, options: Partial<ImportOptions> = {}) => {
    const outcome = await importFiles(files, options);
    expect(outcome).toMatchObject({ isAborted: true, revision: null });
    expect(await countRevisions()).toBe(0);
    return outcome.problems.map(({ file, line, column, value, problem }) => [file, line, column, value, problem]);
  };

  it.each<[string, string[], [number, string | null, string | null, RegExp]]>([
    ['a RESH-id that is not a number', ['x1,ORGANIZATION,A,,,,,'], [3, 'resh_id', 'x1', /not a RESH-id/]],
    ['a RESH-id that is too great', ['2147483648,ORGANIZATION,A,,,,,'], [3, 'resh_id', '2147483648', /not a RESH-id/]],
    ['an unknown type', ['2,WARD,A,,,,,'], [3, 'type', 'WARD', /not known/]],
    ['no name', ['2,DEPARTMENT, ,1,,,,'], [3, 'name', null, /empty/]],
    ['a department without a parent', ['2,DEPARTMENT,A,,,,,'], [3, 'parent_resh_id', null, /empty/]],
    ['an unknown parent', ['2,DEPARTMENT,A,99,,,,'], [3, 'parent_resh_id', '99', /nor the register has/]],
    ['itself as parent', ['2,DEPARTMENT,A,2,,,,'], [3, 'parent_resh_id', '2', /itself/]],
    ['a wrong check digit', ['2,ORGANIZATION,A,,983974881,,,'], [3, 'organization_number', '983974881', /check digit/]],
    [
      'a number of ten digits',
      ['2,ORGANIZATION,A,,,9747957870,,'],
      [3, 'treatment_site_number', '9747957870', /not an organization/],
    ],
    ['a day that does not exist', ['2,ORGANIZATION,A,,,,2023-02-29,'], [3, 'valid_from', '2023-02-29', /not a day/]],
    [
      'a period that ends before it begins',
      ['2,ORGANIZATION,A,,,,2010-01-01,2010-01-01'],
      [3, 'valid_to', '2010-01-01', /not after/],
    ],
    ['a RESH-id twice', ['1,ORGANIZATION,Again,,,,,'], [3, 'resh_id', '1', /line 2/]],
    [
      'days on which the parent is not valid',
      ['2,DEPARTMENT,A,1,,,2001-12-31,'],
      [3, 'parent_resh_id', '1', /from 2001-12-31/],
    ],
    ['too few fields', ['2,ORGANIZATION,A'], [3, null, null, /3 fields and the header 8/]],
  ])('%s', async (_what, rows, [line, column, value, problem]) => {
    expect(await importProblems({ 'units.csv': formatUnits(trust, ...rows) })).toEqual([
      ['units.csv', line, column, value, expect.stringMatching(problem)],
    ]);
  });

  it('an organization under a department, a duplicate number and a cycle, all in one run', async () => {
    const found = await importProblems({
      'units.csv': formatUnits(
        '1,ORGANIZATION,Trust,,983974880,,,',
        '2,DEPARTMENT,Clinic,1,,,,',
        '3,ORGANIZATION,Odd,2,,,,',
        '4,ORGANIZATION,Twin,,983974880,,,',
        '5,DEPARTMENT,A,6,,,,',
        '6,DEPARTMENT,B,5,,,,',
        '7,DEPARTMENT,Under the cycle,6,,,,',
      ),
      'unit_codes.csv': 'resh_id,code_set,code\n1,8451,99\n',
      'identifiers.csv': 'resh_id,system,value\n42,urn:x,1\n',
    });

    expect(found).toEqual([
      ['units.csv', 4, 'parent_resh_id', '2', expect.stringContaining('is a department')],
      ['units.csv', 5, 'organization_number', '983974880', expect.stringContaining('unit 1 (line 2)')],
      ['units.csv', 6, 'parent_resh_id', '6', expect.stringContaining('is a descendant of the unit')],
      ['units.csv', 7, 'parent_resh_id', '5', expect.stringContaining('is a descendant of the unit')],
      ['unit_codes.csv', 2, 'code', '8451:99', expect.stringContaining('neither codes.csv nor')],
      ['identifiers.csv', 2, 'resh_id', '42', expect.stringContaining('nor the register has')],
    ]);
  });

  it('a row in conflict with an invalid row, in the same run', async () => {
    const found = await importProblems({
      'units.csv': formatUnits(
        trust,
        '2,DEPARTMENT,,1,,,,',
        '2,DEPARTMENT,Again,1,,,,',
        '3,ORGANIZATION,Nowhere,99,974747138,,,',
        '4,ORGANIZATION,Twin,,974747138,,,',
      ),
      'codes.csv': 'code_set,code,name,status\n8451,1,Code,gone\n8451,1,Again,active\n',
      'unit_codes.csv': 'resh_id,code_set,code\n77,8451,1\n77,8451,1\n',
      'identifiers.csv':
        'resh_id,system,value\n' +
        '2,,1\n' +
        '77,urn:x,1\n' +
        '77,urn:x,2\n' +
        '2,urn:oid:2.16.578.1.12.4.1.4.102,5\n' +
        '2,urn:oid:2.16.578.1.12.4.1.4.101,983971636\n',
    });

    expect(found).toEqual([
      ['codes.csv', 2, 'status', 'gone', expect.stringContaining('not known')],
      ['codes.csv', 3, 'code', '8451:1', 'is also on line 2, for some of the same days'],
      ['units.csv', 3, 'name', null, 'is empty'],
      ['units.csv', 4, 'resh_id', '2', 'is also on line 3, for some of the same days'],
      ['units.csv', 5, 'parent_resh_id', '99', expect.stringContaining('nor the register has')],
      [
        'units.csv',
        6,
        'organization_number',
        '974747138',
        'is also the number of unit 3 (line 5), on some of the same days',
      ],
      ['unit_codes.csv', 2, 'resh_id', '77', expect.stringContaining('nor the register has')],
      ['unit_codes.csv', 3, 'code', '8451:1', 'is also on line 2 for unit 77, for some of the same days'],
      ['unit_codes.csv', 3, 'resh_id', '77', expect.stringContaining('nor the register has')],
      ['identifiers.csv', 2, 'system', null, 'is empty'],
      ['identifiers.csv', 3, 'resh_id', '77', expect.stringContaining('nor the register has')],
      ['identifiers.csv', 4, 'resh_id', '77', expect.stringContaining('nor the register has')],
      ['identifiers.csv', 4, 'value', '2', 'unit 77 has 1 in the same system on line 3, on some of the same days'],
      ['identifiers.csv', 5, 'system', 'urn:oid:2.16.578.1.12.4.1.4.102', 'is a system of the register itself'],
      ['identifiers.csv', 6, 'system', 'urn:oid:2.16.578.1.12.4.1.4.101', 'is a system of the register itself'],
    ]);
  });

  it('bytes that are not UTF-8, with the line of their row', async () => {
    const content = Buffer.concat([
      Buffer.from(`${unitHeader}\r\n1,ORGANIZATION,"Two\r\nlines",,,,,\r\n\r\n2,ORGANIZATION,`),
      Buffer.from([0xe5, 0x6c]),
      Buffer.from(',,,,,\r\n3,ORGANIZATION,A\u0000B,,,,,\r\n'),
    ]);

    expect(await importProblems({ 'units.csv': content })).toEqual([
      ['units.csv', 5, 'name', '\uFFFDl', expect.stringContaining('not UTF-8')],
      ['units.csv', 6, 'name', 'A\uFFFDB', expect.stringContaining('NUL')],
    ]);
  });

  it('a file without dates, once, with --valid-from as the remedy', async () => {
    const outcome = await importFiles(
      { 'units.csv': formatUnits(trust, '2,DEPARTMENT,,1,,,,', '3,DEPARTMENT,A,99,,,,') },
      { validFrom: null },
    );

    expect(outcome.isAborted).toBe(true);
    expect(outcome.problems).toEqual([
      expect.objectContaining({
        line: null,
        column: 'valid_from',
        remedy: expect.stringContaining('--valid-from') as string,
      }),
      expect.objectContaining({ line: 3, column: 'name' }),
      expect.objectContaining({ line: 4, column: 'parent_resh_id', value: '99' }),
    ]);
  });

  it('a single row without a date in a file with dates', async () => {
    const found = await importProblems(
      { 'units.csv': formatUnits('1,ORGANIZATION,A,,,,2002-01-01,', '2,ORGANIZATION,B,,,,,') },
      { validFrom: null },
    );
    expect(found).toEqual([['units.csv', 3, 'valid_from', null, 'is empty']]);
  });

  it.each([
    ['an empty file', '', 'is empty'],
    ['a header without required columns', 'resh_id,name\n', 'is missing from the header'],
    [
      'a quote that is never closed',
      `${unitHeader}\n1,ORGANIZATION,"Trust,,,,,\n`,
      'a quote is never closed, so the rows from there to the end of the file cannot be read',
    ],
    ['UTF-16', Buffer.from(`\uFEFF${unitHeader}`, 'utf16le'), 'the file is UTF-16'],
  ])('%s, even with --skip-invalid', async (_what, content, problem) => {
    const [first] = await importProblems({ 'units.csv': content }, { skipInvalid: true });
    expect(first?.[4]).toBe(problem);
  });

  it('missing columns in a units file of another register', async () => {
    const found = await importProblems(
      { 'units.csv': 'code,title\nR1,Trust\n' },
      {
        fileOptions: {
          ...standardFileOptions,
          foreign: { system: 'urn:x', idColumn: 'code', parentColumn: 'parent_code' },
          columnNames: new Map([['name', 'Nope']]),
        },
      },
    );
    expect(found.map(([, line, column, , problem]) => [line, column, problem])).toEqual([
      [1, 'Nope', 'is missing from the header'],
      [1, 'parent_code', 'is missing from the header'],
    ]);
  });

  it('days outside the validity of a referenced row, in words', async () => {
    const found = await importProblems({
      'units.csv': formatUnits('1,ORGANIZATION,Trust,,,974747138,,', '2,DEPARTMENT,Ward,1,,,2010-01-01,2020-01-01'),
      'treatment_sites.csv':
        'organization_number,name,valid_from,valid_to\n' +
        '974747138,Site,2002-01-01,2010-01-01\n' +
        '974747138,Site,2015-01-01,\n',
    });
    const codeProblems = await importProblems({
      'units.csv': formatUnits(trust, '2,DEPARTMENT,Ward,1,,,2010-01-01,2020-01-01'),
      'codes.csv': 'code_set,code,name,valid_from,valid_to\n8451,010,Surgery,,2005-01-01\n',
      'unit_codes.csv': 'resh_id,code_set,code,valid_from\n1,8451,010,2006-01-01\n',
      'identifiers.csv': 'resh_id,system,value,valid_from\n2,urn:x,A,2005-01-01\n',
    });

    expect([...found, ...codeProblems].map(([file, , , , problem]) => `${file}: ${problem}`)).toEqual([
      'units.csv: is not valid on all days of the row, but from 2002-01-01 to 2010-01-01 (exclusive) and from ' +
        '2015-01-01 on',
      'unit_codes.csv: code 8451:010 is only valid before 2005-01-01',
      'identifiers.csv: is outside the days of unit 2, from 2010-01-01 to 2020-01-01 (exclusive)',
    ]);
  });

  it('an unescaped quote that swallows the next row', async () => {
    const found = await importProblems({
      'units.csv': formatUnits(trust, '2,DEPARTMENT,"Ward A,1,,,,', '3,DEPARTMENT,"B",1,,,,'),
    });
    expect(found).toContainEqual(['units.csv', 3, 'name', expect.anything(), expect.stringContaining('and a quote')]);
  });

  it('other files when one file cannot be read', async () => {
    const found = await importProblems({
      'units.csv': formatUnits(trust, '2,DEPARTMENT,A,99,,,,', '1,ORGANIZATION,Again,,,,,'),
      'unit_codes.csv': 'resh_id,code_set,code\n77,8451,1\n1,8451,1\n',
      'identifiers.csv': 'resh_id,value\n1,2\n',
    });
    expect(found.map(([file, line, column]) => [file, line, column])).toEqual([
      ['units.csv', 3, 'parent_resh_id'],
      ['units.csv', 4, 'resh_id'],
      ['unit_codes.csv', 2, 'code'],
      ['unit_codes.csv', 2, 'resh_id'],
      ['unit_codes.csv', 3, 'code'],
      ['identifiers.csv', 1, 'system'],
    ]);
  });

  it('only the unreadable file, without follow-up problems', async () => {
    const codes = 'code_set,name\n8451,Code\n';
    const sites = 'organization_number,name,trust_resh_id\n983974880,Site,1\n974747138,Site,2\n';
    const unitCodes = 'resh_id,code_set,code\n1,8451,1\n';
    const codeProblems = await importProblems({
      'units.csv': `${unitHeader},designation\n1,ORGANIZATION,Trust,,,,,,01\n`,
      'codes.csv': codes,
      'unit_codes.csv': unitCodes,
    });

    expect(codeProblems.map(([file, , column]) => [file, column])).toEqual([['codes.csv', 'code']]);

    const unitProblems = await importProblems({
      'units.csv': 'resh_id,type,name\n',
      'codes.csv': 'code_set,code,name\n8451,1,Code\n',
      'treatment_sites.csv': sites,
      'unit_codes.csv': unitCodes,
      'identifiers.csv': 'resh_id,system,value\n1,urn:x,2\n',
    });
    expect(unitProblems.map(([file, , column]) => [file, column])).toEqual([['units.csv', 'parent_resh_id']]);
  });

  it('a missing folder or file', async () => {
    await expect(importFolderFiles({ folder: join(folder, 'nowhere') })).rejects.toThrow(
      /nowhere does not exist. Name a folder with codes.csv, treatment_sites.csv, units.csv.$/,
    );
    await expect(importFolderFiles()).rejects.toThrow(/has no codes.csv, no treatment_sites.csv, no units.csv/);
  });

  it('invalid sites and codes', async () => {
    const found = await importProblems({
      'units.csv': formatUnits('1,ORGANIZATION,Trust,,,983974880,2002-01-01,'),
      'treatment_sites.csv':
        'organization_number,name,trust_resh_id,valid_from,valid_to\n' +
        '983974880,Closed,1,2002-01-01,2010-01-01\n' +
        '974747138,Whose,99,,\n' +
        '974747138,Good,,,\n' +
        '974747138,Again,,,\n',
      'codes.csv':
        'code_set,code,name,parent_code,status,valid_from,valid_to\n' +
        '8624,01,A,09,active,,\n' +
        '8624,02,B,,gone,,\n' +
        '8624,03,C,,active,,\n' +
        '8624,03,D,,active,2010-01-01,\n',
    });

    expect(found.map(([file, line, column]) => [file, line, column])).toEqual([
      ['codes.csv', 2, 'parent_code'],
      ['codes.csv', 3, 'status'],
      ['codes.csv', 5, 'code'],
      ['treatment_sites.csv', 3, 'trust_resh_id'],
      ['treatment_sites.csv', 4, 'organization_number'],
      ['treatment_sites.csv', 5, 'organization_number'],
      ['units.csv', 2, 'treatment_site_number'],
    ]);
  });
});

describe('import --skip-invalid', () => {
  beforeEach(clearDatabase);

  it('writes rejected rows to a file other than its inputs', async () => {
    const content = formatUnits('1,ORGANIZATION,Trust,,,,,', '2,DEPARTMENT,,1,,,,');
    const rejects = join(folder, 'units.csv');

    await expect(importFiles({ 'units.csv': content }, { skipInvalid: true, rejects })).rejects.toThrow(
      /^--rejects names .*units\.csv, which is being imported\. Name another file\.$/,
    );

    expect(await readFile(rejects, 'utf8')).toBe(content);
    expect(await countRevisions()).toBe(0);
  });

  it('imports valid rows and writes invalid ones and their descendants with reasons', async () => {
    const rejects = join(folder, 'rejects.csv');
    const outcome = await importFiles(
      {
        'units.csv': formatUnits(
          '1,ORGANIZATION,Trust,,,,,',
          '2,DEPARTMENT,,1,,,,',
          '3,DEPARTMENT,"Ward, east",2,,,,',
          '4,DEPARTMENT,Bed,3,,,,',
          '5,DEPARTMENT,Good,1,,,,',
        ),
        'identifiers.csv': 'resh_id,system,value\n4,urn:x,1\n5,urn:x,2\n',
      },
      { skipInvalid: true, rejects },
    );

    expect(outcome).toMatchObject({ isAborted: false, problemCount: 1, dependentCount: 3 });
    expect(outcome.files.filter(({ file }) => file !== 'codes.csv' && file !== 'treatment_sites.csv')).toEqual([
      { file: 'units.csv', imported: 2, rejected: 3, alreadyRegistered: 0 },
      { file: 'identifiers.csv', imported: 1, rejected: 1, alreadyRegistered: 0 },
    ]);
    expect((await readVersions()).map((row) => row['resh_id'])).toEqual([1, 5]);
    expect((await readFile(rejects, 'utf8')).trimEnd().split('\n')).toEqual([
      'file,line,column,value,problem,remedy,row',
      'units.csv,3,name,,is empty,give the name of the unit,"2,DEPARTMENT,,1,,,,"',
      'units.csv,4,parent_resh_id,2,belongs to a unit with a rejected row (line 3),correct the row of the ' +
        'parent,"3,DEPARTMENT,""Ward, east"",2,,,,"',
      'units.csv,5,parent_resh_id,3,belongs to a unit with a rejected row (line 4),correct the row of the ' +
        'parent,"4,DEPARTMENT,Bed,3,,,,"',
      'identifiers.csv,2,resh_id,4,belongs to a unit with a rejected row (line 5),correct the row of the ' +
        'unit,"4,urn:x,1"',
    ]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('imports descendants of a unit with one rejected row among others', async () => {
    const outcome = await importFiles(
      {
        'units.csv': formatUnits(
          '1,ORGANIZATION,Top,,,,2002-01-01,',
          '1,ORGANIZATION,Top,,,,2002-01-01,',
          '2,DEPARTMENT,A,1,,,2002-01-01,',
          '3,DEPARTMENT,B,2,,,2002-01-01,',
        ),
      },
      { skipInvalid: true },
    );

    expect(outcome).toMatchObject({ isAborted: false, problemCount: 1, dependentCount: 0 });
    expect((await readVersions()).map((row) => row['path'])).toEqual([[1], [1, 2], [1, 2, 3]]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('rejects descendants only on the days of a rejected row', async () => {
    const outcome = await importFiles(
      {
        'units.csv': formatUnits(
          '1,ORGANIZATION,Top,,,,2002-01-01,2010-01-01',
          '1,ORGANIZATION,,,,,2010-01-01,',
          '2,DEPARTMENT,Before,1,,,2002-01-01,2010-01-01',
          '3,DEPARTMENT,Over,1,,,2002-01-01,',
          '4,DEPARTMENT,Below,3,,,2002-01-01,2005-01-01',
        ),
      },
      { skipInvalid: true },
    );

    expect(outcome).toMatchObject({ isAborted: false, problemCount: 1, dependentCount: 2 });
    expect((await readVersions()).map((row) => row['resh_id'])).toEqual([1, 2]);
  });

  it('imports new units under a registered unit that the folder repeats', async () => {
    await importFiles({ 'units.csv': formatUnits('1,ORGANIZATION,Top,,,,2002-01-01,') });

    const outcome = await importFiles(
      { 'units.csv': formatUnits('1,DEPARTMENT,Top,,,,2015-01-01,', '2,ORGANIZATION,New,1,,,2010-01-01,') },
      { skipInvalid: true },
    );

    expect(outcome).toMatchObject({ isAborted: false, dependentCount: 0 });
    expect(await readVersions()).toContainEqual(
      expect.objectContaining({ resh_id: 2, valid_from: '2010-01-01', valid_to: null, path: [1, 2] }),
    );
    expect(await findViolations(database)).toEqual([]);
  });

  it('keeps numbers, RESH-ids and codes of rejected rows available to valid rows', async () => {
    const outcome = await importFiles(
      {
        'units.csv': formatUnits(
          '1,ORGANIZATION,,,983974880,,,',
          '1,ORGANIZATION,Good,,983974880,,,',
          '2,ORGANIZATION,Under nobody,99,974747138,,,',
          '3,ORGANIZATION,Good,,974747138,,,',
        ),
        'treatment_sites.csv':
          'organization_number,name,trust_resh_id\n' +
          '983974880,Whose,99\n' +
          '983974880,Good,1\n' +
          '974747138,,\n' +
          '974747138,Good,\n',
        'codes.csv':
          'code_set,code_set_name,code,name,parent_code,status\n8451,,1,Odd,7,active\n8451,,1,Good,,active\n',
      },
      { skipInvalid: true },
    );

    expect(outcome.problems.map(({ file, line }) => [file, line])).toEqual([
      ['codes.csv', 2],
      ['treatment_sites.csv', 2],
      ['treatment_sites.csv', 4],
      ['units.csv', 2],
      ['units.csv', 4],
    ]);
    expect((await readVersions()).map((row) => [row['resh_id'], row['name']])).toEqual([
      [1, 'Good'],
      [3, 'Good'],
    ]);
    expect(await findViolations(database)).toEqual([]);
  });
});

describe('import row conflicts', () => {
  beforeEach(clearDatabase);

  const importLoaded = async (files: Files) => {
    const outcome = await importFiles(files, { skipInvalid: true });
    expect(await findViolations(database)).toEqual([]);
    return {
      lines: outcome.problems.map(({ line }) => line),
      names: (await readVersions()).map(({ name }) => name),
    };
  };

  it('accept a row when its rival loses to a third row', async () => {
    const loadedRows = await importLoaded({
      'units.csv': formatUnits(
        '1,ORGANIZATION,First,,,,2002-01-01,2010-01-01',
        '1,ORGANIZATION,Second,,,,2005-01-01,2015-01-01',
        '1,ORGANIZATION,Third,,,,2010-01-01,',
      ),
    });

    expect(loadedRows).toEqual({ lines: [3], names: ['First', 'Third'] });
  });

  it('accept a row when its rival is a descendant of a rejected row', async () => {
    const loadedRows = await importLoaded({
      'units.csv': formatUnits(
        '1,ORGANIZATION,,,,,,',
        '2,ORGANIZATION,Under it,1,974747138,,,',
        '3,ORGANIZATION,Good,,974747138,,,',
        '4,DEPARTMENT,Ward,3,,,,',
      ),
    });

    expect(loadedRows).toEqual({ lines: [2, 3], names: ['Good', 'Ward'] });
  });

  it('accept a row when its rival is part of a cycle', async () => {
    const loadedRows = await importLoaded({
      'units.csv': formatUnits(
        '1,ORGANIZATION,Round,2,,,,',
        '1,ORGANIZATION,Straight,,,,,',
        '2,ORGANIZATION,Next,1,,,,',
      ),
    });

    expect(loadedRows).toEqual({ lines: [2], names: ['Straight', 'Next'] });
  });

  it('accept a row when its rival is its own descendant', async () => {
    const loadedRows = await importLoaded({
      'units.csv': formatUnits('2,ORGANIZATION,Below,1,974747138,,,', '1,ORGANIZATION,Above,,974747138,,,'),
    });

    expect(loadedRows).toEqual({ lines: [2], names: ['Above'] });
  });

  it('reject a code on days outside its validity', async () => {
    const outcome = await importFiles(
      {
        'units.csv': formatUnits('1,ORGANIZATION,Trust,,,,2002-01-01,'),
        'codes.csv': 'code_set,code,name,valid_from\n8451,1,Code,2010-01-01\n',
        'unit_codes.csv': 'resh_id,code_set,code,valid_to\n1,8451,1,2005-01-01\n',
      },
      { skipInvalid: true },
    );

    expect(outcome.problems).toEqual([
      expect.objectContaining({ file: 'unit_codes.csv', line: 2, column: 'valid_to', value: '2005-01-01' }),
    ]);
    expect(await database.prisma.unitCode.count()).toBe(0);
  });
});

describe('import tree checks', () => {
  beforeEach(clearDatabase);

  it('accept the same organization numbers as the database', async () => {
    const numbers = ['983974880', '974747138', '983974881', '98397488', '9839748800', '98397488x', '000000000'];
    for (let index = 0; index < 2_000; index += 1) numbers.push(String(100_000_000 + index * 449_983));
    const rows = await database.bulk((session) =>
      session.query<{ number: string; valid: boolean }>(
        'select number, is_organization_number(number) as valid from unnest($1::text[]) as number',
        [numbers],
      ),
    );

    expect(rows.map(({ valid }) => valid)).toEqual(rows.map(({ number }) => isOrganizationNumber(number)));
    expect(rows.filter(({ valid }) => valid).length).toBeGreaterThan(100);
  });

  it('accept a site without its rejected legal entity, with a warning', async () => {
    const outcome = await importFiles(
      {
        'units.csv': formatUnits('1,ORGANIZATION,,,,,,', '2,ORGANIZATION,Other,,,983974880,,'),
        'treatment_sites.csv': 'organization_number,name,trust_resh_id\n983974880,Named,1\n',
      },
      { skipInvalid: true },
    );

    expect(outcome.warned).toEqual([expect.stringContaining('treatment_sites.csv, line 2, trust_resh_id "1"')]);
    const sites = await database.prisma.treatmentSiteVersion.findMany();
    expect(sites).toMatchObject([{ name: 'Named', legalEntityReshId: null }]);
  });

  it('refuse units deeper than a path can hold', async () => {
    const chain = Array.from({ length: 203 }, (_, index) =>
      index === 0 ? '1,ORGANIZATION,Top,,,,,' : `${index + 1},DEPARTMENT,Unit,${index},,,,`,
    );
    const outcome = await importFiles({ 'units.csv': formatUnits(...chain) }, { skipInvalid: true });

    expect(outcome.files).toContainEqual({ file: 'units.csv', imported: 200, rejected: 3, alreadyRegistered: 0 });
    expect(outcome.problems[0]).toMatchObject({ line: 202, problem: 'would put the unit deeper than 200 levels' });
    expect(await findViolations(database)).toEqual([]);
  });
});

describe.skipIf(!hasNorwegianData)(
  'real data of the Norwegian register (skipped without ../shared/data/norway)',
  () => {
    beforeAll(clearDatabase);

    it('is rejected as a whole without --skip-invalid', async () => {
      expect(await importFolderFiles({ folder: norwegianDataFolder })).toMatchObject({
        isAborted: true,
        revision: null,
      });
      expect(await countRevisions()).toBe(0);
    });

    it('imports 463 units and rejects 65 rows, and the result keeps every rule', async () => {
      const outcome = await importFolderFiles({ folder: norwegianDataFolder, skipInvalid: true });

      expect(outcome).toMatchObject({ isAborted: false, revision: 1, missingSites: 2, dependentCount: 0 });
      expect(outcome.files).toEqual([
        { file: 'codes.csv', imported: 253, rejected: 0, alreadyRegistered: 0 },
        { file: 'treatment_sites.csv', imported: 1046, rejected: 15, alreadyRegistered: 0 },
        { file: 'units.csv', imported: 463, rejected: 65, alreadyRegistered: 0 },
      ]);

      const counts = await database.bulk((session) =>
        session.query(
          `select path[1] as root, count(*)::integer - 1 as descendants
         from unit_version
         where path[1] in (100021, 100022, 100024, 111919)
         group by 1
         order by 1`,
        ),
      );
      expect(counts.map(({ descendants }) => descendants)).toEqual([123, 80, 69, 181]);
      expect(await findViolations(database)).toEqual([]);
    });
  },
);
