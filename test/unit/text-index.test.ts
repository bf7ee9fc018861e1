import { describe, expect, it } from 'vitest';
import { TextIndex } from '../../src/store/snapshot/search/text-index.ts';
import { Trigrams } from '../../src/store/snapshot/search/trigrams.ts';

function findWord(texts: TextIndex, folded: string): readonly number[] {
  return [...texts.findWord({ folded, isPartSimilar: true, isPartMatch: false, leastSimilarity: 0.5 }).numbers];
}

function addText(texts: TextIndex, text: string): number {
  return texts.add(text, text);
}

describe('the words that an index of texts keeps', () => {
  it('have a limit, also if they match nothing', () => {
    const texts = new TextIndex(new Trigrams());
    addText(texts, 'kirurgisk sengepost');

    for (let word = 0; word < 20_000; word += 1) expect(findWord(texts, `x${word}`)).toEqual([]);

    expect(texts.keptWordCount).toBe(10_000);
  });

  it('are compared with texts that come later', () => {
    const texts = new TextIndex(new Trigrams());
    const first = addText(texts, 'kirurgisk sengepost');
    expect(findWord(texts, 'sengepost')).toEqual([first]);

    const second = addText(texts, 'medisinsk sengepost');
    addText(texts, 'laboratorium');

    expect(findWord(texts, 'sengepost')).toEqual([first, second]);
  });
});
