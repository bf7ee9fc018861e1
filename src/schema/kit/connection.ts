import type { ObjectRef } from '@pothos/core';
import type { PageInfoShape } from '@pothos/plugin-relay';
import { builder, type SchemaBuilderTypes } from './builder.ts';

/** A page as resolvers give it. */
export interface Page<Edge> {
  readonly edges: readonly Edge[];
  readonly pageInfo: PageInfoShape;
  readonly totalCount: () => Promise<number>;
}

/** What stands on every edge. */
export interface EdgeShape<Item> {
  readonly cursor: string;
  readonly node: Item;
}

type Ref<Shape> = ObjectRef<SchemaBuilderTypes, Shape>;

// The connection field itself has counted its page.
const pageItemCost = { field: 0, multiplier: 1 };

const cursorDescription = 'Place to go on from, as «after»; it carries the snapshot the page was taken at';

/** Declares a connection: edges, nodes, pageInfo and totalCount. */
export function declareConnection<Item, Edge extends EdgeShape<Item>, Shape extends Page<Edge> = Page<Edge>>(
  name: string,
  description: string,
  node: Ref<Item>,
  edge: Ref<Edge> = declareEdge<Item, Edge>(`${name.replace(/Connection$/, '')}Edge`, node),
): Ref<Shape> {
  const connection = builder.objectRef<Shape>(name);
  builder.objectType(connection, {
    description,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        complexity: pageItemCost,
        description: 'The page, with what belongs to each place in it',
        resolve: (page) => page.edges as never,
      }),
      nodes: t.field({
        type: [node],
        complexity: pageItemCost,
        description: 'The page, without its edges',
        resolve: (page) => page.edges.map((each) => each.node) as never,
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: 'Where the page lies in the whole',
        resolve: (page) => page.pageInfo,
      }),
      totalCount: t.int({
        description: 'Number of all there are, over all pages; counted only when asked for',
        resolve: (page) => page.totalCount(),
      }),
    }),
  });
  return connection;
}

/** Declares the edge of a connection; more fields may be added to it. */
export function declareEdge<Item, Edge extends EdgeShape<Item>>(name: string, node: Ref<Item>): Ref<Edge> {
  const edge = builder.objectRef<Edge>(name);
  builder.objectType(edge, {
    description: 'Place in a page, and what stands there',
    fields: (t) => ({
      cursor: t.string({ description: cursorDescription, resolve: ({ cursor }) => cursor }),
      node: t.field({
        type: node,
        description: 'What stands at this place',
        resolve: (parent) => parent.node as never,
      }),
    }),
  });
  return edge;
}
