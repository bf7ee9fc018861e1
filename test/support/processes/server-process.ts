import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openLocalIssuer } from '../../../src/auth/tokens/local-issuer.ts';
import { openDatabase, type Database } from '../../../src/store/database/database.ts';
import type { DatabaseLocation } from '../../../src/store/database/connection.ts';
import type { GraphqlResponse, TestClient } from '../http/client.ts';
import { createMutations, type Mutations } from '../mutations/mutations.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../database/server-database.ts';
import { spawnServer, stopProcess, waitForUrl } from './spawn-server.ts';

/** A server in its own process. */
export interface ServerProcess {
  /** URL of the API */
  readonly url: string;
  /** Returns the authorization headers of a subject */
  readonly createHeaders: (subject: string) => Promise<Record<string, string>>;
  /** Sends an operation as a subject; fails if the process has ended */
  readonly send: (
    subject: string,
    body: { query: string; variables?: object | undefined },
  ) => Promise<GraphqlResponse<unknown>>;
  readonly as: (subject: string) => Mutations;
  /** Sends the signal and waits until the process has exited */
  readonly end: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
}

/** A register that outlives its server processes: on the server of this run, or embedded in a folder. */
export interface ProcessRegister {
  readonly kind: DatabaseLocation['kind'];
  /** Runs `work` on the register in the process of the test; if embedded, only while no server runs */
  readonly withDatabase: <T>(work: (database: Database) => Promise<T>) => Promise<T>;
  readonly startServer: () => Promise<ServerProcess>;
  /** Ends every process and removes the register */
  readonly remove: () => Promise<void>;
}

/**
 * Creates and fills a register for server processes.
 *
 * @param fill writes into the empty, migrated register
 */
export async function createProcessRegister(fill: (database: Database) => Promise<unknown>): Promise<ProcessRegister> {
  const source = inject('testDatabaseSource');
  const folder = await mkdtemp(join(tmpdir(), 'resh-process-'));
  const issuer = await openLocalIssuer(folder);
  const running = new Set<ChildProcess>();
  let location: DatabaseLocation = { kind: 'embedded', folder };
  let dropDatabase = async () => {};
  if (source.kind === 'server') {
    const name = `${source.runName}_${randomBytes(6).toString('hex')}`;
    await createServerDatabase(source.url, name, source.template);
    location = { kind: 'server', url: databaseUrl(source.url, name) };
    dropDatabase = () => dropServerDatabase(source.url, name);
  }

  const withDatabase: ProcessRegister['withDatabase'] = async (work) => {
    const database = await openDatabase(location);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };

  const end = (child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    running.delete(child);
    return stopProcess(child, signal);
  };

  await withDatabase(fill);
  return {
    kind: location.kind,
    withDatabase,
    startServer: async () => {
      const child = spawnServer({
        DATA_DIR: folder,
        ...(location.kind === 'server' && { DATABASE_URL: location.url }),
      });
      running.add(child);
      const url = await waitForUrl(child);
      const tokens = new Map<string, Promise<string>>();
      const createHeaders: ServerProcess['createHeaders'] = async (subject) => {
        const token = tokens.get(subject) ?? issuer.sign({ subject, name: null }, 3_600);
        tokens.set(subject, token);
        return { authorization: `Bearer ${await token}` };
      };
      const send: ServerProcess['send'] = async (subject, body) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(await createHeaders(subject)) },
          body: JSON.stringify(body),
        });
        const { data, errors } = (await response.json()) as Pick<GraphqlResponse<unknown>, 'data' | 'errors'>;
        return { status: response.status, data, errors };
      };
      return {
        url,
        createHeaders,
        send,
        as: (subject) =>
          createMutations({ send: (body) => send(subject, body as { query: string }) } satisfies Pick<
            TestClient,
            'send'
          >),
        end: (signal) => end(child, signal),
      };
    },
    remove: async () => {
      await Promise.all([...running].map((child) => end(child, 'SIGKILL')));
      await dropDatabase();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
