/** A response that requests can share. */
export interface StoredResponse {
  /** In quotes, without `W/` */
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
}

/** Bytes of a stored response beside its key and bodies. */
const OVERHEAD_BYTES = 500;

/**
 * Creates an empty cache.
 *
 * @param byteLimit most bytes of keys and bodies; 0 stores nothing
 */
export function createResponseCache(byteLimit: number): ResponseCache {
  const responses = new Map<string, StoredResponse>();
  let byteCount = 0;
  const remove = (key: string): void => {
    const known = responses.get(key);
    if (!known) return;
    responses.delete(key);
    byteCount -= countBytes(key, known);
  };
  return {
    find: (key) => {
      const found = responses.get(key);
      if (!found) return undefined;
      responses.delete(key);
      responses.set(key, found);
      return found;
    },
    store: (key, response) => {
      remove(key);
      const bytes = countBytes(key, response);
      if (bytes > byteLimit) return;
      responses.set(key, response);
      byteCount += bytes;
      for (const oldest of responses.keys()) {
        if (byteCount <= byteLimit) break;
        remove(oldest);
      }
    },
  };
}

// A compressed body is counted as long as the body from the start.
function countBytes(key: string, { body }: StoredResponse): number {
  return 2 * (key.length + body.length) + OVERHEAD_BYTES;
}
