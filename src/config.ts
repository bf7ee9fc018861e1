import { resolve } from 'node:path';
import { z } from 'zod';
import type { TokenSource } from './auth/tokens/token-source.ts';
import type { DatabaseLocation } from './store/database/connection.ts';

/** The settings from the environment, checked once. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseLocation;
  /** URLs of the streaming replicas of the database */
  readonly replicaUrls: readonly string[];
  /** `auto`: load the demo register if the database is embedded and empty; `off`: the code sets only */
  readonly demo: 'auto' | 'off';
  readonly authentication: TokenSource;
  /** `token`: reads require a token too */
  readonly readAccess: 'public' | 'token';
  /** Most bytes of responses that are kept for the same requests; 0 keeps none */
  readonly responseCacheBytes: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** Settings in the environment are invalid; the message has a line for each, with its value and the values allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The environment variables with their defaults. */
export const environmentSchema = z.object({
  HOST: z.preprocess(emptyToUndefined, z.string().default('127.0.0.1')),
  PORT: z.preprocess(
    emptyToUndefined,
    z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a port, 0 to 65535')
      .default(4000),
  ),
  DATABASE_URL: z.preprocess(
    emptyToUndefined,
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
      .optional(),
  ),
  DATABASE_REPLICA_URLS: z.preprocess(
    emptyToUndefined,
    z
      .string()
      .transform((text) => text.split(',').map((url) => url.trim()))
      .refine((urls) => urls.every(isPostgresUrl), 'must be URLs that begin with postgresql://, separated by commas')
      .refine((urls) => new Set(urls).size === urls.length, 'must name each server once')
      .default([]),
  ),
  DATA_DIR: z.preprocess(emptyToUndefined, z.string().default('.data')),
  DEMO: z.preprocess(emptyToUndefined, z.enum(['auto', 'off'], 'must be auto or off').default('auto')),
  OIDC_ISSUER: z.preprocess(
    emptyToUndefined,
    z.string().refine(isIssuerUrl, 'must be an https URL (http on this machine only) without query').optional(),
  ),
  OIDC_AUDIENCE: z.preprocess(emptyToUndefined, z.string().optional()),
  READ_ACCESS: z.preprocess(emptyToUndefined, z.enum(['public', 'token'], 'must be public or token').default('public')),
  RESPONSE_CACHE_MB: z.preprocess(
    emptyToUndefined,
    z
      .string()
      .regex(/^\d{1,6}$/, 'must be a number of megabytes, 0 to 999999')
      .transform(Number)
      .default(0),
  ),
  NODE_ENV: z.preprocess(emptyToUndefined, z.string().optional()),
  LOG_LEVEL: z.preprocess(
    emptyToUndefined,
    z
      .enum(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        'must be one of fatal, error, warn, info, debug, trace, silent',
      )
      .default('info'),
  ),
});

function emptyToUndefined(value: unknown): unknown {
  return value === '' ? undefined : value;
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);
}

function isIssuerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const isLoopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
  return search === '' && hash === '' && (protocol === 'https:' || (protocol === 'http:' && isLoopback));
}

/** Returns a warning for each setting that is accepted, but probably misspelled. */
export function findConfigWarnings({ NODE_ENV }: Environment): string[] {
  if (NODE_ENV === undefined || ['', 'development', 'test', 'production'].includes(NODE_ENV)) return [];
  return [
    `NODE_ENV is "${NODE_ENV}", which is treated as development: only production turns the local issuer off. ` +
      'Set it to development, test or production, or leave it unset.',
  ];
}

type Environment = Readonly<Record<string, string | undefined>>;

const databaseEnvironmentSchema = environmentSchema.pick({ DATABASE_URL: true, DATA_DIR: true });

/**
 * Reads the settings of the database only.
 *
 * @throws ConfigError naming every invalid setting of the database
 */
export function readDatabaseLocation(env: Environment): DatabaseLocation {
  return toDatabaseLocation(parseEnvironment(databaseEnvironmentSchema, env));
}

function toDatabaseLocation({ DATABASE_URL, DATA_DIR }: z.infer<typeof databaseEnvironmentSchema>): DatabaseLocation {
  return DATABASE_URL ? { kind: 'server', url: DATABASE_URL } : { kind: 'embedded', folder: resolve(DATA_DIR) };
}

function parseEnvironment<Settings>(schema: z.ZodType<Settings>, env: Environment): Settings {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues
      .map(({ path, message }) => {
        const name = String(path[0]);
        return `${name} is ${formatSetting(name, env[name])}: it ${message}.`;
      })
      .join('\n'),
  );
}

// A URL may hold a password: it is never printed.
function formatSetting(name: string, value: string | undefined): string {
  if (value === undefined || value === '') return 'not set';
  return name.startsWith('DATABASE_') ? '(hidden)' : `"${value}"`;
}

const authenticationEnvironmentSchema = environmentSchema.pick({
  OIDC_ISSUER: true,
  OIDC_AUDIENCE: true,
  DATA_DIR: true,
  NODE_ENV: true,
});
type AuthenticationSettings = z.infer<typeof authenticationEnvironmentSchema>;

/**
 * Reads the settings of authentication only.
 *
 * @throws ConfigError naming every invalid setting of authentication
 */
export function readAuthenticationConfig(env: Environment): TokenSource {
  return toAuthenticationConfig(
    parseEnvironment(authenticationEnvironmentSchema.superRefine(requireIssuerWithAudience), env),
  );
}

function toAuthenticationConfig(settings: AuthenticationSettings): TokenSource {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = settings;
  if (issuer !== undefined && audience !== undefined) return { kind: 'oidc', issuer, audience };
  return settings.NODE_ENV === 'production' ? { kind: 'none' } : { kind: 'local', dataDir: resolve(settings.DATA_DIR) };
}

// With only one of the two settings the local issuer must not stay on.
function requireIssuerWithAudience(
  { OIDC_ISSUER, OIDC_AUDIENCE }: AuthenticationSettings,
  context: z.RefinementCtx<AuthenticationSettings>,
): void {
  if ((OIDC_ISSUER === undefined) === (OIDC_AUDIENCE === undefined)) return;
  const [missing, set] =
    OIDC_ISSUER === undefined ? ['OIDC_ISSUER', 'OIDC_AUDIENCE'] : ['OIDC_AUDIENCE', 'OIDC_ISSUER'];
  context.addIssue({ code: 'custom', path: [missing], message: `must be set if ${set} is` });
}

function requirePrimary(
  { DATABASE_URL, DATABASE_REPLICA_URLS }: z.infer<typeof environmentSchema>,
  context: z.RefinementCtx<z.infer<typeof environmentSchema>>,
): void {
  if (DATABASE_REPLICA_URLS.length === 0 || DATABASE_URL !== undefined) return;
  const message = 'must not be set without DATABASE_URL, because the embedded database has no replicas';
  context.addIssue({ code: 'custom', path: ['DATABASE_REPLICA_URLS'], message });
}

/**
 * Reads the settings from the environment.
 *
 * @throws ConfigError naming every invalid setting
 */
export function readConfig(env: Environment): Config {
  const settings = parseEnvironment(
    environmentSchema.superRefine(requireIssuerWithAudience).superRefine(requirePrimary),
    env,
  );
  return {
    host: settings.HOST,
    port: settings.PORT,
    database: toDatabaseLocation(settings),
    replicaUrls: settings.DATABASE_REPLICA_URLS,
    demo: settings.DEMO,
    authentication: toAuthenticationConfig(settings),
    readAccess: settings.READ_ACCESS,
    responseCacheBytes: settings.RESPONSE_CACHE_MB * 1_000_000,
    logLevel: settings.LOG_LEVEL,
  };
}
