import { describe, expect, it } from 'vitest';
import { generateRegister } from '../../support/registers/generated-register.ts';
import { createStatementCounter } from '../../support/database/statement-counter.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const counter = createStatementCounter();
const register = useRegister({ observe: counter.observe, fill: (database) => generateRegister(database, 50) });
const { client } = register;

async function readError(query: string, variables?: Record<string, unknown>) {
  const { errors } = await client.send({ query, variables });
  return errors?.map(({ message, extensions }) => ({ message, code: extensions?.['code'] }));
}

describe('invalid operations', () => {
  it('report an unknown field and similar ones', async () => {
    expect(await readError('{ unit(reshId: 1) { nam } }')).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/nam.*name/s) as string }),
    ]);
  });

  it.each([{}, { id: null }])('report a required variable without a value by code: %j', async (variables) => {
    expect(await readError('query ($id: ReshId!) { unit(reshId: $id) { name } }', variables)).toEqual([
      { code: 'BAD_INPUT', message: expect.stringMatching(/^Variable "\$id" of/) as string },
    ]);
  });

  it.each([
    ['-1', '-1'],
    ['0', '0'],
    ['2147483648', '2147483648'],
    ['99999999999999999999', '100000000000000000000'],
    ['"0"', '"0"'],
    ['"10267a"', '"10267a"'],
    ['"2147483648"', '"2147483648"'],
    ['""', '""'],
    ['1.5', '1.5'],
    ['1e400', 'Infinity'],
    ['[1]', '"[1]"'],
    ['true', 'true'],
  ])('refuse RESH-id %s with value and remedy before any statement', async (literal, shown) => {
    const { result, statements } = await counter.during(() => readError(`{ unit(reshId: ${literal}) { name } }`));

    expect(result).toEqual([
      {
        code: 'BAD_INPUT',
        message: `ReshId cannot be ${shown}: write a whole number from 1 to 2147483647`,
      },
    ]);
    expect(statements).toEqual([]);
  });

  it.each([-1, 0, 2_147_483_648, 1e20, ' 1', '1e5', 1.5, true])('refuse RESH-id %j as a variable', async (reshId) => {
    const errors = await readError('query ($reshId: ReshId!) { unit(reshId: $reshId) { name } }', { reshId });

    expect(errors).toEqual([
      { code: 'BAD_INPUT', message: expect.stringMatching(/\$reshId.*ReshId cannot be/) as string },
    ]);
  });

  it.each(['2023-02-29', '2023-13-01', '2023-1-1', '0000-01-01', '20230101', '2023-01-01T00:00:00Z', ''])(
    'refuse the day "%s", which does not exist or is malformed',
    async (day) => {
      expect(await readError(`{ register(validAt: "${day}") { revision } }`)).toEqual([
        {
          code: 'BAD_INPUT',
          message: `Date cannot be "${day}": write a day that exists as "YYYY-MM-DD", such as "2026-11-23"`,
        },
      ]);
    },
  );

  it.each(['2023-02-29T00:00:00Z', '2023-01-01', '2023-01-01T25:00:00Z', '2023-01-01T00:00:00', 'now'])(
    'refuse the instant "%s"',
    async (instant) => {
      expect(await readError(`{ register(knownAt: "${instant}") { revision } }`)).toEqual([
        { code: 'BAD_INPUT', message: expect.stringContaining(`DateTime cannot be "${instant}"`) as string },
      ]);
    },
  );

  it.each(['98397472', '9839747240', 'abcdefghi', '983 974724', '983  974  724'])(
    'refuse organization number "%s"',
    async (number) => {
      expect(await readError(`{ organization(organizationNumber: "${number}") { name } }`)).toEqual([
        { code: 'BAD_INPUT', message: expect.stringContaining('nine digits') as string },
      ]);
    },
  );

  it('report the location of the value in the operation', async () => {
    const { errors } = await client.send({
      query: '{\n  a: validAt\n  register(validAt: "2023-02-29") { revision }\n}',
    });

    expect(errors).toEqual([expect.objectContaining({ locations: [{ line: 3, column: 21 }] })]);
  });

  it('accept a RESH-id as a string of digits, in literals and variables', async () => {
    const { data, errors } = await client.send({
      query:
        'query ($reshId: ReshId!) { literal: unit(reshId: "1") { reshId } variable: unit(reshId: $reshId) { reshId } }',
      variables: { reshId: '0000000001' },
    });

    expect({ data, errors }).toEqual({ data: { literal: { reshId: 1 }, variable: { reshId: 1 } }, errors: undefined });
  });

  it('accept an organization number in groups of three, and with white space around it', async () => {
    const organizationNumbers = ['983974724', '983 974 724', '983\u00a0974\u00a0724', ' 983974724\t', ' 983 974 724 '];
    const answers = await Promise.all(
      organizationNumbers.map((organizationNumber) =>
        client.send({
          query: 'query ($number: OrganizationNumber!) { organization(organizationNumber: $number) { name } }',
          variables: { number: organizationNumber },
        }),
      ),
    );

    for (const { data, errors } of answers) expect([data, errors]).toEqual([{ organization: null }, undefined]);
  });

  it('find nothing for an organization number with a wrong check digit', async () => {
    const { data, errors } = await client.send({ query: '{ organization(organizationNumber: "983974723") { name } }' });

    expect({ data, errors }).toEqual({ data: { organization: null }, errors: undefined });
  });
});

describe('text that the database cannot store', () => {
  it.each([
    ['NUL', 'a\u0000b', 'has a NUL character at position 2'],
    ['a high surrogate alone', 'a\ud800', 'has an unpaired surrogate at position 2'],
    ['a low surrogate alone', '\udc00', 'has an unpaired surrogate at position 1'],
    ['a replacement character', 'B\ufffdr', 'has the replacement character U+FFFD at position 2'],
  ])('is refused when a variable contains %s, with its place, before any statement', async (_what, text, problem) => {
    const query =
      'query ($filter: UnitFilter) { unit(reshId: 1) { childCount children(filter: $filter) { totalCount } } }';
    const { result, statements } = await counter.during(() => readError(query, { filter: { name: text } }));

    expect(result).toEqual([
      { code: 'TEXT_INVALID', message: `The text in $.filter.name ${problem}, which is not allowed; remove it.` },
    ]);
    expect(statements).toEqual([]);
  });

  it('is refused in the operation itself', async () => {
    expect(await readError('{ unitByIdentifier(system: "a\\u0000", value: "x") { name } }')).toEqual([
      { code: 'TEXT_INVALID', message: expect.stringContaining('NUL character at position 2') as string },
    ]);
  });

  it('does not include whole surrogate pairs', async () => {
    expect(await readError('{ unitByIdentifier(system: "urn:test", value: "😀") { name } }')).toBeUndefined();
  });

  it.each(['%', '_', '\\', "'; drop table unit; --", '{}'])('does not include plain "%s" in a filter', async (name) => {
    const query = 'query ($filter: UnitFilter) { unit(reshId: 1) { children(filter: $filter) { totalCount } } }';
    const { data, errors } = await client.send({ query, variables: { filter: { name } } });

    expect({ data, errors }).toEqual({ data: { unit: { children: { totalCount: 0 } } }, errors: undefined });
  });
});

describe('limits', () => {
  it.each([
    ['children(first: 1001) { totalCount }', 1_001, 1_000],
    ['descendants(first: 10001) { totalCount }', 10_001, 10_000],
    ['treatmentSites(first: 101) { totalCount }', 101, 100],
    ['formerChildren(first: 101) { totalCount }', 101, 100],
  ])('refuse %s and name the limit', async (field, argument, limit) => {
    expect(await readError(`{ unit(reshId: 1) { ${field} } }`)).toEqual([
      {
        code: 'LIMIT_EXCEEDED',
        message:
          `\`first\` is ${argument}, and a page here has at most ${limit} items. ` +
          `Ask for ${limit} or fewer and continue with \`after\`.`,
      },
    ]);
  });

  it('refuse a negative page size and accept zero', async () => {
    expect(await readError('{ unit(reshId: 1) { children(first: -1) { totalCount } } }')).toEqual([
      { code: 'BAD_INPUT', message: '`first` is -1; ask for 0 to 1000.' },
    ]);
    const { data } = await client.send({
      query:
        '{ unit(reshId: 1) { children(first: 0) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } } }',
    });
    expect(data).toEqual({
      unit: { children: { totalCount: 6, nodes: [], pageInfo: { hasNextPage: true, endCursor: null } } },
    });
  });

  it('refuse 1,001 RESH-ids in one look-up', async () => {
    const reshIds = Array.from({ length: 1_001 }, (_, index) => index + 1);

    expect(
      await readError('query ($reshIds: [ReshId!]!) { units(reshIds: $reshIds) { outcome } }', { reshIds }),
    ).toEqual([
      {
        code: 'LIMIT_EXCEEDED',
        message: '`reshIds` has 1001 ids, but at most 1000 are allowed. Ask for 1000 at a time.',
      },
    ]);
  });

  it('refuse an operation that would return too much, before any statement', async () => {
    const level = (inner: string) => `descendants(first: 10000) { nodes { ${inner} } }`;
    const { result, statements } = await counter.during(() =>
      readError(`{ unit(reshId: 1) { ${level(level('name'))} } }`),
    );

    expect(result).toEqual([
      { code: 'LIMIT_EXCEEDED', message: expect.stringMatching(/may return \d+ values/) as string },
    ]);
    expect(statements).toEqual([]);
  });

  it('refuse many searches in one operation, since facets are expensive at any size', async () => {
    const search = (n: number) => `a${n}: search(text: "unit ${n}", first: 1) { facets { name } }`;
    const repeatedSearches = (count: number) => `{ ${Array.from({ length: count }, (_, n) => search(n)).join(' ')} }`;

    expect(await readError(repeatedSearches(10))).toBeUndefined();
    expect(await readError(repeatedSearches(40))).toEqual([
      { code: 'LIMIT_EXCEEDED', message: expect.stringMatching(/may return \d+ values/) as string },
    ]);
  });

  it('count what a page has beside its items once: facets go with a page of any size', async () => {
    const selection = 'totalCount facets { name values { label count } } nodes { name }';
    for (const first of [1, 50, 100])
      expect(await readError(`{ search(text: "unit", first: ${first}) { ${selection} } }`)).toBeUndefined();
    const items = 'descendants(first: 10000) { nodes { descendants { totalCount pageInfo { endCursor } } } }';
    const search = (first: number) => `{ search(first: ${first}) { nodes { a: ${items} b: ${items} c: ${items} } } }`;
    expect(await readError(search(1))).toBeUndefined();
    expect(await readError(search(100))).toEqual([
      { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('may return 12100300 values') as string },
    ]);
  });

  it('allow more levels of descendants than exist', async () => {
    const { data } = await client.send({
      query: '{ unit(reshId: 1) { all: descendants(maxDepth: 2147483647) { totalCount } descendantCount } }',
    });
    const unit = (data as { unit: { all: { totalCount: number }; descendantCount: number } }).unit;
    expect(unit.all.totalCount).toBe(unit.descendantCount);
  });

  it.each([
    ['descendants', 10_000],
    ['children', 1_000],
    ['formerChildren', 100],
  ])('name the limit of %s for a huge request', async (field, limit) => {
    expect(await readError(`{ unit(reshId: 1) { ${field}(first: 2147483647) { nodes { reshId } } } }`)).toEqual([
      {
        code: 'LIMIT_EXCEEDED',
        message:
          `\`first\` is 2147483647, and a page here has at most ${limit} items. ` +
          `Ask for ${limit} or fewer and continue with \`after\`.`,
      },
    ]);
  });

  it('stop an operation that returns too many units while it runs, with one error', async () => {
    const nestedTraversal = (rounds: number): string =>
      rounds === 0 ? 'reshId' : `children(first: 6) { nodes { parent { ${nestedTraversal(rounds - 1)} } } }`;

    expect(await readError(`{ unit(reshId: 1) { ${nestedTraversal(4)} } }`)).toBeUndefined();
    expect(await readError(`{ unit(reshId: 1) { ${nestedTraversal(7)} } }`)).toEqual([
      { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('returns more than 250000 objects') as string },
    ]);
  });

  it('stop an operation that returns too many values while it runs, with one error', async () => {
    const names = (fields: number): string => Array.from({ length: fields }, (_, index) => `n${index}: name`).join(' ');
    const units = (fields: number) => ({
      query: `query ($ids: [ReshId!]!) { units(reshIds: $ids) { unit { ancestors { ${names(fields)} } } } }`,
      variables: { ids: Array.from({ length: 1_000 }, () => 50) },
    });

    expect((await client.send(units(100))).errors).toBeUndefined();
    expect(await readError(units(600).query, units(600).variables)).toEqual([
      { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('returns more than 1000000 values') as string },
    ]);
  });

  it('refuse 1,001 node ids', async () => {
    const ids = Array.from({ length: 1_001 }, () => Buffer.from('Unit:1').toString('base64'));

    expect(await readError('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toEqual([
      { code: 'LIMIT_EXCEEDED', message: '`ids` has 1001 ids, but at most 1000 are allowed. Ask for 1000 at a time.' },
    ]);
  });

  it('refuse a document that would exhaust the stack of the parser', async () => {
    expect(await readError(`${'{a'.repeat(20_000)}${'}'.repeat(20_000)}`)).toEqual([
      { code: 'LIMIT_EXCEEDED', message: 'The document nests more than 200 brackets. Ask for fewer levels.' },
    ]);
  });

  it('refuse an operation nested too deeply', async () => {
    const nested = Array.from({ length: 30 }).reduce((inner: string) => `parent { ${inner} }`, 'name');

    expect(await readError(`{ unit(reshId: 1) { ${nested} } }`)).toEqual([
      { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('levels deep') as string },
    ]);
  });
});

describe('snapshots outside the register', () => {
  it('refuse a revision above the newest', async () => {
    expect(await readError('{ register(revision: 7) { revision } }')).toEqual([
      { code: 'BAD_INPUT', message: '`revision` is 7, but the newest revision is 1: use that or an earlier one.' },
    ]);
  });

  it('refuse a future instant, and an instant together with a revision', async () => {
    expect(await readError('{ register(knownAt: "2999-01-01T00:00:00Z") { revision } }')).toEqual([
      { code: 'BAD_INPUT', message: expect.stringContaining('is in the future') as string },
    ]);
    expect(await readError('{ register(knownAt: "2020-01-01T00:00:00Z", revision: 1) { revision } }')).toEqual([
      { code: 'BAD_INPUT', message: '`knownAt` and `revision` exclude each other: give one of them.' },
    ]);
  });

  it('are empty before the first change', async () => {
    const { data } = await client.send({
      query:
        '{ register(knownAt: "2020-01-01T00:00:00Z") { revision knownAt roots { name } unit(reshId: 1) { name } } }',
    });

    expect(data).toEqual({ register: { revision: 0, knownAt: null, roots: [], unit: null } });
  });
});

describe('foreign ids and cursors', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');

  it.each([
    '',
    '!!!',
    encode('Unit'),
    encode('Unit:'),
    encode('Unit:x'),
    encode('Unit:1@'),
    encode('Unit:1@x'),
    encode('Unit:1@1@2020-02-30'),
    encode('Unit:1@@@'),
    encode('CodeSet:1'),
    encode('Foo:1'),
  ])('refuse the id "%s"', async (id) => {
    expect(await readError('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual([
      expect.objectContaining({ code: 'BAD_ID' }),
    ]);
  });

  it.each([
    encode('Unit:4'),
    encode('Unit:999999'),
    encode('Unit:9999999999'),
    encode('Unit:1@2'),
    encode('Unit:1@@2020-02-28'),
    encode('Unit:1@@@2020-02-28'),
    encode('Change:7'),
    encode('TreatmentSite:1'),
  ])('return null or a node for the well-formed id "%s"', async (id) => {
    expect(await readError('query ($id: ID!) { node(id: $id) { id } }', { id })).toBeUndefined();
  });

  it.each([encode('Change:x'), encode('Change:99999999999'), encode('Code:1'), encode('Register:1')])(
    'never cause an unexpected error: "%s"',
    async (id) => {
      const errors = (await readError('query ($id: ID!) { node(id: $id) { id } }', { id })) ?? [];

      expect(errors.map(({ code }) => code)).not.toContain('INTERNAL_SERVER_ERROR');
    },
  );

  it('return null for a state at a future revision', async () => {
    const query = '{ a: node(id: "%u") { id } b: node(id: "%s") { id } }'
      .replace('%u', encode('Unit:4@9999999999@2026-11-23'))
      .replace('%s', encode('TreatmentSite:974747138@9999999999@2026-11-23'));

    expect(await client.send({ query })).toMatchObject({ data: { a: null, b: null } });
  });

  it('accept a cursor with the default order spelled out and refuse one with an altered position', async () => {
    const page = (rest: string) => `{ unit(reshId: 1) { children(first: 1${rest}) { pageInfo { endCursor } } } }`;
    const { data } = await client.send({ query: page('') });
    const after = (data as { unit: { children: { pageInfo: { endCursor: string } } } }).unit.children.pageInfo
      .endCursor;

    expect(await readError(page(`, after: "${after}", orderBy: { field: NAME }`))).toBeUndefined();

    const [key, revision, day, pinned, index] = JSON.parse(Buffer.from(after, 'base64url').toString()) as [
      string,
      number,
      string,
      boolean,
      [string, number],
    ];
    for (const altered of [[index[0], 1.5], [index[0], 1e12], ['a\u0000', 1], [1, 1], []]) {
      const cursor = Buffer.from(JSON.stringify([key, revision, day, pinned, altered])).toString('base64url');
      expect(await readError(page(`, after: "${cursor}"`))).toEqual([expect.objectContaining({ code: 'BAD_CURSOR' })]);
    }
  });

  it('refuse a cursor of another unit or filter, and malformed ones', async () => {
    const query = `query ($reshId: ReshId!, $after: String, $filter: UnitFilter) {
      unit(reshId: $reshId) { children(first: 1, after: $after, filter: $filter) { pageInfo { endCursor } } }
    }`;
    const { data } = await client.send({ query, variables: { reshId: 1 } });
    const after = (data as { unit: { children: { pageInfo: { endCursor: string } } } }).unit.children.pageInfo
      .endCursor;

    expect(await readError(query, { reshId: 1, after })).toBeUndefined();

    for (const variables of [
      { reshId: 2, after },
      { reshId: 1, after, filter: { types: ['DEPARTMENT'] } },
      { reshId: 1, after: 'x' },
      { reshId: 1, after: '' },
    ])
      expect(await readError(query, variables)).toEqual([expect.objectContaining({ code: 'BAD_CURSOR' })]);
  });
});
