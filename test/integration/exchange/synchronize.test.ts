import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importFolder } from '../../../src/exchange/import/import-folder.ts';
import type { ReportedProblem } from '../../../src/exchange/import/reported-problems.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import { synchronize, type SynchronizeOptions } from '../../../src/exchange/sync/synchronize.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { importOptions, synchronizeOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { insertUnitVersions } from '../../support/database/insert-unit-versions.ts';
import { findViolations } from '../../support/database/violations.ts';
import { useFolder } from '../../support/use-folder.ts';

const header = 'resh_id,type,name,parent_resh_id';
const firstDay = '2002-01-01';
const day = '2026-03-01';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => clearRegister(database));
const folder = useFolder();

function formatCsv(...rows: string[]): string {
  return [header, ...rows, ''].join('\n');
}

function formatDatedCsv(...rows: string[]): string {
  return [`${header},valid_from,valid_to`, ...rows, ''].join('\n');
}

async function writeInputFile(content: string, name = 'desired.csv'): Promise<string> {
  await writeFile(join(folder(), name), content);
  return join(folder(), name);
}

const actor = { subject: 'test', name: 'Test' };

async function importUnits(units: string, otherFiles: Readonly<Record<string, string>> = {}) {
  const files = {
    'treatment_sites.csv': 'organization_number,name\n',
    'codes.csv': 'code_set,code,name\n',
    ...otherFiles,
  };
  for (const [name, content] of Object.entries({ ...files, 'units.csv': units })) await writeInputFile(content, name);
  const outcome = await importFolder(database, importOptions({ folder: folder(), validFrom: firstDay, actor }));
  expect(outcome).toMatchObject({ isAborted: false, problemCount: 0 });
}

async function runSynchronization(
  path: string,
  options: Partial<SynchronizeOptions> = {},
  on: Pick<Database, 'bulk'> = database,
) {
  const problems: ReportedProblem[] = [];
  const outcome = await synchronize(
    on,
    synchronizeOptions({
      path,
      day,
      allowMassClose: true,
      actor,
      onProblems: (batch) => problems.push(...batch),
      ...options,
    }),
  );
  const problemLines = problems.map(
    ({ kind, file, line, column, value, problem, remedy }) =>
      `${kind} ${file}:${line ?? ''} ${column ?? ''} "${value ?? ''}" ${problem}; ${remedy}`,
  );
  return { ...outcome, problemLines };
}

async function synchronizeWith(units: string, options: Partial<SynchronizeOptions> = {}) {
  return runSynchronization(await writeInputFile(units), options);
}

/** Imports an additional unit under another, valid from 2020 on. */
async function importSubtree(reshId: number, type = 'DEPARTMENT') {
  const path = await writeInputFile(
    `resh_id,type,name,parent_resh_id,valid_from\n50,${type},Ours,${reshId},2020-01-01\n`,
    'units.csv',
  );
  expect(path).toContain('units.csv');
  const outcome = await importFolder(database, importOptions({ folder: folder(), actor }));
  expect(outcome).toMatchObject({ isAborted: false, problemCount: 0 });
}

/** Returns the tree on a day, one line a unit: names from the root down. */
async function readTree(on: string): Promise<string[]> {
  const rows = await database.bulk((session) =>
    session.query<{ path: string }>(
      `select (
         select string_agg(a.name, ' / ' order by step.depth)
         from unnest(v.path) with ordinality as step (resh_id, depth)
         join unit_version a on a.resh_id = step.resh_id and a.superseded_rev is null
           and a.valid_from <= $1::text::date and (a.valid_to is null or a.valid_to > $1::text::date)
       ) as path
       from unit_version v
       where v.superseded_rev is null and v.valid_from <= $1::text::date
         and (v.valid_to is null or v.valid_to > $1::text::date)`,
      [on],
    ),
  );
  return rows.map(({ path }) => path).sort();
}

function expectedCounts(opened: number, moved: number, renamed: number, closed: number) {
  return {
    counts: { opened, moved, renamed, closed },
  };
}

const trust = '1,ORGANIZATION,Trust,';
const clinic = '2,DEPARTMENT,Clinic,1';
const ward = '3,DEPARTMENT,Ward,2';

describe('synchronization with a full file', () => {
  it('opens, moves, renames and closes units from the day on in one change', async () => {
    await importUnits(formatCsv(trust, clinic, ward, '4,DEPARTMENT,Laboratory,1'));

    const outcome = await synchronizeWith(
      formatCsv('5,DEPARTMENT,Out-patients,2', '3,DEPARTMENT,Ward,1', '2,DEPARTMENT,Great clinic,1', trust),
    );

    expect(outcome).toMatchObject({ abortReason: null, revision: 2, problemLines: [], ...expectedCounts(1, 1, 1, 1) });
    expect(await readTree('2026-02-28')).toEqual([
      'Trust',
      'Trust / Clinic',
      'Trust / Clinic / Ward',
      'Trust / Laboratory',
    ]);
    expect(await readTree(day)).toEqual([
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
    expect(await findViolations(database)).toEqual([]);
  });

  it('records no change the second time', async () => {
    await importUnits(formatCsv(trust, clinic));
    const desiredState = formatCsv(trust, '2,DEPARTMENT,Great clinic,1', '7,DEPARTMENT,Ward,2');

    await synchronizeWith(desiredState);
    const again = await synchronizeWith(desiredState);

    expect(again).toMatchObject({ abortReason: null, revision: null, problemLines: [], ...expectedCounts(0, 0, 0, 0) });
    expect(await database.prisma.change.count()).toBe(2);
  });

  it('swaps a parent with its child and moves a child out of a closing parent', async () => {
    await importUnits(
      formatCsv(trust, clinic, ward, '4,DEPARTMENT,Bed post,3', '5,DEPARTMENT,Old house,1', '6,DEPARTMENT,Guests,5'),
    );

    const outcome = await synchronizeWith(
      formatCsv(
        trust,
        '2,DEPARTMENT,Clinic,3',
        '3,DEPARTMENT,Ward,1',
        '4,DEPARTMENT,Bed post,3',
        '6,DEPARTMENT,Guests,2',
      ),
    );

    expect(outcome).toMatchObject({ abortReason: null, problemLines: [], ...expectedCounts(0, 3, 0, 1) });
    expect(await readTree(day)).toEqual([
      'Trust',
      'Trust / Ward',
      'Trust / Ward / Bed post',
      'Trust / Ward / Clinic',
      'Trust / Ward / Clinic / Guests',
    ]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('reopens a closed unit in the file and counts it as opened', async () => {
    await importUnits(formatCsv(trust, clinic, ward));
    await synchronizeWith(formatCsv(trust), { day: '2020-01-01' });

    const outcome = await synchronizeWith(formatCsv(trust, '3,DEPARTMENT,Ward again,1'));

    expect(outcome).toMatchObject({ abortReason: null, problemLines: [], ...expectedCounts(1, 0, 0, 0) });
    expect(await readTree('2026-02-28')).toEqual(['Trust']);
    expect(await readTree(day)).toEqual(['Trust', 'Trust / Ward again']);
    expect(await findViolations(database)).toEqual([]);
  });

  it('skips rows of earlier and later days', async () => {
    await importUnits(formatCsv(trust, clinic));
    const rows = [
      'resh_id,type,name,parent_resh_id,valid_from,valid_to',
      '1,ORGANIZATION,Trust,,,',
      '2,DEPARTMENT,Old clinic,1,2010-01-01,2015-01-01',
      '2,DEPARTMENT,Clinic,1,2015-01-01,',
      '3,DEPARTMENT,To come,1,2030-01-01,',
    ];

    const outcome = await synchronizeWith(rows.join('\n'));

    expect(outcome).toMatchObject({ revision: null, ...expectedCounts(0, 0, 0, 0) });
    expect(outcome.warnings).toEqual(['desired.csv: 2 of 4 rows are not valid on the day and were ignored.']);
  });

  it('keeps facts without a column and clears facts with an empty value', async () => {
    const facts = 'resh_id,type,name,parent_resh_id,short_name,responsible_person';
    await importUnits(`${facts}\n1,ORGANIZATION,Trust,,T,Kari\n`);

    await synchronizeWith('resh_id,name,parent_resh_id,short_name\n1,Trust,,\n');

    expect(
      await database.prisma.unitVersion.findMany({
        where: { supersededRev: null },
        orderBy: { validFrom: 'asc' },
        select: { shortName: true, responsiblePerson: true },
      }),
    ).toEqual([
      { shortName: 'T', responsiblePerson: 'Kari' },
      { shortName: null, responsiblePerson: 'Kari' },
    ]);
  });

  it('adds and ends codes when the folder has a code file, and keeps them otherwise', async () => {
    const codes = { 'codes.csv': 'code_set,code,name\n8451,010,Surgery\n8451,020,Children\n' };
    await importUnits(formatCsv(trust, clinic), { ...codes, 'unit_codes.csv': 'resh_id,code_set,code\n2,8451,010\n' });
    const readCodes = (on: string) =>
      database.bulk((session) =>
        session.query(
          `select resh_id, code from unit_code
           where superseded_rev is null and valid_from <= $1::text::date
             and (valid_to is null or valid_to > $1::text::date)`,
          [on],
        ),
      );

    expect(await synchronizeWith(formatCsv(trust, clinic))).toMatchObject({ revision: null });

    await writeInputFile('resh_id,code_set,code\n2,8451,020\n1,8451,999\n', 'unit_codes.csv');
    await writeInputFile(formatCsv(trust, clinic), 'units.csv');
    const refusedOutcome = await runSynchronization(folder());
    await writeInputFile('resh_id,code_set,code\n2,8451,020\n', 'unit_codes.csv');
    const recodedOutcome = await runSynchronization(folder());

    expect(refusedOutcome).toMatchObject({
      abortReason: 'PROBLEMS',
      problemLines: [
        'PROBLEM unit_codes.csv:3 code "8451:999" is a code that neither codes.csv nor the register has; ' +
          'correct the code, or add it to codes.csv',
      ],
    });
    expect(recodedOutcome).toMatchObject({
      abortReason: null,
      revision: 2,
      problemLines: [],
      ...expectedCounts(0, 0, 0, 0),
    });
    expect(await readCodes('2026-02-28')).toEqual([{ resh_id: 2, code: '010' }]);
    expect(await readCodes(day)).toEqual([{ resh_id: 2, code: '020' }]);
    expect(await runSynchronization(folder())).toMatchObject({ revision: null });
  });

  it('ends the grants on units that close', async () => {
    await importUnits(formatCsv(trust, clinic));
    await database.bulk((session) =>
      session.execute(`insert into access_grant (subject, role, resh_id, valid_from, recorded_rev)
        values ('kari', 'ADMINISTRATOR', 2, '2020-01-01', 1)`),
    );

    await synchronizeWith(formatCsv(trust), { today: '2026-03-10' });

    expect(
      await database.prisma.accessGrant.findMany({ where: { supersededRev: null }, select: { validTo: true } }),
    ).toEqual([{ validTo: new Date('2026-03-10') }]);
  });

  it('keeps later plans unless they become impossible', async () => {
    await importUnits(
      formatDatedCsv(
        '1,ORGANIZATION,Trust,,2002-01-01,',
        '2,DEPARTMENT,Clinic,1,2002-01-01,2027-01-01',
        '2,DEPARTMENT,Clinic to be,1,2027-01-01,',
        '3,DEPARTMENT,Closing,1,2002-01-01,',
        '4,DEPARTMENT,Ward,1,2002-01-01,2027-01-01',
        '4,DEPARTMENT,Ward,3,2027-01-01,',
      ),
    );

    const outcome = await synchronizeWith(formatCsv(trust, '2,DEPARTMENT,Clinic now,1', '4,DEPARTMENT,Ward,1'));

    expect(outcome).toMatchObject({ abortReason: null, ...expectedCounts(0, 0, 1, 1) });
    expect(outcome.warnings).toEqual(['The change of unit 4 "Ward" planned for 2027-01-01 is dropped.']);
    expect(await readTree(day)).toEqual(['Trust', 'Trust / Clinic now', 'Trust / Ward']);
    expect(await readTree('2027-01-01')).toEqual(['Trust', 'Trust / Clinic to be', 'Trust / Ward']);
    expect(await findViolations(database)).toEqual([]);
  });

  it('drops a planned move to the top of a unit that becomes a department', async () => {
    await importUnits(
      formatDatedCsv(
        '1,ORGANIZATION,Trust,,2002-01-01,',
        '2,ORGANIZATION,Hospital,1,2002-01-01,2027-01-01',
        '2,ORGANIZATION,Hospital,,2027-01-01,',
      ),
    );

    const outcome = await synchronizeWith(formatCsv(trust, '2,DEPARTMENT,Hospital,1'));

    expect(outcome).toMatchObject({
      abortReason: null,
      problemLines: [],
      warnings: ['The change of unit 2 "Hospital" planned for 2027-01-01 is dropped.'],
    });
    expect(await readTree('2027-01-01')).toEqual(['Trust', 'Trust / Hospital']);
    expect(await findViolations(database)).toEqual([]);
  });

  it('drops a planned change to a department of a unit that moves to the top', async () => {
    await importUnits(
      formatDatedCsv(
        '1,ORGANIZATION,Trust,,2002-01-01,',
        '2,ORGANIZATION,Hospital,1,2002-01-01,2027-01-01',
        '2,DEPARTMENT,Hospital,1,2027-01-01,',
      ),
    );

    const outcome = await synchronizeWith(formatCsv(trust, '2,ORGANIZATION,Hospital,'));

    expect(outcome).toMatchObject({
      abortReason: null,
      problemLines: [],
      warnings: ['The change of unit 2 "Hospital" planned for 2027-01-01 is dropped.'],
    });
    expect(await readTree('2027-01-01')).toEqual(['Hospital', 'Trust']);
    expect(await findViolations(database)).toEqual([]);
  });

  it('drops a planned move of an organization under a unit that becomes a department', async () => {
    await importUnits(
      formatDatedCsv(
        '1,ORGANIZATION,Trust,,2002-01-01,',
        '2,ORGANIZATION,Hospital,1,2002-01-01,',
        '3,ORGANIZATION,Institute,1,2002-01-01,2027-01-01',
        '3,ORGANIZATION,Institute,2,2027-01-01,',
      ),
    );

    const outcome = await synchronizeWith(formatCsv(trust, '2,DEPARTMENT,Hospital,1', '3,ORGANIZATION,Institute,1'));

    expect(outcome).toMatchObject({
      abortReason: null,
      problemLines: [],
      warnings: ['The change of unit 3 "Institute" planned for 2027-01-01 is dropped.'],
    });
    expect(await readTree('2027-01-01')).toEqual(['Trust', 'Trust / Hospital', 'Trust / Institute']);
    expect(await findViolations(database)).toEqual([]);
  });

  it('drops plans that depend on a dropped change to an organization', async () => {
    await importUnits(
      formatDatedCsv(
        '1,ORGANIZATION,Trust,,2002-01-01,',
        '2,DEPARTMENT,Clinic,1,2002-01-01,2027-01-01',
        '2,ORGANIZATION,Clinic,4,2027-01-01,',
        '3,ORGANIZATION,Institute,1,2002-01-01,2028-01-01',
        '3,ORGANIZATION,Institute,2,2028-01-01,',
        '4,ORGANIZATION,Hospital,1,2002-01-01,',
      ),
    );

    const outcome = await synchronizeWith(formatCsv(trust, clinic, '3,ORGANIZATION,Institute,1'));

    expect(outcome).toMatchObject({
      abortReason: null,
      problemLines: [],
      warnings: [
        'The change of unit 2 "Clinic" planned for 2027-01-01 is dropped.',
        'The change of unit 3 "Institute" planned for 2028-01-01 is dropped.',
      ],
    });
    expect(await readTree('2028-01-01')).toEqual(['Trust', 'Trust / Clinic', 'Trust / Institute']);
    expect(await findViolations(database)).toEqual([]);
  });

  it('keeps the type of the day without a column for it', async () => {
    await importUnits(
      formatDatedCsv(
        '1,ORGANIZATION,Trust,,2002-01-01,',
        '2,ORGANIZATION,Hospital,1,2002-01-01,2027-01-01',
        '2,DEPARTMENT,Hospital,1,2027-01-01,',
      ),
    );

    const outcome = await synchronizeWith('resh_id,name,parent_resh_id\n1,Trust,\n2,Hospital,1\n');

    expect(outcome).toMatchObject({ abortReason: null, revision: null, problemLines: [] });
  });

  it('reports cycles, unknown parents and duplicate RESH-ids, and skips their units on request', async () => {
    await importUnits(formatCsv(trust, clinic, ward, '4,DEPARTMENT,Laboratory,1'));
    const desiredState = formatCsv(
      trust,
      '2,DEPARTMENT,Clinic,3',
      '3,DEPARTMENT,Ward,2',
      '4,DEPARTMENT,Great laboratory,1',
      '4,DEPARTMENT,Laboratory,2',
      '5,DEPARTMENT,Stray,9',
    );
    const expectedProblems = [
      'PROBLEM desired.csv:3 parent_resh_id "3" is a descendant of the unit; correct one of the parents in the cycle',
      'PROBLEM desired.csv:4 parent_resh_id "2" is a descendant of the unit; correct one of the parents in the cycle',
      'PROBLEM desired.csv:6 resh_id "4" is also on line 5, for some of the same days; ' +
        'keep one of the rows, or give them periods that do not overlap',
      'PROBLEM desired.csv:7 parent_resh_id "9" is a RESH-id that neither the file nor the register has; ' +
        'add the parent, or correct the RESH-id',
    ];

    expect(await synchronizeWith(desiredState)).toMatchObject({
      abortReason: 'PROBLEMS',
      revision: null,
      problemLines: expectedProblems,
    });

    const skippingOutcome = await synchronizeWith(desiredState, { skipInvalid: true });

    expect(skippingOutcome).toMatchObject({
      abortReason: null,
      problemLines: expectedProblems,
      rowsRejected: 4,
      ...expectedCounts(0, 0, 1, 0),
    });
    expect(await readTree(day)).toEqual([
      'Trust',
      'Trust / Clinic',
      'Trust / Clinic / Ward',
      'Trust / Great laboratory',
    ]);
  });
});

describe('synchronization safeguards', () => {
  const many = Array.from({ length: 19 }, (_, index) => `${index + 2},DEPARTMENT,Ward ${index + 2},1`);

  it('stop when more than a tenth of the units would close, unless allowed', async () => {
    await importUnits(formatCsv(trust, ...many));
    const massCloseOptions = { allowMassClose: false };

    const stoppedOutcome = await synchronizeWith(formatCsv(trust, ...many.slice(3)), massCloseOptions);
    expect(stoppedOutcome).toMatchObject({
      abortReason: 'MASS_CLOSE',
      revision: null,
      scopeCount: 20,
      ...expectedCounts(0, 0, 0, 3),
    });
    expect(await database.prisma.change.count()).toBe(1);

    expect(await synchronizeWith(formatCsv(trust, ...many.slice(2)), massCloseOptions)).toMatchObject({ revision: 2 });
    expect(await synchronizeWith(formatCsv(trust, ...many.slice(6)))).toMatchObject({
      revision: 3,
      ...expectedCounts(0, 0, 0, 4),
    });
  });

  it('predict the changes in a dry run, with details in the report', async () => {
    await importUnits(formatCsv(trust, clinic, ward, '4,DEPARTMENT,Laboratory,1'));
    const report = join(folder(), 'report.csv');

    const outcome = await synchronizeWith(
      formatCsv(trust, '2,DEPARTMENT,Great clinic,1', '3,DEPARTMENT,Ward,1', '5,DEPARTMENT,New,1'),
      {
        dryRun: true,
        report,
      },
    );

    expect(outcome).toMatchObject({ abortReason: null, revision: null, ...expectedCounts(1, 1, 1, 1) });
    expect(await database.prisma.change.count()).toBe(1);
    expect(await readFile(report, 'utf8')).toBe(
      [
        'what,resh_id,foreign_id,name,field,old,new',
        'RENAMED,2,,Great clinic,name,Clinic,Great clinic',
        'MOVED,3,,Ward,parent,2,1',
        'OPENED,5,,New,,,',
        'CLOSED,4,,Laboratory,,,',
        '',
      ].join('\n'),
    );
  });

  it('escape formulas in both output files', async () => {
    await importUnits(formatCsv(trust, '2,DEPARTMENT,=1+1,1'));
    const [report, rejects] = [join(folder(), 'report.csv'), join(folder(), 'rejects.csv')];

    await synchronizeWith(formatCsv(trust, '2,DEPARTMENT,@SUM(A1),1', '=3,DEPARTMENT,Ward,1'), {
      skipInvalid: true,
      report,
      rejects,
    });

    expect((await readFile(report, 'utf8')).split('\n')[1]).toBe("RENAMED,2,,'@SUM(A1),name,'=1+1,'@SUM(A1)");
    expect((await readFile(rejects, 'utf8')).split('\n')[1]).toBe(
      `desired.csv,4,resh_id,'=3,is not a RESH-id,"give a whole number from 1 to 2147483647, digits ` +
        `only","'=3,DEPARTMENT,Ward,1"`,
    );
  });

  it('never let the report overwrite inputs or rejected rows', async () => {
    await importUnits(formatCsv(trust, clinic));
    const desiredState = formatCsv(trust, '2,DEPARTMENT,Great clinic,1');
    const path = await writeInputFile(desiredState);
    const separateFile = join(folder(), 'out.csv');

    await expect(runSynchronization(path, { report: join(folder(), '.', 'desired.csv') })).rejects.toThrow(
      /^--report names .*desired\.csv, which is being imported\. Name another file\.$/,
    );
    await expect(runSynchronization(path, { report: separateFile, rejects: separateFile })).rejects.toThrow(
      /^--rejects and --report are both .*out\.csv\. Name two files\.$/,
    );

    expect(await readFile(path, 'utf8')).toBe(desiredState);
    expect(await database.prisma.change.count()).toBe(1);
  });
});

describe('synchronization of a subtree', () => {
  it('closes nothing outside, whether or not the file has the root', async () => {
    await importUnits(formatCsv(trust, clinic, ward, '4,DEPARTMENT,Laboratory,1'));

    const outcomeWithoutRoot = await synchronizeWith(formatCsv('5,DEPARTMENT,Bed post,2'), { within: 2 });
    const outcomeWithRoot = await synchronizeWith(formatCsv('2,DEPARTMENT,Great clinic,', '5,DEPARTMENT,Bed post,2'), {
      within: 2,
    });

    expect(outcomeWithoutRoot).toMatchObject({ abortReason: null, problemLines: [], ...expectedCounts(1, 0, 0, 1) });
    expect(outcomeWithRoot).toMatchObject({ abortReason: null, problemLines: [], ...expectedCounts(0, 0, 1, 0) });
    expect(await readTree(day)).toEqual([
      'Trust',
      'Trust / Great clinic',
      'Trust / Great clinic / Bed post',
      'Trust / Laboratory',
    ]);
  });

  it('moves units in from outside and refuses parents outside', async () => {
    await importUnits(formatCsv(trust, clinic, ward, '4,DEPARTMENT,Laboratory,1'));

    const takenOutcome = await synchronizeWith(formatCsv('3,DEPARTMENT,Ward,2', '4,DEPARTMENT,Laboratory,3'), {
      within: 2,
    });
    const outsideOutcome = await synchronizeWith(formatCsv('3,DEPARTMENT,Ward,1', '4,DEPARTMENT,Laboratory,3'), {
      within: 2,
    });

    expect(takenOutcome).toMatchObject({ problemLines: [], ...expectedCounts(0, 1, 0, 0) });
    expect(outsideOutcome).toMatchObject({
      abortReason: 'PROBLEMS',
      problemLines: [
        'PROBLEM desired.csv:2 parent_resh_id "1" is a unit that is not in the file, and the file lists all ' +
          'units under unit 2; add the parent, or correct the RESH-id',
      ],
    });
  });

  it('refuses a department without a parent at its top', async () => {
    await importUnits(formatCsv(trust, clinic));

    const outcome = await synchronizeWith(formatCsv('1,DEPARTMENT,Trust,', clinic), { within: 1 });

    expect(outcome).toMatchObject({
      abortReason: 'PROBLEMS',
      problemLines: [
        'PROBLEM desired.csv:2 type "DEPARTMENT" is a department, and unit 1 has no parent; give the type ORGANIZATION',
      ],
    });
  });
});

describe('synchronization with another system', () => {
  const system = 'https://example.org/ods';
  const foreignReading = {
    ...standardFileOptions,
    foreign: { system, idColumn: 'code', parentColumn: 'parent_code' },
    columnNames: new Map([['name', 'Navn']]),
    typeMap: new Map([['TRUST', 'ORGANIZATION']] as const),
  };
  const formatOds = (...rows: string[]) => ['code,Navn,type,parent_code', ...rows, ''].join('\n');
  const desiredState = formatOds('W1,Ward,WARD,S1', 'R1,Leeds Trust,TRUST,', 'S1,Surgery,DIVISION,R1');

  const units = () =>
    database.bulk((session) =>
      session.query(
        `select v.resh_id, v.parent_resh_id, v.type, v.name, v.designation_text, i.value
         from unit_version v
         left join unit_identifier i on i.resh_id = v.resh_id and i.superseded_rev is null and i.valid_to is null
         where v.superseded_rev is null and v.valid_to is null
         order by v.resh_id`,
      ),
    );

  it('assigns RESH-ids, types and identifiers and recognizes them the next time', async () => {
    await importUnits(formatCsv(trust));

    const first = await synchronizeWith(desiredState, { fileOptions: foreignReading });
    const again = await synchronizeWith(desiredState, { fileOptions: foreignReading });
    const report = join(folder(), 'report.csv');
    const changed = await synchronizeWith(
      formatOds('R1,Leeds Trust,TRUST,', 'W1,Great ward,WARD,R1', 'N1,New,WARD,W1'),
      {
        fileOptions: foreignReading,
        report,
      },
    );

    expect(first).toMatchObject({ abortReason: null, problemLines: [], ...expectedCounts(3, 0, 0, 0) });
    expect(again).toMatchObject({ revision: null, ...expectedCounts(0, 0, 0, 0) });
    // The trust has no id in the system, so it is not absent.
    expect(changed).toMatchObject({
      abortReason: null,
      problemLines: [],
      scopeCount: 3,
      ...expectedCounts(1, 1, 1, 1),
    });
    expect((await readFile(report, 'utf8')).split('\n').slice(1, -1)).toEqual([
      'RENAMED,2,W1,Great ward,name,Ward,Great ward',
      'MOVED,2,W1,Great ward,parent,4,3',
      'OPENED,5,N1,New,,,',
      // It began on the day of the synchronization.
      'WITHDRAWN,4,S1,Surgery,,,',
    ]);
    expect(await units()).toEqual([
      { resh_id: 1, parent_resh_id: null, type: 'ORGANIZATION', name: 'Trust', designation_text: null, value: null },
      { resh_id: 2, parent_resh_id: 3, type: 'DEPARTMENT', name: 'Great ward', designation_text: 'WARD', value: 'W1' },
      {
        resh_id: 3,
        parent_resh_id: null,
        type: 'ORGANIZATION',
        name: 'Leeds Trust',
        designation_text: null,
        value: 'R1',
      },
      { resh_id: 5, parent_resh_id: 2, type: 'DEPARTMENT', name: 'New', designation_text: 'WARD', value: 'N1' },
    ]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('reopens a closed unit under its former RESH-id', async () => {
    await importUnits(formatCsv(trust));
    await synchronizeWith(desiredState, { fileOptions: foreignReading, day: '2020-01-01' });
    await synchronizeWith(formatOds('R1,Leeds Trust,TRUST,'), { fileOptions: foreignReading, day: '2021-01-01' });

    const outcome = await synchronizeWith(desiredState, { fileOptions: foreignReading });

    expect(outcome).toMatchObject({ abortReason: null, problemLines: [], ...expectedCounts(2, 0, 0, 0) });
    expect((await units()).map(({ resh_id: reshId, value }) => [reshId, value])).toEqual([
      [1, null],
      [2, 'W1'],
      [3, 'R1'],
      [4, 'S1'],
    ]);
  });

  it('keeps the first of two parents and makes top units organizations, with warnings', async () => {
    const outcome = await synchronizeWith(
      formatOds('R1,Top,REGION,', 'A,Area,WARD,R1', 'B,Ward,WARD,A', 'B,Ward,WARD,R1', 'C,Stray,WARD,Z'),
      { fileOptions: foreignReading, skipInvalid: true },
    );

    expect(outcome).toMatchObject({ abortReason: null, ...expectedCounts(3, 0, 0, 0) });
    expect(outcome.problemLines).toEqual([
      'WARNING desired.csv:2  "" unit "R1" has no parent and becomes an organization at the top of the tree; ' +
        'map its type with --type-map, or place the units under a unit of the register with --within',
      'WARNING desired.csv:5 parent_code "R1" is a second parent of "B", which has the parent "A" on line 4; ' +
        'the first row is used; a unit has one row and one parent per day',
      'PROBLEM desired.csv:6 parent_code "Z" is an id that neither the file nor the register has; ' +
        'add the parent, or correct the id',
    ]);
    expect(await readTree(day)).toEqual(['Top', 'Top / Area', 'Top / Area / Ward']);
  });

  it('names files and columns of the other system in problems, warnings and rejected rows', async () => {
    const rejects = join(folder(), 'rejects.csv');
    const path = await writeInputFile(
      'Code,Title,name,Kind,Parent Code\nR1,Leeds,,99,\nA,,x,,R1\nB,Ward,,,Z\nB,Ward,,,R1\n',
      'ods.csv',
    );
    const fileOptions = {
      ...foreignReading,
      foreign: { system, idColumn: 'CODE', parentColumn: 'parent code' },
      columnNames: new Map([
        ['name', 'title'],
        ['short_name', 'Title'],
        ['designation', 'kind'],
      ]),
    };

    const outcome = await runSynchronization(path, { fileOptions, rejects });
    const missingColumnsOutcome = await runSynchronization(await writeInputFile('Code,Name\n', 'ods.csv'), {
      fileOptions,
    });

    expect(outcome.warnings).toEqual(['ods.csv: unknown columns are ignored: "name".']);
    expect(outcome.problemLines).toEqual([
      'WARNING ods.csv:5 Parent Code "R1" is a second parent of "B", which has the parent "Z" on line 4; ' +
        'the first row is used; a unit has one row and one parent per day',
      'PROBLEM ods.csv:2 Kind "99" is not a code of set 8624; give a code of codes.csv or of the register',
      'PROBLEM ods.csv:3 Title "" is empty; give the name of the unit',
      'PROBLEM ods.csv:4 Parent Code "Z" is an id that neither the file nor the register has; ' +
        'add the parent, or correct the id',
    ]);
    expect((await readFile(rejects, 'utf8')).split('\n').map((line) => line.split(',').slice(0, 3))).toEqual([
      ['file', 'line', 'column'],
      ['ods.csv', '2', 'Kind'],
      ['ods.csv', '3', 'Title'],
      ['ods.csv', '4', 'Parent Code'],
      [''],
    ]);
    expect(missingColumnsOutcome.problemLines).toEqual([
      'PROBLEM ods.csv:1 title "" is missing from the header; ' +
        'name the columns Code, title, parent code in the first line',
      'PROBLEM ods.csv:1 parent code "" is missing from the header; ' +
        'name the columns Code, title, parent code in the first line',
    ]);
  });

  it('maps one column to two facts', async () => {
    const columnNames = new Map([
      ['name', 'Navn'],
      ['short_name', 'Navn'],
      ['responsible_person', 'code'],
    ]);

    await synchronizeWith(formatOds('R1,Leeds Trust,TRUST,'), { fileOptions: { ...foreignReading, columnNames } });

    expect(
      await database.prisma.unitVersion.findMany({ select: { name: true, shortName: true, responsiblePerson: true } }),
    ).toEqual([{ name: 'Leeds Trust', shortName: 'Leeds Trust', responsiblePerson: 'R1' }]);
  });

  it('stays under a given unit and ignores units outside the other system', async () => {
    await importUnits(formatCsv(trust, clinic));

    await synchronizeWith(formatOds('A,Area,WARD,', 'B,Ward,WARD,A'), { fileOptions: foreignReading, within: 2 });
    await synchronizeWith(formatOds('B,Ward,WARD,'), { fileOptions: foreignReading, within: 2 });

    expect(await readTree(day)).toEqual(['Trust', 'Trust / Clinic', 'Trust / Clinic / Ward']);
  });

  it('refuses to close a unit with children of ours, or skips it on request', async () => {
    await importUnits(formatCsv(trust));
    await synchronizeWith(desiredState, { fileOptions: foreignReading, day: '2020-01-01' });
    await importSubtree(4);

    const outcome = await synchronizeWith(formatOds('R1,Leeds Trust,TRUST,', 'W1,Ward,WARD,R1'), {
      fileOptions: foreignReading,
    });

    expect(outcome).toMatchObject({
      abortReason: 'PROBLEMS',
      problemLines: [
        'PROBLEM desired.csv:  "" unit 4 "Surgery" is missing from the file and would close, but unit 50 "Ours", ' +
          'which the file does not cover, is under it on 2026-03-01; ' +
          'move or close unit 50 first, or add unit 4 to the file',
      ],
    });
    expect(
      await synchronizeWith(formatOds('R1,Leeds Trust,TRUST,', 'W1,Ward,WARD,R1'), {
        fileOptions: foreignReading,
        skipInvalid: true,
      }),
    ).toMatchObject({ abortReason: null, revision: 4, ...expectedCounts(0, 1, 0, 0) });
  });

  it('refuses to make a unit with an organization of ours a department, or skips it on request', async () => {
    await importUnits(formatCsv(trust));
    await synchronizeWith(formatOds('R1,Leeds Trust,TRUST,', 'S1,Surgery,TRUST,R1'), {
      fileOptions: foreignReading,
      day: '2020-01-01',
    });
    await importSubtree(3, 'ORGANIZATION');
    const departmentState = formatOds('R1,Leeds,TRUST,', 'S1,Surgery,DEPARTMENT,R1');

    const outcome = await synchronizeWith(departmentState, { fileOptions: foreignReading });

    expect(outcome).toMatchObject({
      abortReason: 'PROBLEMS',
      problemLines: [
        'PROBLEM desired.csv:3 type "DEPARTMENT" is a department, but unit 50 "Ours", which the file does not cover, ' +
          'is an organization under it on 2026-03-01; correct the type, or move unit 50 first',
      ],
    });
    expect(await synchronizeWith(departmentState, { fileOptions: foreignReading, skipInvalid: true })).toMatchObject({
      abortReason: null,
      revision: 4,
      ...expectedCounts(0, 0, 1, 0),
    });
    expect(await findViolations(database)).toEqual([]);
  });

  it('works as an import too, with a units file only', async () => {
    await importUnits(formatCsv(trust));
    const importRows = async (rows: string) => {
      const problems: ReportedProblem[] = [];
      const { isAborted } = await importFolder(
        database,
        importOptions({
          folder: await writeInputFile(rows),
          fileOptions: foreignReading,
          validFrom: '2010-01-01',
          actor,
          onProblems: (batch) => problems.push(...batch),
        }),
      );
      return { isAborted, problems };
    };

    expect(await importRows(desiredState)).toEqual({ isAborted: false, problems: [] });
    expect(await importRows(formatOds('X1,Bed post,WARD,W1'))).toEqual({ isAborted: false, problems: [] });
    expect(await importRows(desiredState)).toMatchObject({
      isAborted: true,
      problems: [
        {
          line: 2,
          value: 'W1',
          problem: 'is already unit 2 of the register',
          remedy: 'leave the row out, or import changes with --sync',
        },
        { line: 3, value: 'R1' },
        { line: 4, value: 'S1' },
      ],
    });
    expect(await readTree('2010-01-01')).toEqual([
      'Leeds Trust',
      'Leeds Trust / Surgery',
      'Leeds Trust / Surgery / Ward',
      'Leeds Trust / Surgery / Ward / Bed post',
      'Trust',
    ]);
    expect(await findViolations(database)).toEqual([]);
  });
});

describe('synchronization during concurrent changes', () => {
  const entry = changeEntry({ actor });

  /**
   * Wraps the database so that a change adds a unit under the trust each time the synchronization looks for absent
   * units.
   */
  const failingDatabase = (times: number): Pick<Database, 'bulk'> => {
    let remaining = times;
    return {
      bulk: (work) =>
        database.bulk((session) =>
          work({
            execute: (statement) => session.execute(statement),
            copyFrom: (target, chunks) => session.copyFrom(target, chunks),
            query: async (statement, values) => {
              if (statement.startsWith('-- units that the desired state lacks') && remaining > 0) {
                remaining -= 1;
                await recordChange(session, entry, async (revision) => {
                  const reshId = 90 + revision;
                  await insertUnitVersions(session, revision, [
                    { path: [1, reshId], name: 'Other', from: '2020-01-01' },
                  ]);
                  await session.execute(`select setval('resh_id_seq', ${reshId})`);
                });
              }
              return session.query(statement, values);
            },
          }),
        ),
    };
  };

  it('repeats the comparison', async () => {
    await importUnits(formatCsv(trust, clinic));
    const path = await writeInputFile(formatCsv(trust, '2,DEPARTMENT,Great clinic,1'));

    const dryRunOutcome = await runSynchronization(path, { dryRun: true }, failingDatabase(1));
    const outcomeAfterRetry = await runSynchronization(path, {}, failingDatabase(1));

    expect(dryRunOutcome).toMatchObject({ abortReason: null, revision: null, ...expectedCounts(0, 0, 1, 1) });
    expect(outcomeAfterRetry).toMatchObject({
      abortReason: null,
      revision: 4,
      problemLines: [],
      ...expectedCounts(0, 0, 1, 2),
    });
    expect(await readTree(day)).toEqual(['Trust', 'Trust / Great clinic']);
    expect(await findViolations(database)).toEqual([]);
  });

  it('gives up after the configured number of retries and writes nothing', async () => {
    await importUnits(formatCsv(trust, clinic));

    await expect(runSynchronization(await writeInputFile(formatCsv(trust)), {}, failingDatabase(3))).rejects.toThrow(
      'The register changed while desired.csv was compared with it (revision 4 came after 3). ' +
        'Nothing was written; run the synchronization again.',
    );

    expect(await database.prisma.change.count({ where: { operation: 'SYNCHRONIZE' } })).toBe(0);
    expect(await readTree(day)).toHaveLength(5);
  });
});
