import type { Cell } from '../reading/cells.ts';
import { MANY_CONNECTIONS, type Measurement, type Medians } from '../reading/measure.ts';
import { alignColumns, formatNumber } from '../reading/table.ts';

/**
 * Formats a row for each query and number of connections: requests per second, and CPU of the server and of PostgreSQL
 * per request, each followed by the ratio of the embedded database to PostgreSQL.
 *
 * @param cells of each query, PostgreSQL first
 */
export function formatComparison(cells: readonly (readonly Cell[])[], medians: ReadonlyMap<Cell, Medians>): string {
  const header = [
    'query',
    'connections',
    ...['req/s', 'CPU ms'].flatMap((what) => [`PostgreSQL, ${what}`, `embedded, ${what}`, 'ratio']),
  ];
  const rule = header.map((_title, index) => (index === 0 ? '---' : '--:'));
  const rows = cells.flatMap((ofQuery) => {
    const [postgresql, embedded] = ofQuery.map((cell) => medians.get(cell));
    if (!postgresql || !embedded) return [];
    const query = ofQuery[0]?.query ?? '';
    return [
      [query, '1', ...formatPair(postgresql.one, embedded.one)],
      [query, `${MANY_CONNECTIONS}`, ...formatPair(postgresql.many, embedded.many)],
    ];
  });
  return alignColumns([header, rule, ...rows]);
}

function formatPair(postgresql: Measurement, embedded: Measurement): string[] {
  const rates = [postgresql, embedded].map(({ requestsPerSecond }) => Math.round(requestsPerSecond));
  const cpuTimes = [postgresql, embedded].map(({ serverCpu, postgresqlCpu }) => serverCpu + postgresqlCpu);
  return [rates, cpuTimes].flatMap(([base = 0, other = 0]) => [
    formatNumber(base),
    formatNumber(other),
    `×${formatNumber(other / base)}`,
  ]);
}
