import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Viewer } from '../viewer.ts';

/** Issuer and audience of the tokens of every local issuer; only the key differs between data folders. */
export const localIssuer = { issuer: 'urn:resh-graph:local-issuer', audience: 'urn:resh-graph:local' } as const;

const algorithm = 'ES256';
const keyFileSchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
});
type KeyFile = z.infer<typeof keyFileSchema>;

/** The key of the local issuer cannot be read or created; the message says what to do. */
export class LocalIssuerError extends Error {
  override readonly name = 'LocalIssuerError';
}

/** Signs tokens for development and provides the key that verifies them. */
export interface LocalIssuer {
  /** Returns a token for any viewer, valid for a number of seconds from now */
  sign(viewer: Viewer, seconds: number): Promise<string>;
  readonly key: JWTVerifyGetKey;
}

/**
 * Opens the local issuer of a data folder. Its key is in `local-issuer.json`; creates the folder and the key if
 * missing.
 *
 * @throws LocalIssuerError if the key cannot be read or created
 */
export async function openLocalIssuer(dataDir: string): Promise<LocalIssuer> {
  const { kid, d, ...publicPart } = await loadOrCreateKey(dataDir);
  const [publicKey, privateKey] = await Promise.all([
    importJWK(publicPart, algorithm),
    importJWK({ ...publicPart, d }, algorithm),
  ]);
  return {
    sign: ({ subject, name }, seconds) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT(name === null ? {} : { name })
        .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
        .setIssuer(localIssuer.issuer)
        .setAudience(localIssuer.audience)
        .setSubject(subject)
        .setIssuedAt(now)
        .setExpirationTime(now + seconds)
        .sign(privateKey);
    },
    key: async () => publicKey,
  };
}

async function loadOrCreateKey(dataDir: string): Promise<KeyFile> {
  const file = join(dataDir, 'local-issuer.json');
  try {
    const existing = await readKey(file);
    if (existing) return existing;
    await mkdir(dataDir, { recursive: true });
    await createKeyFile(file);
    const created = await readKey(file);
    if (created) return created;
    throw new Error('the file was removed at the same time');
  } catch (error) {
    if (error instanceof LocalIssuerError) throw error;
    throw new LocalIssuerError(
      `The key of the local issuer, ${file}, cannot be read or created (${formatReason(error)}). ` +
        'Set DATA_DIR to a folder that this user may write to, or set OIDC_ISSUER and OIDC_AUDIENCE.',
    );
  }
}

async function readKey(file: string): Promise<KeyFile | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return keyFileSchema.parse(JSON.parse(text));
  } catch {
    throw new LocalIssuerError(
      `${file} is not the key of a local issuer. Remove the file to create a new key; ` +
        'tokens signed with the old key are then refused.',
    );
  }
}

function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function createKeyFile(file: string): Promise<void> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const temporaryFile = `${file}.${randomUUID()}.new`;
  try {
    await writeFile(temporaryFile, `${JSON.stringify({ ...jwk, kid: await calculateJwkThumbprint(jwk) })}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
    // Linking is atomic and never replaces a file: of two processes that create a key, both use the first one.
    await link(temporaryFile, file).catch((error: unknown) => {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    });
  } finally {
    await rm(temporaryFile, { force: true });
  }
}

function formatReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
