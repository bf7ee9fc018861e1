import type { Cell } from './cells.ts';
import type { LoadGenerator } from './load.ts';
import { startCpuClock, waitUntilIdle } from './processes.ts';

/** What was measured at a number of connections. */
export interface Measurement {
  readonly requestsPerSecond: number;
  /** Times of a request, in milliseconds */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of a request, in milliseconds */
  readonly serverCpu: number;
  readonly postgresqlCpu: number;
  readonly errors: number;
}

/** Medians of the rounds. */
export interface Medians {
  readonly one: Measurement;
  readonly many: Measurement;
}

export interface MeasureOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly postmasterPid: number;
  readonly generator: LoadGenerator;
  readonly onProgress: (line: string) => void;
}

export const MANY_CONNECTIONS = 32;

const WARM_UP_CONNECTIONS = 8;

/**
 * Measures the systems in turn, round after round, so that a drifting machine affects all; returns medians.
 *
 * @param cells the cells of each query
 */
export async function measure(
  cells: readonly (readonly Cell[])[],
  options: MeasureOptions,
): Promise<ReadonlyMap<Cell, Medians>> {
  const results = new Map(cells.flat().map((cell) => [cell, { one: [] as Measurement[], many: [] as Measurement[] }]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const cell of cells.flatMap((ofQuery) => rotate(ofQuery, round))) {
      const result = results.get(cell);
      if (round === 0) await warmUp(cell, options);
      const one = await measureOnce(cell, 1, options);
      const many = await measureOnce(cell, MANY_CONNECTIONS, options);
      result?.one.push(one);
      result?.many.push(many);
      const rates = [one, many].map(({ requestsPerSecond }) => requestsPerSecond.toFixed(0)).join(' and ');
      options.onProgress(`round ${round + 1}, ${cell.query}, ${cell.system.name}: ${rates} requests per second`);
    }
  }
  return new Map(
    [...results].map(([cell, { one, many }]) => [cell, { one: computeMedians(one), many: computeMedians(many) }]),
  );
}

/** Lets each round begin with another system. */
function rotate(cells: readonly Cell[], round: number): Cell[] {
  const first = round % cells.length;
  return [...cells.slice(first), ...cells.slice(0, first)];
}

async function warmUp({ server, bodiesFile }: Cell, { generator, postmasterPid }: MeasureOptions): Promise<void> {
  await generator.run({ url: server.url, bodies: bodiesFile, connections: WARM_UP_CONNECTIONS, seconds: 1 });
  await waitUntilIdle(server.pid, postmasterPid);
}

async function measureOnce(
  { server, bodiesFile }: Cell,
  connections: number,
  { seconds, postmasterPid, generator }: MeasureOptions,
): Promise<Measurement> {
  const readUsed = startCpuClock(server.pid, postmasterPid);
  const result = await generator.run({ url: server.url, bodies: bodiesFile, connections, seconds });
  const used = readUsed();
  await waitUntilIdle(server.pid, postmasterPid);
  const requests = Math.max(1, result.requests);
  return {
    requestsPerSecond: result.requests / result.seconds,
    p50: result.p50,
    p99: result.p99,
    serverCpu: used.server / requests,
    postgresqlCpu: used.postgresql / requests,
    errors: result.errors,
  };
}

function computeMedians(measurements: readonly Measurement[]): Measurement {
  const medianOf = (read: (measurement: Measurement) => number): number => median(measurements.map(read));
  return {
    requestsPerSecond: medianOf(({ requestsPerSecond }) => requestsPerSecond),
    p50: medianOf(({ p50 }) => p50),
    p99: medianOf(({ p99 }) => p99),
    serverCpu: medianOf(({ serverCpu }) => serverCpu),
    postgresqlCpu: medianOf(({ postgresqlCpu }) => postgresqlCpu),
    errors: measurements.reduce((total, { errors }) => total + errors, 0),
  };
}

/** Returns the value in the middle; of an even number of values, the greater of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}
