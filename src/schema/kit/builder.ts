import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import { getDatamodel, type default as PrismaTypes } from '../../generated/pothos.ts';
import { complexityError } from './complexity-error.ts';
import { breadthLimit, costLimit, depthLimit, lookupLimit } from './limits.ts';
import { decodeGlobalID } from './node-id.ts';

export interface SchemaTypes {
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  Scalars: {
    Date: { Input: Day; Output: Day };
    DateTime: { Input: Date; Output: Date | string };
    ReshId: { Input: number; Output: number };
    OrganizationNumber: { Input: string; Output: string };
    Revision: { Input: number; Output: number };
    ID: { Input: string; Output: string | number | bigint };
  };
}

export type SchemaBuilderTypes = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [RelayPlugin, PrismaPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  relay: {
    clientMutationId: 'omit',
    decodeGlobalID,
    cursorType: 'String',
    pageInfoTypeOptions: { description: 'Where a page lies in the whole; pages go forward only' },
    hasNextPageFieldOptions: { description: 'Indicates whether more follows' },
    hasPreviousPageFieldOptions: { description: 'Indicates whether something came before' },
    startCursorFieldOptions: { description: 'Cursor of the first in the page; null on an empty page' },
    endCursorFieldOptions: {
      description: 'Cursor of the last in the page: hand it to `after` for the next; null on an empty page',
    },
    nodeTypeOptions: { description: 'Anything with an id that the whole register knows' },
    idFieldOptions: { description: 'Id that the whole register knows: node(id) gives the same state back' },
    nodeQueryOptions: {
      description: 'Whatever has an id, in the state the id names; null where there is none',
      args: { id: { description: 'Id as an answer gave it' } },
    },
    nodesQueryOptions: {
      description: 'Whatever has these ids, in the order asked; null for each there is none of',
      args: { ids: { description: 'Ids as answers gave them, at most 1000' } },
      complexity: ({ ids }) => ({ field: 1, multiplier: ids.length }),
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > lookupLimit)
          throw clientError(
            'LIMIT_EXCEEDED',
            `«ids» has ${ids.length} ids, and ${lookupLimit} are allowed. Ask in parts of ${lookupLimit}.`,
          );
        return resolveNodes(ids);
      },
    },
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
    complexityError,
  },
});

builder.queryType({
  description:
    'Everything that can be read; the fields of Register stand here for the register valid today, as known now',
});

builder.mutationType({
  description:
    'Changes of the register, each all or nothing and recorded in the ledger. Results are null where refused, so that neighbours go on',
});

builder.subscriptionType({
  description: 'What is told as it happens, over Server-Sent Events',
});
