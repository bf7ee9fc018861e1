import type { ObjectRef } from '@pothos/core';
import type { PageInfoShape } from '@pothos/plugin-relay';
import { builder, type SchemaBuilderTypes } from './builder.ts';
import { pageItemCost } from './cost.ts';

/** A page, as resolvers return it. */
export interface Page<Edge> {
  readonly edges: readonly Edge[];
  readonly pageInfo: PageInfoShape;
  readonly totalCount: () => Promise<number>;
}

/** The fields of every edge. */
export interface EdgeShape<Item> {
  readonly cursor: string;
  readonly node: Item;
}

type Ref<Shape> = ObjectRef<SchemaBuilderTypes, Shape>;

const cursorDescription =
  'Position after which to continue, to pass as `after`; the cursor carries the snapshot of its page';

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
        description: 'Edges of the page: each item with its cursor',
        resolve: (page) => page.edges as never,
      }),
      nodes: t.field({
        type: [node],
        complexity: pageItemCost,
        description: 'Items of the page, without their edges',
        resolve: (page) => page.edges.map((each) => each.node) as never,
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: 'Position of the page in the connection',
        resolve: (page) => page.pageInfo,
      }),
      totalCount: t.int({
        description: 'Number of items on all pages; counted only when requested',
        resolve: (page) => page.totalCount(),
      }),
    }),
  });
  return connection;
}

/** Declares the edge of a connection, to which fields may be added. */
export function declareEdge<Item, Edge extends EdgeShape<Item>>(name: string, node: Ref<Item>): Ref<Edge> {
  const edge = builder.objectRef<Edge>(name);
  builder.objectType(edge, {
    description: 'Item of a page, with its cursor',
    fields: (t) => ({
      cursor: t.string({ description: cursorDescription, resolve: ({ cursor }) => cursor }),
      node: t.field({
        type: node,
        description: 'Item at this position',
        resolve: (parent) => parent.node as never,
      }),
    }),
  });
  return edge;
}
