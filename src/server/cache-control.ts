import type { Plugin } from 'graphql-yoga';

/** Keeps caches from reusing the executor's responses to GET without asking again, as some do if nothing is said. */
export const cacheControl: Plugin = {
  onResponse: ({ request, response }) => {
    if (request.method === 'GET' && !response.headers.has('cache-control'))
      response.headers.set('cache-control', 'no-cache');
  },
};

const headers = {
  public: { live: 'public, no-cache', immutable: 'public, max-age=31536000, immutable' },
  token: { live: 'private, no-cache', immutable: 'private, max-age=31536000, immutable' },
} as const;

/**
 * Returns a Cache-Control header.
 *
 * @param readAccess `token`: shared caches must not store the response
 * @param isImmutable whether the response never changes; clients revalidate any other
 */
export function formatCacheControl(readAccess: 'public' | 'token', isImmutable: boolean): string {
  return headers[readAccess][isImmutable ? 'immutable' : 'live'];
}
