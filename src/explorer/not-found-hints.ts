import type { Plugin } from 'graphql-yoga';

/**
 * Redirects / to the API, and answers requests for unknown paths with the path of the API.
 *
 * @param endpoint path of the API, such as /graphql
 * @param otherPaths other paths that the server answers
 */
export function notFoundHints(endpoint: string, otherPaths: readonly string[]): Plugin {
  const servedPaths = [endpoint, `${endpoint}/`, ...otherPaths];
  return {
    onRequest(event) {
      const { request, fetchAPI } = event;
      const { pathname } = event.url;
      if (servedPaths.includes(pathname)) return;
      const isHomePage = pathname === '/' && ['GET', 'HEAD'].includes(request.method);
      event.endResponse(
        isHomePage
          ? new fetchAPI.Response(null, { status: 302, headers: { location: endpoint } })
          : new fetchAPI.Response(`No page at ${pathname}. The GraphQL API and its explorer are at ${endpoint}.\n`, {
              status: 404,
              headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
            }),
      );
    },
  };
}
