import { builder } from '../kit/builder.ts';
import { connectionKey, revisionPositionSchema } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { loadChange } from '../kit/load.ts';
import { afterDescription, firstDescription, pageCost, readPage } from '../kit/page.ts';
import { ChangeConnection, Unit } from '../kit/refs.ts';
import { relatedView } from '../kit/view.ts';

builder.objectField(Unit, 'changes', (t) =>
  t.field({
    type: ChangeConnection,
    description:
      'Changes of the unit itself and of its successions, newest first, as known at the revision of the ' +
      'snapshot; changes of only its path are excluded',
    args: {
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: pageCost(pageLimit),
    resolve: (unit, args, context) => {
      const { reshId } = unit.row;
      return readPage(
        context,
        args,
        {
          key: connectionKey('changes', reshId),
          view: relatedView(unit),
          limit: pageLimit,
          positionSchema: revisionPositionSchema,
          toPosition: (revision: number): [number] => [revision],
          read: ({ revision }, first, after) =>
            context.loaders.changesByReshId.load({ reshId, revision, first, before: after?.[0] }),
          count: ({ revision }) => context.loaders.changeCountByReshId.load({ reshId, revision }),
        },
        async (revision) => ({ node: await loadChange(revision, context) }),
      );
    },
  }),
);
