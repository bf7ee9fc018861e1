import { gunzipSync } from 'node:zlib';
import { request as sendHttp } from 'node:http';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples } from '../../../src/explorer/examples.ts';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient } from '../../support/http/client.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { signToken, testVerifier } from '../../support/http/tokens.ts';
import { expectRevision } from '../../support/mutations/change-assertions.ts';
import { createMutations } from '../../support/mutations/mutations.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

let database: Database;
let server: ListeningServer;
let executor: ReturnType<typeof createServer>;
const logged: Record<string, unknown>[] = [];

beforeAll(async () => {
  database = await openDemoRegister();
  const log = pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line) as Record<string, unknown>) });
  const options = { database, tokenVerifier: testVerifier, today: () => demoDay };
  server = await startHttpServer(database, { ...options, log });
  executor = createServer({ ...options, log: pino({ level: 'silent' }) });
  await waitForMemory();
});
afterAll(async () => {
  await server.close();
  await database.close();
});

interface RawResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const ancestryQuery = '{ unit(reshId: 108597) { reshId name ancestors { name } specialties { code { name } } } }';

/** Sends a body as it is: fetch would decompress the response. */
function post(body: string, headers: Record<string, string> = {}): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const request = sendHttp(
      server.url,
      { method: 'POST', agent: false, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function postToExecutor(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return executor.fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

/** Only compiled responses have their headers in this order; the executor's server writes its own first. */
function isCompiled(response: RawResponse): boolean {
  return Object.keys(response.headers)[1] === 'access-control-allow-origin';
}

async function waitForMemory(): Promise<void> {
  for (let attempts = 0; attempts < 200; attempts += 1) {
    if (isCompiled(await post(JSON.stringify({ query: ancestryQuery })))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The register is not in memory after 10 seconds.');
}

describe('compiled responses', () => {
  it('have the body and the headers of the executor, without those about the language of messages', async () => {
    const body = JSON.stringify({ query: ancestryQuery });
    const compiled = await post(body, { 'x-request-id': 'mine' });
    const executed = await postToExecutor(body, { 'x-request-id': 'mine' });

    expect(isCompiled(compiled)).toBe(true);
    expect(compiled.body.toString()).toBe(await executed.text());
    const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...headers } = compiled.headers;
    const expected = [...executed.headers].filter(
      ([name, value]) => name !== 'content-language' && value !== 'Accept-Language',
    );
    expect(headers).toEqual({ ...Object.fromEntries(expected), 'x-request-id': 'mine' });
  });

  it('are given to examples of the explorer, and equal the executor for all of them', async () => {
    const compiled: string[] = [];
    for (const { query } of examples) {
      const body = JSON.stringify({ query });
      const response = await post(body);
      const name = /^(?:query|mutation) (\w+)/m.exec(query)?.[1] ?? '';
      if (isCompiled(response)) compiled.push(name);
      if (!query.includes('mutation'))
        expect(response.body.toString(), name).toBe(await (await postToExecutor(body)).text());
    }

    expect(compiled).toEqual(['ShowTheTopAndOpenOneUnit', 'CountTheUnitsOfEachSpecialty', 'SeeWhereAUnitBelongs']);
  });

  it.each([undefined, '*/*', 'application/json', 'application/graphql-response+json, application/json'])(
    'have the media type that the executor chooses for Accept: %s',
    async (accept) => {
      const headers = accept === undefined ? {} : { accept };
      const body = JSON.stringify({ query: ancestryQuery });

      const compiled = await post(body, headers);

      expect(isCompiled(compiled)).toBe(true);
      expect(compiled.headers['content-type']).toBe((await postToExecutor(body, headers)).headers.get('content-type'));
    },
  );

  it.each([
    ['the operation', 'query Selected($yes: Boolean!) { unit(reshId: 108597) @skip(if: $yes) { name } }'],
    ['a unit', 'query Selected($yes: Boolean!) { unit(reshId: 108597) { ...Facts @skip(if: $yes) } }'],
    ['units of a list', 'query Selected($yes: Boolean!) { roots { name @skip(if: $yes) } }'],
    ['a page', 'query Selected($yes: Boolean!) { unit(reshId: 100089) { children { totalCount @skip(if: $yes) } } }'],
  ])('have an empty object where directives leave out all fields of %s', async (_case, query) => {
    const fragment = query.includes('...') ? 'fragment Facts on Unit { name parent { name } }' : '';
    const body = JSON.stringify({ query: `${query} ${fragment}`, variables: { yes: true } });

    const response = await post(body);

    expect(isCompiled(response)).toBe(true);
    expect(response.body.toString()).toContain('{}');
    expect(response.body.toString()).toBe(await (await postToExecutor(body)).text());
  });

  it('are compressed for clients that accept gzip', async () => {
    const body = JSON.stringify({ query: '{ unit(reshId: 100089) { descendants(first: 500) { nodes { name } } } }' });

    const plain = await post(body);
    const compressed = await post(body, { 'accept-encoding': 'gzip' });

    expect([plain.headers['vary'], plain.headers['content-encoding']]).toEqual(['Accept-Encoding', undefined]);
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(compressed.body)).toEqual(plain.body);
  });

  it('show each change as soon as it is committed', async () => {
    const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
    const body = JSON.stringify({ query: '{ revision unit(reshId: 108597) { shortName } }' });

    for (const shortName of ['First', 'Second', 'Third']) {
      const revision = expectRevision(await administrator.updateUnit({ reshId: 108597, shortName }));
      const response = await post(body);

      expect(isCompiled(response)).toBe(true);
      expect(JSON.parse(response.body.toString())).toEqual({
        data: { revision, unit: { shortName } },
      });
    }
  });

  it('show details of the unit and of units above it like the executor', async () => {
    const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
    const details = {
      addresses: [
        { type: 'VISITING' as const, lines: ['Vei 1', 'Inngang "B"'], postalCode: '1478', city: 'Lørenskog' },
      ],
      contactPoints: [
        { type: 'EMAIL' as const, value: 'post@example.org' },
        { type: 'TELEPHONE' as const, value: '+47 00 00 00 00' },
      ],
      internationalNames: [{ language: 'se', name: 'Áhkkáš' }],
    };
    expectRevision(await administrator.updateUnit({ reshId: 100089, ...details }));
    expectRevision(await administrator.setIdentifier({ reshId: 108597, system: 'https://x.example', value: '4711' }));
    const body = JSON.stringify({
      query: `{
        units(reshIds: [100089, 108597]) {
          unit {
            validity { from to }
            identifiers { system value }
            internationalNames { language name }
            addresses { type lines postalCode city country inherited }
            contactPoints { type value inherited }
          }
        }
      }`,
    });

    const response = await post(body);

    expect(isCompiled(response)).toBe(true);
    expect(response.body.toString()).toBe(await (await postToExecutor(body)).text());
    expect(response.body.toString()).toContain('"inherited":true');
  });

  it('are never older than a change committed before the request, while others write', async () => {
    const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
    const body = JSON.stringify({ query: '{ revision unit(reshId: 108597) { shortName } }' });
    const nameByRevision = new Map<number, string>();
    let committed = 0;
    let isWriting = true;
    const write = async (writer: string): Promise<void> => {
      for (let count = 0; count < 8; count += 1) {
        const shortName = `${writer} ${count}`;
        const revision = expectRevision(await administrator.updateUnit({ reshId: 108597, shortName }));
        nameByRevision.set(revision, shortName);
        committed = Math.max(committed, revision);
        await readOnce();
      }
    };
    const seen: { revision: number; shortName: string; committedBefore: number }[] = [];
    const readOnce = async (): Promise<void> => {
      const committedBefore = committed;
      const { data } = JSON.parse((await post(body)).body.toString()) as {
        data: { revision: number; unit: { shortName: string } };
      };
      seen.push({ revision: data.revision, shortName: data.unit.shortName, committedBefore });
    };
    const read = async (): Promise<void> => {
      while (isWriting) await readOnce();
    };

    const readers = [read(), read(), read()];
    await Promise.all([write('One'), write('Two')]);
    isWriting = false;
    await Promise.all(readers);

    const written = seen.filter(({ revision }) => nameByRevision.has(revision));
    expect(written.length).toBeGreaterThanOrEqual(16);
    expect(seen.filter(({ revision, committedBefore }) => revision < committedBefore)).toEqual([]);
    expect(written.filter(({ revision, shortName }) => nameByRevision.get(revision) !== shortName)).toEqual([]);
  });

  it('are logged like others, with the name of the operation', async () => {
    const query = `query Ancestry ${ancestryQuery}`;

    await post(JSON.stringify({ query }), { 'x-request-id': 'logged' });

    expect(logged.find(({ requestId }) => requestId === 'logged')).toMatchObject({
      method: 'POST',
      path: '/graphql',
      status: 200,
      operation: 'Ancestry',
      msg: 'request',
    });
  });

  it('need a valid token if one is sent', async () => {
    const body = JSON.stringify({ query: ancestryQuery });

    const valid = await post(body, { authorization: `Bearer ${await signToken('trust-admin')}` });
    const invalid = await post(body, { authorization: 'Bearer nonsense' });

    expect([valid.status, isCompiled(valid)]).toEqual([200, true]);
    expect([invalid.status, isCompiled(invalid)]).toEqual([401, false]);
  });
});

describe('compiled responses to GET', () => {
  const pinnedQuery =
    '{ register(validAt: "2018-01-01", revision: 1) { unit(reshId: 108597) { ancestors { name } } } }';
  const get = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}?query=${encodeURIComponent(query)}`, { headers });
  const waitUntilCompiled = async (query: string): Promise<Response> => {
    let response = await get(query);
    for (let attempts = 0; attempts < 200 && !response.headers.has('etag'); attempts += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      response = await get(query);
    }
    return response;
  };

  it('have an entity tag, and are revalidated without a body', async () => {
    const response = await waitUntilCompiled(ancestryQuery);
    const etag = response.headers.get('etag') ?? '';

    expect(etag).toMatch(/^W\/"[0-9a-f]{8}-[0-9a-f]{16}\.2026-11-23"$/);
    expect(response.headers.get('cache-control')).toBe('public, no-cache');
    expect(response.headers.get('vary')).toBe('Accept, Accept-Encoding');
    expect(await response.text()).toBe(await (await postToExecutor(JSON.stringify({ query: ancestryQuery }))).text());
    const revalidated = await get(ancestryQuery, { 'if-none-match': etag });
    expect([revalidated.status, await revalidated.text()]).toEqual([304, '']);
    expect(revalidated.headers.get('etag')).toBe(etag);
  });

  it('have another entity tag after a change', async () => {
    const before = (await waitUntilCompiled(ancestryQuery)).headers.get('etag') ?? '';
    const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
    expectRevision(await administrator.updateUnit({ reshId: 108597, shortName: 'Another' }));

    const response = await get(ancestryQuery, { 'if-none-match': before });

    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).not.toBe(before);
  });

  it('never change if the operation names day and revision', async () => {
    const response = await waitUntilCompiled(pinnedQuery);

    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('etag')).toMatch(/\.2018-01-01"$/);
    expect(await response.json()).toEqual({
      data: {
        register: { unit: { ancestors: [{ name: 'Helse Sør-Øst RHF' }, { name: 'Sykehuset Innlandet HF' }] } },
      },
    });
  });

  it('may be reused only after asking again if they come from the executor', async () => {
    const response = await get('{ changes(first: 1) { nodes { revision } } }');

    expect(response.status).toBe(200);
    expect([response.headers.get('etag'), response.headers.get('cache-control')]).toEqual([null, 'no-cache']);
  });

  it.each([
    ['the explorer', '', { accept: 'text/html' }],
    ['a repeated parameter', `?query=${encodeURIComponent(ancestryQuery)}&query=x`, {}],
    ['variables that are no object', `?query=${encodeURIComponent(ancestryQuery)}&variables=1`, {}],
    ['an operation with an error', `?query=${encodeURIComponent('{ nonsense }')}`, {}],
  ])('are left to the executor for %s', async (_case, search, headers) => {
    const response = await fetch(`${server.url}${search}`, { headers });
    const executed = await executor.fetch(`${server.url}${search}`, { headers });

    expect(response.headers.has('etag')).toBe(false);
    expect([response.status, await response.text()]).toEqual([executed.status, await executed.text()]);
  });
});

// The estimated cost cannot foresee that each step down returns to the same children.
const upAndDown = `{ unit(reshId: 111919) {
  ${'children(first: 6) { nodes { parent { '.repeat(7)} reshId ${'} } } '.repeat(7)}
} }`;
const manyNames = `query Names($ids: [ReshId!]!) {
  units(reshIds: $ids) { unit { ancestors { ${Array.from({ length: 600 }, (_, n) => `n${n}: name`).join(' ')} } } }
}`;

describe('requests that only the executor can answer', () => {
  it.each([
    ['a syntax error', '{ unit(reshId: 1) {', {}],
    ['an unknown field', '{ unit(reshId: 1) { nonsense } }', {}],
    ['a page that is too large', '{ unit(reshId: 100089) { children(first: 100000) { nodes { name } } } }', {}],
    [
      'an operation that is too deep',
      `{ unit(reshId: 108597) ${'{ parent '.repeat(40)}{ name }${' }'.repeat(40)} }`,
      {},
    ],
    ['more objects than the limit', upAndDown, {}],
    ['more values than the limit', manyNames, { ids: Array.from({ length: 1_000 }, () => 50003298) }],
    ['a wrong variable', 'query One($id: ReshId!) { unit(reshId: $id) { name } }', { id: 'x' }],
    ['a missing variable', 'query One($id: ReshId!) { unit(reshId: $id) { name } }', {}],
    ['a directive without a value', 'query One($yes: Boolean = true) { revision @skip(if: $yes) }', { yes: null }],
    ['an unknown RESH-id among several', '{ units(reshIds: [108597, 5]) { outcome unit { name } } }', {}],
    ['a closed unit', '{ unit(reshId: 100062, includeClosed: true) { name seenOn } }', {}],
    ['a future revision', '{ register(revision: 9999) { unit(reshId: 108597) { name } } }', {}],
    ['a filter', '{ unit(reshId: 100089) { children(filter: { name: "kongs" }) { nodes { name } } } }', {}],
    ['a search', '{ search(text: "kongsvinger", first: 1) { nodes { name } } }', {}],
    ['introspection', '{ __schema { queryType { name } } }', {}],
  ])('get its answer: %s', async (_case, query, variables) => {
    const body = JSON.stringify({ query, variables });
    const response = await post(body);
    const executed = await postToExecutor(body);

    expect(isCompiled(response)).toBe(false);
    expect([response.status, response.body.toString()]).toEqual([executed.status, await executed.text()]);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['an unknown key', JSON.stringify({ query: ancestryQuery, other: 1 })],
    ['no query', '{}'],
  ])('get its error for a body with %s', async (_case, body) => {
    const response = await post(body);
    const executed = await postToExecutor(body);

    expect([response.status, response.body.toString()]).toEqual([executed.status, await executed.text()]);
  });

  it('are those with more than two searches, which would keep other requests waiting', async () => {
    const formatBody = (names: readonly string[]): string =>
      JSON.stringify({
        query: `{ ${names.map((name) => `${name}: search(text: "${name}") { totalCount }`).join(' ')} }`,
      });
    const isAnswered = async (names: readonly string[]): Promise<boolean> => isCompiled(await post(formatBody(names)));
    for (let attempts = 0; attempts < 200 && !(await isAnswered(['post'])); attempts += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));

    expect(await isAnswered(['post', 'avdeling'])).toBe(true);
    expect(await isAnswered(['post', 'avdeling', 'klinikk'])).toBe(false);
  });

  it('are those with an empty name of an operation, also after the same query without one', async () => {
    const query = '{ unit(reshId: 108597) { reshId type } }';
    const named = JSON.stringify({ query, operationName: '' });
    const unnamed = JSON.stringify({ query });

    const responses = [await post(named), await post(unnamed), await post(named)];

    expect(responses.map(isCompiled)).toEqual([false, true, false]);
    expect(responses[0]?.body.toString()).toBe(await (await postToExecutor(named)).text());
  });

  it('get its error for an empty body', async () => {
    expect((await post('')).status).toBe(400);
  });
});
