import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importFolder } from '../../../src/exchange/import/import-folder.ts';
import type { ReportedProblem } from '../../../src/exchange/import/reported-problems.ts';
import { synchronize, type SynchronizeOptions } from '../../../src/exchange/sync/synchronize.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions, synchronizeOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { findViolations } from '../../support/database/violations.ts';
import { useFolder } from '../../support/use-folder.ts';

const day = '2026-03-01';
const unitsFile = 'resh_id,type,name,parent_resh_id\n100,ORGANIZATION,Trust,\n200,ORGANIZATION,Other,\n';
const sitesHeader = 'organization_number,name,municipality,postal_code,city,trust_resh_id\n';
const codesHeader = 'code_set,code,name,parent_code,status,replaced_by\n';
const site = '974706490';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => clearRegister(database));
const folder = useFolder();

async function writeFiles(sites: string, codes: string): Promise<void> {
  const files = { 'units.csv': unitsFile, 'treatment_sites.csv': sites, 'codes.csv': codes };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder(), name), content);
}

async function importFiles(sites: string, codes: string): Promise<void> {
  await writeFiles(sites, codes);
  const outcome = await importFolder(database, importOptions({ folder: folder(), validFrom: '2002-01-01' }));
  expect(outcome).toMatchObject({ isAborted: false, problemCount: 0 });
}

async function synchronizeFiles(sites: string, codes: string, options: Partial<SynchronizeOptions> = {}) {
  await writeFiles(sites, codes);
  const problems: ReportedProblem[] = [];
  const outcome = await synchronize(
    database,
    synchronizeOptions({ path: folder(), day, onProblems: (batch) => problems.push(...batch), ...options }),
  );
  return {
    ...outcome,
    problems: problems.map(({ kind, line, column, value, problem, remedy }) =>
      [kind, line, column, value, problem, remedy].join(' | '),
    ),
  };
}

function readSites() {
  return database.bulk((session) =>
    session.query(
      `select name, municipality, postal_code, city, legal_entity_resh_id as trust, valid_from, valid_to
       from treatment_site_version
       where superseded_rev is null
       order by organization_number, valid_from nulls first`,
    ),
  );
}

function readCodes() {
  return database.bulk((session) =>
    session.query(
      `select code, name, retired, valid_from, valid_to
       from code_version
       where superseded_rev is null
       order by code, valid_from nulls first`,
    ),
  );
}

describe('synchronizing treatment sites and codes of the register', () => {
  it('changes their facts from the day on, shows that in a dry run, and changes nothing the second time', async () => {
    await importFiles(
      `${sitesHeader}${site},Old,Bergen,5021,Bergen,100\n`,
      `${codesHeader}8451,1,First,,active,\n8451,2,Second,,active,\n`,
    );
    const files = [
      `${sitesHeader}${site},New,Bergen,0424,Oslo,200\n`,
      `${codesHeader}8451,1,Renamed,,active,\n8451,2,Second,,retired,8451:1\n`,
    ] as const;
    const referenceCounts = { sitesChanged: 1, codesRenamed: 1, codesRetired: 1, codesChanged: 1 };
    const report = join(folder(), 'report.csv');

    const preview = await synchronizeFiles(...files, { dryRun: true, report });
    const applied = await synchronizeFiles(...files);
    const repeated = await synchronizeFiles(...files);

    expect([preview.revision, preview.referenceCounts]).toEqual([null, referenceCounts]);
    expect((await readFile(report, 'utf8')).split(/\r?\n/).slice(1)).toEqual([
      `SITE_UPDATED,,${site},Old,name,Old,New`,
      `SITE_UPDATED,,${site},Old,address,"5021, Bergen","0424, Oslo"`,
      `SITE_UPDATED,,${site},Old,legalEntity,100,200`,
      'CODE_RENAMED,,8451:1,First,name,First,Renamed',
      'CODE_RETIRED,,8451:2,Second,,,',
      'CODE_REPLACED,,8451:2,Second,,,',
      '',
    ]);
    expect([applied.revision, applied.referenceCounts, applied.problems]).toEqual([2, referenceCounts, []]);
    expect(repeated).toMatchObject({ revision: null, problems: [], referenceCounts: { sitesChanged: 0 } });
    expect(await readSites()).toEqual([
      {
        name: 'Old',
        municipality: 'Bergen',
        postal_code: '5021',
        city: 'Bergen',
        trust: 100,
        valid_from: null,
        valid_to: day,
      },
      {
        name: 'New',
        municipality: 'Bergen',
        postal_code: '0424',
        city: 'Oslo',
        trust: 200,
        valid_from: day,
        valid_to: null,
      },
    ]);
    expect(await readCodes()).toEqual([
      { code: '1', name: 'First', retired: false, valid_from: null, valid_to: day },
      { code: '1', name: 'Renamed', retired: false, valid_from: day, valid_to: null },
      { code: '2', name: 'Second', retired: false, valid_from: null, valid_to: day },
      { code: '2', name: 'Second', retired: true, valid_from: day, valid_to: null },
    ]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('keeps facts without a column, and clears those with an empty value', async () => {
    await importFiles(`${sitesHeader}${site},Old,Bergen,5021,Bergen,100\n`, codesHeader);

    const { problems } = await synchronizeFiles(
      `organization_number,name,municipality,city\n${site},New,,Oslo\n`,
      codesHeader,
    );

    expect(problems).toEqual([]);
    expect((await readSites()).at(-1)).toMatchObject({
      name: 'New',
      municipality: null,
      postal_code: '5021',
      city: 'Oslo',
      trust: 100,
    });
  });

  it('refuses a row with an unknown legal entity or parent code, with its line, value and remedy', async () => {
    await importFiles(`${sitesHeader}${site},Old,,,,100\n`, `${codesHeader}8451,1,First,,active,\n`);

    const { revision, problems } = await synchronizeFiles(
      `${sitesHeader}${site},New,,,,300\n`,
      `${codesHeader}8451,1,First,9,active,\n`,
    );

    expect(revision).toBeNull();
    expect(problems).toEqual([
      'PROBLEM | 2 | parent_code | 9 | is not a code of set 8451 | add the code, or leave the column empty',
      'PROBLEM | 2 | trust_resh_id | 300 | is a RESH-id that neither units.csv nor the register has | ' +
        'correct it, or leave it empty',
    ]);
  });

  it('warns about a treatment site that the register has closed, and ignores rows of other days', async () => {
    const dated = 'organization_number,name,valid_from,valid_to\n';
    await importFiles(`${dated}${site},Old,2010-01-01,2020-01-01\n983974880,Kept,,\n`, codesHeader);

    const { revision, problems } = await synchronizeFiles(
      `${dated}${site},New,,\n983974880,Former,2001-01-01,2002-01-01\n`,
      codesHeader,
    );

    expect(revision).toBeNull();
    expect(problems).toEqual([
      `WARNING | 2 | organization_number | ${site} | is not valid on ${day} in the register | ` +
        'the row is ignored; reopen the site with reopenTreatmentSite',
    ]);
  });
});

describe('importing treatment sites and codes of the register', () => {
  it('keeps them, and names the commands that change them', async () => {
    await importFiles(`${sitesHeader}${site},Old,,,,100\n`, `${codesHeader}8451,1,First,,active,\n`);
    await writeFiles(`${sitesHeader}${site},New,,,,100\n`, `${codesHeader}8451,1,Renamed,,active,\n`);
    await writeFile(join(folder(), 'units.csv'), 'resh_id,type,name,parent_resh_id\n300,ORGANIZATION,Third,\n');
    const remedies: string[] = [];

    await importFolder(
      database,
      importOptions({
        folder: folder(),
        validFrom: '2002-01-01',
        onProblems: (problems) => remedies.push(...problems.map(({ remedy }) => remedy)),
      }),
    );

    expect(remedies).toEqual([
      'the row is ignored; change the code with import --sync, or with the command codes',
      'the row is ignored; change the site with import --sync, or with updateTreatmentSite',
    ]);
    expect(await readSites()).toMatchObject([{ name: 'Old' }]);
    expect(await readCodes()).toMatchObject([{ name: 'First' }]);
  });
});
