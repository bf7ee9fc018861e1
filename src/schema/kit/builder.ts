import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import { getDatamodel, type default as PrismaTypes } from '../../generated/pothos.ts';
import { lookupLimit } from './limits.ts';
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
    pageInfoTypeOptions: { description: 'Position of a page in its connection; paging goes forward only' },
    hasNextPageFieldOptions: { description: 'Indicates whether more items follow the page' },
    hasPreviousPageFieldOptions: { description: 'Indicates whether items precede the page' },
    startCursorFieldOptions: { description: 'Cursor of the first item of the page; null on an empty page' },
    endCursorFieldOptions: {
      description: 'Cursor of the last item of the page, to pass as `after` for the next page; null on an empty page',
    },
    nodeTypeOptions: { description: 'Object with a global id' },
    idFieldOptions: { description: 'Global id of the object; `node(id:)` returns the same state of it' },
    nodeQueryOptions: {
      description: 'Object with a global id, in the state that the id names; null if there is none',
      args: { id: { description: 'Global id, as returned in a response' } },
    },
    nodesQueryOptions: {
      description: 'Objects with these global ids, in the order requested; null for each id without an object',
      args: { ids: { description: 'Global ids, as returned in responses, at most 1000' } },
      complexity: ({ ids }) => ({ field: 1, multiplier: ids.length }),
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > lookupLimit)
          throw clientError(
            'LIMIT_EXCEEDED',
            `\`ids\` has ${ids.length} ids, but at most ${lookupLimit} are allowed. Ask for ${lookupLimit} at a time.`,
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
    // The plugin only keeps the costs of the fields; `withCostLimits` checks operations.
    disabled: true,
  },
});

builder.queryType({
  description:
    'All queries. The fields of Register exist here too, as shorthand for `register` without arguments: the register ' +
    'valid today, as known now',
});

builder.mutationType({
  description:
    'All changes of the register. Each is atomic and recorded in the ledger. A change that is refused returns ' +
    'null, and the other mutations of the operation still run',
});

builder.subscriptionType({
  description: 'Events, delivered over Server-Sent Events as they happen',
});
