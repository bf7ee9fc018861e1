import type { Context } from '../../context.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { findUnbrokenPeriod } from '../../domain/time/period.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { builder } from '../kit/builder.ts';
import { loadCodes } from '../kit/load.ts';
import { parseNodeId, formatNodeId } from '../kit/node-id.ts';
import { Code, Unit } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';
import { currentView, type UnitAtSnapshot } from '../kit/view.ts';
import { factFields } from './fact-fields.ts';

builder.node(Unit, {
  description: 'Unit (enhet): an organization or department in the tree',
  id: {
    description:
      'Global id of the unit; it includes day and revision if the request specified them, so two states of a ' +
      'unit never share an id',
    resolve: ({ row, view, seenOn }) => formatNodeId(row.reshId, view, seenOn),
  },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'seenOn' in value,
  loadManyWithoutCache: (ids, context) => Promise.all(ids.map((id) => loadUnitByNodeId(context, id))),
  fields: (t) => ({
    reshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of the unit, permanent',
      resolve: ({ row }) => row.reshId,
    }),
    ...factFields(t),
    displayName: t.string({
      description: 'Short name of the unit, or its name if it has none',
      resolve: ({ row }) => row.shortName ?? row.name,
    }),
    designation: t.field({
      type: Code,
      nullable: true,
      description: 'Designation of the unit (organisatorisk betegnelse), a code of 8624; it does not imply a level',
      resolve: async ({ row, view, seenOn }, _args, context) => {
        if (row.designationCode === null) return null;
        const key = { codeSet: DESIGNATION_CODE_SET, code: row.designationCode };
        return (await loadCodes(context, [key], { ...view, day: seenOn }))[0];
      },
    }),
    validity: t.field({
      type: Validity,
      description: 'Unbroken period around `seenOn` in which the unit is valid (gyldighet)',
      resolve: async ({ row, view, seenOn }, _args, { loaders }) => {
        const timeline = await loaders.timelineByReshId.load({ reshId: row.reshId, revision: view.revision });
        return findUnbrokenPeriod(timeline, seenOn) ?? row;
      },
    }),
    seenOn: t.field({
      type: 'Date',
      description:
        'Day of the state shown: the day of the snapshot, the last day of a closed unit, or the first day of one ' +
        'not yet valid',
      resolve: ({ seenOn }) => seenOn,
    }),
    isActive: t.boolean({
      description: 'Indicates whether the unit is valid on the day of the snapshot',
      resolve: ({ view, seenOn }) => view.day === seenOn,
    }),
  }),
});

// Ids of future revisions resolve to null.
async function loadUnitByNodeId(context: Context, id: string): Promise<UnitAtSnapshot | null> {
  const { key, view, seenOn } = parseNodeId(id);
  const effectiveView = view ?? (await currentView(context));
  if (effectiveView.revision > (await context.newestRevision()).revision) return null;
  const day = seenOn ?? effectiveView.day;
  const reshId = Number(key);
  if (reshId > MAX_INTEGER) return null;
  const row = await context.loaders.unitByReshId.load({ reshId, revision: effectiveView.revision, day });
  return row ? { row, view: effectiveView, seenOn: day } : null;
}
