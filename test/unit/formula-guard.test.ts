import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardFormula, unguardFormula } from '../../src/domain/text/formula-guard.ts';

describe('formula guard', () => {
  it.each(['=1+1', '+47 70 10 50 00', '-', '@SUM(A1)', '\tx', '\rx', '＝1', "'=1", "''@x"])(
    'escapes %j with one quote and removes it again',
    (text) => {
      expect(guardFormula(text)).toBe(`'${text}`);
      expect(unguardFormula(guardFormula(text))).toBe(text);
    },
  );

  it.each(['', 'Klinikk', "'s-Hertogenbosch", "'", '1=1', 'a-b', ' =1'])('leaves %j unchanged', (text) => {
    expect([guardFormula(text), unguardFormula(text)]).toEqual([text, text]);
  });

  it('keeps every text intact and leaves none that starts as a formula', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '＝', 'a')).map((signs) => signs.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const guarded = guardFormula(text);
        expect(unguardFormula(guarded)).toBe(text);
        expect(guarded).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
    );
  });
});
