import type { Plugin } from 'graphql-yoga';

/** Keeps caches from reusing the executor's responses to GET without asking again, as some do if nothing is said. */
export const cacheControl: Plugin = {
  onResponse: ({ request, response }) => {
    if (request.method === 'GET' && !response.headers.has('cache-control'))
      response.headers.set('cache-control', 'no-cache');
  },
};

/**
 * Returns a Cache-Control header.
 *
 * @param readAccess `token`: shared caches must not store the response
 * @param isImmutable whether the response never changes; clients revalidate any other
 */
export function formatCacheControl(readAccess: 'public' | 'token', isImmutable: boolean): string {
  const visibility = readAccess === 'token' ? 'private' : 'public';
  return isImmutable ? `${visibility}, max-age=31536000, immutable` : `${visibility}, no-cache`;
}
