import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalIssuerError, openLocalIssuer } from '../../../src/auth/tokens/local-issuer.ts';
import { createTokenVerifier, type TokenVerifier } from '../../../src/auth/tokens/token-verifier.ts';
import { createServer, type ServerOptions } from '../../../src/server/server.ts';
import { startOidcIssuer, type OidcIssuer } from '../../support/http/oidc-issuer.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const audience = 'resh-graph-test';
const viewerQuery = JSON.stringify({ query: '{ viewer { subject name } revision }' });

const register = useRegister();

interface HttpResult {
  readonly status: number;
  readonly challenge: string | null;
  readonly body: unknown;
}

function createRequester(options: Pick<ServerOptions, 'tokenVerifier' | 'readAccess'>) {
  const server = createServer({ database: register.database, log: pino({ level: 'silent' }), ...options });
  return async (headers: Record<string, string> = {}, body = viewerQuery): Promise<HttpResult> => {
    const response = await server.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return {
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      body: await response.json(),
    };
  };
}

function bearerHeader(token: string) {
  return { authorization: `Bearer ${token}` };
}

function errorResult(status: number, code: string, message: unknown) {
  return {
    status,
    body: { errors: [{ message, extensions: { code, values: expect.any(Array) as unknown[] } }] },
  };
}

function viewerResult(viewer: { subject: string; name: string } | null) {
  return {
    status: 200,
    challenge: null,
    body: { data: { viewer, revision: 0 } },
  };
}

describe('tokens of an OpenID Connect issuer', () => {
  let issuer: OidcIssuer;
  let verifier: TokenVerifier;
  let sendRequest: ReturnType<typeof createRequester>;
  beforeEach(async () => {
    issuer = await startOidcIssuer(audience);
    verifier = await createTokenVerifier({ kind: 'oidc', issuer: issuer.url, audience }, { timeout: 300 });
    sendRequest = createRequester({ tokenVerifier: verifier });
  });
  afterEach(() => issuer.stop());

  it('identify the user, with one fetch of the keys', async () => {
    const kari = viewerResult({ subject: 'kari', name: 'Kari Nordmann' });

    expect(await sendRequest(bearerHeader(await issuer.sign()))).toEqual(kari);
    expect(await sendRequest({ authorization: `bearer  ${await issuer.sign({ aud: ['other', audience] })}` })).toEqual(
      kari,
    );
    expect(issuer.asked).toEqual({ discovery: 1, keys: 1 });
  });

  it('may lack a name and are optional for reading', async () => {
    expect(await sendRequest(bearerHeader(await issuer.sign({ name: undefined })))).toEqual(
      viewerResult({ subject: 'kari', name: 'kari' }),
    );
    expect(await sendRequest(bearerHeader(await issuer.sign({ name: 'a\0b' })))).toEqual(
      viewerResult({ subject: 'kari', name: 'kari' }),
    );
    expect(await sendRequest()).toEqual(viewerResult(null));
  });

  const seconds = (later: number): number => Math.floor(Date.now() / 1000) + later;
  it.each<[string, () => Record<string, unknown>, string]>([
    ['expired', () => ({ exp: seconds(-60) }), 'The token has expired; get a new one.'],
    ['not valid yet', () => ({ nbf: seconds(600) }), 'The token is not valid yet.'],
    ['for another audience', () => ({ aud: 'other' }), 'The token is for another audience.'],
    ['for nobody', () => ({ aud: undefined }), 'The token has no "aud" claim.'],
    ['of another issuer', () => ({ iss: 'https://other.example' }), 'The token is from another issuer.'],
    ['without issuer', () => ({ iss: undefined }), 'The token has no "iss" claim.'],
    ['without end', () => ({ exp: undefined }), 'The token has no "exp" claim.'],
    ['without subject', () => ({ sub: undefined }), 'The token has no "sub" claim.'],
    ['of an empty subject', () => ({ sub: '' }), 'The token has a "sub" claim that is empty or cannot be stored.'],
    ['of a blank subject', () => ({ sub: '  ' }), 'The token has a "sub" claim that is empty or cannot be stored.'],
    [
      'of a subject with a NUL',
      () => ({ sub: 'ka\0ri' }),
      'The token has a "sub" claim that is empty or cannot be stored.',
    ],
    [
      'of a subject that was not UTF-8',
      () => ({ sub: 'k\ufffdri' }),
      'The token has a "sub" claim that is empty or cannot be stored.',
    ],
  ])('are refused when %s, for reads as well', async (_what, claimOverrides, message) => {
    const result = await sendRequest(bearerHeader(await issuer.sign(claimOverrides())));

    expect(result).toEqual({
      ...errorResult(401, 'UNAUTHENTICATED', message),
      challenge: 'Bearer realm="resh-graph", error="invalid_token"',
    });
  });

  it('are refused when signed by another key, whatever the key id', async () => {
    const { stranger, key } = issuer;

    expect(await sendRequest(bearerHeader(await issuer.sign({}, stranger)))).toMatchObject(
      errorResult(401, 'UNAUTHENTICATED', 'The token is signed by a key that its issuer does not publish.'),
    );
    expect(await sendRequest(bearerHeader(await issuer.sign({}, { ...stranger, kid: key.kid })))).toMatchObject(
      errorResult(401, 'UNAUTHENTICATED', 'The token is not signed by its issuer.'),
    );
  });

  it('are refused when the signature or the payload was altered', async () => {
    const [header = '', , signature = ''] = (await issuer.sign()).split('.');
    const forgedPayload = Buffer.from(JSON.stringify(issuer.claims({ sub: 'ola' }))).toString('base64url');

    expect(await sendRequest(bearerHeader(`${header}.${forgedPayload}.${signature}`))).toMatchObject(
      errorResult(401, 'UNAUTHENTICATED', 'The token is not signed by its issuer.'),
    );
  });

  it('are refused when the algorithm is none or HMAC with the public key as the secret', async () => {
    const unsignedToken = new UnsecuredJWT(issuer.claims()).encode();
    const sharedSecretToken = await new SignJWT(issuer.claims())
      .setProtectedHeader({ alg: 'HS256', kid: issuer.key.kid })
      .sign(new TextEncoder().encode(await exportSPKI(issuer.key.publicKey)));

    for (const token of [unsignedToken, sharedSecretToken])
      expect(await sendRequest(bearerHeader(token))).toMatchObject(
        errorResult(
          401,
          'UNAUTHENTICATED',
          expect.stringMatching(/^The token is not signed with an accepted algorithm|no signed JWT/),
        ),
      );
    expect(issuer.asked).toEqual({ discovery: 0, keys: 0 });
  });

  it.each(['', 'Bearer', 'Bearer ', 'Bearer a b', 'Basic a2FyaTpwdw==', 'Bearer æ'])(
    'are refused when the header is malformed: "%s"',
    async (authorization) => {
      expect(await sendRequest({ authorization: Buffer.from(authorization).toString('latin1') })).toEqual({
        ...errorResult(
          401,
          'UNAUTHENTICATED',
          expect.stringContaining('The Authorization header is not "Bearer TOKEN"'),
        ),
        challenge: 'Bearer realm="resh-graph", error="invalid_request"',
      });
    },
  );

  it('are checked before the operation is parsed', async () => {
    for (const body of ['{ "query": "{" }', '{ "query": "{ nothing }" }', 'no JSON'])
      expect(await sendRequest(bearerHeader('a.b.c'), body)).toMatchObject({ status: 401 });
  });

  it.each<['discovery' | 'keys', string, OidcIssuer['answers']['discovery']]>([
    ['discovery', 'fails', { status: 503, body: '{}' }],
    ['discovery', 'is missing', { status: 404, body: '{}' }],
    ['discovery', 'is malformed', { status: 200, body: '<html>' }],
    ['discovery', 'names no keys', { status: 200, body: '{"issuer":"x"}' }],
    [
      'discovery',
      'names another issuer',
      { status: 200, body: '{"issuer":"https://x.example","jwks_uri":"https://x.example"}' },
    ],
    ['discovery', 'hangs', 'hangs'],
    ['keys', 'fail', { status: 500, body: '{}' }],
    ['keys', 'are malformed', { status: 200, body: '{"keys":"none"}' }],
    ['keys', 'hang', 'hangs'],
  ])('return 503 while %s %s, and are accepted afterwards', async (which, _what, fault) => {
    const token = await issuer.sign();
    issuer.answers[which] = fault;

    expect(await sendRequest(bearerHeader(token))).toEqual({
      ...errorResult(
        503,
        'ISSUER_UNREACHABLE',
        expect.stringContaining(`The keys of the issuer ${issuer.url} cannot be read`),
      ),
      challenge: null,
    });
    expect(await sendRequest()).toEqual(viewerResult(null));

    issuer.answers[which] = 'well';
    expect(await sendRequest(bearerHeader(token))).toMatchObject({ status: 200 });
  });

  it('return 503 while the issuer is unreachable', async () => {
    const token = await issuer.sign();
    const unreachableVerifier = await createTokenVerifier({ kind: 'oidc', issuer: 'http://127.0.0.1:1', audience });

    expect(await createRequester({ tokenVerifier: unreachableVerifier })(bearerHeader(token))).toMatchObject({
      status: 503,
    });
  });

  it('are not accepted from the local issuer', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'resh-issuer-'));
    const localIssuer = await openLocalIssuer(folder);
    await rm(folder, { recursive: true });

    expect(await sendRequest(bearerHeader(await localIssuer.sign({ subject: 'kari', name: null }, 60)))).toMatchObject({
      status: 401,
    });
  });
});

describe('tokens of the local issuer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resh-issuer-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are accepted by every process with the folder, with a key file that only its owner can read', async () => {
    const dataDir = join(folder, 'made', 'on demand');
    const issuers = await Promise.all(Array.from({ length: 8 }, () => openLocalIssuer(dataDir)));
    const sendRequest = createRequester({ tokenVerifier: await createTokenVerifier({ kind: 'local', dataDir }) });

    for (const issuer of issuers)
      expect(await sendRequest(bearerHeader(await issuer.sign({ subject: 'kari', name: 'Kari' }, 60)))).toEqual(
        viewerResult({ subject: 'kari', name: 'Kari' }),
      );
    expect((await stat(join(dataDir, 'local-issuer.json'))).mode & 0o777).toBe(0o600);
  });

  it('are refused when expired, from another folder, or when the server has no local issuer', async () => {
    const issuer = await openLocalIssuer(folder);
    const sendRequest = createRequester({
      tokenVerifier: await createTokenVerifier({ kind: 'local', dataDir: folder }),
    });
    const otherIssuer = await openLocalIssuer(join(folder, 'other'));
    const kari = { subject: 'kari', name: null };

    expect(await sendRequest(bearerHeader(await issuer.sign(kari, -1)))).toMatchObject(
      errorResult(401, 'UNAUTHENTICATED', 'The token has expired; get a new one.'),
    );
    expect(await sendRequest(bearerHeader(await otherIssuer.sign(kari, 60)))).toMatchObject(
      errorResult(401, 'UNAUTHENTICATED', 'The token is not signed by its issuer.'),
    );

    const disabledVerifier = await createTokenVerifier({ kind: 'none' });
    expect(
      await createRequester({ tokenVerifier: disabledVerifier })(bearerHeader(await issuer.sign(kari, 60))),
    ).toMatchObject(errorResult(401, 'UNAUTHENTICATED', expect.stringContaining('accepts no tokens')));
  });

  it('cannot be issued when the key file is damaged', async () => {
    await writeFile(join(folder, 'local-issuer.json'), '{"kty":"EC"}');

    await expect(openLocalIssuer(folder)).rejects.toThrow(LocalIssuerError);
    await expect(openLocalIssuer(folder)).rejects.toThrow(/local-issuer\.json is not the key .* Remove the file/);
    await expect(openLocalIssuer(join(folder, 'local-issuer.json'))).rejects.toThrow(/Set DATA_DIR to a folder/);
  });
});

describe('READ_ACCESS=token', () => {
  it('refuses operations without a token and keeps the explorer, health and other paths open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'resh-issuer-'));
    const issuer = await openLocalIssuer(folder);
    const tokenVerifier = await createTokenVerifier({ kind: 'local', dataDir: folder });
    await rm(folder, { recursive: true });
    const sendRequest = createRequester({ tokenVerifier, readAccess: 'token' });
    const server = createServer({
      database: register.database,
      log: pino({ level: 'silent' }),
      tokenVerifier,
      readAccess: 'token',
    });
    const fetchStatus = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await server.fetch(`http://127.0.0.1${path}`, { headers, redirect: 'manual' })).status;

    expect(await sendRequest()).toEqual({
      ...errorResult(401, 'UNAUTHENTICATED', expect.stringContaining('Reading requires a token here')),
      challenge: 'Bearer realm="resh-graph"',
    });
    expect(await sendRequest(bearerHeader(await issuer.sign({ subject: 'kari', name: null }, 60)))).toMatchObject({
      status: 200,
    });
    expect(await fetchStatus('/graphql?query={revision}')).toBe(401);
    expect(await fetchStatus('/graphql', { accept: 'text/html' })).toBe(200);
    expect(await fetchStatus('/graphql', { accept: 'text/html', ...bearerHeader('bad') })).toBe(200);
    expect(await fetchStatus('/health', bearerHeader('bad'))).toBe(200);
    expect(await fetchStatus('/')).toBe(302);
    expect(await fetchStatus('/nowhere', bearerHeader('bad'))).toBe(404);
  });
});
