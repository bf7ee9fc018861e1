import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ErrorCode } from '../errors/error-codes.ts';
import { BoundedCache, DOCUMENT_CHARACTER_LIMIT } from '../schema/kit/bounded-cache.ts';

/** What an entry takes beside its document, in characters. */
const ENTRY_CHARACTERS = 250;

/** Documents that clients have sent with their SHA-256, and later name by it alone. */
export type PersistedDocuments = BoundedCache<string>;

export function createPersistedDocuments(): PersistedDocuments {
  return new BoundedCache(DOCUMENT_CHARACTER_LIMIT);
}

/**
 * Returns the SHA-256, in hexadecimal, by which the extensions of a request name its document, as Apollo's clients do;
 * undefined if they do not.
 */
export function readPersistedHash(extensions: unknown): string | undefined {
  const { persistedQuery } = (extensions ?? {}) as { readonly persistedQuery?: unknown };
  if (typeof persistedQuery !== 'object' || persistedQuery === null) return undefined;
  const { version, sha256Hash } = persistedQuery as { readonly version?: unknown; readonly sha256Hash?: unknown };
  return version === 1 && typeof sha256Hash === 'string' ? sha256Hash : undefined;
}

/** Answers automatic persisted queries: a document is sent with its hash once, and named by its hash from then on. */
export function persistedQueries(documents: PersistedDocuments): Plugin {
  return {
    onParams: ({ params, setParams }) => {
      const hash = readPersistedHash(params.extensions);
      if (hash === undefined) return;
      // Yoga explains a document that is not a text.
      if (params.query !== undefined) {
        if (typeof params.query === 'string') storeDocument(documents, hash, params.query);
        return;
      }
      const query = documents.find(hash);
      // Clients look for this message, and for a status that does not mean that the request failed.
      if (query === undefined) throw createError('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND', 200);
      setParams({ ...params, query });
    },
  };
}

function storeDocument(documents: PersistedDocuments, hash: string, query: string): void {
  const actual = createHash('sha256').update(query).digest('hex');
  if (hash !== actual)
    throw createError(
      `\`extensions.persistedQuery.sha256Hash\` is "${hash.slice(0, 64)}", but the SHA-256 of \`query\` is ` +
        `"${actual}": send the hash of the document, in hexadecimal.`,
      'BAD_INPUT',
      400,
    );
  documents.store(hash, query, query.length + ENTRY_CHARACTERS);
}

function createError(message: string, code: ErrorCode, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
