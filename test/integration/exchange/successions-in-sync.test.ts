import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openExtract } from '../../../src/exchange/extract/open-extract.ts';
import { importFolder } from '../../../src/exchange/import/import-folder.ts';
import type { ReportedProblem } from '../../../src/exchange/import/reported-problems.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import { synchronize, type SynchronizeOptions } from '../../../src/exchange/sync/synchronize.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions, synchronizeOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { findViolations } from '../../support/database/violations.ts';
import { useFolder } from '../../support/use-folder.ts';

const header = 'from_resh_id,to_resh_id,kind,extent,effective_on';
const day = '2026-03-01';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
const folder = useFolder();

const trust = '1,ORGANIZATION,Trust,';
const [north, south, east] = ['2,DEPARTMENT,North,1', '3,DEPARTMENT,South,1', '4,DEPARTMENT,East,1'];
const joined = '5,DEPARTMENT,Joined,1';

beforeEach(async () => {
  await clearRegister(database);
  await writeFiles([trust, north, south, east], []);
  const outcome = await importFolder(database, importOptions({ folder: folder(), validFrom: '2002-01-01' }));
  expect(outcome).toMatchObject({ isAborted: false, problemCount: 0 });
});

async function writeFiles(units: readonly string[], successions: readonly string[]): Promise<void> {
  const files = {
    'units.csv': ['resh_id,type,name,parent_resh_id', ...units],
    'codes.csv': ['code_set,code,name'],
    'treatment_sites.csv': ['organization_number,name'],
    'successions.csv': [header, ...successions],
  };
  for (const [name, lines] of Object.entries(files)) await writeFile(join(folder(), name), `${lines.join('\n')}\n`);
}

async function synchronizeFiles(
  units: readonly string[],
  successions: readonly string[],
  options: Partial<SynchronizeOptions> = {},
) {
  await writeFiles(units, successions);
  const problems: ReportedProblem[] = [];
  const onProblems = (found: readonly ReportedProblem[]) => problems.push(...found);
  const outcome = await synchronize(
    database,
    synchronizeOptions({ path: folder(), day, allowMassClose: true, onProblems, ...options }),
  );
  const messages = problems
    .filter(({ file }) => file === 'successions.csv')
    .map(
      ({ kind, line, column, value, problem, remedy }) => `${kind} ${line} ${column} ${value}: ${problem}; ${remedy}`,
    );
  return { outcome, messages };
}

async function extractSuccessions(): Promise<string[]> {
  const extract = await openExtract(database.prisma, 'successions.csv', [], day);
  return (await text(extract.streamChunks())).trimEnd().split('\r\n').slice(1);
}

const merger = [`2,5,MERGE,FULL,${day}`, `3,5,MERGE,FULL,${day}`];

describe('a synchronization with successions.csv', () => {
  it('records what absent units become, once', async () => {
    const part = `4,5,SPLIT,PARTIAL,${day}`;
    const earlier = '4,1,SPLIT,PARTIAL,2020-01-01';

    const { outcome, messages } = await synchronizeFiles([trust, east, joined], [...merger, part, earlier]);
    const again = await synchronizeFiles([trust, east, joined], [...merger, part, earlier]);

    expect(messages).toEqual([]);
    expect(outcome).toMatchObject({ revision: 2, counts: { opened: 1, closed: 2 }, successionCount: 3 });
    expect(outcome.warnings).toEqual(['successions.csv: 1 of 4 rows are not valid on the day and were ignored.']);
    expect(again.outcome).toMatchObject({ abortReason: null, revision: null, successionCount: 0 });
    expect(await extractSuccessions()).toEqual([...merger, part]);
    expect(await findViolations(database)).toEqual([]);
  });

  it('adds only successions if the units are the same', async () => {
    await synchronizeFiles([trust, east, joined], []);

    const { outcome } = await synchronizeFiles([trust, east, joined], merger);

    expect(outcome).toMatchObject({ revision: 3, counts: { opened: 0, closed: 0 }, successionCount: 2 });
    expect(await extractSuccessions()).toEqual(merger);
  });

  it('keeps successions that the file lacks', async () => {
    await synchronizeFiles([trust, east, joined], merger);

    const { outcome } = await synchronizeFiles([trust, east, joined], []);

    expect(outcome).toMatchObject({ abortReason: null, revision: null });
    expect(await extractSuccessions()).toEqual(merger);
  });

  it('reports them in a dry run, which writes nothing', async () => {
    const report = join(folder(), 'report.csv');

    const { outcome } = await synchronizeFiles([trust, east, joined], merger, { dryRun: true, report });

    expect(outcome).toMatchObject({ abortReason: null, revision: null, successionCount: 2 });
    expect((await readFile(report, 'utf8')).split(/\r?\n/)).toEqual(
      expect.arrayContaining(['MERGE,2,,,successor,,5', 'MERGE,3,,,successor,,5']),
    );
    expect(await extractSuccessions()).toEqual([]);
  });

  it.each<[what: string, units: readonly string[], rows: readonly string[], messages: readonly string[]]>([
    [
      'an unknown unit',
      [trust, south, east],
      [`2,77,MERGE,FULL,${day}`],
      [
        'PROBLEM 2 to_resh_id 77: is a RESH-id that neither units.csv nor the register has; ' +
          'correct the RESH-id, or add the unit',
      ],
    ],
    [
      'a successor that closes, too',
      [trust, east],
      [`2,3,MERGE,FULL,${day}`],
      [
        `PROBLEM 2 to_resh_id 3: is not valid on ${day}; ` +
          'add the unit to units.csv, or name a unit that is valid on the day',
      ],
    ],
    [
      'a unit that stays although it becomes another one wholly',
      [trust, north, south, east],
      [`2,3,MERGE,FULL,${day}`],
      [
        `PROBLEM 2 from_resh_id 2: becomes another unit wholly, but is still valid on ${day}; ` +
          'remove the unit from units.csv, or give PARTIAL for a part of it',
      ],
    ],
    [
      'a row twice',
      [trust, south, east],
      [`2,3,MERGE,FULL,${day}`, `2,3,MERGE,FULL,${day}`],
      ['PROBLEM 3 to_resh_id 3: is the same succession as on line 2; keep one of the rows'],
    ],
    [
      'units that become each other',
      [trust, north, south, east],
      [`2,3,SPLIT,PARTIAL,${day}`, `3,2,SPLIT,PARTIAL,${day}`],
      [
        [2, 3, 2],
        [3, 2, 3],
      ].map(
        ([line, to, from]) =>
          `PROBLEM ${line} to_resh_id ${to}: becomes unit ${from} again on the same day, directly or by way of ` +
          'others; correct the units or the day: within a day, units cannot become each other',
      ),
    ],
  ])('refuses %s, and leaves the row out with --skip-invalid', async (_what, units, rows, expected) => {
    const refused = await synchronizeFiles(units, rows);

    expect(refused.messages).toEqual(expected);
    expect(refused.outcome).toMatchObject({ abortReason: 'PROBLEMS', revision: null });
    expect(await extractSuccessions()).toEqual([]);

    const { outcome, messages } = await synchronizeFiles(units, rows, { skipInvalid: true });

    expect(messages).toEqual(expected);
    expect(outcome).toMatchObject({ abortReason: null, rowsRejected: expected.length });
    expect(await extractSuccessions()).toEqual(rows.slice(0, rows.length - expected.length));
  });

  it('leaves out a succession of a unit that stays because its row is rejected', async () => {
    const { messages } = await synchronizeFiles([trust, '2,DEPARTMENT,,1', south, east], [`2,3,MERGE,FULL,${day}`], {
      skipInvalid: true,
    });

    expect(messages).toEqual([
      `DEPENDENT 2 from_resh_id 2: becomes another unit wholly, but is still valid on ${day}; ` +
        'remove the unit from units.csv, or give PARTIAL for a part of it',
    ]);
    expect(await extractSuccessions()).toEqual([]);
  });

  it('has the ids of another register in files of that register', async () => {
    const foreign = { system: 'urn:x', idColumn: 'resh_id', parentColumn: 'parent_resh_id' };
    const options = { fileOptions: { ...standardFileOptions, foreign }, within: 4 };
    const [a, b, c] = ['A,DEPARTMENT,Alpha,', 'B,DEPARTMENT,Beta,', 'C,DEPARTMENT,Gamma,'];
    await synchronizeFiles([a, b], [], { ...options, day: '2020-01-01' });

    const refused = await synchronizeFiles([b, c], [`A,D,MERGE,FULL,${day}`, `B,C,MERGE,FULL,${day}`], options);
    const rows = [`A,C,MERGE,FULL,${day}`, `A,B,SPLIT,PARTIAL,${day}`];
    const { outcome } = await synchronizeFiles([b, c], rows, options);
    const again = await synchronizeFiles([b, c], rows, options);

    expect(refused.messages).toEqual([
      'PROBLEM 2 to_resh_id D: is an id that neither the file nor the register has; correct the id, or add the unit',
    ]);
    expect(outcome).toMatchObject({ abortReason: null, successionCount: 2, counts: { opened: 1, closed: 1 } });
    expect(again.outcome).toMatchObject({ abortReason: null, revision: null });
    expect(await extractSuccessions()).toEqual([`5,6,SPLIT,PARTIAL,${day}`, `5,7,MERGE,FULL,${day}`]);
  });
});
