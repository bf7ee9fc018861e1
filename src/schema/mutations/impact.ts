import { builder } from '../kit/builder.ts';
import { Grant, Impact } from '../kit/refs.ts';
import { ImpactNote } from '../kit/messages.ts';

builder.objectType(Impact, {
  description: 'Effects of a change, or of a dry run if it were committed',
  fields: (t) => ({
    unitCount: t.exposeInt('unitCount', { description: 'Number of units whose own fields change' }),
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
