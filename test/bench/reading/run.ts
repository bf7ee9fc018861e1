import { describeMachine, OptionsError, printProgress, runBenchmark } from '../command-line.ts';
import { startBenchCluster } from './bench-cluster.ts';
import { compareAnswers, createCells, createStatementCounter, waitForMemory, type Cell } from './cells.ts';
import { generateTree } from './generate-tree.ts';
import { chooseLoadGenerator, type LoadGenerator } from './load.ts';
import { loadPeerDatabase, loadProductDatabase } from './load-data.ts';
import { MANY_CONNECTIONS, measure } from './measure.ts';
import { readOptions, type Options } from './options.ts';
import { recordPastRevision } from './past-revision.ts';
import { installPeers } from './peer-packages.ts';
import { profileProduct } from './profile.ts';
import { measureRepeated } from './repeated.ts';
import { startServer, systems, type Server, type StartedServer, type System } from './servers.ts';
import { formatTable, type Row } from './table.ts';
import { chooseVariables, withRevision, type VariablesByQuery } from './variables.ts';
import { createTemporaryFolder, type Defer } from './with-clean-up.ts';

type DatabaseUrls = Readonly<Record<Server['database'], string>>;

// Measures resh-graph beside its peers: every system has the same rows, and answers are compared before they are timed.
// Absolute figures depend on the machine; ratios of one run are comparable.
await runBenchmark(() => readOptions(process.argv.slice(2)), run);

async function run(options: Options, defer: Defer): Promise<void> {
  await installPeers(printProgress);
  const generator = await chooseLoadGenerator();
  const cluster = await startBenchCluster(defer);
  printProgress(`Loading ${formatCount(options.units)} units into PostgreSQL ${cluster.version}.`);
  const tree = generateTree(options.units);
  const databases = {
    peers: await cluster.createDatabase('peers'),
    product: await cluster.createDatabase('product'),
  };
  await loadPeerDatabase(databases.peers, tree);
  await loadProductDatabase(databases.product, tree);

  const plainVariables = chooseVariables(tree);
  const { revision, pastNames } = await recordPastRevision(databases.product, tree, plainVariables);
  const variables = withRevision(plainVariables, revision);

  const context = { options, databases, variables, pastNames, generator, postmasterPid: cluster.pid(), defer };
  if (options.profile.length > 0) await profile(context);
  else await compare(context);
  printProgress(
    `${formatCount(options.units)} units, PostgreSQL ${cluster.version}, load by ${generator.name}; ` +
      `${describeMachine()}.`,
  );
}

interface Context {
  readonly options: Options;
  readonly databases: DatabaseUrls;
  readonly variables: VariablesByQuery;
  readonly pastNames: ReadonlyMap<string, string>;
  readonly generator: LoadGenerator;
  readonly postmasterPid: number;
  readonly defer: Defer;
}

async function profile({ options, databases, variables, generator, defer }: Context): Promise<void> {
  const statements = await createStatementCounter(databases);
  defer(() => statements.close());
  const files = await profileProduct({
    ...options,
    databaseUrl: databases.product,
    statements,
    variables,
    folder: await createTemporaryFolder(defer),
    generator,
    defer,
  });
  for (const file of files) process.stdout.write(`${file}\n`);
}

async function compare(context: Context): Promise<void> {
  const { options, databases, variables, generator, postmasterPid, defer } = context;
  const servers = await startServers(options, databases, defer);
  const cells = await createCells(options.only, servers, variables, await createTemporaryFolder(defer));
  const bytes = new Map<Cell, number>();
  for (const ofQuery of cells) {
    for (const [cell, length] of await compareAnswers(ofQuery, context.pastNames)) bytes.set(cell, length);
  }
  printProgress('All answers are equal.');

  const counter = await createStatementCounter(databases);
  defer(() => counter.close());
  await waitForMemory(cells.flat(), counter);
  const statements = new Map<Cell, number>();
  for (const cell of cells.flat()) statements.set(cell, await counter.count(cell));

  const medians = await measure(cells, { ...options, postmasterPid, generator, onProgress: printProgress });
  const rows = [...medians].map(([cell, ofCell]): Row => {
    const figures = { ...ofCell, statements: statements.get(cell) ?? 0, bytes: bytes.get(cell) ?? 0 };
    return { ...cell, figures };
  });
  process.stdout.write(`\n${formatTable(rows)}\n\n`);
  if (!options.peers.test('resh-graph')) return;
  const repeated = await measureRepeated({
    ...options,
    names: options.only,
    databaseUrl: databases.product,
    variables,
    generator,
    defer,
    onProgress: printProgress,
  });
  process.stdout.write(`Repeated requests per second at ${MANY_CONNECTIONS} connections:\n\n${repeated}\n\n`);
}

/** Starts the servers of the chosen systems, one for those that share it. */
async function startServers(
  { peers }: Options,
  databases: DatabaseUrls,
  defer: Defer,
): Promise<Map<System, StartedServer>> {
  const started = new Map<Server, StartedServer>();
  const servers = new Map<System, StartedServer>();
  for (const system of systems.filter(({ name }) => peers.test(name))) {
    let server = started.get(system.server);
    if (!server) {
      printProgress(`Starting ${system.name}.`);
      server = await startServer(system.server, { databaseUrl: databases[system.server.database], defer });
      started.set(system.server, server);
    }
    servers.set(system, server);
  }
  if (servers.size === 0) throw new OptionsError(`--peers matches none of: ${listNames().join('; ')}.`);
  return servers;
}

function listNames(): string[] {
  return systems.map(({ name }) => name);
}

function formatCount(count: number): string {
  return count.toLocaleString('en');
}
