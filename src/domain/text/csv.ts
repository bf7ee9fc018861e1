import { characterSet, type ByteWriter } from './byte-writer.ts';
import { guardFormula } from './formula-guard.ts';

/** A value of a CSV line; null and undefined are empty fields. */
export type CsvValue = string | number | boolean | null | undefined;

/** Options of a CSV line. */
export interface CsvLineOptions {
  /** Comma by default */
  readonly delimiter?: ',' | ';';
  /** Indicates whether to guard text that a spreadsheet would read as a formula */
  readonly guardsFormulas?: boolean;
  /** Indicates whether to quote all text; otherwise only text that needs quotes */
  readonly quotesAllText?: boolean;
}

const quotedFieldPattern = /^\s|[",;\r\n]|\s$/;

/**
 * Returns values as a line of CSV (RFC 4180, quotes doubled), without its line ending.
 *
 * Implemented here because formatting fields is most of the work of an extract; a library took three times as long.
 */
export function formatCsvLine(values: readonly CsvValue[], options: CsvLineOptions = {}): string {
  return values.map((value) => formatField(value, options)).join(options.delimiter ?? ',');
}

/** Returns values as a line for COPY in its CSV format: all text is quoted, so that empty text differs from null. */
export function formatCopyLine(values: readonly CsvValue[]): string {
  return `${formatCsvLine(values, { quotesAllText: true })}\n`;
}

function formatField(value: CsvValue, { guardsFormulas = false, quotesAllText = false }: CsvLineOptions): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = guardsFormulas ? guardFormula(value) : value;
  return quotesAllText || quotedFieldPattern.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Adds a value to a line of CSV, as {@link formatCsvLine} formats it with formulas guarded. */
export function writeCsvValue(value: CsvValue, writer: ByteWriter): void {
  if (value === null || value === undefined || value === '') return;
  if (typeof value === 'string') {
    if (!tryPlainText(value, writer)) writer.text(formatField(value, { guardsFormulas: true }));
  } else if (typeof value === 'number') writer.number(value);
  else writer.text(String(value));
}

const separators = characterSet('",;\r\n');

/** Adds text that needs neither quotes nor a guard, wherever it stands in a value. Returns false for any other text. */
export function tryPlainText(text: string, writer: ByteWriter): boolean {
  return isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1)) && writer.tryText(text, separators);
}

const specialAtEnds = characterSet(` '=+-@`, true);
const firstLatinLetter = 0xc0;
const lastLatinLetter = 0x17f;

/** Says whether a character is surely no space and begins no formula. */
function isPlain(code: number): boolean {
  return code < specialAtEnds.length ? specialAtEnds[code] === 0 : code >= firstLatinLetter && code <= lastLatinLetter;
}
