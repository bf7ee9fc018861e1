import { expect, it } from 'vitest';
import { BoundedCache } from '../../src/schema/kit/bounded-cache.ts';

/** Opens a cache that counts the values that it makes. */
function openCache(sizeLimit: number) {
  const cache = new BoundedCache<string | null>(sizeLimit);
  const made: string[] = [];
  const use = (key: string, size: number, value: string | null = key) =>
    cache.findOrMake(key, size, () => {
      made.push(key);
      return value;
    });
  return { made, use };
}

it('makes a value once, also if it is null', () => {
  const { made, use } = openCache(10);

  expect([use('a', 1), use('a', 1), use('none', 1, null), use('none', 1, null)]).toEqual(['a', 'a', null, null]);
  expect(made).toEqual(['a', 'none']);
});

it('drops the values that have not been used for longest beyond the limit', () => {
  const { made, use } = openCache(10);
  for (const key of ['a', 'b', 'c']) use(key, 3);
  use('a', 3);

  use('large', 5);
  for (const key of ['large', 'a', 'c', 'b']) use(key, key === 'large' ? 5 : 3);

  expect(made).toEqual(['a', 'b', 'c', 'large', 'c', 'b']);
});

it('does not keep a value that is larger than the limit', () => {
  const { made, use } = openCache(10);

  expect([use('huge', 11), use('huge', 11)]).toEqual(['huge', 'huge']);
  expect(made).toEqual(['huge', 'huge']);
});

it('finds what was stored until newer values take its room', () => {
  const cache = new BoundedCache<string>(10);
  cache.store('a', 'A', 4);
  cache.store('b', 'B', 4);
  expect([cache.find('a'), cache.find('b')]).toEqual(['A', 'B']);

  cache.store('c', 'C', 4);

  expect([cache.find('a'), cache.find('b'), cache.find('c')]).toEqual([undefined, 'B', 'C']);
});
