import { median } from '../reading/measure.ts';
import type { StartedServer } from '../reading/servers.ts';
import { measureMs } from './measure-ms.ts';

const LINE_FEED = 10;

/**
 * Measures the download of units.csv; returns the median, in seconds.
 *
 * @throws if it has not a line for each unit
 */
export async function measureExtract({ url }: StartedServer, units: number, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let lines = 0;
    const time = await measureMs(async () => {
      const { body } = await fetch(`${url}/extracts/units.csv`, { headers: { 'accept-encoding': 'identity' } });
      await body?.pipeTo(new WritableStream({ write: (chunk) => void (lines += countLines(chunk)) }));
    });
    if (lines !== units + 1) throw new Error(`units.csv has ${lines} lines instead of ${units + 1}.`);
    times.push(time);
  }
  return median(times) / 1_000;
}

function countLines(chunk: Uint8Array): number {
  let count = 0;
  let index = chunk.indexOf(LINE_FEED);
  while (index >= 0) {
    count += 1;
    index = chunk.indexOf(LINE_FEED, index + 1);
  }
  return count;
}
