import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadGenerator } from './load.ts';
import type { QueryName } from './queries.ts';
import { createCells, waitForMemory, type StatementCounter } from './cells.ts';
import { productSystem, startServer } from './servers.ts';
import type { VariablesByQuery } from './variables.ts';
import type { Defer } from './with-clean-up.ts';

const hook = new URL('profile-hook.ts', import.meta.url).href;
const CONNECTIONS = 4;
const WARM_UP_SECONDS = 2;
const WRITE_TIMEOUT_MS = 30_000;

export interface ProfileOptions {
  readonly profile: readonly QueryName[];
  readonly seconds: number;
  readonly databaseUrl: string;
  readonly statements: StatementCounter;
  readonly variables: VariablesByQuery;
  /** Folder for the requests */
  readonly folder: string;
  readonly generator: LoadGenerator;
  readonly defer: Defer;
}

/** Writes a CPU profile of resh-graph under each query to the temporary folder, and returns their files. */
export async function profileProduct(options: ProfileOptions): Promise<string[]> {
  const files: string[] = [];
  for (const query of options.profile) files.push(await profileQuery(query, options));
  return files;
}

async function profileQuery(query: QueryName, options: ProfileOptions): Promise<string> {
  const { seconds, databaseUrl, statements, variables, folder, generator, defer } = options;
  const file = join(tmpdir(), `resh-graph-${query}-${process.pid}.cpuprofile`);
  const server = await startServer(productSystem.server, {
    databaseUrl,
    defer,
    nodeOptions: ['--import', 'tsx', '--import', hook],
    environment: { PROFILE_FILE: file },
  });
  try {
    const [cells = []] = await createCells([query], new Map([[productSystem, server]]), variables, folder);
    await waitForMemory(cells, statements);
    const load = { url: server.url, bodies: cells[0]?.bodiesFile ?? '', connections: CONNECTIONS };
    await generator.run({ ...load, seconds: WARM_UP_SECONDS });
    server.signal('SIGUSR2');
    await sleep(200);
    await generator.run({ ...load, seconds });
    server.signal('SIGUSR2');
    const giveUpAt = Date.now() + WRITE_TIMEOUT_MS;
    while (!existsSync(file) && Date.now() < giveUpAt) await sleep(100);
    await sleep(500);
    return file;
  } finally {
    await server.stop();
  }
}
