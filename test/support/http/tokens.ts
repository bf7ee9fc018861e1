import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalIssuer, type LocalIssuer } from '../../../src/auth/tokens/local-issuer.ts';
import { createTokenVerifier, type TokenVerifier } from '../../../src/auth/tokens/token-verifier.ts';

interface TestIssuer {
  readonly issuer: LocalIssuer;
  readonly verifier: TokenVerifier;
}

let testIssuer: Promise<TestIssuer> | undefined;

/** A token that the servers of the tests accept: signed by a local issuer of their own, valid for an hour. */
export async function signToken(subject: string, name: string | null = null): Promise<string> {
  return (await getTestIssuer()).issuer.sign({ subject, name }, 3_600);
}

function getTestIssuer(): Promise<TestIssuer> {
  return (testIssuer ??= openTestIssuer());
}

// Once opened, both have the key: the folder it came from need not stay.
async function openTestIssuer(): Promise<TestIssuer> {
  const folder = await mkdtemp(join(tmpdir(), 'resh-graph-issuer-'));
  try {
    return {
      issuer: await openLocalIssuer(folder),
      verifier: await createTokenVerifier({ kind: 'local', dataDir: folder }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the servers of the tests tell by whose a token is. */
export const testVerifier: TokenVerifier = { verify: async (token) => (await getTestIssuer()).verifier.verify(token) };
