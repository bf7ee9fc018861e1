import type { Connection } from '../../src/store/database/connection.ts';
import type { ObservedStatement } from '../../src/store/database/statement-observer.ts';

/** Where the time of a change goes when no other one runs, in milliseconds. */
export const phases = {
  before: 'before the transaction',
  lock: 'lock',
  load: 'load',
  plan: 'plan',
  write: 'write',
  commit: 'commit',
  payload: 'payload',
} as const;
type Phase = keyof typeof phases;
export type PhaseTimes = Readonly<Record<Phase, number>>;

/** Instants of the change that is being observed, in milliseconds. */
interface Marks {
  begun: number;
  locked: number;
  loaded: number;
  firstSent: number;
  written: number;
  committed: number;
}

/** Observes the statements and transactions of a database. */
export interface ChangeObserver {
  readonly observe: (statement: ObservedStatement) => void;
  /** Returns a connection whose transactions are observed */
  readonly observeTransactions: (connection: Connection) => Connection;
  /** Returns the numbers of statements and of transactions since the last call */
  readonly takeCounts: () => { readonly statements: number; readonly transactions: number };
  /** Runs one change at a time, and returns the mean of each phase */
  readonly measurePhases: (changes: number, change: () => Promise<unknown>) => Promise<PhaseTimes>;
}

export function createChangeObserver(): ChangeObserver {
  let [statements, transactions] = [0, 0];
  let marks = createMarks();
  const observeTransactions = (connection: Connection): Connection => ({
    ...connection,
    transaction: async (work) => {
      transactions += 1;
      marks.begun = performance.now();
      const result = await connection.transaction(work);
      marks.committed = performance.now();
      return result;
    },
  });
  const measurePhase = async (change: () => Promise<unknown>): Promise<PhaseTimes> => {
    marks = createMarks();
    const start = performance.now();
    await change();
    const { begun, locked, loaded, firstSent, written, committed } = marks;
    return {
      before: begun - start,
      lock: locked - begun,
      load: loaded - locked,
      plan: firstSent - loaded,
      write: written - firstSent,
      commit: committed - written,
      payload: performance.now() - committed,
    };
  };
  return {
    observe: ({ sql, milliseconds }) => {
      statements += 1;
      mark(marks, /-- (.*)/.exec(sql)?.[1] ?? '', performance.now(), milliseconds);
    },
    observeTransactions,
    takeCounts: () => {
      const counts = { statements, transactions };
      [statements, transactions] = [0, 0];
      return counts;
    },
    measurePhases: async (changes, change) => {
      const times: PhaseTimes[] = [];
      for (let n = 0; n < changes; n += 1) times.push(await measurePhase(change));
      return averagePhases(times);
    },
  };
}

function createMarks(): Marks {
  return { begun: 0, locked: 0, loaded: 0, firstSent: 0, written: 0, committed: 0 };
}

function mark(marks: Marks, name: string, end: number, milliseconds: number): void {
  // Statements before the transaction authorize the change; those after it read the payload.
  if (marks.begun === 0 || marks.committed > 0) return;
  if (name === 'lock the register') marks.locked = end;
  else if (name === 'start of a change') marks.loaded = end;
  else {
    if (marks.firstSent === 0) marks.firstSent = end - milliseconds;
    marks.written = end;
  }
}

function averagePhases(times: readonly PhaseTimes[]): PhaseTimes {
  const average = (phase: Phase) => times.reduce((sum, each) => sum + each[phase], 0) / times.length;
  return {
    before: average('before'),
    lock: average('lock'),
    load: average('load'),
    plan: average('plan'),
    write: average('write'),
    commit: average('commit'),
    payload: average('payload'),
  };
}
