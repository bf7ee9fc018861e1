/**
 * Says whether an If-None-Match header names an entity tag, weak tags included.
 *
 * @param etag in quotes, without `W/`
 */
export function matchesEtag(ifNoneMatch: string | null, etag: string): boolean {
  return (ifNoneMatch ?? '')
    .split(',')
    .map((text) => text.trim().replace(/^W\//, ''))
    .some((text) => text === '*' || text === etag);
}

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
