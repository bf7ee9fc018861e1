import type { StatementObserver } from '../../src/store/observe-statements.ts';

const isTransactionControl = (sql: string): boolean =>
  /^\s*(begin|start transaction|commit|rollback|savepoint|release)\b/i.test(sql);

/** Hears of statements and keeps those that ask or change something: BEGIN, COMMIT and their like are left out. */
export interface StatementCounter {
  /** Hand this to `openTestDatabase({ observe })` */
  readonly observe: StatementObserver;
  /** What ran during `work`, in order, beside its result; one `during` at a time */
  during<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly statements: readonly string[] }>;
}

export const countStatements = (): StatementCounter => {
  let heard: string[] | undefined;
  return {
    observe: ({ sql }) => {
      if (!isTransactionControl(sql)) heard?.push(sql);
    },
    during: async (work) => {
      if (heard) throw new Error('Statements are being counted already; counts of two at once would mix.');
      const statements: string[] = (heard = []);
      try {
        return { result: await work(), statements };
      } finally {
        heard = undefined;
      }
    },
  };
};
