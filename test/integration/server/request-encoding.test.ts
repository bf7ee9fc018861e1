import { once } from 'node:events';
import { request as sendHttp, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const register = useRegister();
let server: ListeningServer;

beforeAll(async () => {
  server = await startHttpServer(register.database);
});
afterAll(() => server.close());

const query = '{ unitByIdentifier(system: "urn:test", value: "særavdeling") { name } }';
const headers = { 'content-type': 'application/json', accept: 'application/json' };

async function read(response: Response): Promise<[number, unknown]> {
  return [response.status, JSON.parse(await response.text())];
}

function refusal(message: string): [number, unknown] {
  return [400, { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] }];
}

/** Sends a body without its length. */
async function sendChunked(body: Buffer): Promise<[number, unknown]> {
  const request = sendHttp(server.url, { method: 'POST', agent: false, headers });
  request.write(body);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks = (await response.toArray()) as Buffer[];
  return [response.statusCode ?? 0, JSON.parse(Buffer.concat(chunks).toString())];
}

const bodyRefusal = refusal('The body of the request is not UTF-8; send it as UTF-8.');

describe('a body that is not UTF-8', () => {
  const requests: [string, RequestInit][] = [
    ['in JSON', { body: Buffer.from(JSON.stringify({ query }), 'latin1'), headers }],
    [
      'in variables',
      { body: Buffer.from(JSON.stringify({ query: '{ revision }', variables: { name: 'Ås' } }), 'latin1'), headers },
    ],
    [
      'in a document',
      { body: Buffer.from(query, 'latin1'), headers: { ...headers, 'content-type': 'application/graphql' } },
    ],
    [
      'for an event stream',
      {
        body: Buffer.from('{"query":"subscription { changeRecorded { revision } } # å"}', 'latin1'),
        headers: { ...headers, accept: 'text/event-stream, application/json' },
      },
    ],
  ];

  it.each(requests)('is refused before it is parsed, %s', async (_what, request) => {
    expect(await read(await fetch(server.url, { method: 'POST', ...request }))).toEqual(bodyRefusal);
  });

  it('is refused if its length is unknown', async () => {
    expect(await sendChunked(Buffer.from(JSON.stringify({ query }), 'latin1'))).toEqual(bodyRefusal);
  });

  it('is none of a body in UTF-8', async () => {
    const body = JSON.stringify({ query });

    expect(await read(await fetch(server.url, { method: 'POST', headers, body }))).toEqual([
      200,
      { data: { unitByIdentifier: null } },
    ]);
  });
});

describe('parameters of a URL', () => {
  it.each([
    ['query', '%7B%20revision%20%7D%20%23%20s%E6r'],
    ['query', '%7B%20revision%20%7D%20%23%20%EF%BF%BD'],
    ['operationName', '%E6'],
  ])('are refused if they are not UTF-8: %s', async (name, text) => {
    const others = name === 'query' ? '' : '&query=%7Brevision%7D';

    expect(await read(await fetch(`${server.url}?${name}=${text}${others}`, { headers }))).toEqual(
      refusal(
        `The parameter \`${name}\` of the URL is not UTF-8, or contains U+FFFD; write it as UTF-8, percent-encoded.`,
      ),
    );
  });
});

describe('the replacement character', () => {
  it.each(['search(text: "s\\ufffdr") { totalCount }', 'search(text: "s\ufffdr") { totalCount }'])(
    'is refused in the text of a query: %j',
    async (field) => {
      const body = JSON.stringify({ query: `{ ${field} }` });

      expect(await read(await fetch(server.url, { method: 'POST', headers, body }))).toEqual([
        200,
        {
          errors: [
            {
              message:
                'The text in the operation has the replacement character U+FFFD at position 2, which is not allowed; ' +
                'remove it.',
              locations: [{ line: 1, column: 16 }],
              extensions: { code: 'TEXT_INVALID' },
            },
          ],
        },
      ]);
    },
  );
});
