import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissions } from '../../../src/auth/permissions.ts';
import { impactNoteCodes, userErrorCodes, userWarningCodes } from '../../../src/domain/plan/user-error.ts';
import { historyColumns } from '../../../src/exchange/extract/history.ts';
import { successionColumns } from '../../../src/exchange/extract/successions.ts';
import { parameterNames } from '../../../src/exchange/extract/parameters.ts';
import { unitColumns } from '../../../src/exchange/extract/unit-columns.ts';
import { createFileFormats } from '../../../src/exchange/import/file-formats.ts';
import { extractPaths } from '../../../src/server/extract-routes.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient, type GraphqlResponse, type TestClient } from '../../support/http/client.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** An operation on a page, with its response if the page shows one right after it. */
interface DocumentExample {
  readonly name: string;
  readonly query: string;
  readonly answer: string | undefined;
  /** Subject of the token, from a comment such as `# as trust-admin`; undefined without one */
  readonly as: string | undefined;
  /** From a comment such as `# Accept-Language: nb`; undefined without one */
  readonly acceptLanguage: string | undefined;
  /** An instant in the example, to be replaced by the time at which a revision was recorded */
  readonly placeholder: { readonly instant: string; readonly revision: number } | undefined;
}

function readExamples(page: string): DocumentExample[] {
  return [...readFileSync(root + page, 'utf8').matchAll(/^```graphql\n(.*?)^```\n(?:\n```json\n(.*?)^```\n)?/gms)].map(
    ([, query = '', answer], index) => {
      const as = /^# as ([\w-]+)$/m.exec(query)?.[1];
      const [, instant, revision] =
        /^# "(.+)" stands for the instant at which revision (\d+) was recorded$/m.exec(query) ?? [];
      return {
        name: /^(?:query|mutation) (\w+)/m.exec(query)?.[1] ?? `example ${index + 1}`,
        query,
        answer,
        as: as === 'nobody' ? undefined : as,
        acceptLanguage: /^# Accept-Language: (.+)$/m.exec(query)?.[1],
        placeholder: instant === undefined ? undefined : { instant, revision: Number(revision) },
      };
    },
  );
}

/** Returns the part of a response that a page shows: everything except the locations of errors. */
function toDocumentedAnswer({ data, errors }: GraphqlResponse<unknown>): object {
  return {
    ...(errors && { errors: errors.map(({ message, path, extensions }) => ({ message, path, extensions })) }),
    data,
  };
}

it('finds the examples of the README, each user group and the maintainers', () => {
  const countAnswered = (page: string) => readExamples(page).filter(({ answer }) => answer !== undefined).length;
  expect(countAnswered('README.md')).toBe(2);
  expect(countAnswered('docs/reading.md')).toBeGreaterThanOrEqual(8);
  expect(countAnswered('docs/administrators.md')).toBe(readExamples('docs/administrators.md').length);
});

// Each page starts with a new register, and its examples run in order, so mutations affect later examples.
describe.each(pages.filter((page) => readExamples(page).length > 0))('examples in %s', (page) => {
  let database: Database;
  const clients = new Map<string, TestClient>();
  const findClient = (as?: string, acceptLanguage?: string): TestClient => {
    const key = JSON.stringify([as, acceptLanguage]);
    const headers = acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage };
    const client =
      clients.get(key) ?? createClient(database, { today: demoDay, headers, ...(as !== undefined && { as }) });
    clients.set(key, client);
    return client;
  };
  const replacePlaceholder = async ({ query, placeholder }: DocumentExample): Promise<string> => {
    if (!placeholder) return query;
    const change = await database.prisma.change.findUniqueOrThrow({ where: { revision: placeholder.revision } });
    return query.replaceAll(placeholder.instant, change.recordedAt.toISOString());
  };

  beforeAll(async () => {
    database = await openDemoRegister();
  });

  afterAll(() => database.close());

  it.each(readExamples(page))('$name', async (example) => {
    const answer = await findClient(example.as, example.acceptLanguage).send({
      query: await replacePlaceholder(example),
    });
    if (example.answer === undefined) expect(answer.errors).toBeUndefined();
    else expect(toDocumentedAnswer(answer)).toEqual(JSON.parse(example.answer));
  });
});

describe('docs/administrators.md', () => {
  const text = readFileSync(`${root}docs/administrators.md`, 'utf8');
  const readSection = (heading: string): string => text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const mutations = Object.keys(permissions);

  it('has an example of every implemented mutation', () => {
    const acceptedExamples = readExamples('docs/administrators.md').filter(({ answer = '' }) =>
      answer.includes('"userErrors": []'),
    );
    expect(mutations.filter((name) => !acceptedExamples.some(({ query }) => query.includes(`${name}(`)))).toEqual([]);
  });

  it('states who may make each mutation', () => {
    expect(mutations.filter((name) => !readSection('Who may do what').includes(`\`${name}\``))).toEqual([]);
  });

  it.each([
    ['User errors', userErrorCodes],
    ['Warnings', userWarningCodes],
    ['Effects that were not requested', impactNoteCodes],
  ])('explains each code with the description in the API: %s', (heading, codes) => {
    const rows = [...readSection(heading).matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm)].map(([, code, codeDescription]) => [
      code,
      codeDescription,
    ]);
    expect(rows).toEqual(Object.entries(codes));
  });
});

describe('docs/extracts.md', () => {
  const text = readFileSync(`${root}docs/extracts.md`, 'utf8');
  const readSection = (heading: string): string => text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const parseTableRows = (part: string): (string | undefined)[][] =>
    [...part.matchAll(/^\| `(\S+)` +\| (.*?) +\|$/gm)].map(([, name, columnDescription]) => [name, columnDescription]);

  it.each<[string, Readonly<Record<string, { readonly description: string }>>]>([
    ['units.csv', unitColumns],
    ['unit-history.csv', historyColumns],
    ['successions.csv', successionColumns],
  ])('describes each column of %s in order', (extract, columns) => {
    expect(parseTableRows(readSection(extract))).toEqual(
      Object.entries(columns).map(([name, { description }]) => [name, description]),
    );
  });

  it('names each extract and each parameter', () => {
    expect(extractPaths.filter((path) => !text.includes(`| \`${path}\``))).toEqual([]);
    expect(
      parseTableRows(readSection('Parameters'))
        .map(([name]) => name)
        .sort(),
    ).toEqual([...parameterNames].sort());
  });
});

describe('docs/import.md', () => {
  const text = readFileSync(`${root}docs/import.md`, 'utf8');

  /** Returns the files of the table of columns, each with its columns and whether they are required. */
  function parseColumns(): Record<string, [column: string | undefined, required: boolean][]> {
    const columns: Record<string, [string | undefined, boolean][]> = {};
    let currentFile = '';
    for (const [, file, column, required] of text.matchAll(/^\| (\S.*?\S)? +\| `(\w+)` +\| (yes|no) +\|/gm)) {
      currentFile = file ?? currentFile;
      (columns[currentFile] ??= []).push([column, required === 'yes']);
    }
    return columns;
  }

  it('lists the columns of each file, and those of all files with periods once', () => {
    const { 'all above': periodColumns = [], ...columnsByFile } = parseColumns();

    const columnsInCode = Object.entries(createFileFormats()).map(([file, { required, optional }]) => [
      `\`${file}\``,
      [...required.map((column) => [column, true]), ...optional.map((column) => [column, false])].sort(),
    ]);
    expect(
      Object.entries(columnsByFile)
        .map(([file, columns]) => [file, [...columns, ...(file === '`successions.csv`' ? [] : periodColumns)].sort()])
        .sort(),
    ).toEqual(columnsInCode.sort());
  });
});
