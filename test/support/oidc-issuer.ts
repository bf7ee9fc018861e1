import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

/** What an issuer answers a question with; `hangs` never answers. */
export type IssuerAnswer = { readonly status: number; readonly body: string } | 'well' | 'hangs';

type SigningKey = Awaited<ReturnType<typeof signingKey>>;
const signingKey = async (alg: string) => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { alg, kid: await calculateJwkThumbprint(jwk), jwk, publicKey, privateKey };
};

// Keys take a fifth of a second each to make: every issuer of a process has the same two.
let keys: Promise<readonly [SigningKey, SigningKey]> | undefined;
const signingKeys = () => (keys ??= Promise.all([signingKey('RS256'), signingKey('RS256')]));

const now = (): number => Math.floor(Date.now() / 1000);

/** An OpenID Connect issuer on this machine: real HTTP, real keys, and faults on demand. */
export const startOidcIssuer = async (audience: string) => {
  const [key, stranger] = await signingKeys();
  const answers: { discovery: IssuerAnswer; keys: IssuerAnswer } = { discovery: 'well', keys: 'well' };
  const asked = { discovery: 0, keys: 0 };

  const reply = (response: ServerResponse, answer: IssuerAnswer, well: unknown): void => {
    if (answer === 'hangs') return;
    const { status, body } = answer === 'well' ? { status: 200, body: JSON.stringify(well) } : answer;
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
  const server = createServer((request, response) => {
    if (request.url === '/.well-known/openid-configuration') {
      asked.discovery += 1;
      reply(response, answers.discovery, { issuer: url, jwks_uri: `${url}/keys` });
    } else {
      asked.keys += 1;
      reply(response, answers.keys, { keys: [{ ...key.jwk, kid: key.kid, alg: key.alg, use: 'sig' }] });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  /** What a good token says; a test says what differs. */
  const claims = (differing: Readonly<Record<string, unknown>> = {}): JWTPayload => ({
    ...{ iss: url, aud: audience, sub: 'kari', name: 'Kari Nordmann', iat: now(), exp: now() + 600 },
    ...differing,
  });
  const sign = (differing: Readonly<Record<string, unknown>> = {}, by = key): Promise<string> =>
    new SignJWT(claims(differing)).setProtectedHeader({ alg: by.alg, kid: by.kid }).sign(by.privateKey);

  return {
    url,
    asked,
    answers,
    key,
    /** Has a key that the issuer does not publish */
    stranger,
    claims,
    sign,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export type OidcIssuer = Awaited<ReturnType<typeof startOidcIssuer>>;
