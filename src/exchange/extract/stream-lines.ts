import { ByteWriter, type WriteValue } from '../../domain/text/byte-writer.ts';
import type { Pages } from './extracted-unit.ts';

/** Bytes from which on a chunk is complete. */
const CHUNK_SIZE = 65_536;
/** Longer lines are rare, so that a chunk fits in what is allocated for it. */
const USUAL_LINE_SIZE = 4_096;

/** A file of lines. */
export interface LineFormat<Row> {
  /** Writes the first line, if there is one before the rows */
  readonly writeHeader?: (writer: ByteWriter) => void;
  readonly writeRow: WriteValue<Row>;
  readonly lineEnd: '\n' | '\r\n';
}

/** Yields a file in chunks of whole lines; rows are read and written as the chunks are requested. */
export async function* streamLines<Row>(
  pages: Pages<Row>,
  { writeHeader, writeRow, lineEnd }: LineFormat<Row>,
): AsyncGenerator<Buffer> {
  const writer = new ByteWriter(CHUNK_SIZE + USUAL_LINE_SIZE);
  const lineEndBytes = Buffer.from(lineEnd);
  if (writeHeader) {
    writeHeader(writer);
    writer.bytes(lineEndBytes);
  }
  for await (const page of pages)
    for (const row of page) {
      writeRow(row, writer);
      writer.bytes(lineEndBytes);
      if (writer.length >= CHUNK_SIZE) yield writer.take();
    }
  if (writer.length > 0) yield writer.take();
}
