import { availableParallelism, cpus } from 'node:os';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { withCleanUp, type Defer } from './reading/with-clean-up.ts';

/** The arguments of the command line are wrong; the message says which and what they must be. */
export class OptionsError extends Error {}

/**
 * Runs a benchmark with its options, or prints the help instead. Exit code 2 if the options are wrong.
 *
 * @param readOptions returns the options, or the help if it is requested
 */
export async function runBenchmark<Options extends object>(
  readOptions: () => Options | string,
  run: (options: Options, defer: Defer) => Promise<void>,
): Promise<void> {
  try {
    const options = readOptions();
    if (typeof options === 'string') process.stdout.write(options);
    else await withCleanUp((defer) => run(options, defer));
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

/**
 * Parses the arguments of a benchmark.
 *
 * @throws OptionsError
 */
export function parseOptions<const Types extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  types: Types,
) {
  try {
    return parseArgs({ args: [...args], options: types }).values;
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Reads an option that is a count.
 *
 * @throws OptionsError
 */
export function readCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new OptionsError(`--${option} is "${text}": it must be a positive integer.`);
  return count;
}

/** Prints a line about the progress to standard error: standard output has the table only. */
export function printProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Returns the cores and the processor of the machine. */
export function describeMachine(): string {
  return `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown processor'}`;
}
