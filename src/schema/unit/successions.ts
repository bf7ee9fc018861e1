import type { Context } from '../../context.ts';
import { builder } from '../kit/builder.ts';
import { Succession, type SuccessionAtSnapshot, Unit } from '../kit/refs.ts';
import type { UnitAtSnapshot } from '../kit/view.ts';

builder.objectFields(Unit, (t) => ({
  predecessors: t.field({
    type: [Succession],
    description:
      'Successions in which the unit is the successor, as known at the revision of the snapshot, planned ones ' +
      'included; by day, then RESH-ids',
    args: {
      transitive: t.arg.boolean({
        defaultValue: false,
        description: 'Whether to include the successions of its predecessors, transitively',
      }),
    },
    resolve: createSuccessionsResolver('predecessorsByReshId'),
  }),
  successors: t.field({
    type: [Succession],
    description:
      'Successions in which the unit is the predecessor, as known at the revision of the snapshot, planned ones ' +
      'included; by day, then RESH-ids',
    args: {
      transitive: t.arg.boolean({
        defaultValue: false,
        description: 'Whether to include the successions of its successors, transitively',
      }),
    },
    resolve: createSuccessionsResolver('successorsByReshId'),
  }),
}));

function createSuccessionsResolver(direction: 'predecessorsByReshId' | 'successorsByReshId') {
  return async (
    { row: { reshId }, view }: UnitAtSnapshot,
    { transitive }: { readonly transitive?: boolean | null | undefined },
    { loaders, countObjects }: Context,
  ): Promise<SuccessionAtSnapshot[]> => {
    const rows = await loaders[direction].load({ reshId, revision: view.revision, transitive: transitive ?? false });
    countObjects(rows.length);
    return rows.map((row) => ({ row, view }));
  };
}
