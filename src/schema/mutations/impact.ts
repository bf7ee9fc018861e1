import { builder } from '../kit/builder.ts';
import { impactPageLimit } from '../kit/limits.ts';
import { afterDescription, firstDescription, pageCost } from '../kit/page.ts';
import { Grant } from '../kit/refs.ts';
import { ImpactUnitConnection, readImpactUnits, type ImpactAtRevision } from './impact-units.ts';

export const Impact = builder.objectRef<ImpactAtRevision>('Impact').implement({
  description: 'Effects of a change, or of a dry run if it were committed',
  fields: (t) => ({
    unitCount: t.exposeInt('unitCount', { description: 'Number of units whose own fields change' }),
    units: t.field({
      type: ImpactUnitConnection,
      description:
        'Units whose own fields change, by RESH-id. To read a page after the first, repeat the mutation with ' +
        '`after`: a dry run then makes the plan again, and refuses the cursor if the register has changed; a ' +
        'committed change with the same idempotency key is only read again, and its cursors also continue ' +
        '`Change.units`',
      args: {
        first: t.arg.int({ description: firstDescription(impactPageLimit) }),
        after: t.arg.string({ description: afterDescription }),
      },
      complexity: pageCost(impactPageLimit),
      resolve: (impact, args, context) => readImpactUnits(context, impact, args),
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
    notes: t.stringList({
      description:
        'Other effects, one sentence each: sites and codes that are removed, planned changes that are cancelled',
      resolve: ({ notes }) => [...notes],
    }),
  }),
});
