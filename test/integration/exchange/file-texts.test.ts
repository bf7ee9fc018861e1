import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatProblem } from '../../../src/cli/import-output.ts';
import { guardFormula } from '../../../src/domain/text/formula-guard.ts';
import { findTextProblem } from '../../../src/domain/text/text-problem.ts';
import { findLineFault, normalizeLine } from '../../../src/domain/text/text-rule.ts';
import { openExtractFolder } from '../../../src/exchange/extract/extract-folder.ts';
import { importFolder, type ImportOptions } from '../../../src/exchange/import/import-folder.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import { synchronize } from '../../../src/exchange/sync/synchronize.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { importOptions, synchronizeOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { insertUnitVersions } from '../../support/database/insert-unit-versions.ts';
import { findViolations } from '../../support/database/violations.ts';
import { propertyOptions } from '../../support/model/property-options.ts';
import { useFolder } from '../../support/use-folder.ts';

const header = 'resh_id,type,name,parent_resh_id,valid_from\n';
const system = 'https://ids.example';
const foreign = { ...standardFileOptions, foreign: { system, idColumn: 'id', parentColumn: 'parent' } };

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => clearRegister(database));
const folder = useFolder();

async function importFiles(units: string, options: Partial<ImportOptions> = {}, sites: readonly string[] = []) {
  const files = {
    'treatment_sites.csv': ['organization_number,name,postal_code,city', ...sites, ''].join('\n'),
    'codes.csv': 'code_set,code,name\n',
    'units.csv': units,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder(), name), content);
  const problems: string[] = [];
  const outcome = await importFolder(
    database,
    importOptions({ folder: folder(), onProblems: (batch) => problems.push(...batch.map(formatProblem)), ...options }),
  );
  return { ...outcome, problems };
}

async function synchronizeWith(units: string, fileOptions = standardFileOptions) {
  await writeFile(join(folder(), 'desired.csv'), units);
  return synchronize(
    database,
    synchronizeOptions({ path: join(folder(), 'desired.csv'), day: '2026-03-01', fileOptions, onProblems: () => {} }),
  );
}

async function readNames(): Promise<string[]> {
  const rows = await database.bulk((session) =>
    session.query<{ name: string }>('select name from unit_version where superseded_rev is null order by resh_id'),
  );
  return rows.map(({ name }) => name);
}

async function readFolder(): Promise<Record<string, string>> {
  const { files } = await openExtractFolder(database.prisma, []);
  const texts: Record<string, string> = {};
  for (const { file, streamChunks } of files) texts[file] = await text(streamChunks());
  return texts;
}

describe('texts of files', () => {
  it('are refused as the form refuses them, each as a problem of its row', async () => {
    const { problems, warnings, revision } = await importFiles(
      `${header}1,ORGANIZATION,Eksempel HF,,2020-01-01\n` +
        '2,DEPARTMENT,"Medisin\nsengepost",1,2020-01-01\n' +
        '3,DEPARTMENT,Kirurgi\u0007,1,2020-01-01\n' +
        `4,DEPARTMENT,${'x'.repeat(301)},1,2020-01-01\n` +
        '5,DEPARTMENT,\u200b,1,2020-01-01\n' +
        '6,DEPARTMENT,Post \u202eA,1,2020-01-01\n',
    );

    expect(revision).toBeNull();
    expect(warnings).toEqual([
      'units.csv: 1 text is stored on one line, with composed letters (NFC) and single spaces; ' +
        'the first is on line 3, column name.',
    ]);
    expect(problems).toEqual([
      'units.csv, line 5, name "Kirurgi\\u{7}": contains a control character; remove it.\n',
      `units.csv, line 6, name "${'x'.repeat(200)}": is longer than 300 characters; ` +
        'shorten it, or close a quote before it.\n',
      'units.csv, line 7, name "\\u{200b}": has no visible character; ' +
        'give a text that can be seen, or leave the field empty.\n',
      'units.csv, line 8, name "Post \\u{202e}A": contains an invisible character that changes the writing ' +
        'direction; remove it.\n',
    ]);
  });

  it('are composed, with single spaces, and a warning counts them', async () => {
    const { warnings, problems } = await importFiles(
      `${header}1,ORGANIZATION,A\u030as\u00a0Eksempel  HF,,2020-01-01\n2,DEPARTMENT,Va\u030ar,1,2020-01-01\n`,
    );

    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      'units.csv: 2 texts are stored on one line, with composed letters (NFC) and single spaces; ' +
        'the first is on line 2, column name.',
    ]);
    expect(await readNames()).toEqual(['Ås Eksempel HF', 'Vår']);
    expect(await findViolations(database)).toEqual([]);
  });
});

describe('postal codes of treatment sites', () => {
  it('are refused without their first zero, with the code to write', async () => {
    const { problems } = await importFiles(`${header}1,ORGANIZATION,Eksempel HF,,2020-01-01\n`, {}, [
      '974795515,Sted,424,Oslo',
      '974747138,Annet sted,0424,Oslo',
      '974749025,Tredje sted,N-7030,Trondheim',
    ]);

    expect(problems).toEqual([
      'treatment_sites.csv, line 2, postal_code "424": is not a Norwegian postal code, which has four digits; ' +
        'write 0424: the first zero was dropped, as spreadsheets do.\n',
      'treatment_sites.csv, line 4, postal_code "N-7030": is not a Norwegian postal code, which has four digits; ' +
        'correct it.\n',
    ]);
  });
});

describe('texts that look equal', () => {
  it('are no rename in a synchronization', async () => {
    await importFiles(`${header}1,ORGANIZATION,Ås Eksempel HF,,2020-01-01\n2,DEPARTMENT,Vår seksjon,1,2020-01-01\n`);

    const outcome = await synchronizeWith(
      `${header}1,ORGANIZATION,A\u030as\u00a0Eksempel HF,,2020-01-01\n2,DEPARTMENT,Va\u030ar  seksjon,1,2020-01-01\n`,
    );

    expect(outcome).toMatchObject({ revision: null, counts: { opened: 0, moved: 0, renamed: 0, closed: 0 } });
  });

  it('find units by ids of another register', async () => {
    const rows = (id: string) => `id,name,parent,type\n${id},Ås,,ORGANIZATION\nb,Vår,${id},DEPARTMENT\n`;
    await writeFile(join(folder(), 'other.csv'), rows('Å-1'));
    const path = join(folder(), 'other.csv');
    await importFolder(database, importOptions({ folder: path, validFrom: '2020-01-01', fileOptions: foreign }));

    const outcome = await synchronizeWith(rows('A\u030a-1'), foreign);

    expect(outcome).toMatchObject({ revision: null, counts: { opened: 0, moved: 0, renamed: 0, closed: 0 } });
  });
});

describe('verify', () => {
  it('finds texts that no door lets in', async () => {
    const names = ['Sentrum\u0007', 'A\u030as', 'Ny  post', '\u200b', 'Post \u202eA', 'Ås'];
    await database.bulk((session) =>
      recordChange(session, changeEntry(), (revision, transaction) =>
        insertUnitVersions(
          transaction,
          revision,
          names.map((name, index) => ({ path: [index + 1], type: 'ORGANIZATION', name })),
        ),
      ),
    );

    const problems = (await findViolations(database)).filter(({ rule }) => rule === 'text');
    expect(problems.map(({ problem }) => problem)).toEqual([
      'unit_version.name of 1 has a control character',
      'unit_version.name of 2 has letters that are not composed (NFC)',
      'unit_version.name of 3 has other blanks than single spaces between words',
      'unit_version.name of 4 has no visible character',
      'unit_version.name of 5 has a character that changes the writing direction',
    ]);
  });
});

describe('a register', () => {
  it('is imported from its extract, whatever texts it holds', async () => {
    const texts = fc
      .oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 10 }))
      .map(normalizeLine)
      .filter((line) => findLineFault(line) === undefined && findTextProblem(line) === undefined);
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 20, maxLength: 60 }), async (names) => {
        await clearRegister(database);
        const quote = (line: string) => `"${line.replaceAll('"', '""')}"`;
        await importFiles(
          'resh_id,type,name,parent_resh_id,valid_from,short_name\n' +
            names
              .map(
                (name, i) =>
                  `${i + 1},ORGANIZATION,${quote(guardFormula(name))},,2020-01-01,${quote(guardFormula(name))}\n`,
              )
              .join(''),
        );
        expect(await readNames()).toEqual(names);
        const extracted = await readFolder();

        await clearRegister(database);
        for (const [file, content] of Object.entries(extracted)) await writeFile(join(folder(), file), content);
        expect(await importFolder(database, importOptions({ folder: folder() }))).toMatchObject({
          problemCount: 0,
          warnings: [],
        });

        expect(await readNames()).toEqual(names);
        expect(await readFolder()).toEqual(extracted);
      }),
      propertyOptions(5),
    );
  });
});
