import { Operation } from '../../generated/prisma/enums.js';
import { builder } from '../kit/builder.ts';
import { pageLimit } from '../kit/limits.ts';
import { firstDescription, pageCost, resolvePageSize } from '../kit/page.ts';
import { Change } from '../kit/refs.ts';
import { hasAnyGrant } from './has-any-grant.ts';

// An import or a synchronization can record thousands.
const firstById = { orderBy: { id: 'asc' }, take: 1_000 } as const;

const ChangeRecord = builder.prismaObject('Change', {
  variant: 'ChangeRecord',
  description: 'What the ledger keeps of a change beside its effects on units',
  fields: (t) => ({
    grantsRecorded: t.relation('recordedAccessGrants', {
      description: 'Grants that the change recorded: new ones, and the new state of altered ones; the first 1,000',
      query: firstById,
    }),
    grantsSuperseded: t.relation('supersededAccessGrants', {
      description: 'Grants that the change altered or ended, as they were before; the first 1,000',
      query: firstById,
    }),
    idempotencyKeys: t.relation('idempotencyKeys', {
      description: 'Keys under which the result of the change is kept for repeated requests; none once they expire',
    }),
    rowsDigest: t.exposeString('rowsDigest', {
      description: 'SHA-256 over the rows that the change recorded and superseded, in hexadecimal',
    }),
    previousHash: t.exposeString('previousHash', {
      description: 'Hash of the previous change, in hexadecimal; empty at revision 1',
    }),
  }),
});

builder.prismaObject('IdempotencyKey', {
  description: 'Key of a request, under which its result is kept for repetitions',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Key that the client chose' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Instant after which the key can be used again',
    }),
  }),
});

builder.prismaObjectField('Change', 'record', (t) =>
  t.variant(ChangeRecord, {
    description:
      'What the ledger keeps of the change beside its effects on units; null unless the viewer holds a grant',
    isNull: async (_change, _args, context) => !(await hasAnyGrant(context)),
  }),
);

/** Changes of many units that the command line makes. */
const importOperations = [Operation.IMPORT, Operation.SYNCHRONIZE, Operation.DEMO];

builder.queryField('imports', (t) =>
  t.prismaField({
    type: [Change],
    description: 'Imports, synchronizations and generated demo registers, the newest first',
    args: { first: t.arg.int({ description: firstDescription(pageLimit) }) },
    complexity: pageCost(pageLimit),
    resolve: (query, _root, { first }, context) => {
      const take = resolvePageSize(first, pageLimit, 'read the rest with `changes`');
      context.countObjects(take);
      return context.database.prisma.change.findMany({
        ...query,
        where: { operation: { in: importOperations } },
        orderBy: { revision: 'desc' },
        take,
      });
    },
  }),
);
