import { readFileSync } from 'node:fs';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphiQLOptions } from 'graphql-yoga';
import { examples } from './examples.ts';

const icon = readFileSync(new URL('icon.svg', import.meta.url)).toString('base64');

/** What GraphiQL opens with: our name and icon, and a tab for each example. */
const options: GraphiQLOptions = {
  title: 'resh-graph',
  favicon: `data:image/svg+xml;base64,${icon}`,
  defaultTabs: examples.map(({ query }) => ({ query })),
};

let page: string | undefined;

/** The explorer's page: GraphiQL whole, script and fonts included, so that it asks nothing of any other host. */
export const renderExplorer = (): string => (page ??= renderGraphiQL(options));

/** Whether the explorer is shown at a path: Yoga by itself would show it at every path that ends like the API's. */
export const isExplorerAt = (endpoint: string, url: string): boolean =>
  [endpoint, `${endpoint}/`].includes(new URL(url).pathname);
