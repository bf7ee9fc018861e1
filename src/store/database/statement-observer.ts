import type { SqlMigrationAwareDriverAdapterFactory, SqlQueryable } from '@prisma/driver-adapter-utils';
import type { SqlClient } from './sql-client.ts';

/** A statement that Prisma ran: its text, its values, and how long it took, in milliseconds. */
export interface ObservedStatement {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly milliseconds: number;
}

/** Receives each statement that Prisma ran. */
export type StatementObserver = (statement: ObservedStatement) => void;

/** Wraps an adapter factory so that `observe` receives each statement. */
export function observeStatements(
  factory: SqlMigrationAwareDriverAdapterFactory,
  observe: StatementObserver,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => observeQueryable(await factory.connect(), observe),
    connectToShadowDb: () => factory.connectToShadowDb(),
  };
}

function observeQueryable<Target extends SqlQueryable>(target: Target, observe: StatementObserver): Target {
  return new Proxy(target, {
    get(inner, property) {
      const value: unknown = Reflect.get(inner, property);
      if (typeof value !== 'function') return value;
      if (property === 'queryRaw' || property === 'executeRaw')
        return async (query: { sql: string; args: unknown[] }) => {
          const start = performance.now();
          try {
            return await (value as (query: { sql: string; args: unknown[] }) => Promise<unknown>).call(inner, query);
          } finally {
            observe({ sql: query.sql, values: query.args, milliseconds: performance.now() - start });
          }
        };
      if (property === 'startTransaction')
        return async (...args: unknown[]) =>
          observeQueryable((await value.apply(inner, args)) as SqlQueryable, observe);
      return value.bind(inner) as unknown;
    },
  });
}

/** Wraps a transaction outside Prisma so that `observe` receives each of its statements. */
export function observeQuery(tx: SqlClient, observe: StatementObserver): SqlClient['query'] {
  return async (sql, values = []) => {
    const start = performance.now();
    try {
      return await tx.query(sql, values);
    } finally {
      observe({ sql, values, milliseconds: performance.now() - start });
    }
  };
}
