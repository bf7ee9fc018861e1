import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalIssuer } from '../../../src/auth/tokens/local-issuer.ts';
import { loadDemo } from '../../../src/demo/load-demo.ts';
import { toOsloDay } from '../../../src/domain/time/day.ts';
import { openDatabase } from '../../../src/store/database/database.ts';
import { startCluster, type Cluster, type Replica } from '../postgresql/cluster.ts';
import { spawnServer, stopProcess, waitForUrl } from '../processes/spawn-server.ts';

const DATABASE = 'register';
const TOKEN_SECONDS = 6 * 60 * 60;
const settings = { shared_buffers: '256MB', max_wal_size: '4GB', wal_keep_size: '2GB' };

/** A demo register on a primary with replicas, served by several processes. */
export interface TrialRegister {
  readonly primary: Cluster;
  readonly replicas: readonly Replica[];
  /** URLs of the API, one for each process */
  readonly urls: readonly string[];
  /** Headers of an operator, who may change everything */
  readonly operatorHeaders: Readonly<Record<string, string>>;
  readonly databaseUrl: (server: Cluster | Replica) => string;
}

interface TrialRegisterOptions {
  readonly units: number;
  readonly replicas: number;
  readonly processes: number;
  /** Registers what must be undone, last first */
  readonly defer: (cleanUp: () => Promise<void>) => void;
}

/** Starts the servers and loads the register. */
export async function startTrialRegister({ units, defer, ...counts }: TrialRegisterOptions): Promise<TrialRegister> {
  const primary = await startCluster(settings);
  defer(() => primary.remove());
  const primaryUrl = await primary.createDatabase(DATABASE);
  const database = await openDatabase({ kind: 'server', url: primaryUrl });
  try {
    await loadDemo(database, { units, today: toOsloDay(new Date()) });
  } finally {
    await database.close();
  }
  const replicas: Replica[] = [];
  for (let number = 0; number < counts.replicas; number += 1) {
    const replica = await primary.startReplica();
    defer(() => replica.remove());
    replicas.push(replica);
  }
  const folder = await mkdtemp(join(tmpdir(), 'resh-replicas-'));
  defer(() => rm(folder, { recursive: true, force: true }));
  const issuer = await openLocalIssuer(folder);
  const token = await issuer.sign({ subject: 'operator', name: null }, TOKEN_SECONDS);
  const processes: ChildProcess[] = [];
  defer(async () => {
    await Promise.all(processes.map((child) => stopProcess(child, 'SIGKILL')));
  });
  for (let number = 0; number < counts.processes; number += 1)
    processes.push(
      spawnServer({
        DATA_DIR: folder,
        DATABASE_URL: primaryUrl,
        DATABASE_REPLICA_URLS: replicas.map((replica) => replica.url(DATABASE)).join(','),
      }),
    );
  return {
    primary,
    replicas,
    urls: await Promise.all(processes.map(waitForUrl)),
    operatorHeaders: { authorization: `Bearer ${token}` },
    databaseUrl: (server) => server.url(DATABASE),
  };
}
