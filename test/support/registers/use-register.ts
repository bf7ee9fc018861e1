import type { Day } from '../../../src/domain/time/day.ts';
import type { Database } from '../../../src/store/database/database.ts';
import type { StatementObserver } from '../../../src/store/database/statement-observer.ts';
import { openTestDatabase } from '../database/database.ts';
import { createClient, type TestClient } from '../http/client.ts';
import { worldDay } from '../world/world.ts';
import { useOpened } from './use-opened.ts';

/** A register, and a client without a token. */
export interface TestRegister {
  readonly database: Database;
  readonly client: TestClient;
}

interface RegisterOptions {
  /** By default, opens an empty register */
  readonly open?: () => Promise<Database>;
  readonly fill?: (database: Database) => Promise<unknown>;
  readonly observe?: StatementObserver;
  readonly today?: Day;
}

/** Opens a register before the tests of a file or block, and closes it after them. */
export function useRegister({ open, fill, observe, today = worldDay }: RegisterOptions = {}): TestRegister {
  const register = useOpened(async () => {
    const database = await (open?.() ?? openTestDatabase(observe ? { observe } : {}));
    await fill?.(database);
    return { database, client: createClient(database, { today }), close: () => database.close() };
  });
  return {
    get database() {
      return register().database;
    },
    client: {
      execute: (document, ...variables) => register().client.execute(document, ...variables),
      query: (document, ...variables) => register().client.query(document, ...variables),
      send: (body) => register().client.send(body),
    },
  };
}
