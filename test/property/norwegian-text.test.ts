import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { norwegianNames } from '../support/model/norwegian-names.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { useRegister } from '../support/registers/use-register.ts';

const register = useRegister();

async function readSortKeys(texts: readonly string[]): Promise<Map<string, { sortKey: string; folded: string }>> {
  const rows = await register.database.bulk((session) =>
    session.query(
      `select value as text, norwegian_sort_key(value) as "sortKey", fold_text(value) as folded
       from jsonb_array_elements_text($1::text::jsonb) as value`,
      [JSON.stringify(texts)],
    ),
  );
  const parsed = z.array(z.object({ text: z.string(), sortKey: z.string(), folded: z.string() })).parse(rows);
  return new Map(parsed.map(({ text, ...keys }) => [text, keys]));
}

// The column is sorted byte by byte.
function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

describe('Norwegian order in SQL', () => {
  const collator = new Intl.Collator('nb', { sensitivity: 'base' });

  it('equals the order of the language for each pair of many names', async () => {
    const keys = await readSortKeys(norwegianNames);
    const misordered = norwegianNames.flatMap((one) =>
      norwegianNames
        .filter(
          (other) =>
            Math.sign(compareBytes(keys.get(one)?.sortKey ?? '', keys.get(other)?.sortKey ?? '')) !==
            Math.sign(collator.compare(one, other)),
        )
        .map((other) => [one, other]),
    );
    expect(misordered).toEqual([]);
  });

  it('equals the order of the language for words of Norwegian letters except aa', async () => {
    const word = fc
      .string({
        unit: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyzæøåABYZÆØÅéèüöä')),
        minLength: 1,
        maxLength: 6,
      })
      // Norwegian collation sorts `aa`, with or without dots or rings, as `å`; the register sorts the letters as
      // written.
      .filter((text) => !/[aäå][aäå]/i.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 20, maxLength: 40 }), async (words) => {
        const keys = await readSortKeys(words);
        for (const one of words)
          for (const other of words)
            expect(
              Math.sign(compareBytes(keys.get(one)?.sortKey ?? '', keys.get(other)?.sortKey ?? '')),
              `${one} beside ${other}`,
            ).toBe(Math.sign(collator.compare(one, other)));
      }),
      propertyOptions(10),
    );
  });
});

describe('numbers in names', () => {
  it('sort by value, beside other words and each other', async () => {
    const names = [
      'Post',
      'Post 02',
      'Post 10',
      'Post 10, seksjon 9',
      'Post 10, seksjon 11',
      'Post 1234567890',
      'Post A',
      'Post2',
      'Post10',
      'Poster',
    ];
    const keys = await readSortKeys(names);
    const keyOf = (name: string): string => keys.get(name)?.sortKey ?? '';
    expect(names.toReversed().sort((one, other) => compareBytes(keyOf(one), keyOf(other)))).toEqual(names);
  });

  it('sort by value for any numbers of at most ten digits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9_999_999_999 }), { minLength: 2 }), async (numbers) => {
        const keys = await readSortKeys(numbers.map((number) => `Post ${number}`));
        for (const one of numbers)
          for (const other of numbers)
            expect(
              Math.sign(compareBytes(keys.get(`Post ${one}`)?.sortKey ?? '', keys.get(`Post ${other}`)?.sortKey ?? '')),
            ).toBe(Math.sign(one - other));
      }),
      propertyOptions(10),
    );
  });
});

describe('folded text', () => {
  it('ignores letter case and accents', async () => {
    const folded = await readSortKeys([
      'FØRDE',
      'Førde',
      'forde',
      'Ålesund',
      'ÆRØ',
      'Kárášjohka',
      'Sjöberg',
      'Müller',
      'Barne- og ungdom 2',
    ]);
    expect([...folded].map(([text, keys]) => [text, keys.folded])).toEqual([
      ['FØRDE', 'forde'],
      ['Førde', 'forde'],
      ['forde', 'forde'],
      ['Ålesund', 'alesund'],
      ['ÆRØ', 'aero'],
      ['Kárášjohka', 'karasjohka'],
      ['Sjöberg', 'sjoberg'],
      ['Müller', 'muller'],
      ['Barne- og ungdom 2', 'barne- og ungdom 2'],
    ]);
  });

  it('is idempotent and equal for upper and lower case', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...norwegianNames), { minLength: 1, maxLength: 10 }), async (names) => {
        const foldedOnce = await readSortKeys(names);
        const foldedTwice = await readSortKeys([...foldedOnce.values()].map(({ folded }) => folded));
        const foldedUpperCase = await readSortKeys(names.map((name) => name.toUpperCase()));
        for (const [name, { folded }] of foldedOnce) {
          expect(foldedTwice.get(folded)?.folded).toBe(folded);
          expect(foldedUpperCase.get(name.toUpperCase())?.folded).toBe(folded);
        }
      }),
      propertyOptions(20),
    );
  });
});
