import { createServer, request as sendRequest } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serverAudits } from 'graphql-http';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createServer as createExecutorServer } from '../../src/server/server.ts';
import { startHttpServer, type ListeningServer } from '../support/http/http-server.ts';
import { useRegister } from '../support/registers/use-register.ts';

const register = useRegister();
const query = '{ revision }';

let server: ListeningServer;
beforeAll(async () => {
  server = await startHttpServer(register.database);
});
afterAll(() => server.close());

// Every MUST and SHOULD of the specification, and what it allows with MAY.
describe('audits of graphql-http', () => {
  const executorServer = createServer();
  beforeAll(async () => {
    executorServer.on('request', createExecutorServer({ database: register.database, log: pino({ level: 'silent' }) }));
    executorServer.listen(0, '127.0.0.1');
    await once(executorServer, 'listening');
  });
  afterAll(async () => {
    executorServer.closeAllConnections();
    executorServer.close();
    await once(executorServer, 'close');
  });

  it.each([
    ['the server', () => server.url],
    ['the executor', () => `http://127.0.0.1:${(executorServer.address() as AddressInfo).port}/graphql`],
  ])('%s fails none of them', async (_what, findUrl) => {
    const results = await Promise.all(serverAudits({ url: findUrl }).map(({ fn }) => fn()));

    expect(results.filter(({ status }) => status !== 'ok').map(({ id, name }) => `${id} ${name}`)).toEqual([]);
    expect(results.length).toBeGreaterThan(50);
  });

  it('the server answers the document of the audits from memory', async () => {
    const response = await fetch(`${server.url}?query={__typename}`);

    expect(response.headers.get('etag')).not.toBeNull();
  });
});

describe('a request without the form of GraphQL over HTTP', () => {
  async function send(init: RequestInit & { readonly search?: string }) {
    const { search = '', ...rest } = init;
    const response = await fetch(`${server.url}${search}`, rest);
    return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
  }
  function errorOf(message: unknown) {
    return { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] };
  }

  it.each<[string, Parameters<typeof send>[0]]>([
    ['an empty query in the URL', { search: '?query=' }],
    ['no query in the URL', { search: '?operationName=A' }],
    ['no parameters', {}],
    ['an object without query', { body: '{}' }],
    ['an empty query', { body: '{ "query": "" }' }],
    ['query: null', { body: '{ "query": null }' }],
  ])('is refused with 400 if it has no document: %s', async (_what, init) => {
    for (const accept of ['application/json', 'application/graphql-response+json', '*/*']) {
      const method = init.body === undefined ? 'GET' : 'POST';
      const answer = await send({ ...init, method, headers: { accept, 'content-type': 'application/json' } });

      expect(answer).toMatchObject({
        status: 400,
        body: errorOf('The request has no document: send one as `query`.'),
      });
    }
  });

  it.each([
    ['text/plain', JSON.stringify({ query }), '"text/plain"'],
    ['application/x-www-form-urlencoded', 'query={revision}', '"application/x-www-form-urlencoded"'],
    ['application/graphql', query, '"application/graphql"'],
    ['application/jsonp', JSON.stringify({ query }), '"application/jsonp"'],
  ])('is refused with 415 if it is a POST of %s', async (contentType, body, shown) => {
    const answer = await send({ method: 'POST', headers: { 'content-type': contentType }, body });

    expect(answer).toMatchObject({
      status: 415,
      body: errorOf(`The \`Content-Type\` of the request is ${shown}: send JSON as \`application/json\`.`),
    });
    expect(answer.headers.get('accept')).toBe('application/json');
  });

  it('is refused with 415 if it is a POST without Content-Type', async () => {
    const answer = await send({ method: 'POST', body: new Uint8Array(Buffer.from(JSON.stringify({ query }))) });

    expect(answer).toMatchObject({
      status: 415,
      body: errorOf('The `Content-Type` of the request is missing: send JSON as `application/json`.'),
    });
  });

  it('is refused with 405 if it has another method', async () => {
    const answer = await send({ method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' });

    expect(answer).toMatchObject({
      status: 405,
      body: errorOf('GraphQL has no PUT requests: use POST, GET or HEAD.'),
    });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it.each(['application/json', 'application/json; charset=utf-8'])(
    'is answered if it is a POST of %s',
    async (contentType) => {
      const answer = await send({
        method: 'POST',
        headers: { 'content-type': contentType },
        body: JSON.stringify({ query }),
      });

      expect(answer).toMatchObject({ status: 200, body: { data: { revision: 0 } } });
    },
  );
});

describe('HEAD', () => {
  function sendHead(search: string) {
    return new Promise<{ status: number | undefined; headers: Record<string, unknown>; bytes: number }>((resolve) => {
      sendRequest(`${server.url}${search}`, { method: 'HEAD' }, (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => (bytes += chunk.length));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes }));
      }).end();
    });
  }

  it.each([
    ['from memory', '?query={revision}', 200],
    ['by the executor', '?query={viewer{subject}}', 200],
    ['with an error', '?query=', 400],
  ])('is answered %s with the headers of GET and no body', async (_what, search, status) => {
    // The executor answers the first requests, until the register is in memory.
    await vi.waitFor(async () => {
      const [head, get] = await Promise.all([sendHead(search), fetch(`${server.url}${search}`)]);

      expect({ status: head.status, bytes: head.bytes }).toEqual({ status, bytes: 0 });
      expect(get.status).toBe(status);
      for (const name of ['content-type', 'etag', 'cache-control', 'vary'])
        expect(head.headers[name] ?? null, name).toBe(get.headers.get(name));
    }, 10_000);
  });
});
