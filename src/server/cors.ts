import type { Plugin } from 'graphql-yoga';

const DAY_IN_SECONDS = 86_400;

/**
 * Allows requests from every origin: clients authenticate with a token, never with a cookie. Yoga's own CORS support is
 * off because it returns the page's origin and overwrites the response's `Vary` header.
 */
export const cors: Plugin = {
  onRequest: (event) => {
    const { request, fetchAPI } = event;
    if (request.method !== 'OPTIONS') return;
    event.endResponse(
      new fetchAPI.Response(null, {
        status: 204,
        headers: {
          'access-control-allow-methods': 'GET, HEAD, POST',
          'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? '',
          'access-control-max-age': String(DAY_IN_SECONDS),
        },
      }),
    );
  },
  onResponse: ({ response }) => {
    response.headers.set('access-control-allow-origin', '*');
    if (!response.headers.has('access-control-expose-headers'))
      response.headers.set('access-control-expose-headers', 'X-Request-Id');
  },
};
