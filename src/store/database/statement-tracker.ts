import type { SqlClient } from './sql-client.ts';

/** Runs the statements of one transaction, and knows whether all of them succeeded. */
export interface TrackedClient extends SqlClient {
  /** Waits for all statements so far; throws the error of the first one that failed */
  settle(): Promise<void>;
}

/**
 * Tracks the statements of a transaction, awaited or not. After one has failed, the database refuses the others; they
 * then fail with the error of the first.
 */
export function trackStatements(client: SqlClient): TrackedClient {
  const running = new Set<Promise<unknown>>();
  let failure: { readonly error: unknown } | undefined;
  const run = async (text: string, values?: readonly unknown[]) => {
    try {
      return await client.query(text, values);
    } catch (error) {
      failure ??= { error };
      throw failure.error;
    }
  };
  return {
    query: (text, values) => {
      const result = run(text, values);
      const ended: Promise<unknown> = result.catch(() => {}).finally(() => running.delete(ended));
      running.add(ended);
      return result as never;
    },
    settle: async () => {
      await Promise.all(running);
      if (failure) throw failure.error;
    },
  };
}
