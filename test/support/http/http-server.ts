import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createRequestListener } from '../../../src/server/request-listener.ts';
import type { ServerOptions } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { testVerifier } from './tokens.ts';

/** A server that listens on its own port. */
export interface ListeningServer {
  readonly http: Server;
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a register over HTTP in the process of the test. */
export async function startHttpServer(
  database: Database,
  options: Partial<ServerOptions> = {},
): Promise<ListeningServer> {
  const listener = createRequestListener({
    database,
    log: pino({ level: 'silent' }),
    tokenVerifier: testVerifier,
    ...options,
  });
  const http = createHttpServer(listener.listen);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    http,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    close: async () => {
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await closed;
      await listener.close();
    },
  };
}
