import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { findOtherForm } from './detect-form.ts';

/** A row of a file: the line on which it begins, and its fields, unmodified. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
  /** Indicates whether a quoted field has a quote that is not doubled, so that it may contain the rows after it */
  readonly hasStrayQuote: boolean;
}

/** The file is not CSV from some line on, so the rest of it cannot be read. */
export class MalformedCsvError extends Error {
  override readonly name = 'MalformedCsvError';
  constructor(
    readonly line: number,
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${problem}; ${remedy}`);
  }
}

/** A CSV file that is read once, in order; digest and count are complete after the last row. */
export interface CsvSource {
  readonly records: AsyncIterable<CsvRecord>;
  readonly bytesRead: () => number;
  readonly sha256: () => string;
}

interface ParsedRecord {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

const maxRowLength = 200_000;
const headerBytes = 65_536;

/**
 * Opens a CSV file with commas or semicolons (as its header has), any line ending, with or without a byte order mark.
 * Bytes that are not UTF-8 become U+FFFD.
 *
 * @throws MalformedCsvError if the file has another form, and while the records are read, if it is not CSV
 */
export async function openCsv(file: string): Promise<CsvSource> {
  const start = await readFileStart(file);
  const otherForm = findOtherForm(start);
  if (otherForm) throw new MalformedCsvError(1, otherForm.problem, otherForm.remedy);
  const hash = createHash('sha256');
  let bytes = 0;
  const measureChunks = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const records = async function* (): AsyncGenerator<CsvRecord> {
    const separator = readSeparatorLine(start);
    const delimiter = separator ?? detectDelimiter(start);
    let isFirst = true;
    const wellQuotedPattern = buildWellQuotedPattern(delimiter);
    const parser = parse({
      bom: true,
      delimiter,
      raw: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: maxRowLength,
    });
    const parsing = pipeline(createReadStream(file), measureChunks, parser);
    parsing.catch(() => {});
    // The parser counts a line break of two characters within quotes twice.
    let pairsBefore = 0;
    try {
      for await (const { record, raw, info } of parser as AsyncIterable<ParsedRecord>) {
        const { breaks, pairs } = countLineBreaks(record);
        pairsBefore += pairs;
        const isSeparatorLine = isFirst && separator !== undefined;
        isFirst = false;
        if (isSeparatorLine) continue;
        const hasStrayQuote = breaks > 0 && !wellQuotedPattern.test(raw);
        yield { line: info.lines - pairsBefore - breaks, fields: record, hasStrayQuote };
      }
      await parsing;
    } catch (error) {
      throw toMalformedCsvError(error);
    }
  };
  return { records: records(), bytesRead: () => bytes, sha256: () => hash.copy().digest('hex') };
}

async function readFileStart(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

// Excel begins a file with `sep=;` to name its delimiter.
function readSeparatorLine(start: Buffer): ',' | ';' | undefined {
  const separator = /^\uFEFF?[\r\n]*"?sep=([,;])"?[\r\n]/i.exec(start.toString('utf8'))?.[1];
  return separator === ',' || separator === ';' ? separator : undefined;
}

function detectDelimiter(start: Buffer): ',' | ';' {
  // Blank lines before the header are skipped, and a quoted name may contain either delimiter.
  const unquoted = start
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll(/"[^"]*"/g, 'quoted');
  const header = unquoted.split(/[\r\n]/).find((line) => line !== '') ?? '';
  return countOccurrences(header, ';') > countOccurrences(header, ',') ? ';' : ',';
}

function countOccurrences(text: string, character: string): number {
  return text.split(character).length - 1;
}

function buildWellQuotedPattern(delimiter: ',' | ';'): RegExp {
  const field = `(?:"[^"]*(?:""[^"]*)*"|(?!")[^${delimiter}\\r\\n]*)`;
  return new RegExp(`^[\\uFEFF\\r\\n]*${field}(?:${delimiter}${field})*[\\r\\n]*$`);
}

function countLineBreaks(fields: readonly string[]) {
  let breaks = 0;
  let pairs = 0;
  for (const field of fields) {
    if (!field.includes('\n') && !field.includes('\r')) continue;
    breaks += field.match(/\r\n|\r|\n/g)?.length ?? 0;
    pairs += field.match(/\r\n/g)?.length ?? 0;
  }
  return { breaks, pairs };
}

function toMalformedCsvError(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const line = Number(error['lines'] ?? 1);
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new MalformedCsvError(
      line,
      'a quote is never closed, so the rows from there to the end of the file cannot be read',
      'close the quote',
    );
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return new MalformedCsvError(
      line,
      `a row is longer than ${maxRowLength} bytes, most often because a quote is not closed`,
      'close the quote',
    );
  return new MalformedCsvError(line, `the file cannot be read: ${error.message}`, 'save it as CSV again');
}
