import type { Change as ChangeRow } from '../../generated/prisma/client.js';
import { Operation } from '../../generated/prisma/enums.js';
import { builder } from '../kit/builder.ts';
import { connectionKey, revisionPositionSchema } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { afterDescription, firstDescription, pageCost, readPage } from '../kit/page.ts';
import { ChangeConnection } from '../kit/refs.ts';
import { liveView } from '../kit/view.ts';
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
  t.field({
    type: ChangeConnection,
    description: 'Imports, synchronizations and generated demo registers, the newest first',
    args: {
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: pageCost(pageLimit),
    resolve: async (_root, args, context) => {
      const { change } = context.database.prisma;
      const whereKnown = (revision: number) => ({ operation: { in: importOperations }, revision: { lte: revision } });
      return readPage(
        context,
        args,
        {
          key: connectionKey('imports'),
          view: await liveView(context),
          limit: pageLimit,
          positionSchema: revisionPositionSchema,
          toPosition: ({ revision }: ChangeRow): [number] => [revision],
          read: ({ revision }, first, after) =>
            change.findMany({
              where: whereKnown(after ? after[0] - 1 : revision),
              orderBy: { revision: 'desc' },
              take: first,
            }),
          count: ({ revision }) => change.count({ where: whereKnown(revision) }),
        },
        (node) => ({ node }),
      );
    },
  }),
);
