import { describe, expect, it } from 'vitest';
import { createResponseCache, type StoredResponse } from '../../src/server/compiled/response-cache.ts';

function createResponse(size: number): StoredResponse {
  return { etag: '"1"', body: Buffer.alloc(size), isPinned: true, operationName: undefined };
}

describe('a response cache', () => {
  it('drops the responses that have not been used for longest', () => {
    const cache = createResponseCache(10_000);
    for (const key of ['one', 'two', 'three']) cache.store(key, createResponse(1_000));
    cache.find('one');

    cache.store('four', createResponse(1_500));

    expect(['one', 'two', 'three', 'four'].map((key) => cache.find(key)?.body.length)).toEqual([
      1_000,
      undefined,
      1_000,
      1_500,
    ]);
  });

  it('replaces the response to a request', () => {
    const cache = createResponseCache(10_000);
    for (const size of [1_000, 2_000, 3_000]) cache.store('same', createResponse(size));
    cache.store('other', createResponse(1_000));

    expect([cache.find('same')?.body.length, cache.find('other')?.body.length]).toEqual([3_000, 1_000]);
  });

  it('does not keep the memory of a larger buffer in which a response was written', () => {
    const cache = createResponseCache(10_000);
    const written = Buffer.alloc(100_000, 'a').subarray(0, 1_000);

    cache.store('small', { ...createResponse(0), body: written });

    expect(cache.find('small')?.body).toEqual(written);
    expect(cache.find('small')?.body.buffer.byteLength).toBe(1_000);
  });

  it('stores no response that is larger than the cache, and nothing without memory', () => {
    const cache = createResponseCache(10_000);
    cache.store('small', createResponse(100));
    cache.store('large', createResponse(5_000));
    const empty = createResponseCache(0);
    empty.store('small', createResponse(0));

    expect([cache.find('small')?.body.length, cache.find('large'), empty.find('small')]).toEqual([
      100,
      undefined,
      undefined,
    ]);
  });
});
