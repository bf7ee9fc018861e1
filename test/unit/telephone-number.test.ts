import { describe, expect, it } from 'vitest';
import { isTelephoneNumber } from '../../src/domain/text/telephone-number.ts';

describe('a telephone number', () => {
  it.each([
    '113',
    '1881',
    '02800',
    '116117',
    '116 117',
    '73 82 20 00',
    '+47 73 82 20 00',
    '800 33 033',
    '+46 8 123 456 78',
  ])('is %s', (text) => {
    expect(isTelephoneNumber(text)).toBe(true);
  });

  it.each(['', '12', '213', '2880', '117117', '73 82 20', '73 82 20 00 / 73 82 20 01', 'Ring oss', '+47'])(
    'is not "%s"',
    (text) => {
      expect(isTelephoneNumber(text)).toBe(false);
    },
  );
});
