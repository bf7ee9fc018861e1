import { median } from './reading/measure.ts';

/** One way to get a result. */
export interface Contender {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

interface Figures {
  readonly name: string;
  /** Median time of a run, in milliseconds */
  readonly median: number;
  /** Median of the ratios to the first contender in the same round */
  readonly ratio: number;
}

/**
 * Times contenders in turn, round after round, so that a drifting machine speed affects all equally.
 *
 * @returns figures of each contender; the ratio of the first is 1
 */
export async function compare(contenders: readonly Contender[], rounds = 15): Promise<Figures[]> {
  for (const { run } of contenders) await run();
  const times: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const roundTimes: number[] = [];
    for (const { run } of contenders) roundTimes.push(await measureTime(run));
    times.push(roundTimes);
  }
  return contenders.map(({ name }, index) => ({
    name,
    median: median(times.map((roundTimes) => roundTimes[index] ?? 0)),
    ratio: median(times.map((roundTimes) => (roundTimes[index] ?? 0) / (roundTimes[0] ?? 1))),
  }));
}

async function measureTime(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Formats the figures as a table. */
export function formatTable(title: string, figures: readonly Figures[]): string {
  return [
    title,
    ...figures.map(
      ({ name, median: time, ratio }) =>
        `  ${name.padEnd(58)} ${time.toFixed(2).padStart(9)} ms ${`×${ratio.toFixed(2)}`.padStart(8)}`,
    ),
  ].join('\n');
}
