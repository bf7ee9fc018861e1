import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatProblem } from '../../../src/cli/import-output.ts';
import { importFolder, type ImportOptions } from '../../../src/exchange/import/import-folder.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { useFolder } from '../../support/use-folder.ts';

const foreign = { system: 'https://ids.example', idColumn: 'code', parentColumn: 'parent' };

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => clearRegister(database));
const folder = useFolder();

async function importUnits(units: string | Uint8Array, options: Partial<ImportOptions> = {}) {
  await writeFile(join(folder(), 'units.csv'), units);
  await writeFile(join(folder(), 'treatment_sites.csv'), 'organization_number,name\n');
  await writeFile(join(folder(), 'codes.csv'), 'code_set,code,name\n');
  const problems: string[] = [];
  const outcome = await importFolder(
    database,
    importOptions({ folder: folder(), onProblems: (batch) => problems.push(...batch.map(formatProblem)), ...options }),
  );
  return { ...outcome, problems };
}

function readPeriods() {
  return database.bulk((session) =>
    session.query<{ name: string; valid_from: string; valid_to: string | null }>(
      'select name, valid_from, valid_to from unit_version where superseded_rev is null order by resh_id',
    ),
  );
}

const header = 'resh_id,type,name,parent_resh_id,valid_from,valid_to\n';

describe('a units file of another register that cannot be read', () => {
  it.each([
    ['has no column of a name', 'code,parent\nA,\n', 'units.csv, line 1, name: is missing from the header; '],
    ['is empty', '', 'units.csv, line 1: is empty; begin it with a line that names the columns code, name, parent.'],
    ['has an open quote', 'code,name,parent\nA,"Ås,\n', 'a quote is never closed'],
  ])('is a problem if it %s', async (_what, units, problem) => {
    const { problems, isReadable, revision } = await importUnits(units, {
      fileOptions: { ...standardFileOptions, foreign },
      validFrom: '2020-01-01',
    });

    expect({ isReadable, revision }).toEqual({ isReadable: false, revision: null });
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});

describe('options of a file', () => {
  it('name the columns of a file without a header, the form of its days and its ends', async () => {
    const { problems } = await importUnits('1,ORGANIZATION,Ås HF,,20010401,20201231\n', {
      fileOptions: {
        ...standardFileOptions,
        columns: ['resh_id', 'type', 'name', 'parent_resh_id', 'valid_from', 'valid_to'],
        days: { format: 'YYYYMMDD', endsAreLastDays: true },
      },
    });

    expect(problems).toEqual([]);
    expect(await readPeriods()).toEqual([{ name: 'Ås HF', valid_from: '2001-04-01', valid_to: '2021-01-01' }]);
  });

  it('are named by days in another form', async () => {
    expect((await importUnits(`${header}1,ORGANIZATION,Ås HF,,01.02.2020,\n`)).problems).toEqual([
      'units.csv, line 2, valid_from "01.02.2020": is not a day; give a day that exists, as YYYY-MM-DD, ' +
        'or read the file with --date-format DD.MM.YYYY.\n',
    ]);
  });
});

describe('days that stand for none', () => {
  it('are read as no end and no beginning, and warnings count them', async () => {
    const { problems, warnings } = await importUnits(
      `${header}1,ORGANIZATION,Eksempel HF,,1753-01-01,9999-12-31\n2,DEPARTMENT,Medisin,1,2020-01-01,2999-12-31\n`,
      { validFrom: '2019-01-01' },
    );

    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      'units.csv: 2 ends after 2199 are read as no end.',
      'units.csv: 1 first day before 1800 is read as no first day.',
    ]);
    expect(await readPeriods()).toEqual([
      { name: 'Eksempel HF', valid_from: '2019-01-01', valid_to: null },
      { name: 'Medisin', valid_from: '2020-01-01', valid_to: null },
    ]);
  });

  it.each<[rows: string, otherRow: string]>([
    ['beside a unit with a first day', '2,ORGANIZATION,Annet HF,,2020-01-01,\n'],
    ['in all rows', ''],
  ])('are a problem of a unit that has no other first day, %s', async (_rows, otherRow) => {
    const { problems } = await importUnits(`${header}1,ORGANIZATION,Eksempel HF,,1753-01-01,\n${otherRow}`);

    expect(problems).toEqual([
      'units.csv, line 2, valid_from "1753-01-01": is before 1800, which means that the first day is not known, and ' +
        'a unit has a first day; give the first day, or the day of all rows without one with --valid-from DATE.\n',
    ]);
  });
});

describe('files as spreadsheets write them', () => {
  it('may have blank rows, which a warning counts, and a line that names the delimiter', async () => {
    const { problems, warnings, files } = await importUnits(
      'sep=;\r\nresh_id;type;name;parent_resh_id;valid_from\r\n1;ORGANIZATION;Eksempel HF;;2020-01-01\r\n' +
        ';;;;\r\n ; ;;;\r\n2;DEPARTMENT;;1;2020-01-01\r\n',
      { skipInvalid: true },
    );

    expect(warnings).toEqual(['units.csv: 2 blank rows are passed over.']);
    expect(problems).toEqual(['units.csv, line 6, name: is empty; give the name of the unit.\n']);
    expect(files.find(({ file }) => file === 'units.csv')).toMatchObject({ imported: 1, rejected: 1 });
  });

  const utf16 = Buffer.from('resh_id,type,name\n1,ORGANIZATION,Ås\n', 'utf16le');
  const saveAsCsv = 'save it as CSV in UTF-8, with commas or semicolons.\n';
  it.each<[string, string | Uint8Array, string]>([
    [
      'tabs',
      'resh_id\ttype\tname\n1\tORGANIZATION\tÅs\n',
      `the columns of the file are separated by tabs; ${saveAsCsv}`,
    ],
    ['bars', 'resh_id|type|name\n', `the columns of the file are separated by bars (|); ${saveAsCsv}`],
    ['UTF-16 without a mark', utf16, 'the file is UTF-16; save it as UTF-8.\n'],
    [
      'a spreadsheet',
      Buffer.from('PK\u0003\u0004\u0014\u0000\u0006'),
      `the file is a spreadsheet (XLSX, ODS) or another ZIP archive; ${saveAsCsv}`,
    ],
    ['HTML', '<!DOCTYPE html><html><body>Log in</body></html>', `the file is HTML; ${saveAsCsv}`],
    ['JSON', '[{"resh_id": 1}]', `the file is JSON; ${saveAsCsv}`],
  ])('are refused in another form with one problem: %s', async (_form, units, problem) => {
    expect((await importUnits(units)).problems).toEqual([`units.csv, line 1: ${problem}`]);
  });
});
