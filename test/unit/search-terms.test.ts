import { describe, expect, it } from 'vitest';
import { parseSearchTerms } from '../../src/domain/text/search-terms.ts';

describe('what a person typed', () => {
  it('is parted into words by whatever is no letter and no digit', () => {
    expect(parseSearchTerms(' Barne- og ungdom, 2 ')?.words).toEqual(['Barne', 'og', 'ungdom', '2']);
  });

  it('keeps a word whole whose accents are characters of their own', () => {
    expect(parseSearchTerms('Ålesund Kárášjohka'.normalize('NFD'))).toEqual(parseSearchTerms('Ålesund Kárášjohka'));
    expect(parseSearchTerms('m̌ora')?.words).toEqual(['m̌ora']);
  });

  it('may be a RESH-id or an organization number, spaces left out', () => {
    expect(parseSearchTerms('108 597')).toMatchObject({ reshId: 108_597, organizationNumber: null });
    expect(parseSearchTerms('983 974 724')).toMatchObject({ reshId: 983_974_724, organizationNumber: '983974724' });
    expect(parseSearchTerms('2147483648')).toMatchObject({ reshId: null, organizationNumber: null });
  });

  it('is nothing where there is nothing but white space', () => {
    expect(parseSearchTerms(' \u00a0\t')).toBeUndefined();
  });
});
