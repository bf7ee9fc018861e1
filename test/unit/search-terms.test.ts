import { describe, expect, it } from 'vitest';
import { searchTerms } from '../../src/domain/text/search-terms.ts';

describe('what a person typed', () => {
  it('is parted into words by whatever is no letter and no digit', () => {
    expect(searchTerms(' Barne- og ungdom, 2 ')?.words).toEqual(['Barne', 'og', 'ungdom', '2']);
  });

  it('keeps a word whole whose accents are characters of their own', () => {
    expect(searchTerms('Ålesund Kárášjohka'.normalize('NFD'))).toEqual(searchTerms('Ålesund Kárášjohka'));
    expect(searchTerms('m̌ora')?.words).toEqual(['m̌ora']);
  });

  it('may be a RESH-id or an organization number, spaces left out', () => {
    expect(searchTerms('108 597')).toMatchObject({ reshId: 108_597, organizationNumber: null });
    expect(searchTerms('983 974 724')).toMatchObject({ reshId: 983_974_724, organizationNumber: '983974724' });
    expect(searchTerms('2147483648')).toMatchObject({ reshId: null, organizationNumber: null });
  });

  it('is nothing where there is nothing but white space', () => {
    expect(searchTerms(' \u00a0\t')).toBeUndefined();
  });
});
