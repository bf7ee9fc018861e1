import { BoundedCache } from '../../schema/kit/bounded-cache.ts';

/** A response that requests can share. */
export interface StoredResponse {
  /** Weak: `W/` and a text in quotes */
  readonly etag: string;
  readonly body: Buffer;
  /** The compressed body, once a client has asked for it */
  compressed?: Buffer;
  /** Whether the response never changes */
  readonly isPinned: boolean;
  readonly operationName: string | undefined;
}

/** Responses by request, those that were used last. */
export interface ResponseCache {
  find(key: string): StoredResponse | undefined;
  store(key: string, response: StoredResponse): void;
  /** Forgets all responses, also those that never change. */
  clear(): void;
}

/** Bytes of a stored response beside its key and bodies. */
const OVERHEAD_BYTES = 500;

/**
 * Creates an empty cache.
 *
 * @param byteLimit most bytes of keys and bodies; 0 stores nothing
 */
export function createResponseCache(byteLimit: number): ResponseCache {
  const responses = new BoundedCache<StoredResponse>(byteLimit);
  return {
    find: (key) => responses.find(key),
    store: (key, response) => {
      const bytes = countBytes(key, response);
      // Most servers store none.
      if (bytes > byteLimit) return;
      responses.store(key, { ...response, body: withoutUnusedMemory(response.body) }, bytes);
    },
    clear: () => responses.clear(),
  };
}

// A compressed body is counted as long as the body from the start.
function countBytes(key: string, { body }: StoredResponse): number {
  return 2 * (key.length + body.length) + OVERHEAD_BYTES;
}

/** Returns a body that does not keep much more memory than it is counted with: it was written into a larger buffer. */
function withoutUnusedMemory(body: Buffer): Buffer {
  if (body.buffer.byteLength <= 2 * body.length + OVERHEAD_BYTES) return body;
  const copy = Buffer.allocUnsafeSlow(body.length);
  body.copy(copy);
  return copy;
}
