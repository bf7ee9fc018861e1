import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openExtract } from '../../../src/exchange/extract/open-extract.ts';
import { importFolder, type ImportOptions } from '../../../src/exchange/import/import-folder.ts';
import type { ReportedProblem } from '../../../src/exchange/import/reported-problems.ts';
import { standardFileOptions } from '../../../src/exchange/import/stage-files.ts';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { importOptions } from '../../support/builders/file-options.ts';
import { clearRegister, openTestDatabase } from '../../support/database/database.ts';
import { findViolations } from '../../support/database/violations.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { useFolder } from '../../support/use-folder.ts';
import { buildWorld, mutationsAs, subjects, units as u, worldDay } from '../../support/world/world.ts';

const header = 'from_resh_id,to_resh_id,kind,extent,effective_on';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => clearRegister(database));
const folder = useFolder();

const unitRows = [
  '1,ORGANIZATION,Trust,,2000-01-01,',
  '2,DEPARTMENT,Closed,1,2000-01-01,2010-01-01',
  '3,DEPARTMENT,Also closed,1,2000-01-01,2010-01-01',
  '4,DEPARTMENT,Open,1,2000-01-01,',
  '5,DEPARTMENT,New,1,2010-01-01,',
];

async function importSuccessions(rows: readonly string[], options: Partial<ImportOptions> = {}, units = unitRows) {
  const files = {
    'units.csv': ['resh_id,type,name,parent_resh_id,valid_from,valid_to', ...units],
    'codes.csv': ['code_set,code,name'],
    'treatment_sites.csv': ['organization_number,name'],
    'successions.csv': [header, ...rows],
  };
  for (const [name, lines] of Object.entries(files)) await writeFile(join(folder(), name), `${lines.join('\n')}\n`);
  const problems: ReportedProblem[] = [];
  const onProblems = (found: readonly ReportedProblem[]) => problems.push(...found);
  const outcome = await importFolder(database, importOptions({ folder: folder(), onProblems, ...options }));
  const messages = problems.map(
    ({ kind, file, line, column, value, problem, remedy }) =>
      `${kind} ${file} ${line} ${column} ${value}: ${problem}; ${remedy}`,
  );
  return { outcome, messages };
}

async function extractSuccessions(): Promise<string[]> {
  const extract = await openExtract(database.prisma, 'successions.csv', [], worldDay);
  return (await text(extract.streamChunks())).trimEnd().split('\r\n');
}

describe('/extracts/successions.csv', () => {
  it('has what units became, with the same bytes at a revision whatever changes later', async () => {
    await buildWorld(database);
    const server = createServer({ database, log: pino({ level: 'silent' }), today: () => worldDay });
    const fetchExtract = async (query: string) => server.fetch(`http://127.0.0.1/extracts/successions.csv${query}`);
    const operator = mutationsAs(database, subjects.operator);
    const first = { reshId: u.secondWard, successorReshIds: [u.ward, u.clinic], effectiveOn: '2020-01-01' };
    expectAccepted(await operator.closeUnit(first));

    const before = await fetchExtract('?revision=2');
    const content = await before.text();
    const second = { reshId: u.ward, successorReshIds: [u.clinic], effectiveOn: '2021-01-01' };
    expectAccepted(await operator.closeUnit(second));
    const again = await fetchExtract('?revision=2');

    const rows = [u.clinic, u.ward].map((to) => `${u.secondWard},${to},REPLACEMENT,PARTIAL,2020-01-01`);
    expect(content).toBe([header, ...rows, ''].join('\r\n'));
    expect(before.headers.get('content-disposition')).toBe('attachment; filename="resh-successions-revision-2.csv"');
    expect(before.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(before.headers.get('resh-valid-at')).toBeNull();
    expect(await again.text()).toBe(content);
    expect(again.headers.get('etag')).toBe(before.headers.get('etag'));
    expect(await (await fetchExtract('?columns=effective_on,from_resh_id&delimiter=%3B')).text()).toBe(
      ['effective_on;from_resh_id', '2021-01-01;112', '2020-01-01;113', '2020-01-01;113', ''].join('\r\n'),
    );
  });
});

describe('an import of successions.csv', () => {
  it('loads successions of every kind and extent as part of the import', async () => {
    const rows = ['2,5,MERGE,FULL,2010-01-01', '3,5,MERGE,FULL,2010-01-01', '4,1,SPLIT,PARTIAL,2015-06-01'];
    const replacement = '4,5,REPLACEMENT,PARTIAL,2015-06-01';

    const { outcome, messages } = await importSuccessions([replacement, ...rows]);

    expect(messages).toEqual([]);
    expect(outcome.files.at(-1)).toEqual({ file: 'successions.csv', imported: 4, rejected: 0, alreadyRegistered: 0 });
    expect(await extractSuccessions()).toEqual([header, ...rows, replacement]);
    expect(await findViolations(database)).toEqual([]);
  });

  it.each<[what: string, rows: readonly string[], messages: readonly string[]]>([
    [
      'values that no succession has',
      ['2,x,JOIN,HALF,2010-13-01', ',5,MERGE,FULL,'],
      [
        'PROBLEM successions.csv 2 effective_on 2010-13-01: is not a day; give a day that exists, as YYYY-MM-DD',
        'PROBLEM successions.csv 2 extent HALF: is not known; give FULL or PARTIAL',
        'PROBLEM successions.csv 2 kind JOIN: is not known; give MERGE, SPLIT or REPLACEMENT',
        'PROBLEM successions.csv 2 to_resh_id x: is not a RESH-id; ' +
          'give a whole number from 1 to 2147483647, digits only',
        'PROBLEM successions.csv 3 effective_on null: is empty; give the day on which the succession took effect',
        'PROBLEM successions.csv 3 from_resh_id null: is empty; give a RESH-id',
      ],
    ],
    [
      'unknown units and a unit that becomes itself',
      ['2,77,MERGE,FULL,2010-01-01', '88,5,MERGE,FULL,2010-01-01', '4,4,SPLIT,PARTIAL,2010-01-01'],
      [
        'PROBLEM successions.csv 2 to_resh_id 77: is a RESH-id that neither units.csv nor the register has; ' +
          'correct the RESH-id, or add the unit',
        'PROBLEM successions.csv 3 from_resh_id 88: is a RESH-id that neither units.csv nor the register has; ' +
          'correct the RESH-id, or add the unit',
        'PROBLEM successions.csv 4 to_resh_id 4: is the unit itself; ' +
          'give the RESH-id of another unit, or leave the row out',
      ],
    ],
    [
      'a day on which the unit has been closed for longer',
      ['2,5,MERGE,FULL,2010-01-02', '3,5,MERGE,FULL,2010-01-01'],
      [
        'PROBLEM successions.csv 2 effective_on 2010-01-02: unit 2 is not valid on the day before, ' +
          'but from 2000-01-01 to 2010-01-01 (exclusive); correct the day, or the days of the unit',
      ],
    ],
    [
      'a repeated succession',
      ['2,5,MERGE,FULL,2010-01-01', '2,5,MERGE,PARTIAL,2010-01-01', '2,5,MERGE,FULL,2010-01-01'],
      ['PROBLEM successions.csv 4 to_resh_id 5: is the same succession as on line 2; keep one of the rows'],
    ],
    [
      'units that become each other within a day',
      [
        '2,3,MERGE,FULL,2010-01-01',
        '3,4,MERGE,FULL,2010-01-01',
        '4,2,SPLIT,PARTIAL,2010-01-01',
        '4,5,SPLIT,PARTIAL,2010-01-01',
      ],
      [
        [2, 3, 2],
        [3, 4, 3],
        [4, 2, 4],
      ].map(
        ([line, to, from]) =>
          `PROBLEM successions.csv ${line} to_resh_id ${to}: becomes unit ${from} again on the same day, ` +
          'directly or by way of others; correct the units or the day: within a day, units cannot become each other',
      ),
    ],
  ])('reports %s, and loads the other rows with --skip-invalid', async (_what, rows, expected) => {
    const refused = await importSuccessions(rows);

    expect(refused.messages).toEqual(expected);
    expect(refused.outcome.isAborted).toBe(true);
    expect(await extractSuccessions()).toEqual([header]);

    const { outcome, messages } = await importSuccessions(rows, { skipInvalid: true });

    const rejectedLines = new Set(expected.map((message) => Number(/csv (\d+)/.exec(message)?.[1])));
    expect(messages).toEqual(expected);
    expect(outcome.isAborted).toBe(false);
    expect(await extractSuccessions()).toEqual([
      header,
      ...rows.filter((_row, index) => !rejectedLines.has(index + 2)).sort(),
    ]);
  });

  it('leaves out a succession of a unit with a rejected row', async () => {
    const units = unitRows.map((row) => row.replace('Closed', '').replace('New', ''));

    const { messages } = await importSuccessions(
      ['2,4,MERGE,FULL,2010-01-01', '3,5,MERGE,FULL,2010-01-01'],
      { skipInvalid: true },
      units,
    );

    expect(messages.filter((message) => message.includes('successions.csv'))).toEqual([
      'DEPENDENT successions.csv 2 from_resh_id 2: is a unit with a rejected row (line 3); correct the row of the unit',
      'DEPENDENT successions.csv 3 to_resh_id 5: is a unit with a rejected row (line 6); correct the row of the unit',
    ]);
    expect(await extractSuccessions()).toEqual([header]);
  });

  it('lets a unit come back from its successor on a later day', async () => {
    const rows = ['4,5,SPLIT,PARTIAL,2015-01-01', '5,4,SPLIT,PARTIAL,2015-01-02'];

    const { messages } = await importSuccessions(rows);

    expect(messages).toEqual([]);
    expect(await extractSuccessions()).toEqual([header, ...rows]);
  });

  it('adds successions of units of the register, once and never in a circle with those of the register', async () => {
    await buildWorld(database);
    const operator = mutationsAs(database, subjects.operator);
    expectAccepted(
      await operator.closeUnit({ reshId: u.secondWard, successorReshIds: [u.ward], effectiveOn: '2020-01-01' }),
    );
    const day = '2020-01-01';

    const added = await importSuccessions([`${u.clinic},${u.secondWard},SPLIT,PARTIAL,${day}`], {}, []);
    const refused = await importSuccessions(
      [`${u.ward},${u.clinic},SPLIT,PARTIAL,${day}`, `${u.clinic},${u.secondWard},SPLIT,PARTIAL,${day}`],
      {},
      [],
    );

    expect(added.outcome.revision).toBe(3);
    expect(refused.messages).toEqual([
      `PROBLEM successions.csv 2 to_resh_id ${u.clinic}: becomes unit ${u.ward} again on the same day, ` +
        'directly or by way of others; correct the units or the day: within a day, units cannot become each other',
      `PROBLEM successions.csv 3 to_resh_id ${u.secondWard}: is already the successor of unit ${u.clinic} in the ` +
        'register, in the same way on the same day; leave the row out',
    ]);
  });

  it('has the ids of another register in files of that register', async () => {
    const foreign = { system: 'urn:x', idColumn: 'resh_id', parentColumn: 'parent_resh_id' };
    const units = ['T,ORGANIZATION,Trust,,2000-01-01,', 'A,DEPARTMENT,Old,T,2000-01-01,2010-01-01'];
    const options = { fileOptions: { ...standardFileOptions, foreign } };

    const refused = await importSuccessions(['A,B,MERGE,FULL,2010-01-01', 'A,T,MERGE,FULL,2011-01-01'], options, units);
    const { messages } = await importSuccessions(['A,T,MERGE,FULL,2010-01-01'], options, units);

    expect(refused.messages).toEqual([
      'PROBLEM successions.csv 2 to_resh_id B: is an id that neither the file nor the register has; ' +
        'correct the id, or add the unit',
      'PROBLEM successions.csv 3 effective_on 2011-01-01: unit "A" is not valid on the day before, ' +
        'but from 2000-01-01 to 2010-01-01 (exclusive); correct the day, or the days of the unit',
    ]);
    expect(messages).toEqual([]);
    expect(await extractSuccessions()).toEqual([header, '2,1,MERGE,FULL,2010-01-01']);
  });
});
