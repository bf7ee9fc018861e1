import type { Plugin } from 'graphql-yoga';

/**
 * Leads from / to the API, and tells whoever asks at an unknown path where the API is.
 *
 * @param endpoint path of the API, such as /graphql
 * @param otherPaths paths that are served beside it
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
          : new fetchAPI.Response(
              `There is nothing at ${pathname}. The GraphQL API and its explorer are at ${endpoint}.\n`,
              {
                status: 404,
                headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
              },
            ),
      );
    },
  };
}
