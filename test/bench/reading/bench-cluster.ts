import { startCluster, type Cluster } from '../../support/postgresql/cluster.ts';
import type { Defer } from './with-clean-up.ts';

const settings = { shared_buffers: '2GB', max_wal_size: '8GB', shared_preload_libraries: 'pg_stat_statements' };

/** Starts a PostgreSQL server for measurements, which the clean-up removes. */
export async function startBenchCluster(defer: Defer): Promise<Cluster> {
  const cluster = await startCluster(settings);
  defer(() => cluster.remove());
  return cluster;
}
