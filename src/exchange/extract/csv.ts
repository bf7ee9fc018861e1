import type { ByteWriter, WriteValue } from '../../domain/text/byte-writer.ts';
import { writeCsvValue } from '../../domain/text/csv.ts';
import type { Pages } from './extracted-unit.ts';
import { streamLines } from './stream-lines.ts';

/** Options of a CSV file. */
export interface CsvOptions {
  readonly delimiter: ',' | ';';
  /** Indicates whether it begins with a byte order mark, from which Excel recognizes UTF-8 */
  readonly bom: boolean;
}

/**
 * Yields a CSV file with CRLF in chunks, first the line with the names of the columns. Text that a spreadsheet would
 * run as a formula is guarded.
 *
 * @param columns functions that write the values of the columns, by name
 */
export function streamCsv<Row>(
  columns: ReadonlyMap<string, WriteValue<Row>>,
  pages: Pages<Row>,
  { delimiter, bom }: CsvOptions,
): AsyncGenerator<Buffer> {
  const delimiterCode = delimiter.charCodeAt(0);
  const [names, values] = [[...columns.keys()], [...columns.values()]];
  return streamLines(pages, {
    lineEnd: '\r\n',
    writeHeader: (writer) => {
      if (bom) writer.text('\uFEFF');
      for (const [index, name] of names.entries()) {
        if (index > 0) writer.byte(delimiterCode);
        writeCsvValue(name, writer);
      }
    },
    writeRow: (row: Row, writer: ByteWriter) => {
      for (let index = 0; index < values.length; index += 1) {
        if (index > 0) writer.byte(delimiterCode);
        (values[index] as WriteValue<Row>)(row, writer);
      }
    },
  });
}
