import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { clipForMessage } from '../../domain/text/clip-for-message.ts';

const jsonParameters = ['variables', 'extensions'];

/** Rejects URLs whose parameters are not JSON where they must be; the error names the parameter and its value. */
export const urlParameters: Plugin = {
  onRequestParse: ({ request }) => {
    if (request.method !== 'GET') return;
    const { searchParams } = new URL(request.url);
    for (const name of jsonParameters) {
      const text = searchParams.get(name);
      if (text && !isJsonObject(text))
        throw new GraphQLError(
          `The parameter \`${name}\` of the URL is ${clipForMessage(text)}, which is not a JSON object. ` +
            'Send one such as {"id": 108597}, URL-encoded.',
          { extensions: { code: 'BAD_INPUT', http: { status: 400 } } },
        );
    }
  },
};

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || (typeof value === 'object' && !Array.isArray(value));
  } catch {
    return false;
  }
}
