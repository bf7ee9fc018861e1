import type { StatementObserver } from '../../../src/store/database/statement-observer.ts';

/** Records the statements that read or change something; BEGIN, COMMIT and the like are left out. */
export interface StatementCounter {
  /** Pass this to `openTestDatabase({ observe })` */
  readonly observe: StatementObserver;
  /** Runs `work`; returns its result, its statements in order, and how many of them ran at once. One call at a time */
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

/** Returns the name of a statement, from the comment on its first line; without one, the statement itself. */
export function readStatementName(sql: string): string {
  return /-- (.*)/.exec(sql)?.[1] ?? sql;
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
