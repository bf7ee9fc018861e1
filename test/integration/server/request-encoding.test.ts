import { once } from 'node:events';
import { Agent, request as sendHttp, type ClientRequest, type IncomingMessage } from 'node:http';
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
function sendChunked(body: Buffer, agent: Agent | false = false): Promise<[number, unknown]> {
  const request = sendHttp(server.url, { method: 'POST', agent, headers });
  request.write(body.subarray(0, body.length / 2));
  request.end(body.subarray(body.length / 2));
  return readAnswer(request);
}

async function readAnswer(request: ClientRequest): Promise<[number, unknown]> {
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

describe('the connection of a body that is not UTF-8', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  afterAll(() => agent.destroy());

  function sendWithLength(body: Buffer): ClientRequest {
    const request = sendHttp(server.url, { method: 'POST', agent, headers });
    request.end(body);
    return request;
  }

  function writeBody(characters: number): Buffer {
    return Buffer.from(JSON.stringify({ query: `${query} # ${'å'.repeat(characters)}` }), 'latin1');
  }

  it.each<[string, () => Promise<[number, unknown]>]>([
    ['in JSON', () => readAnswer(sendWithLength(writeBody(1)))],
    ['in JSON of several chunks', () => readAnswer(sendWithLength(writeBody(500_000)))],
    ['in JSON longer than what is read at once', () => readAnswer(sendWithLength(writeBody(1_500_000)))],
    ['of unknown length', () => sendChunked(writeBody(1), agent)],
    ['of unknown length and several chunks', () => sendChunked(writeBody(500_000), agent)],
  ])('serves the next request, %s', async (_what, sendRefused) => {
    for (let round = 0; round < 3; round++) {
      expect(await sendRefused()).toEqual(bodyRefusal);

      const next = sendWithLength(Buffer.from(JSON.stringify({ query })));
      expect(await readAnswer(next)).toEqual([200, { data: { unitByIdentifier: null } }]);
      expect(next.reusedSocket).toBe(true);
    }
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
