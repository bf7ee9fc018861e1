/**
 * Says whether an If-None-Match header names an entity tag, weak tags included.
 *
 * @param etag weak or strong
 */
export function matchesEtag(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  // What most clients send.
  if (ifNoneMatch === etag) return true;
  const opaqueTag = withoutWeakness(etag);
  return ifNoneMatch
    .split(',')
    .map((text) => withoutWeakness(text.trim()))
    .some((text) => text === '*' || text === opaqueTag);
}

function withoutWeakness(etag: string): string {
  return etag.replace(/^W\//, '');
}
