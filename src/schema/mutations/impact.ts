import { IMPACT_UNIT_LIMIT, type Impact as Shape } from '../../domain/plan/impact.ts';
import { builder } from '../kit/builder.ts';
import { resolvePageSize } from '../kit/page.ts';
import { Grant, UnitChange } from '../kit/refs.ts';
import { atRevision } from '../kit/view.ts';

/** An impact, with the revision at which its units are seen; a dry run has none, and so no state of them to show. */
export interface ImpactAtRevision extends Shape {
  readonly revision: number | null;
}

export const Impact = builder.objectRef<ImpactAtRevision>('Impact').implement({
  description: 'What a change does, or on a dry run would do, beyond what was asked for',
  fields: (t) => ({
    unitCount: t.exposeInt('unitCount', { description: 'Number of units that change themselves' }),
    units: t.field({
      type: [UnitChange],
      description: 'Units that change themselves, by RESH-id; all of them stand in `change` too',
      args: {
        first: t.arg.int({ description: `Units to show; ${IMPACT_UNIT_LIMIT} when left out, which is also the most` }),
      },
      resolve: ({ units, revision }, { first }) =>
        units
          .slice(0, resolvePageSize(first ?? IMPACT_UNIT_LIMIT, IMPACT_UNIT_LIMIT, 'read the rest from «change»'))
          .map((change) =>
            revision === null ? { ...change, seenOn: null, revision: 0 } : atRevision(change, revision),
          ),
    }),
    pathCount: t.exposeInt('pathCount', {
      description: 'Number of units that stay as they are and get another path, because one above them moves',
    }),
    grantsGained: t.field({
      type: [Grant],
      description: 'Grants that come, or that come to cover the units',
      resolve: ({ grantsGained }) => grantsGained,
    }),
    grantsLost: t.field({
      type: [Grant],
      description: 'Grants that go, or that no longer cover the units',
      resolve: ({ grantsLost, revision }) =>
        grantsLost.map((grant) => ({ ...grant, fallbackRevision: revision === null ? null : revision - 1 })),
    }),
    notes: t.stringList({
      description: 'What else follows, a sentence each: sites and codes that fall away, plans that come to nothing',
      resolve: ({ notes }) => [...notes],
    }),
  }),
});
