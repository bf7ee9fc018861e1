import { describeMachine, printProgress, runBenchmark } from '../command-line.ts';
import { startBenchCluster } from '../reading/bench-cluster.ts';
import { compareAnswers, createCells } from '../reading/cells.ts';
import { fetchFromMemory } from '../reading/fetch-from-memory.ts';
import { runResh } from '../reading/import-files.ts';
import { settleDatabase } from '../reading/load-data.ts';
import { chooseLoadGenerator } from '../reading/load.ts';
import { measure } from '../reading/measure.ts';
import { installPeers } from '../reading/peer-packages.ts';
import { productSystem, startServer, type System } from '../reading/servers.ts';
import { chooseVariables, formatPath } from '../reading/variables.ts';
import { createTemporaryFolder, type Defer } from '../reading/with-clean-up.ts';
import { readOptions, type Options } from './options.ts';
import { readRegisterUnits } from './register-units.ts';
import { formatComparison } from './table.ts';

const postgresql: System = { ...productSystem, name: 'PostgreSQL' };
const embedded: System = { ...productSystem, name: 'embedded' };
const MEMORY_PAUSE_MS = 200;

await runBenchmark(() => readOptions(process.argv.slice(3)), run);

async function run(options: Options, defer: Defer): Promise<void> {
  await installPeers(printProgress);
  const generator = await chooseLoadGenerator();
  const cluster = await startBenchCluster(defer);
  const databaseUrl = await cluster.createDatabase('demo');
  printProgress('Creating the demo register, twice.');
  await runResh(['demo'], { DATABASE_URL: databaseUrl });
  await settleDatabase(databaseUrl);
  const folder = await createTemporaryFolder(defer);
  const servers = new Map([
    [postgresql, await startServer(postgresql.server, { databaseUrl, defer, environment: { DATA_DIR: folder } })],
    // An empty embedded register gets the demo register.
    [embedded, await startServer(embedded.server, { defer, environment: { DATA_DIR: folder } })],
  ]);
  const [url = ''] = [...servers.values()].map((server) => server.url);
  const variables = chooseVariables({ units: await readRegisterUnits(url) });
  const cells = await createCells(['Q1', 'Q2', 'Q3', 'Q4'], servers, variables, folder);
  for (const ofQuery of cells) await compareAnswers(ofQuery, new Map());
  for (const { server, bodies } of cells.flat())
    await fetchFromMemory(`${server.url}${formatPath(bodies[0] ?? '')}`, MEMORY_PAUSE_MS);
  const medians = await measure(cells, {
    ...options,
    postmasterPid: cluster.pid(),
    generator,
    onProgress: printProgress,
  });
  process.stdout.write(`\n${formatComparison(cells, medians)}\n\n`);
  printProgress(`PostgreSQL ${cluster.version}, load by ${generator.name}; ${describeMachine()}.`);
}
