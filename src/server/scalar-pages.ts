import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'graphql-yoga';

const folder = new URL('../../docs/scalars/', import.meta.url);
const basePath = '/docs/scalars/';

/** The pages in docs/scalars/ by the path at which they are served. */
const pageFiles: ReadonlyMap<string, string> = new Map(
  readdirSync(folder).map((file) => [basePath + file.replace(/\.md$/, ''), file]),
);

/** Paths to which `@specifiedBy` points. */
export const scalarPaths: readonly string[] = [...pageFiles.keys()];

/** Serves the page of each scalar as plain text: Markdown reads well as it is, and every browser shows it. */
export const scalarPages: Plugin = {
  onRequest: async (event) => {
    const { request, url, fetchAPI } = event;
    const file = pageFiles.get(url.pathname);
    if (file === undefined) return;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const body = isRead ? await readFile(new URL(file, folder), 'utf8') : 'This page is read with GET.\n';
    event.endResponse(
      new fetchAPI.Response(request.method === 'HEAD' ? null : body, {
        status: isRead ? 200 : 405,
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'x-content-type-options': 'nosniff',
          ...(!isRead && { allow: 'GET, HEAD' }),
        },
      }),
    );
  },
};
