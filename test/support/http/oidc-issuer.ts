import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

/** Response of an issuer; `hangs` never responds. */
export type IssuerResponse = { readonly status: number; readonly body: string } | 'well' | 'hangs';

type SigningKey = Awaited<ReturnType<typeof createSigningKey>>;

// Generating a key takes 0.2 seconds; all issuers of a process share two.
let keys: Promise<readonly [SigningKey, SigningKey]> | undefined;

export type OidcIssuer = Awaited<ReturnType<typeof startOidcIssuer>>;

async function createSigningKey(alg: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { alg, kid: await calculateJwkThumbprint(jwk), jwk, publicKey, privateKey };
}

function sharedSigningKeys() {
  return (keys ??= Promise.all([createSigningKey('RS256'), createSigningKey('RS256')]));
}

function currentSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Starts a local OpenID Connect issuer: real HTTP, real keys, and faults on demand. */
export async function startOidcIssuer(audience: string) {
  const [key, unpublishedKey] = await sharedSigningKeys();
  const responses: { discovery: IssuerResponse; keys: IssuerResponse } = { discovery: 'well', keys: 'well' };
  const requestCounts = { discovery: 0, keys: 0 };

  const reply = (response: ServerResponse, answer: IssuerResponse, validBody: unknown): void => {
    if (answer === 'hangs') return;
    const { status, body } = answer === 'well' ? { status: 200, body: JSON.stringify(validBody) } : answer;
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
  const server = createServer((request, response) => {
    if (request.url === '/.well-known/openid-configuration') {
      requestCounts.discovery += 1;
      reply(response, responses.discovery, { issuer: url, jwks_uri: `${url}/keys` });
    } else {
      requestCounts.keys += 1;
      reply(response, responses.keys, { keys: [{ ...key.jwk, kid: key.kid, alg: key.alg, use: 'sig' }] });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  /** Builds the claims of a valid token; a test overrides some. */
  const buildClaims = (overrides: Readonly<Record<string, unknown>> = {}): JWTPayload => ({
    iss: url,
    aud: audience,
    sub: 'kari',
    name: 'Kari Nordmann',
    iat: currentSeconds(),
    exp: currentSeconds() + 600,
    ...overrides,
  });
  const sign = (overrides: Readonly<Record<string, unknown>> = {}, signer = key): Promise<string> =>
    new SignJWT(buildClaims(overrides))
      .setProtectedHeader({ alg: signer.alg, kid: signer.kid })
      .sign(signer.privateKey);

  return {
    url,
    asked: requestCounts,
    answers: responses,
    key,
    /** A key that the issuer does not publish */
    stranger: unpublishedKey,
    claims: buildClaims,
    sign,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
