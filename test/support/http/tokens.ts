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

/** Signs a token that the servers of the tests accept, from their local issuer and valid for an hour. */
export async function signToken(subject: string, name: string | null = null): Promise<string> {
  return (await getTestIssuer()).issuer.sign({ subject, name }, 3_600);
}

function getTestIssuer(): Promise<TestIssuer> {
  return (testIssuer ??= openTestIssuer());
}

// The issuer and the verifier read the key once, so the folder can be removed.
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

/** Verifies the tokens of `signToken`. */
export const testVerifier: TokenVerifier = { verify: async (token) => (await getTestIssuer()).verifier.verify(token) };
