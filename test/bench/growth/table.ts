import { alignColumns, formatNumber } from '../reading/table.ts';
import type { Figures } from './figures.ts';

interface Column {
  readonly title: string;
  readonly read: (figures: Figures) => number;
  /** Returns what is to grow at most as the register does, if that is not the figure; null if another column has it */
  readonly readCost?: ((figures: Figures) => number) | null;
}

const MEGABYTE = 1024 * 1024;
/** Greatest exponent of a cost that grows as the register does; measurements differ by some percent. */
const LINEAR = 1.05;

const columns: readonly Column[] = [
  { title: 'Q1 CPU, ms', read: ({ ancestryCpuMs }) => ancestryCpuMs },
  { title: 'Q1 p50, ms', read: ({ ancestryP50Ms }) => ancestryP50Ms },
  { title: 'Q3 CPU, ms', read: ({ listCpuMs }) => listCpuMs },
  { title: 'Q3 CPU per unit, µs', read: ({ listedUnitCpuMs }) => listedUnitCpuMs * 1_000 },
  { title: 'ready, s', read: ({ readySeconds }) => readySeconds },
  { title: 'in memory, s', read: ({ inMemorySeconds }) => inMemorySeconds },
  { title: 'first search, s', read: ({ searchSeconds }) => searchSeconds },
  { title: 'started, MB', read: ({ startedBytes }) => Math.round(startedBytes / MEGABYTE) },
  { title: 'queried, MB', read: ({ queriedBytes }) => Math.round(queriedBytes / MEGABYTE) },
  { title: 'import, s', read: ({ importSeconds }) => importSeconds },
  {
    title: 'import, rows/s',
    read: ({ importedRows, importSeconds }) => Math.round(importedRows / importSeconds),
    readCost: null,
  },
  { title: 'rename, ms', read: ({ renameMs }) => renameMs },
  { title: 'rename CPU, ms', read: ({ renameServerCpuMs }) => renameServerCpuMs },
  { title: 'rename DB CPU, ms', read: ({ renamePostgresqlCpuMs }) => renamePostgresqlCpuMs },
  { title: 'Q1 after it, ms', read: ({ ancestryAfterRenameMs }) => ancestryAfterRenameMs },
  { title: 'move of 500, ms', read: ({ moveMs }) => moveMs },
  {
    title: 'units.csv, rows/s',
    read: ({ units, extractSeconds }) => Math.round(units / extractSeconds),
    readCost: ({ extractSeconds }) => extractSeconds,
  },
];

/** Formats a row for each size as a Markdown table. */
export function formatFigures(figures: readonly Figures[]): string {
  const header = ['units', ...columns.map(({ title }) => title)];
  const rows = figures.map((ofSize) => [
    formatNumber(ofSize.units),
    ...columns.map(({ read }) => formatNumber(read(ofSize))),
  ]);
  return alignColumns([header, header.map(() => '--:'), ...rows]);
}

/**
 * Formats how fast each figure grows from size to size: as the register to the power of the exponent, so 0 is constant
 * and 1 linear. For rates, it is the time that grows.
 */
export function formatGrowth(figures: readonly Figures[]): string {
  const steps = figures.slice(1).map((to, index) => ({ from: figures[index] ?? to, to }));
  const header = [
    'exponent',
    ...steps.map(({ from, to }) => `${formatNumber(from.units)} → ${formatNumber(to.units)}`),
  ];
  const faster: string[] = [];
  const rows = columns.flatMap(({ title, read, readCost = read }) => {
    if (readCost === null) return [];
    const exponents = steps.map(({ from, to }) => computeExponent(from.units, to.units, readCost(from), readCost(to)));
    if (exponents.some((exponent) => exponent > LINEAR)) faster.push(title);
    return [[title, ...exponents.map((exponent) => exponent.toFixed(2))]];
  });
  const rule = header.map((_title, index) => (index === 0 ? '---' : '--:'));
  const summary = `Faster than linear: ${faster.length === 0 ? 'nothing' : faster.join('; ')}.`;
  return `${alignColumns([header, rule, ...rows])}\n\n${summary}`;
}

function computeExponent(fromUnits: number, toUnits: number, fromCost: number, toCost: number): number {
  return Math.log(toCost / fromCost) / Math.log(toUnits / fromUnits);
}
