import type { StatementObserver } from '../../../src/store/database/statement-observer.ts';

/** Hears of statements and keeps those that ask or change something: BEGIN, COMMIT and their like are left out. */
export interface StatementCounter {
  /** Hand this to `openTestDatabase({ observe })` */
  readonly observe: StatementObserver;
  /** What ran during `work`, in order, beside its result, and how much of it ran at once; one `during` at a time */
  during<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly statements: readonly string[]; readonly maxConcurrent: number }>;
}

interface TimedStatement {
  readonly sql: string;
  readonly start: number;
  readonly end: number;
}

export function createStatementCounter(): StatementCounter {
  let observed: TimedStatement[] | undefined;
  return {
    observe: ({ sql, milliseconds }) => {
      const end = performance.now();
      if (!isTransactionControl(sql)) observed?.push({ sql, start: end - milliseconds, end });
    },
    during: async (work) => {
      if (observed) throw new Error('Statements are being counted already; counts of two at once would mix.');
      const recorded: TimedStatement[] = (observed = []);
      try {
        const result = await work();
        return { result, statements: recorded.map(({ sql }) => sql), maxConcurrent: countMaxConcurrent(recorded) };
      } finally {
        observed = undefined;
      }
    },
  };
}

function isTransactionControl(sql: string): boolean {
  return /^\s*(begin|start transaction|commit|rollback|savepoint|release)\b/i.test(sql);
}

function countMaxConcurrent(timedStatements: readonly TimedStatement[]): number {
  return Math.max(
    0,
    ...timedStatements.map(
      ({ start }) => timedStatements.filter((each) => each.start <= start && each.end > start).length,
    ),
  );
}
