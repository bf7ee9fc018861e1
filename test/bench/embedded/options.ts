import { parseOptions, readCount } from '../command-line.ts';

export interface Options {
  readonly rounds: number;
  readonly seconds: number;
}

const help = `Measures reading on the embedded database beside PostgreSQL, both with the default demo register,
in turn in one run. Prints requests per second and CPU, and the ratios of the embedded database to PostgreSQL.

  npm run bench -- embedded        two minutes

  --rounds N         rounds; the table has medians, 5 by default
  --seconds N        seconds of a measurement, 2 by default
  --help             prints this

It needs Linux and the programs of PostgreSQL in /usr/lib/postgresql (apt-get install postgresql). The first run
installs the peers in test/bench/peers, whose Node runs the servers. Load comes from wrk if it is installed,
otherwise from autocannon.
`;

/**
 * Reads the arguments of the command line; returns the help if it is requested.
 *
 * @throws OptionsError
 */
export function readOptions(args: readonly string[]): Options | string {
  const values = parseOptions(args, {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return help;
  return { rounds: readCount('rounds', values.rounds), seconds: readCount('seconds', values.seconds) };
}
