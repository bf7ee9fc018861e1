import type { Context } from '../../context.ts';
import { builder } from '../kit/builder.ts';
import { Succession, type SuccessionAtRevision, Unit } from '../kit/refs.ts';
import type { UnitAtSnapshot } from '../kit/view.ts';

builder.objectFields(Unit, (t) => ({
  predecessors: t.field({
    type: [Succession],
    description:
      "Successions by which the unit came to be what it is, on any day known at the snapshot's revision, planned ones too; by day, then RESH-ids",
    args: {
      transitive: t.arg.boolean({
        defaultValue: false,
        description: 'Whether those by which its predecessors had come to be are shown too',
      }),
    },
    resolve: createSuccessionsResolver('predecessorsByReshId'),
  }),
  successors: t.field({
    type: [Succession],
    description:
      "Successions by which the unit became others, on any day known at the snapshot's revision, planned ones too; by day, then RESH-ids",
    args: {
      transitive: t.arg.boolean({
        defaultValue: false,
        description: 'Whether those by which its successors became others afterwards are shown too',
      }),
    },
    resolve: createSuccessionsResolver('successorsByReshId'),
  }),
}));

function createSuccessionsResolver(direction: 'predecessorsByReshId' | 'successorsByReshId') {
  return async (
    { row: { reshId }, view: { revision } }: UnitAtSnapshot,
    { transitive }: { readonly transitive?: boolean | null | undefined },
    { loaders, countObjects }: Context,
  ): Promise<SuccessionAtRevision[]> => {
    const rows = await loaders[direction].load({ reshId, revision, transitive: transitive ?? false });
    countObjects(rows.length);
    return rows.map((row) => ({ row, revision }));
  };
}
