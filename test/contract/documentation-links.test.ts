import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'test/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** Returns the anchors of a page's headings, as GitHub makes them. */
function listAnchors(page: string): string[] {
  return [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it('finds the pages in all folders of the documentation', () => {
  expect(pages).toEqual(expect.arrayContaining(['docs/time.md', 'docs/clients/curl.md', 'docs/decisions/README.md']));
});

it.each(pages)('%s names files that exist', (page) => {
  const paths = [...readPage(page).matchAll(/`((?:src|test|docs|prisma)\/[^`\s*]+)`/g)].map(([, path = '']) => path);

  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it.each(pages)('%s names functions that are in the file it says', (page) => {
  const mentions = [...readPage(page).matchAll(/`([\w.]+)`\s+in\s+`((?:src|test)\/[^`\s*]+\.ts)`/g)];
  const missing = mentions.filter(
    ([, name = '', path = '']) =>
      !existsSync(join(root, path)) || !new RegExp(`\\b${name}\\b`).test(readFileSync(join(root, path), 'utf8')),
  );

  expect(missing.map(([mention]) => mention)).toEqual([]);
});

it.each(pages)('%s links to pages and headings that exist', (page) => {
  const links = [...readPage(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  const broken = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(join(root, target)) || (anchor !== undefined && !listAnchors(target).includes(anchor));
  });

  expect(broken.map(([link]) => link)).toEqual([]);
});

it('lists every decision in the index', () => {
  const index = readPage('docs/decisions/README.md');
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/') && !page.endsWith('README.md'));

  expect(
    decisions.filter((page) => {
      const title = /^# (.+)$/m.exec(readPage(page))?.[1] ?? '';
      return !index.includes(`[${title}](${page.slice('docs/decisions/'.length)})`);
    }),
  ).toEqual([]);
});
