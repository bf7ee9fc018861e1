import type { StatementObserver } from '../../src/store/database/statement-observer.ts';

const isTransactionControl = (sql: string): boolean =>
  /^\s*(begin|start transaction|commit|rollback|savepoint|release)\b/i.test(sql);

/** Hears of statements and keeps those that ask or change something: BEGIN, COMMIT and their like are left out. */
export interface StatementCounter {
  /** Hand this to `openTestDatabase({ observe })` */
  readonly observe: StatementObserver;
  /** What ran during `work`, in order, beside its result, and how much of it ran at once; one `during` at a time */
  during<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly statements: readonly string[]; readonly mostAtOnce: number }>;
}

interface Run {
  readonly sql: string;
  readonly start: number;
  readonly end: number;
}
const mostAtOnce = (runs: readonly Run[]): number =>
  Math.max(0, ...runs.map(({ start }) => runs.filter((each) => each.start <= start && each.end > start).length));

export const countStatements = (): StatementCounter => {
  let heard: Run[] | undefined;
  return {
    observe: ({ sql, milliseconds }) => {
      const end = performance.now();
      if (!isTransactionControl(sql)) heard?.push({ sql, start: end - milliseconds, end });
    },
    during: async (work) => {
      if (heard) throw new Error('Statements are being counted already; counts of two at once would mix.');
      const ran: Run[] = (heard = []);
      try {
        const result = await work();
        return { result, statements: ran.map(({ sql }) => sql), mostAtOnce: mostAtOnce(ran) };
      } finally {
        heard = undefined;
      }
    },
  };
};
