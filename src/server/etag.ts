/**
 * Says whether an If-None-Match header names an entity tag, weak tags included.
 *
 * @param etag in quotes, without `W/`
 */
export function matchesEtag(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  // What most clients send.
  if (ifNoneMatch === `W/${etag}`) return true;
  return ifNoneMatch
    .split(',')
    .map((text) => text.trim().replace(/^W\//, ''))
    .some((text) => text === '*' || text === etag);
}
