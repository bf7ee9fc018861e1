import { readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { parse, print, separateOperations } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExtractFolder } from '../../../src/exchange/extract/extract-folder.ts';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { verifyRegister } from '../../../src/store/verify/verify-register.ts';
import type { Violation } from '../../../src/store/verify/violation.ts';
import { createClient } from '../../support/http/client.ts';
import { openDumpedDatabase } from '../../support/database/database.ts';
import { omitLaterFields } from '../../support/registers/omit-later-fields.ts';
import { toRecordedForm } from '../../support/registers/recorded-form.ts';

// test/fixtures/register-2026-11/README.md describes the fixture, and why it never changes.
const fixture = new URL('../../fixtures/register-2026-11/', import.meta.url);
const today = '2026-11-30';

let database: Database;

beforeAll(async () => {
  database = await openDumpedDatabase(readGzipped('register.sql.gz'));
  // Stored responses expire after 7 days; the fixture is older.
  await database.bulk((session) =>
    session.execute(`update idempotency_key set expires_at = clock_timestamp() + interval '1 day'`),
  );
});
afterAll(() => database.close());

describe('a register of November 2026', () => {
  it('is verified without violations', async () => {
    const violations: Violation[] = [];

    const result = await database.bulk((session) =>
      verifyRegister(
        session,
        (found) => violations.push(...found),
        () => {},
      ),
    );

    expect(violations).toEqual([]);
    expect(result).toEqual({ units: 617, violations: 0 });
  });

  describe.each(readSubjects())('answers as then: %s', (subject) => {
    it.each(readOperations(subject))('%s', async (name, query) => {
      const client = createClient(database, { today, ...(subject !== 'anonymous' && { as: subject }) });

      const response = await client.send({ query });

      const { errors } = response;
      const data = toRecordedForm(response.data);
      const answer = withRenamedValues(answers[subject]?.[name]);
      const expected = namesDaysOnly.includes(name) ? withoutRevisions(answer) : answer;
      expect(errors).toBeUndefined();
      expect({ data }).toEqual(expected);
      expect(JSON.stringify({ data })).toBe(JSON.stringify(expected));
    });
  });

  it.each(readExtracts())('extracts the same bytes: $file', async ({ file, path, etag }) => {
    const server = createServer({ database, log: pino({ level: 'silent' }), today: () => today });

    const response = await server.fetch(`http://127.0.0.1/extracts/${path}`);

    const actual = Buffer.from(await response.arrayBuffer()).toString('utf8');
    const expected = readGzipped(`extracts/${file}.gz`);
    const actualOfThen = omitLaterFields(actual, expected);
    const hasTagOfThen = response.headers.get('etag') === etag;

    expect(hasTagOfThen, `entity tag of ${file}`).toBe(actualOfThen === actual);

    expectSameText(actualOfThen, expected);
  });

  it.each([2, 57])('extracts the same folder at revision %i', async (revision) => {
    const { files } = await openExtractFolder(database.prisma, [['revision', String(revision)]]);

    const filesOfThen = ['codes.csv', 'treatment_sites.csv', 'units.csv', 'unit_codes.csv', 'identifiers.csv'];
    expect(files.map(({ file }) => file)).toEqual(expect.arrayContaining(filesOfThen));
    for (const { file, streamChunks } of files.filter((each) => filesOfThen.includes(each.file))) {
      const expected = readGzipped(`extracts/folder-${revision}-${file}.gz`);
      expectSameText(omitLaterFields(await text(Readable.from(streamChunks())), expected), expected);
    }
  });
});

interface HttpExtract {
  readonly file: string;
  readonly path: string;
  readonly etag: string;
}

/** Responses by subject and name of the operation. */
const answers = JSON.parse(readGzipped('answers.json.gz')) as Record<string, Record<string, unknown>>;

function readSubjects(): string[] {
  return readdirSync(new URL('operations/', fixture)).map((file) => file.replace('.graphql', ''));
}

/** Values of enums that have other names now (docs/decisions/operations-keep-their-first-name.md). */
const renamedValues = new Map([
  ['CLINICAL_WITHOUT_SITE', 'NO_TREATMENT_SITE'],
  ['EQUAL_NAMES', 'DUPLICATE_NAME'],
  ['NOTHING_CHANGES', 'NO_CHANGES'],
  ['SET_UNIT_CODES', 'UPDATE_UNIT_CODES'],
]);

function withRenamedValues(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (_key, value: unknown) =>
    typeof value === 'string' ? (renamedValues.get(value) ?? value) : value,
  );
}

/** Operations that name days and no revision, so that ids include none (docs/decisions/ids-name-coordinates.md). */
const namesDaysOnly = ['Translations', 'Placements'];

function withoutRevisions(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (_key, value: unknown) => {
    const [, node, day] = /^(\w+:\d+)@\d+@(.+)$/.exec(Buffer.from(String(value), 'base64').toString()) ?? [];
    return node === undefined || day === undefined ? value : Buffer.from(`${node}@@${day}`).toString('base64');
  });
}

/** Returns name and text of each operation that a subject sends. */
function readOperations(subject: string): [string, string][] {
  const source = readFileSync(new URL(`operations/${subject}.graphql`, fixture), 'utf8');
  return Object.entries(separateOperations(parse(source))).map(([name, document]) => [name, print(document)]);
}

function readGzipped(path: string): string {
  return gunzipSync(readFileSync(new URL(path, fixture))).toString('utf8');
}

function readExtracts(): HttpExtract[] {
  return JSON.parse(readFileSync(new URL('extracts/index.json', fixture), 'utf8')) as HttpExtract[];
}

/** Fails with the first line that differs; comparing whole extracts would print all of them. */
function expectSameText(actual: string, expected: string): void {
  const actualLines = actual.split('\n');
  const expectedLines = expected.split('\n');
  const index = expectedLines.findIndex((line, position) => line !== actualLines[position]);
  expect({ line: index + 1, text: actualLines[index] }).toEqual({ line: index + 1, text: expectedLines[index] });
  expect(actual === expected).toBe(true);
}
