import { setTimeout as sleep } from 'node:timers/promises';
import type { ExpectedStates } from './expected-states.ts';
import type { KeepAliveClient } from './keep-alive-client.ts';
import {
  formatName,
  parseFeed,
  parsePast,
  parseRename,
  parseState,
  readFeed,
  readFromDatabase,
  readFromMemory,
  readPast,
  rename,
} from './operations.ts';

/** What the readers and writers of a trial share. */
export interface TrialClients {
  readonly http: KeepAliveClient;
  readonly urls: readonly string[];
  readonly operatorHeaders: Readonly<Record<string, string>>;
  readonly expected: ExpectedStates;
  readonly firstRevision: number;
  /** The writers' units, one each */
  readonly reshIds: readonly number[];
  /** Notes a problem that a client finds */
  readonly report: (problem: string) => void;
  /** Slowest request so far, in milliseconds */
  slowestMs: number;
}

/** Sends an operation to one of the processes, and returns its data; notes what is wrong with the answer. */
export async function send(
  clients: TrialClients,
  process: number,
  query: string,
  variables: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const startedAt = performance.now();
  const url = clients.urls[process % clients.urls.length] ?? '';
  const { status, body } = await clients.http.post(url, headers, JSON.stringify({ query, variables }));
  clients.slowestMs = Math.max(clients.slowestMs, performance.now() - startedAt);
  const { data, errors } = JSON.parse(body) as { data?: unknown; errors?: unknown };
  if (status !== 200 || errors !== undefined) throw new Error(`A client got an error: ${status} ${body.slice(0, 300)}`);
  return data;
}

/** Renames a writer's unit to the next value until the signal, through the processes in turn. */
export async function writeUntil(
  clients: TrialClients,
  writer: number,
  pauseMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (let value = 1; !signal.aborted; value += 1) {
    const variables = { reshId: clients.reshIds[writer], name: formatName(writer, value) };
    try {
      const data = await send(clients, writer + value, rename, variables, clients.operatorHeaders);
      clients.expected.record(parseRename(data), writer, value);
    } catch (error) {
      clients.report(`A change failed: ${String(error)}`);
      return;
    }
    await sleep(pauseMs);
  }
}

const reads = [
  // Nine of ten reads are answered from memory.
  ...Array.from({ length: 27 }, () => readState(readFromMemory)),
  readState(readFromDatabase),
  readPastState,
  readFeedPage,
];

/**
 * Reads until `next` says that there is enough, each read through another process than the one before, and with
 * X-Min-Revision: the newest revision that any client has received from any process.
 */
export async function readUntil(clients: TrialClients, reader: number, next: () => boolean): Promise<void> {
  for (let n = reader; next(); n += 1) {
    const minimum = clients.expected.newestKnown();
    const read = reads[n % reads.length] ?? readFeedPage;
    try {
      const revision = await read(clients, Math.floor(n / reads.length) + n, minimum);
      if (revision < minimum) clients.report(`A reader with minimum ${minimum} saw revision ${revision}.`);
      clients.expected.noteKnown(revision);
    } catch (error) {
      clients.report(`A read failed: ${String(error)}`);
    }
  }
}

/** Reads through a process, and returns the newest revision that it showed. */
type Read = (clients: TrialClients, process: number, minimum: number) => Promise<number>;

function readState(query: string): Read {
  return async (clients, process, minimum) => {
    const data = await send(clients, process, query, { reshIds: clients.reshIds }, minRevision(minimum));
    const { revision, values } = parseState(data);
    clients.expected.noteRead(revision, values);
    return revision;
  };
}

async function readPastState(clients: TrialClients, process: number, minimum: number): Promise<number> {
  const revision = clients.firstRevision + Math.floor(Math.random() * (minimum - clients.firstRevision + 1));
  const variables = { reshIds: clients.reshIds, revision };
  const { newest, past } = parsePast(await send(clients, process, readPast, variables, minRevision(minimum)));
  if (past.revision !== revision) clients.report(`Revision ${past.revision} was read instead of ${revision}.`);
  clients.expected.noteRead(revision, past.values);
  return newest;
}

async function readFeedPage(clients: TrialClients, process: number, minimum: number): Promise<number> {
  const since = Math.max(clients.firstRevision, minimum - 10);
  const data = await send(clients, process, readFeed, { since }, minRevision(minimum));
  const { newest, revisions } = parseFeed(data, since);
  const whole = Array.from({ length: Math.min(20, newest - since) }, (_, index) => since + 1 + index);
  if (revisions.join() !== whole.join())
    clients.report(`The feed after ${since} at revision ${newest} has ${revisions.join()}.`);
  return newest;
}

function minRevision(minimum: number): Readonly<Record<string, string>> {
  return { 'x-min-revision': String(minimum) };
}
