import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createTokenVerifier } from '../auth/tokens/token-verifier.ts';
import type { Config } from '../config.ts';
import { findAvailableDemoUsers } from '../demo/available-users.ts';
import type { DemoUser } from '../demo/users.ts';
import { openDatabase } from '../store/database/database.ts';
import type { StatementObserver } from '../store/database/statement-observer.ts';
import { noReplicas, openReplicas } from '../store/replicas/replica-set.ts';
import type { ReplicaListener } from '../store/replicas/replica.ts';
import { fillNewRegister } from './fill-new-register.ts';
import { createRequestListener } from './request-listener.ts';

/** A server that listens. */
export interface RunningServer {
  /** Where the server can be reached, such as http://127.0.0.1:4000 */
  readonly url: string;
  /** Demo users that can sign in with a token of the local issuer */
  readonly demoUsers: readonly DemoUser[];
  /** Stops accepting requests, waits for the current ones, and closes the register. */
  stop(): Promise<void>;
}

/**
 * Opens the register and serves it. An empty embedded register gets the demo register first.
 *
 * @param printLine prints a line for the person at the terminal
 * @throws DataFolderInUseError, LocalIssuerError, ReplicaSettingError, or the system's error if the port is taken or
 *   the database is unreachable
 */
export async function start(config: Config, log: Logger, printLine: (line: string) => void): Promise<RunningServer> {
  const observe: StatementObserver = ({ sql, milliseconds }) =>
    log.trace({ sql, milliseconds: Math.round(milliseconds * 100) / 100 }, 'statement');
  const database = await openDatabase(config.database, observe);
  let replicas = noReplicas;
  try {
    await fillNewRegister(database, config, printLine);
    replicas = await openReplicas(config.replicaUrls, database, { observe, onChange: logReplica(log) });
    const tokenVerifier = await createTokenVerifier(config.authentication);
    const shutdown = new AbortController();
    const listener = createRequestListener({
      database,
      replicas,
      log,
      tokenVerifier,
      readAccess: config.readAccess,
      responseCacheBytes: config.responseCacheBytes,
      shutdownSignal: shutdown.signal,
    });
    const http = createHttpServer(listener.listen);
    const demoUsers = await findAvailableDemoUsers(database, config);
    const url = await listen(http, config);
    listener.warmUp();
    return {
      url,
      demoUsers,
      stop: async () => {
        const closed = once(http, 'close');
        http.close();
        shutdown.abort();
        // A connection with a request becomes idle when the request ends.
        const closeIdleTimer = setInterval(() => http.closeIdleConnections(), 50);
        const forceCloseTimer = setTimeout(() => http.closeAllConnections(), 5_000);
        await closed;
        clearInterval(closeIdleTimer);
        clearTimeout(forceCloseTimer);
        await listener.close();
        await replicas.close();
        await database.close();
      },
    };
  } catch (error) {
    await replicas.close();
    await database.close();
    throw error;
  }
}

function logReplica(log: Logger): ReplicaListener {
  return ({ replica, problem, error }) => {
    if (problem === undefined) log.info({ replica }, 'replica in use');
    else log.warn({ replica, problem, err: error }, 'replica left out; it is tried again');
  };
}

async function listen(http: Server, { host, port }: Config): Promise<string> {
  http.listen(port, host);
  await once(http, 'listening');
  const { port: actualPort } = http.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
}
