import { setFlagsFromString } from 'node:v8';
import { ignoreClosedPipes } from './cli/closed-pipes.ts';
import { findConfigWarnings, readConfig, type Config } from './config.ts';
import { formatDemoUsers } from './demo/available-users.ts';
import { createLog } from './server/log.ts';
import { explainStartError } from './server/start-errors.ts';
import { start } from './server/start.ts';
import { stopOnSignals } from './server/stop-on-signals.ts';

ignoreClosedPipes();
try {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  for (const warning of findConfigWarnings(process.env)) log.warn(warning);
  const server = await start(config, log, printLine);
  // Otherwise V8 lets the heap grow to several times what is in use: reading a large register leaves 100 MB of garbage.
  setFlagsFromString('--heap-growing-percent=50');
  printLine(`
resh-graph is ready.
  GraphiQL and API  ${server.url}/graphql
  Extracts          ${server.url}/extracts/units.csv and others
  Health            ${server.url}/health
  Register          ${formatDatabase(config.database)}${formatDemoUsers(server.demoUsers)}
Stop with Ctrl+C.`);
  stopOnSignals(() => server.stop());
} catch (error) {
  process.stderr.write(`${explainStartError(error)}\n`);
  process.exitCode = 1;
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function formatDatabase(database: Config['database']): string {
  if (database.kind === 'server') return 'PostgreSQL server (DATABASE_URL)';
  return `embedded, in ${database.folder ?? 'memory'}`;
}
