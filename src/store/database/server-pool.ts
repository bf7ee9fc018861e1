import pg from 'pg';
import { sessionSettings } from './session-settings.ts';

const DATE_OID = 1082;
const TIMESTAMPTZ_OID = 1184;

const textOids = new Set<number>([DATE_OID, TIMESTAMPTZ_OID]);
/** Parsers of `SqlClient`, which returns days and instants as text. */
export const typeParsers = {
  getTypeParser: ((oid: Parameters<typeof pg.types.getTypeParser>[0], format?: 'text'): unknown =>
    textOids.has(oid) ? asText : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** The server cancels statements that take longer, so that no client can block it; bulk work has no timeout. */
export const STATEMENT_TIMEOUT_MS = 60_000;

/** Most servers use their local time zone, but the adapter ignores the offset of an instant and expects ISO dates. */
export const timeSettings = "set timezone = 'UTC'; set datestyle = 'ISO'";

// A server that stops answering while it connects must not hold up a request.
const SETTINGS_TIMEOUT_MS = 10_000;

/**
 * Creates a pool whose connections have the settings that all statements of the tree rely on.
 *
 * @param settings further settings, as statements
 */
export function createSessionPool(config: pg.PoolConfig, settings = ''): pg.Pool {
  const query = { text: `${timeSettings}; ${sessionSettings}; ${settings}`, query_timeout: SETTINGS_TIMEOUT_MS };
  return createPool({
    max: 10,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    onConnect: async (client) => {
      await client.query(query);
    },
    ...config,
  });
}

/** Creates a pool that survives the loss of its connections. */
export function createPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ connectionTimeoutMillis: 10_000, ...config });
  // Without error listeners a terminated back end would crash the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function asText(value: string): string {
  return value;
}
