import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { toOsloDay } from '../domain/time/day.ts';
import { ExtractError } from '../exchange/extract/extract-error.ts';
import type { ExtractName } from '../exchange/extract/open-extract.ts';
import { parameterNames, urlHints } from '../exchange/extract/parameters.ts';
import type { Database } from '../store/database/database.ts';
import { exitCodes, type SetExitCode } from './exit-codes.ts';
import { formatFlag } from './format-flag.ts';
import { createProgress } from './progress.ts';
import { withDatabase } from './with-database.ts';
import { writeFiles } from './write-files.ts';

const examples = `
An extract is the register on a day, as known at a revision. With the same day and revision it always has the same
bytes. docs/extracts.md describes the formats: csv, ndjson and fhir have a line for each unit, history has one for each
version of each unit, successions has one for each succession of a unit by another, and folder is the whole register on
all days, as the files that import reads.

Examples:
  npm run --silent resh -- extract > units.csv
  npm run resh -- extract --format ndjson --valid-at 2018-01-01 --within 100091 --out innlandet.ndjson
  npm run resh -- extract --columns resh_id,name,path_names --delimiter ';' --bom --out for-excel.csv
  npm run resh -- extract --format folder --revision 12 --out register-12`;

const formats = {
  csv: 'units.csv',
  ndjson: 'units.ndjson',
  fhir: 'units.fhir.ndjson',
  history: 'unit-history.csv',
  successions: 'successions.csv',
} as const satisfies Record<string, ExtractName>;
const formatNames = [...Object.keys(formats), 'folder'];

interface Options {
  readonly format: keyof typeof formats | 'folder';
  readonly out?: string;
  readonly validAt?: string;
  readonly knownAt?: string;
  readonly revision?: string;
  readonly within?: string;
  readonly columns?: string;
  readonly delimiter?: string;
  readonly bom?: boolean;
}

export function extractCommand(setExitCode: SetExitCode): Command {
  return new Command('extract')
    .description('write the units of the register to a file, or the whole register to a folder')
    .addOption(new Option('--format <format>', 'format of the extract').choices(formatNames).default('csv'))
    .option('--out <path>', 'file or folder to write; standard output by default')
    .option('--valid-at <date>', 'day of the extract; today by default')
    .option('--known-at <instant>', 'instant at which the register is read')
    .option('--revision <number>', 'revision at which the register is read; the newest by default')
    .option('--within <resh-id>', 'only the unit with this RESH-id and the units under it')
    .option('--columns <names>', 'columns of a CSV file, in order, with commas between them')
    .option('--delimiter <sign>', 'delimiter of a CSV file: a comma or a semicolon')
    .option('--bom', 'begin a CSV file with a byte order mark, from which Excel recognizes UTF-8')
    .addHelpText('after', examples)
    .action((options: Options) =>
      withDatabase(async ({ prisma }) => {
        const { openExtract } = await import('../exchange/extract/open-extract.ts');
        const progress = createProgress();
        let byteCount = 0;
        const withProgress = async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            byteCount += chunk.length;
            progress.update(`extracting: ${(byteCount / 1e6).toFixed(1)} MB`);
            yield chunk;
          }
        };
        try {
          const { format, out } = options;
          const parameters = toParameters(options);
          if (format === 'folder') return await writeFolder(prisma, parameters, out, withProgress);
          const extract = await openExtract(prisma, formats[format], parameters, toOsloDay(new Date()));
          const chunks = withProgress(extract.streamChunks());
          return await (out === undefined ? writeOutput(chunks) : writeFiles([{ path: out, chunks }]));
        } catch (error) {
          if (!(error instanceof ExtractError)) throw error;
          process.stderr.write(`${toCommandLineMessage(error.message)}\n`);
          setExitCode(
            error.problems.every(({ code }) => code === 'NOT_FOUND') ? exitCodes.failure : exitCodes.usageError,
          );
        } finally {
          progress.end();
        }
      }),
    );
}

function toParameters({ format: _format, out: _out, ...options }: Options): [string, string][] {
  return Object.entries(options).map(([name, value]) => [name, String(value)]);
}

async function writeFolder(
  prisma: Database['prisma'],
  parameters: [string, string][],
  out: string | undefined,
  withProgress: (chunks: AsyncIterable<Buffer>) => AsyncIterable<Buffer>,
): Promise<void> {
  if (out === undefined) {
    const message = '--out is missing: a folder has several files; name the folder with --out DIR.';
    throw new ExtractError([{ code: 'BAD_INPUT', parameter: 'out', message }]);
  }
  const { openExtractFolder } = await import('../exchange/extract/extract-folder.ts');
  const { files } = await openExtractFolder(prisma, parameters);
  await mkdir(out, { recursive: true });
  await writeFiles(
    files.map(({ file, streamChunks }) => ({ path: join(out, file), chunks: withProgress(streamChunks()) })),
  );
}

/** Writes to standard output, until the reader closes it. */
function writeOutput(chunks: AsyncIterable<Buffer>): Promise<void> {
  return pipeline(Readable.from(chunks), process.stdout, { end: false }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  });
}

/**
 * Replaces parameters in problems, such as `validAt`, with the options of the command line (--valid-at), and hints
 * about URLs with hints about the command line.
 */
function toCommandLineMessage(message: string): string {
  const withHints = message.replaceAll(urlHints.plus, '').replaceAll(urlHints.semicolon, " (in quotes: ';')");
  return parameterNames.reduce(
    (text, name) => text.replaceAll(new RegExp(`["\`]${name}["\`]`, 'g'), formatFlag(name)),
    withHints,
  );
}
