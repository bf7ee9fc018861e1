import { MANY_CONNECTIONS, type Medians } from './measure.ts';
import type { QueryName } from './queries.ts';
import type { System } from './servers.ts';

/** Medians of the rounds, and what a single request needs. */
interface Figures extends Medians {
  readonly statements: number;
  readonly bytes: number;
}

/** A row of the table: a query to a system. */
export interface Row {
  readonly query: QueryName;
  readonly system: System;
  readonly figures: Figures;
}

const columns: readonly { readonly title: string; readonly read: (figures: Figures) => number }[] = [
  { title: 'req/s, 1', read: ({ one }) => one.requestsPerSecond },
  { title: 'p50 ms', read: ({ one }) => one.p50 },
  { title: 'p99 ms', read: ({ one }) => one.p99 },
  { title: `req/s, ${MANY_CONNECTIONS}`, read: ({ many }) => many.requestsPerSecond },
  { title: 'p50 ms', read: ({ many }) => many.p50 },
  { title: 'p99 ms', read: ({ many }) => many.p99 },
  { title: 'CPU ms', read: ({ many }) => many.serverCpu },
  { title: 'DB CPU ms', read: ({ many }) => many.postgresqlCpu },
  { title: 'SQL', read: ({ statements }) => statements },
  { title: 'bytes', read: ({ bytes }) => bytes },
];

/**
 * Formats rows as one Markdown table. For each query, the ratios of resh-graph to the limit and to the best peer follow
 * its figures; the best peer answers most requests at many connections.
 */
export function formatTable(rows: readonly Row[]): string {
  const header = ['query', 'system', ...columns.map(({ title }) => title)];
  const lines = [...new Set(rows.map(({ query }) => query))].flatMap((query) =>
    formatQuery(
      query,
      rows.filter((row) => row.query === query),
    ),
  );
  const rule = header.map((_, index) => (index < 2 ? '---' : '--:'));
  return alignColumns([header, rule, ...lines]);
}

function formatQuery(query: QueryName, rows: readonly Row[]): string[][] {
  const limit = rows.find(({ system }) => system.role === 'limit');
  const best = rows
    .filter(({ system }) => system.role === 'peer')
    .toSorted((one, other) => other.figures.many.requestsPerSecond - one.figures.many.requestsPerSecond)[0];
  return rows.flatMap((row) => {
    const { system, figures } = row;
    const errors = figures.one.errors + figures.many.errors;
    const name = errors > 0 ? `${system.name} (${errors} errors)` : system.name;
    const line = [query, name, ...columns.map(({ read }) => formatNumber(read(figures)))];
    if (system.role !== 'product') return [line];
    return [
      line,
      ...(limit ? [[query, '— relative to the limit', ...formatRatios(figures, limit.figures)]] : []),
      ...(best ? [[query, '— relative to the best peer', ...formatRatios(figures, best.figures)]] : []),
    ];
  });
}

function formatRatios(figures: Figures, base: Figures): string[] {
  return columns.map(({ read }) => {
    const [value, baseValue] = [read(figures), read(base)];
    return baseValue === 0 ? '' : `×${formatNumber(value / baseValue)}`;
  });
}

export function formatNumber(value: number): string {
  if (value === 0 || Number.isInteger(value)) return value.toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: value >= 100 ? Math.max(3, digitsOf(value)) : 3 });
}

function digitsOf(value: number): number {
  return Math.floor(Math.log10(value)) + 1;
}

/**
 * Formats lines as a Markdown table.
 *
 * @param lines header, rule (`---` over texts, `--:` over numbers), and rows
 */
export function alignColumns(lines: readonly (readonly string[])[]): string {
  const [header = [], rule = []] = lines;
  const widths = header.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) => {
      const cells = line.map((cell, index) => pad(cell, widths[index] ?? 0, rule[index] === '---'));
      return `| ${cells.join(' | ')} |`;
    })
    .join('\n');
}

function pad(cell: string, width: number, isText: boolean): string {
  if (cell === '---') return '-'.repeat(width);
  if (cell === '--:') return `${'-'.repeat(width - 1)}:`;
  return isText ? cell.padEnd(width) : cell.padStart(width);
}
