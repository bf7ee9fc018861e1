import { IMPACT_UNIT_LIMIT, type Impact as Shape } from '../../domain/plan/impact.ts';
import { builder } from '../kit/builder.ts';
import { resolvePageSize } from '../kit/page.ts';
import { Grant, UnitChange } from '../kit/refs.ts';
import { atRevision } from '../kit/view.ts';
import { ImpactNote } from './user-error.ts';

/** An impact, with the revision at which its units are shown; a dry run has no revision, so it shows no units. */
export interface ImpactAtRevision extends Shape {
  readonly revision: number | null;
}

export const Impact = builder.objectRef<ImpactAtRevision>('Impact').implement({
  description: 'Effects of a change, or of a dry run if it were committed',
  fields: (t) => ({
    unitCount: t.exposeInt('unitCount', { description: 'Number of units whose own fields change' }),
    units: t.field({
      type: [UnitChange],
      description: 'Units whose own fields change, by RESH-id; `change` has all of them too',
      args: {
        first: t.arg.int({
          description: `Number of units to return; ${IMPACT_UNIT_LIMIT} if omitted, which is also the maximum`,
        }),
      },
      resolve: ({ units, revision }, { first }) =>
        units
          .slice(0, resolvePageSize(first ?? IMPACT_UNIT_LIMIT, IMPACT_UNIT_LIMIT, 'read the rest from `change`'))
          .map((change) =>
            revision === null ? { ...change, seenOn: null, revision: 0 } : atRevision(change, revision),
          ),
    }),
    pathCount: t.exposeInt('pathCount', {
      description: 'Number of units that only get a new path, because a unit above them moves',
    }),
    grantsGained: t.field({
      type: [Grant],
      description: 'Grants that are added, or that now cover the units',
      resolve: ({ grantsGained }) => grantsGained,
    }),
    grantsLost: t.field({
      type: [Grant],
      description: 'Grants that end, or that no longer cover the units',
      resolve: ({ grantsLost, revision }) =>
        grantsLost.map((grant) => ({ ...grant, fallbackRevision: revision === null ? null : revision - 1 })),
    }),
    notes: t.field({
      type: [ImpactNote],
      description:
        'Effects that the input did not request, such as sites and codes that are removed and planned changes that ' +
        'are dropped; the first 1,000',
      resolve: ({ notes }) => notes,
    }),
    noteCount: t.exposeInt('noteCount', { description: 'Number of effects that the input did not request' }),
  }),
});
