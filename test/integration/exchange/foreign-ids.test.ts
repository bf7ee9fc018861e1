import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatProblem } from '../../../src/cli/import-output.ts';
import { importFolder } from '../../../src/exchange/import/import-folder.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import { synchronize } from '../../../src/exchange/sync/synchronize.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions, synchronizeOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { useFolder } from '../../support/use-folder.ts';

const foreign = { system: 'https://ids.example', idColumn: 'id', parentColumn: 'parent' };
const fileOptions = { ...standardFileOptions, foreign };

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => clearRegister(database));
const folder = useFolder();

async function writeFiles(rows: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<void> {
  const units = ['id,name,parent,type,organization_number,valid_from,valid_to', ...rows, ''].join('\n');
  for (const [name, content] of Object.entries({ 'units.csv': units, ...files }))
    await writeFile(join(folder(), name), content);
}

async function importRows(rows: readonly string[], files?: Readonly<Record<string, string>>): Promise<string[]> {
  await writeFiles(rows, files);
  const problems: string[] = [];
  await importFolder(
    database,
    importOptions({
      folder: folder(),
      validFrom: '2020-01-01',
      fileOptions,
      onProblems: (batch) => problems.push(...batch.map(formatProblem)),
    }),
  );
  return problems;
}

async function synchronizeRows(rows: readonly string[]): Promise<string[]> {
  await writeFiles(rows);
  const problems: string[] = [];
  await synchronize(
    database,
    synchronizeOptions({
      path: join(folder(), 'units.csv'),
      day: '2026-03-01',
      fileOptions,
      onProblems: (batch) => problems.push(...batch.map(formatProblem)),
    }),
  );
  return problems;
}

const organizationNumber = '974795515';
const top = 'T-1,Eksempel HF,,ORGANIZATION,,,';

describe('messages about a file of another register', () => {
  it('name new units by the ids of the file', async () => {
    const problems = await importRows(
      [
        top,
        `A\\1,Medisin,T-1,DEPARTMENT,${organizationNumber},,`,
        `B-2,Kirurgi,T-1,DEPARTMENT,${organizationNumber},,`,
        'C-3,Post,B-2,DEPARTMENT,,2019-01-01,',
        'D-4,Ring,E-5,DEPARTMENT,,,',
        'E-5,Ring,D-4,DEPARTMENT,,,',
        'F-6,Sykehus,C-3,ORGANIZATION,,,',
      ],
      {
        'codes.csv': 'code_set,code,name\n8451,010,Kirurgi\n',
        'unit_codes.csv': 'resh_id,code_set,code,valid_from\nA\\1,8451,010,2019-01-01\n',
        'identifiers.csv': 'resh_id,system,value,valid_from\nT-1,urn:x,1,\nT-1,urn:x,2,\n',
      },
    );

    expect(problems).toEqual([
      'units.csv, line 4, organization_number "974795515": is also the number of unit "A\\1" (line 3), ' +
        'on some of the same days; an organization number belongs to one unit: correct one of the rows.\n',
      'units.csv, line 5, parent "B-2": is not valid on every day of the row: it is not valid from 2019-01-01; ' +
        'correct the days of the unit or of its parent.\n',
      'units.csv, line 6, parent "E-5": is a descendant of the unit; correct one of the parents in the cycle.\n',
      'units.csv, line 7, parent "D-4": is a descendant of the unit; correct one of the parents in the cycle.\n',
      'units.csv, line 8, parent "C-3": is a department, and an organization can only be under an organization; ' +
        'correct the type of one of them, or the parent.\n',
      'unit_codes.csv, line 2, valid_from "2019-01-01": is outside the days of unit "A\\1", from 2020-01-01 on; ' +
        'correct the day, or leave it empty for all days of the unit.\n',
      'identifiers.csv, line 3, value "2": unit "T-1" has 1 in the same system on line 2, on some of the same days; ' +
        'keep one of the rows, or give them periods that do not overlap.\n',
    ]);
  });

  it('name units of the register by the ids of the file, unless they say what the register has', async () => {
    await importRows([top, 'A-1,Medisin,T-1,DEPARTMENT,,,', 'B-2,Kirurgi,T-1,DEPARTMENT,,,']);

    expect(await importRows(['A-1,Medisin,,ORGANIZATION,,,'])).toEqual([
      'units.csv, line 2, id "A-1": is already unit 2 of the register; ' +
        'leave the row out, or import changes with --sync.\n',
    ]);
    expect(
      await synchronizeRows([
        top,
        `A-1,Medisin,T-1,DEPARTMENT,${organizationNumber},,`,
        `B-2,Kirurgi,T-1,DEPARTMENT,${organizationNumber},,`,
      ]),
    ).toEqual([
      'units.csv, line 4, organization_number "974795515": is also the number of unit "A-1" (line 3), ' +
        'on some of the same days; an organization number belongs to one unit: correct one of the rows.\n',
    ]);
  });
});
