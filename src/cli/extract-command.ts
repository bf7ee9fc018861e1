import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { osloDayOf } from '../domain/day.ts';
import { ExtractError } from '../exchange/extract/extract-error.ts';
import { openExtract, type ExtractName } from '../exchange/extract/open-extract.ts';
import { exitCodes, type Finish } from './outcome.ts';
import { standardErrorProgress } from './progress.ts';
import { withDatabase } from './with-database.ts';

const examples = `
An extract shows the register on a day, with the knowledge of a revision: at one revision and day it has the same bytes for ever.
docs/extracts.md says what is in each format.

Examples:
  npm run --silent resh -- extract > units.csv
  npm run resh -- extract --format ndjson --valid-at 2018-01-01 --within 100091 --out innlandet.ndjson
  npm run resh -- extract --columns resh_id,name,path_names --delimiter ';' --bom --out for-excel.csv`;

const formats = { csv: 'units.csv', ndjson: 'units.ndjson' } as const satisfies Record<string, ExtractName>;

interface Options {
  readonly format: keyof typeof formats;
  readonly out?: string;
  readonly validAt?: string;
  readonly knownAt?: string;
  readonly revision?: string;
  readonly within?: string;
  readonly columns?: string;
  readonly delimiter?: string;
  readonly bom?: boolean;
}

const parametersOf = ({ format: _format, out: _out, ...options }: Options): [string, string][] =>
  Object.entries(options).map(([name, value]) => [name, String(value)]);

/** A file appears under its name when it is whole. */
const writeFile = async (path: string, chunks: AsyncIterable<string>): Promise<void> => {
  const unfinished = `${path}.part`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
};

/** Whoever reads our output may have enough of it. */
const writeOutput = (chunks: AsyncIterable<string>): Promise<void> =>
  pipeline(Readable.from(chunks), process.stdout, { end: false }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  });

export const extractCommand = (finish: Finish): Command =>
  new Command('extract')
    .description('write the units of the register to a file')
    .addOption(
      new Option('--format <format>', 'what is written')
        .choices(Object.keys(formats))
        .default('csv' satisfies keyof typeof formats),
    )
    .option('--out <file>', 'file that is written; standard output where it is left out')
    .option('--valid-at <date>', 'day on which the units are seen; today where it is left out')
    .option('--known-at <instant>', 'instant whose knowledge is shown')
    .option('--revision <number>', 'revision whose knowledge is shown; the newest where it is left out')
    .option('--within <resh-id>', 'only the unit with this RESH-id and what stands beneath it')
    .option('--columns <names>', 'columns of a CSV file, in their order, with commas between them')
    .option('--delimiter <sign>', 'what parts the fields of a CSV file: a comma or a semicolon')
    .option('--bom', 'begin a CSV file with a byte order mark, by which Excel knows UTF-8')
    .addHelpText('after', examples)
    .action((options: Options) =>
      withDatabase(async ({ prisma }) => {
        const progress = standardErrorProgress();
        try {
          const name = formats[options.format];
          const extract = await openExtract(prisma, name, parametersOf(options), osloDayOf(new Date()));
          let characters = 0;
          const told = async function* () {
            for await (const chunk of extract.chunks()) {
              characters += chunk.length;
              progress.update(`extracting revision ${extract.revision}: ${(characters / 1e6).toFixed(1)} MB`);
              yield chunk;
            }
          };
          await (options.out === undefined ? writeOutput(told()) : writeFile(options.out, told()));
        } catch (error) {
          if (!(error instanceof ExtractError)) throw error;
          process.stderr.write(`${error.message}\n`);
          finish(error.problems.every(({ code }) => code === 'NOT_FOUND') ? exitCodes.refused : exitCodes.wrongUsage);
        } finally {
          progress.end();
        }
      }),
    );
