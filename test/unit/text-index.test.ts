import { describe, expect, it } from 'vitest';
import { findReach } from '../../src/domain/text/search-terms.ts';
import { TextIndex } from '../../src/store/snapshot/search/text-index.ts';
import { Trigrams } from '../../src/store/snapshot/search/trigrams.ts';

function toText(text: string) {
  return { folded: text, lowered: text };
}

function findPoints(texts: TextIndex, word: string) {
  const { numbers, points } = texts.findWord([{ ...toText(word), reach: findReach(word) }]);
  return Object.fromEntries([...numbers].map((number, match) => [texts.foldedAt(number), points[match]]));
}

describe('an index of texts', () => {
  it('finds words, starts of words and parts of them, the better the closer', () => {
    const texts = new TextIndex(new Trigrams());
    for (const text of ['post 2', 'posten', 'sengepost', 'sengepost (post)', 'kirurgi', 'po']) texts.add(toText(text));

    expect(findPoints(texts, 'post')).toEqual({ 'post 2': 95, posten: 82, sengepost: 70, 'sengepost (post)': 95 });
    expect(findPoints(texts, 'po')).toEqual({ 'post 2': 82, posten: 82, 'sengepost (post)': 82, po: 95 });
    expect(findPoints(texts, '2')).toEqual({ 'post 2': 95 });
    expect(findPoints(texts, 'p')).toEqual({});
  });

  it('keeps the words of at most so many searches, also if they match nothing', () => {
    const texts = new TextIndex(new Trigrams());
    texts.add(toText('kirurgisk sengepost'));

    for (let word = 0; word < 20_000; word += 1) expect(findPoints(texts, `x${word}`)).toEqual({});

    expect(texts.keptWordCount).toBe(10_000);
  });

  it('compares the words that it keeps with texts that come later', () => {
    const texts = new TextIndex(new Trigrams());
    texts.add(toText('kirurgisk sengepost'));
    expect(findPoints(texts, 'sengepost')).toEqual({ 'kirurgisk sengepost': 95 });

    texts.add(toText('medisinsk sengepost'));
    texts.add(toText('laboratorium'));

    expect(findPoints(texts, 'sengepost')).toEqual({ 'kirurgisk sengepost': 95, 'medisinsk sengepost': 95 });
  });
});
