import { describe, expect, it } from 'vitest';
import { isEmailAddress } from '../../src/domain/text/email-address.ts';

describe('an e-mail address', () => {
  it.each(['post@example.org', 'kari.nordmann+resh@sub.example.org', 'post@blåkors.no', 'bjørn@example.org'])(
    'is %s',
    (text) => {
      expect(isEmailAddress(text)).toBe(true);
    },
  );

  it.each([
    '',
    'kari',
    'kari@',
    '@example.org',
    'kari@example',
    'kari@example..org',
    'kari@example.org.',
    'k ari@example.org',
  ])('is not "%s"', (text) => {
    expect(isEmailAddress(text)).toBe(false);
  });
});
