import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { clipForMessage } from '../../domain/text/clip-for-message.ts';
import type { ErrorCode } from '../../errors/error-codes.ts';

/**
 * Refuses requests without the form of GraphQL over HTTP: another method with status 405, a POST that is not JSON with
 * 415, and one without a document with 400. Yoga accepts other bodies too, and answers a missing document with 200.
 */
export const requestForm: Plugin = {
  onRequestParse: ({ request }) => {
    if (request.method !== 'GET' && request.method !== 'POST')
      throw createError(405, `GraphQL has no ${request.method} requests: use POST, GET or HEAD.`, {
        allow: 'GET, HEAD, POST',
      });
    const contentType = request.headers.get('content-type');
    if (request.method === 'POST' && !/^application\/json *(;|$)/i.test(contentType ?? ''))
      throw createError(
        415,
        `The \`Content-Type\` of the request is ${contentType === null ? 'missing' : clipForMessage(contentType)}: ` +
          'send JSON as `application/json`.',
        { accept: 'application/json' },
      );
  },
  onParams: ({ params }) => {
    // Yoga explains a document that is not a text.
    if ((params.query ?? '') === '') throw createError(400, 'The request has no document: send one as `query`.');
  },
};

function createError(status: number, message: string, headers: Record<string, string> = {}): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_REQUEST' satisfies ErrorCode, http: { status, headers } },
  });
}
