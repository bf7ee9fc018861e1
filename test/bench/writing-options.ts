import { parseOptions, readCount } from './command-line.ts';

export interface Options {
  /** Units of each register */
  readonly sizes: readonly number[];
  /** Seconds of each measurement of renames */
  readonly seconds: number;
  /** Changes before the last measurement of large changes */
  readonly changes: number;
}

const help = `Measures writing: mutations beside the minimum cost of a committed write on the same database, in one run.

  npm run bench:writing                                       5,000 and 200,000 units: about ten minutes
  npm run bench:writing -- --units 5000 --changes 1000        about a minute

  --units N,N     units of the registers, 5,000 and 200,000 by default
  --seconds N     seconds of each measurement of renames, 3 by default
  --changes N     changes before the last measurement of large changes, 8,000 by default
  --help          prints this

It measures the embedded database, and the server in TEST_DATABASE_URL if it is set. Mergers are measured after a
hundred changes and again after --changes, and so are moves from 180,000 units on.
`;

/**
 * Reads the arguments of the command line; returns the help if it is requested.
 *
 * @throws OptionsError
 */
export function readOptions(args: readonly string[]): Options | string {
  const values = parseOptions(args, {
    units: { type: 'string', default: '5000,200000' },
    seconds: { type: 'string', default: '3' },
    changes: { type: 'string', default: '8000' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return help;
  return {
    sizes: values.units.split(',').map((text) => readCount('units', text)),
    seconds: readCount('seconds', values.seconds),
    changes: readCount('changes', values.changes),
  };
}
