import { resolve } from 'node:path';
import { z } from 'zod';
import type { DatabaseLocation } from './store/database.ts';

/** What the environment says, checked once. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseLocation;
  /** `auto`: the demo register is loaded where the register is empty and embedded */
  readonly demo: 'auto' | 'off';
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** A setting in the environment that cannot be used; the message names each, its value and what would do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const orAbsent = (value: unknown): unknown => (value === '' ? undefined : value);

const environment = z.object({
  HOST: z.preprocess(orAbsent, z.string().default('127.0.0.1')),
  PORT: z.preprocess(
    orAbsent,
    z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a port, 0 to 65535')
      .default(4000),
  ),
  DATABASE_URL: z.preprocess(
    orAbsent,
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
      .optional(),
  ),
  DATA_DIR: z.preprocess(orAbsent, z.string().default('.data')),
  DEMO: z.preprocess(orAbsent, z.enum(['auto', 'off'], 'must be auto or off').default('auto')),
  LOG_LEVEL: z.preprocess(
    orAbsent,
    z
      .enum(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        'must be one of fatal, error, warn, info, debug, trace, silent',
      )
      .default('info'),
  ),
});

// A URL may hold a password: it is never printed.
const shown = (name: string, value: string | undefined): string =>
  name === 'DATABASE_URL' ? '(hidden)' : `«${value}»`;

type Environment = Readonly<Record<string, string | undefined>>;

const parse = <Settings>(settings: z.ZodType<Settings>, env: Environment): Settings => {
  const parsed = settings.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues
      .map(
        ({ path, message }) => `${String(path[0])} is ${shown(String(path[0]), env[String(path[0])])}: it ${message}.`,
      )
      .join('\n'),
  );
};

const databaseEnvironment = environment.pick({ DATABASE_URL: true, DATA_DIR: true });

const locationOf = ({ DATABASE_URL, DATA_DIR }: z.infer<typeof databaseEnvironment>): DatabaseLocation =>
  DATABASE_URL ? { kind: 'server', url: DATABASE_URL } : { kind: 'embedded', folder: resolve(DATA_DIR) };

/**
 * Reads where the register is, and no other setting.
 *
 * @throws ConfigError naming every setting of the database that cannot be used
 */
export const readDatabaseLocation = (env: Environment): DatabaseLocation => locationOf(parse(databaseEnvironment, env));

/**
 * Reads the settings.
 *
 * @throws ConfigError naming every setting that cannot be used
 */
export const readConfig = (env: Environment): Config => {
  const settings = parse(environment, env);
  return {
    host: settings.HOST,
    port: settings.PORT,
    database: locationOf(settings),
    demo: settings.DEMO,
    logLevel: settings.LOG_LEVEL,
  };
};
