import { describeMachine, printProgress, runBenchmark } from '../command-line.ts';
import { chooseLoadGenerator } from '../reading/load.ts';
import { installPeers } from '../reading/peer-packages.ts';
import type { Defer } from '../reading/with-clean-up.ts';
import type { Figures } from './figures.ts';
import { measureSize } from './measure-size.ts';
import { readOptions, type Options } from './options.ts';
import { formatFigures, formatGrowth } from './table.ts';

await runBenchmark(() => readOptions(process.argv.slice(3)), run);

async function run({ sizes, ...options }: Options, defer: Defer): Promise<void> {
  await installPeers(printProgress);
  const generator = await chooseLoadGenerator();
  const figures: Figures[] = [];
  for (const units of sizes) {
    figures.push(await measureSize(units, { ...options, generator, defer, onProgress: printProgress }));
    // The next size takes longer, and may fail.
    if (figures.length < sizes.length) printProgress(formatFigures(figures));
  }
  const tables = [formatFigures(figures), ...(figures.length > 1 ? [formatGrowth(figures)] : [])];
  process.stdout.write(`\n${tables.join('\n\n')}\n\n`);
  printProgress(`Load by ${generator.name}; ${describeMachine()}.`);
}
