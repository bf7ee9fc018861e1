import type { Context } from '../../context.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { findUnbrokenPeriod } from '../../domain/time/period.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { builder } from '../kit/builder.ts';
import { loadCodes } from '../kit/load.ts';
import { findNodeView, formatNodeId, parseNodeId } from '../kit/node-id.ts';
import { Code, Unit, UnitState } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';
import type { UnitAtSnapshot } from '../kit/view.ts';

builder.node(Unit, {
  description: 'Unit (enhet): an organization or department in the tree',
  interfaces: [UnitState],
  id: {
    description:
      'Global id of the unit; it includes the day and the revision that the request named, and the day of a state ' +
      'that is shown from another day',
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
    isActive: t.boolean({
      description: 'Indicates whether the unit is valid on the day of the snapshot',
      resolve: ({ view, seenOn }) => view.day === seenOn,
    }),
  }),
});

async function loadUnitByNodeId(context: Context, id: string): Promise<UnitAtSnapshot | null> {
  const nodeId = parseNodeId(id);
  const view = await findNodeView(context, nodeId);
  const reshId = Number(nodeId.key);
  if (!view || reshId > MAX_INTEGER) return null;
  const seenOn = nodeId.seenOn ?? view.day;
  const row = await context.loaders.unitByReshId.load({ reshId, revision: view.revision, day: seenOn });
  return row ? { row, view, seenOn } : null;
}
