import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardFormula, unguardFormula } from '../../src/domain/text/formula-guard.ts';

describe('the guard against formulas', () => {
  it.each(['=1+1', '+47 70 10 50 00', '-', '@SUM(A1)', '\tx', '\rx', '＝1', "'=1", "''@x"])(
    'puts one quote mark before %j, and takes it off again',
    (text) => {
      expect(guardFormula(text)).toBe(`'${text}`);
      expect(unguardFormula(guardFormula(text))).toBe(text);
    },
  );

  it.each(['', 'Klinikk', "'s-Hertogenbosch", "'", '1=1', 'a-b', ' =1'])('leaves %j alone', (text) => {
    expect([guardFormula(text), unguardFormula(text)]).toEqual([text, text]);
  });

  it('loses nothing of any text, and leaves none that begins as a formula does', () => {
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
