import { readFileSync } from 'node:fs';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphiQLOptions } from 'graphql-yoga';
import { examples } from './examples.ts';

const icon = readFileSync(new URL('icon.svg', import.meta.url), 'utf8');

/** What GraphiQL opens with: our name and icon, and a tab for each example. */
const options: GraphiQLOptions = {
  title: 'resh-graph',
  favicon: `data:image/svg+xml;base64,${Buffer.from(icon).toString('base64')}`,
  logo: icon.replace('<svg ', '<svg width="26" '),
  defaultEditorToolsVisibility: false,
  // Tokens are sent from there, and are gone when the page is closed.
  isHeadersEditorEnabled: true,
  shouldPersistHeaders: false,
  defaultTabs: examples.map(({ query }) => ({ query })),
};

// The name beside the tabs stays on one line. Tabs stay in place: where they are wider than their row GraphiQL moves the
// one that the mouse presses, and the click misses it.
const style = `<style>
  .graphiql-logo { white-space: nowrap; }
  .graphiql-tab { transform: none !important; }
</style>`;

let page: string | undefined;

/** The explorer's page: GraphiQL whole, script and fonts included, so that it asks nothing of any other host. */
export function renderExplorer(): string {
  return (page ??= renderGraphiQL(options).replace('</title>', `</title>${style}`));
}

/** Whether the explorer is shown at a path: Yoga by itself would show it at every path that ends like the API's. */
export function isExplorerAt(endpoint: string, url: string): boolean {
  return [endpoint, `${endpoint}/`].includes(new URL(url).pathname);
}
