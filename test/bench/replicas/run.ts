import { runTrial, type TrialReport } from '../../support/replicas/trial.ts';
import { describeMachine, parseOptions, printProgress, readCount, runBenchmark } from '../command-line.ts';

const help = `Reads and writes through two processes on a primary and two streaming replicas, while replicas are
cut off and brought back, and compares everything that was read with what was written. Exit code 1 if
a reader saw an error, a revision without one before it, or one below its X-Min-Revision.

  npm run bench -- replicas                   1,000,000 reads: half an hour to an hour on two cores
  npm run bench -- replicas --reads 20000     about a minute

  --reads N       reads over HTTP
  --units N       units of the register, 2,000 by default
  --pause N       milliseconds between two changes of each of the 16 writers, 500 by default
  --help          prints this

It needs Linux and the programs of PostgreSQL in /usr/lib/postgresql (apt-get install postgresql).
`;

await runBenchmark(
  () => readOptions(process.argv.slice(3)),
  async (options, defer) => {
    const report = await runTrial({ ...options, defer, onProgress: printProgress });
    process.stdout.write(`
${formatReport(report)}
`);
    if (report.problems.length > 0) process.exitCode = 1;
  },
);

function readOptions(args: readonly string[]) {
  const values = parseOptions(args, {
    reads: { type: 'string', default: '1000000' },
    units: { type: 'string', default: '2000' },
    pause: { type: 'string', default: '500' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return help;
  return {
    reads: readCount('reads', values.reads),
    units: readCount('units', values.units),
    writerPauseMs: readCount('pause', values.pause),
  };
}

function formatReport(report: TrialReport): string {
  const [primary, ...replicas] = report.statements;
  const rows: [string, string][] = [
    ['reads over HTTP', formatCount(report.reads)],
    ['revisions written meanwhile', formatCount(report.revisions)],
    ['seconds', report.seconds.toFixed(0)],
    ['reads per second', formatCount(report.reads / report.seconds)],
    ['slowest request, seconds', (report.slowestMs / 1_000).toFixed(1)],
    ['statements on the primary', formatCount(primary ?? 0)],
    ...replicas.map((count, index): [string, string] => [`statements on replica ${index + 1}`, formatCount(count)]),
    ['comparisons of the ledger with its length', formatCount(report.ledgerChecks)],
    ...report.interruptions.map(({ name, secondsUntilRead }): [string, string] => [
      `seconds until read from, after: ${name}`,
      secondsUntilRead.toFixed(0),
    ]),
    ['errors, gaps, states that never were, revisions below the minimum', formatCount(report.problems.length)],
  ];
  return [
    '| what | figure |',
    '| --- | ---: |',
    ...rows.map(([what, figure]) => `| ${what} | ${figure} |`),
    '',
    describeMachine(),
    ...report.problems.slice(0, 20),
  ].join('\n');
}

function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en');
}
