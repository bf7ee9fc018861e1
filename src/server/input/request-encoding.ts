import { isUtf8 } from 'node:buffer';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { clipForMessage } from '../../domain/text/clip-for-message.ts';
import { REPLACEMENT_CHARACTER } from '../../domain/text/text-problem.ts';
import type { ErrorCode } from '../../errors/error-codes.ts';

/**
 * Refuses requests that are not UTF-8, before they are parsed: decoders put U+FFFD in place of such bytes, and the
 * register would keep it.
 */
export const requestEncoding: Plugin = {
  onRequestParse: ({ request, requestParser, setRequestParser, fetchAPI }) => {
    if (request.method === 'GET') assertUtf8Parameters(request.url);
    else if (requestParser)
      setRequestParser(async (received) => {
        const bytes = Buffer.from(await received.arrayBuffer());
        if (!isUtf8(bytes)) throw createError('The body of the request is not UTF-8; send it as UTF-8.');
        const { url, method, headers } = received;
        return requestParser(new fetchAPI.Request(url, { method, headers, body: bytes.toString() }));
      });
  },
};

function assertUtf8Parameters(url: string): void {
  for (const [name, text] of new URL(url).searchParams)
    if (name.includes(REPLACEMENT_CHARACTER) || text.includes(REPLACEMENT_CHARACTER))
      throw createError(
        `The parameter \`${clipForMessage(name).slice(1, -1)}\` of the URL is not UTF-8, or contains U+FFFD; ` +
          'write it as UTF-8, percent-encoded.',
      );
}

function createError(message: string): GraphQLError {
  const code: ErrorCode = 'BAD_REQUEST';
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
