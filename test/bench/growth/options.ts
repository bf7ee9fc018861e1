import { parseOptions, readCount } from '../command-line.ts';

export interface Options {
  /** Numbers of units, ascending */
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
}

const help = `Measures how costs grow with the register: reading, starting, memory, importing, changing and
extracting at several sizes, each on a PostgreSQL server of its own. Prints a row for each size, and how
fast each figure grows.

  npm run bench -- growth                          5,000 to 1,000,000 units: about a quarter of an hour on two cores
  npm run bench -- growth --units 5000,50000       two minutes

  --units N,N        sizes of the register
  --rounds N         rounds of starts, load and extracts, 3 by default; the table has medians
  --seconds N        seconds of a measurement under load, 2 by default
  --help             prints this

It needs Linux and the programs of PostgreSQL in /usr/lib/postgresql (apt-get install postgresql). The first run
installs the peers in test/bench/peers, whose Node runs the server. Load comes from wrk if it is installed, otherwise
from autocannon.
`;

/**
 * Reads the arguments of the command line; returns the help if it is requested.
 *
 * @throws OptionsError
 */
export function readOptions(args: readonly string[]): Options | string {
  const values = parseOptions(args, {
    units: { type: 'string', default: '5000,50000,200000,1000000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return help;
  const sizes = values.units.split(',').map((text) => readCount('units', text));
  return {
    sizes: [...new Set(sizes)].sort((one, other) => one - other),
    rounds: readCount('rounds', values.rounds),
    seconds: readCount('seconds', values.seconds),
  };
}
