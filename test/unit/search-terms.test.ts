import { describe, expect, it } from 'vitest';
import { parseSearchTerms } from '../../src/domain/text/search-terms.ts';

describe('search terms', () => {
  it('are split at every character that is no letter or digit', () => {
    expect(parseSearchTerms(' Barne- og ungdom, 2 ')?.words).toEqual(['Barne', 'og', 'ungdom', '2']);
  });

  it('keep a word with combining accents whole', () => {
    expect(parseSearchTerms('Ålesund Kárášjohka'.normalize('NFD'))).toEqual(parseSearchTerms('Ålesund Kárášjohka'));
    expect(parseSearchTerms('m̌ora')?.words).toEqual(['m̌ora']);
  });

  it('include a RESH-id or organization number with spaces removed', () => {
    expect(parseSearchTerms('108 597')).toMatchObject({ reshId: 108_597, organizationNumber: null });
    expect(parseSearchTerms('983 974 724')).toMatchObject({ reshId: 983_974_724, organizationNumber: '983974724' });
    expect(parseSearchTerms('2147483648')).toMatchObject({ reshId: null, organizationNumber: null });
  });

  it('are empty for white space', () => {
    expect(parseSearchTerms(' \u00a0\t')).toBeUndefined();
  });
});
