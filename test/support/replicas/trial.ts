import { setTimeout as sleep } from 'node:timers/promises';
import { kongsvinger } from '../../../src/demo/organizations.ts';
import { createExpectedStates } from './expected-states.ts';
import { interrupt, interruptions } from './interruptions.ts';
import { createKeepAliveClient } from './keep-alive-client.ts';
import { countTransactions, watchLedger } from './ledger-watch.ts';
import { createUnit, formatName, parseCreated } from './operations.ts';
import { readUntil, send, writeUntil, type TrialClients } from './trial-clients.ts';
import { startTrialRegister, type TrialRegister } from './trial-register.ts';

const PROCESSES = 2;
const REPLICAS = 2;
const WRITERS = 16;
const READERS = 32;
const PROGRESS_INTERVAL_MS = 10_000;
const PRINTED_PROBLEMS = 20;

export interface TrialOptions {
  /** Reads over HTTP; the trial goes on until every interruption is over */
  readonly reads: number;
  readonly units: number;
  /** Time between two changes of a writer */
  readonly writerPauseMs: number;
  readonly defer: (cleanUp: () => Promise<void>) => void;
  readonly onProgress: (line: string) => void;
}

/** What happened in a trial. */
export interface TrialReport {
  readonly reads: number;
  readonly revisions: number;
  readonly seconds: number;
  readonly slowestMs: number;
  /** Statements that each server ran, the primary first */
  readonly statements: readonly number[];
  /** How often the ledger was compared with its length on a server */
  readonly ledgerChecks: number;
  readonly interruptions: readonly { readonly name: string; readonly secondsUntilRead: number }[];
  /** What no client may see: errors, gaps, states that never were, revisions below the minimum */
  readonly problems: readonly string[];
}

/**
 * Reads and writes through two processes on a primary and two replicas, while replicas are cut off and brought back,
 * and compares everything that was read with what was written.
 */
export async function runTrial({ reads, writerPauseMs, onProgress, ...options }: TrialOptions): Promise<TrialReport> {
  onProgress('Starting a primary, two replicas and two processes.');
  const register = await startTrialRegister({ ...options, replicas: REPLICAS, processes: PROCESSES });
  const problems: string[] = [];
  const clients = await createClients(register, (problem) => {
    problems.push(problem);
    if (problems.length <= PRINTED_PROBLEMS) onProgress(problem);
  });
  options.defer(async () => clients.http.close());
  const servers = [register.primary, ...register.replicas];
  const urls = servers.map(register.databaseUrl);
  const watch = watchLedger(urls);
  const startedAt = performance.now();
  const stopWriters = new AbortController();
  const writing = Promise.all(
    clients.reshIds.map((_, writer) => writeUntil(clients, writer, writerPauseMs, stopWriters.signal)),
  );
  let started = 0;
  let isInterrupting = true;
  const statements = new Map<string, number>(urls.map((url) => [url, 0]));
  const next = (): boolean => {
    started += 1;
    return started <= reads || isInterrupting;
  };
  const reading = Promise.all(Array.from({ length: READERS }, (_, reader) => readUntil(clients, reader, next)));
  const timer = setInterval(
    () => onProgress(formatProgress(started, clients, problems.length, startedAt)),
    PROGRESS_INTERVAL_MS,
  );
  try {
    const interrupted = await interruptAll(register, onProgress, (part) => waitUntil(() => started >= part * reads));
    isInterrupting = false;
    await reading;
    stopWriters.abort();
    await writing;
    const seconds = (performance.now() - startedAt) / 1_000;
    for (const url of urls) statements.set(url, await countTransactions(url));
    const { checks, gaps } = await watch.stop();
    return {
      reads: started - READERS,
      revisions: clients.expected.newestKnown() - clients.firstRevision,
      seconds,
      slowestMs: clients.slowestMs,
      statements: [...statements.values()],
      ledgerChecks: checks,
      interruptions: interrupted,
      problems: [...problems, ...gaps, ...clients.expected.findDifferences()],
    };
  } finally {
    clearInterval(timer);
    isInterrupting = false;
    started = Infinity;
    stopWriters.abort();
    await watch.stop();
    await Promise.all([reading, writing]);
  }
}

/** Creates a unit for each writer. */
async function createClients(register: TrialRegister, report: TrialClients['report']): Promise<TrialClients> {
  const { urls, operatorHeaders } = register;
  const clients = { http: createKeepAliveClient(), urls, operatorHeaders, report, slowestMs: 0 };
  const creation = { ...clients, expected: createExpectedStates(0, []), firstRevision: 0, reshIds: [] };
  const reshIds: number[] = [];
  let firstRevision = 0;
  for (let writer = 0; writer < WRITERS; writer += 1) {
    const variables = { parentReshId: kongsvinger.reshId, name: formatName(writer, 0) };
    const created = parseCreated(await send(creation, writer, createUnit, variables, operatorHeaders));
    reshIds.push(created.reshId);
    firstRevision = created.revision;
  }
  const initialValues = reshIds.map(() => 0);
  return { ...clients, reshIds, firstRevision, expected: createExpectedStates(firstRevision, initialValues) };
}

/** Cuts replicas off one after the other, spread over the trial. */
async function interruptAll(
  { replicas, databaseUrl }: TrialRegister,
  onProgress: (line: string) => void,
  waitForPart: (part: number) => Promise<void>,
): Promise<TrialReport['interruptions']> {
  const interrupted: { readonly name: string; readonly secondsUntilRead: number }[] = [];
  for (const [index, interruption] of interruptions.entries()) {
    await waitForPart((index + 1) / (interruptions.length + 1));
    const replica = replicas[interruption.replica];
    if (!replica) throw new Error(`There is no replica ${interruption.replica}.`);
    onProgress(`Replica ${interruption.replica + 1}: ${interruption.name}.`);
    const secondsUntilRead = await interrupt(interruption, replica, databaseUrl(replica));
    onProgress(`Replica ${interruption.replica + 1} is read from again after ${secondsUntilRead.toFixed(0)} s.`);
    interrupted.push({ name: interruption.name, secondsUntilRead });
  }
  return interrupted;
}

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

function formatProgress(
  reads: number,
  { expected, firstRevision }: TrialClients,
  problemCount: number,
  startedAt: number,
): string {
  const seconds = (performance.now() - startedAt) / 1_000;
  const revisions = expected.newestKnown() - firstRevision;
  return (
    `${reads.toLocaleString('en')} reads, ${revisions.toLocaleString('en')} revisions, ` +
    `${Math.round(reads / seconds)} reads/s, ${problemCount} problems`
  );
}
