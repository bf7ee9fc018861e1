import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { getDatamodel, type default as PrismaTypes } from '../generated/pothos.ts';
import { depthLimit, breadthLimit, costLimit } from './limits.ts';

export interface SchemaTypes {
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: { totalCount: () => number | Promise<number> };
  Scalars: {
    Date: { Input: Day; Output: Day };
    DateTime: { Input: Date; Output: Date | string };
    ReshId: { Input: number; Output: number };
    OrganizationNumber: { Input: string; Output: string };
    Revision: { Input: number; Output: number };
    ID: { Input: string; Output: string | number | bigint };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [RelayPlugin, PrismaPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    nodesOnConnection: true,
    edgesFieldOptions: { nullable: { list: false, items: false }, description: 'The page, with what belongs to each place in it' },
    nodesFieldOptions: { nullable: { list: false, items: false }, description: 'The page, without its edges' },
    nodeFieldOptions: { nullable: false, description: 'What stands at this place' },
    edgeCursorFieldOptions: { description: 'Place to go on from, as `after`; it carries the snapshot the page was taken at' },
    pageInfoFieldOptions: { description: 'Where the page lies in the whole' },
    pageInfoTypeOptions: { description: 'Where a page lies in the whole; pages go forward only' },
    hasNextPageFieldOptions: { description: 'Indicates whether more follows' },
    hasPreviousPageFieldOptions: { description: 'Indicates whether something came before' },
    startCursorFieldOptions: { description: 'Cursor of the first in the page; null on an empty page' },
    endCursorFieldOptions: { description: 'Cursor of the last in the page: hand it to `after` for the next; null on an empty page' },
    nodeTypeOptions: { description: 'Anything with an id that the whole register knows' },
    idFieldOptions: { description: 'Id that the whole register knows: node(id) gives the same state back' },
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
  prisma: {
    client: ({ database }) => database.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    filterConnectionTotalCount: true,
    onUnusedQuery: process.env['NODE_ENV'] === 'production' ? null : 'warn',
  },
  complexity: {
    defaultComplexity: 1,
    defaultListMultiplier: 5,
    limit: { complexity: costLimit, depth: depthLimit, breadth: breadthLimit },
  },
});

builder.queryType({ description: 'Everything that can be read; the fields of Register stand here for the register valid today, as known now' });
builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'Number of all there are, over all pages; counted only when asked for',
    resolve: (connection) => connection.totalCount(),
  }),
);
