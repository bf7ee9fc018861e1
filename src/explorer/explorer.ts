import { readFileSync } from 'node:fs';
import type { GraphiQLOptions } from 'graphql-yoga';
import { examples } from './examples.ts';

const icon = readFileSync(new URL('icon.svg', import.meta.url), 'utf8');

/** Options of GraphiQL: name, icon, and a tab for each example. */
const options: GraphiQLOptions = {
  title: 'resh-graph',
  favicon: `data:image/svg+xml;base64,${Buffer.from(icon).toString('base64')}`,
  logo: icon.replace('<svg ', '<svg width="26" '),
  defaultEditorToolsVisibility: false,
  // The headers hold tokens, and are forgotten when the page is closed.
  isHeadersEditorEnabled: true,
  shouldPersistHeaders: false,
  defaultTabs: examples.map(({ query }) => ({ query })),
};

// Keeps the name beside the tabs on one line, shows all tabs in several rows, and keeps them in place: GraphiQL moves
// the tab under the mouse button, and the click misses it.
const style = `<style>
  .graphiql-logo { white-space: nowrap; }
  .graphiql-session-header { height: auto !important; }
  .graphiql-tabs { flex-wrap: wrap; overflow: visible !important; }
  .graphiql-tab { transform: none !important; }
</style>`;

let page: Promise<string> | undefined;

/** Returns the page of the explorer: GraphiQL with its script and fonts, so that it needs no other host. */
export function renderExplorer(): Promise<string> {
  return (page ??= render());
}

async function render(): Promise<string> {
  // Loaded when the page is first shown: it takes 40 MB.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options).replace('</title>', `</title>${style}`);
}

/** Indicates whether a path shows the explorer; Yoga itself would show it at every path that ends like the API's. */
export function isExplorerAt(endpoint: string, url: string): boolean {
  return [endpoint, `${endpoint}/`].includes(new URL(url).pathname);
}
