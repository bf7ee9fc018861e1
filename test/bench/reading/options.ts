import { OptionsError, parseOptions, readCount } from '../command-line.ts';
import { queries, queryNames, type QueryName } from './queries.ts';

export interface Options {
  readonly units: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly only: readonly QueryName[];
  readonly peers: RegExp;
  /** Queries to profile instead of measuring */
  readonly profile: readonly QueryName[];
}

const optionTypes = {
  quick: { type: 'boolean' },
  units: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  only: { type: 'string' },
  peers: { type: 'string' },
  profile: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Leaves out the slowest systems, the statement, which is no peer, and the past revision, read as the past day is. */
const QUICK_PEERS = '^(?!Pothos|PostGraphile 5, tables|one SQL statement|resh-graph, past revision)';

const help = `Measures reading: resh-graph beside its peers and the limit, on the same rows, in one run.

  npm run bench                        200,000 units, 3 rounds of 2 seconds: about twenty minutes
  npm run bench -- --quick             20,000 units, 1 round of 1 second, the fast peers: two or three minutes

  --units N          units of the register
  --rounds N         rounds; the table has medians
  --seconds N        seconds of a measurement
  --only Q1,Q3       queries; Q6 is Q6a, Q6b and Q6c
  --peers REGEX      systems, by their names in the table
  --profile Q3       writes a CPU profile of resh-graph under a query, and measures nothing
  --help             prints this

It needs Linux and the programs of PostgreSQL in /usr/lib/postgresql (apt-get install postgresql). The first run
installs the peers in test/bench/peers. Load comes from wrk if it is installed, otherwise from autocannon.

Other measurements, each with a --help of its own: npm run bench -- embedded, growth or replicas, and
npm run bench:writing, bench:extracts, bench:sync and bench:rows.

${queryNames.map((name) => `  ${name.padEnd(5)} ${queries[name]}`).join('\n')}
`;

/**
 * Reads the arguments of the command line; returns the help if it is requested.
 *
 * @throws OptionsError
 */
export function readOptions(args: readonly string[]): Options | string {
  const values = parseOptions(args, optionTypes);
  if (values.help) return help;
  const isQuick = values.quick ?? false;
  return {
    units: readCount('units', values.units ?? (isQuick ? '20000' : '200000')),
    rounds: readCount('rounds', values.rounds ?? (isQuick ? '1' : '3')),
    seconds: readCount('seconds', values.seconds ?? (isQuick ? '1' : '2')),
    only: values.only === undefined ? queryNames : readQueries('only', values.only),
    peers: readPattern(values.peers ?? (isQuick ? QUICK_PEERS : '')),
    profile: values.profile === undefined ? [] : readQueries('profile', values.profile),
  };
}

function readQueries(option: string, text: string): QueryName[] {
  const parts = text.split(',');
  const names = queryNames.filter((name) => parts.includes(name) || (name.startsWith('Q6') && parts.includes('Q6')));
  const unknown = parts.find((part) => part !== 'Q6' && !queryNames.some((name) => name === part));
  if (unknown !== undefined)
    throw new OptionsError(`--${option} has "${unknown}": the queries are ${queryNames.join(', ')} and Q6.`);
  return names;
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    throw new OptionsError(`--peers is "${text}": it must be a regular expression.`);
  }
}
