import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter, characterSet } from '../../src/domain/text/byte-writer.ts';
import { formatCsvLine, writeCsvValue } from '../../src/domain/text/csv.ts';
import { writeValue } from '../../src/exchange/extract/json-layout.ts';

/** Texts of signs that formats treat in a special way, and of any others; some are long. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('\'"\\;,=+-@ \t\r\n\u0085\u00a0\u2028＝aÅŁ')),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
  )
  .chain((parts) => fc.constantFrom(parts.join(''), parts.join('x'.repeat(100))));

function writeToText(write: (writer: ByteWriter) => void): string {
  // Smaller than what is written, so that it has to grow.
  const writer = new ByteWriter(1);
  write(writer);
  return writer.toBuffer().toString();
}

describe('byte writer', () => {
  it('encodes text as UTF-8', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(writeToText((writer) => writer.text(text))).toBe(Buffer.from(text).toString());
      }),
    );
  });

  it('adds nothing of a text that has an excluded character', () => {
    const writer = new ByteWriter();
    writer.text('Øre');

    expect(writer.tryText('nese, hals', characterSet(';'))).toBe(true);
    expect(writer.tryText('nese, hals', characterSet(','))).toBe(false);
    expect(writer.tryText('nese\nhals', characterSet('', true))).toBe(false);
    expect(writer.toBuffer().toString()).toBe('Ørenese, hals');
  });

  it.each([0, 9, 10, 99, 100, 108_597, 2_147_483_647, -1, 0.5, 2 ** 60])('writes %d in decimal', (value) => {
    expect(writeToText((writer) => writer.number(value))).toBe(String(value));
  });

  it('begins again after its bytes are taken, and leaves those unchanged', () => {
    const writer = new ByteWriter();
    writer.text('first');
    const taken = writer.take();
    writer.text('other');

    expect([taken.toString(), writer.toBuffer().toString()]).toEqual(['first', 'other']);
  });

  it('removes and replaces what has been added', () => {
    const writer = new ByteWriter();
    writer.text(',a,b');
    writer.truncate(2);
    writer.replaceByte(0, '{'.charCodeAt(0));

    expect(writer.toBuffer().toString()).toBe('{a');
  });
});

describe('values in bytes', () => {
  const values = fc.oneof(
    texts,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );

  it('equal those of a line of CSV', () => {
    fc.assert(
      fc.property(values, (value) => {
        const expected = Buffer.from(formatCsvLine([value], { guardsFormulas: true })).toString();
        expect(writeToText((writer) => writeCsvValue(value, writer))).toBe(expected);
      }),
    );
  });

  it('equal those of JSON.stringify', () => {
    fc.assert(
      fc.property(fc.oneof(values, fc.array(texts)), (value) => {
        expect(writeToText((writer) => writeValue(value, writer))).toBe(JSON.stringify(value));
      }),
    );
  });
});
