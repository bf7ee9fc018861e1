import type { Context } from '../../context.ts';
import { selectFacts } from '../../domain/unit/facts.ts';
import { coalesceByPath, coalesceByParent, chooseDisplayDay, buildStatements } from '../../domain/unit/history.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import { builder } from '../kit/builder.ts';
import { loadChange, loadUnits } from '../kit/load.ts';
import { Change, Unit } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';
import { onDay, type UnitAtSnapshot, type View } from '../kit/view.ts';
import { factFields } from './fact-fields.ts';

interface HistoryPeriod {
  readonly from: string;
  readonly to: string | null;
  /** RESH-ids of the units shown, and the view from which they are shown */
  readonly reshIds: readonly number[];
  readonly view: View;
}

const fromDescription = 'First day of the period';
const toDescription = 'First day after the period; null while open';

const ParentPeriod = builder.objectRef<HistoryPeriod>('ParentPeriod').implement({
  description: 'Period in which a unit had one parent',
  fields: (t) => ({
    parent: t.field({
      type: Unit,
      nullable: true,
      description:
        'Parent of the unit, as on the last day of the period, or on the day of the snapshot if the period ' +
        'contains it; null at a root',
      resolve: async ({ reshIds, view }, _args, context) => (await loadUnits(context, reshIds, view))[0] ?? null,
    }),
    from: t.expose('from', { type: 'Date', description: fromDescription }),
    to: t.expose('to', { type: 'Date', nullable: true, description: toDescription }),
  }),
});

const AncestryPeriod = builder.objectRef<HistoryPeriod>('AncestryPeriod').implement({
  description: 'Period in which the whole path of a unit was constant',
  fields: (t) => ({
    ancestors: t.field({
      type: [Unit],
      complexity: { field: 1, multiplier: 8 },
      description:
        'Ancestors of the unit, root first, as on the last day of the period, or on the day of the snapshot if ' +
        'the period contains it',
      resolve: async ({ reshIds, view }, _args, context) => filterFound(await loadUnits(context, reshIds, view)),
    }),
    from: t.expose('from', { type: 'Date', description: fromDescription }),
    to: t.expose('to', { type: 'Date', nullable: true, description: toDescription }),
  }),
});

function filterFound(units: readonly (UnitAtSnapshot | undefined)[]): UnitAtSnapshot[] {
  return units.filter((unit) => unit !== undefined);
}

interface UnitVersionShape {
  readonly row: UnitRow;
  readonly recordedRev: number;
  readonly supersededRev: number | null;
}

const UnitVersion = builder.objectRef<UnitVersionShape>('UnitVersion').implement({
  description:
    'Recorded version of a unit: its fields, their period of validity, and the changes that recorded and superseded it',
  fields: (t) => ({
    validity: t.field({
      type: Validity,
      description: 'Period in which the fields are valid',
      resolve: ({ row }) => row,
    }),
    ...factFields(t),
    parentReshId: t.field({
      type: 'ReshId',
      nullable: true,
      description: 'RESH-id of the parent; null at a root',
      resolve: ({ row }) => row.parentReshId,
    }),
    designationCode: t.string({
      nullable: true,
      description: 'Code of the designation (organisatorisk betegnelse), in code set 8624',
      resolve: ({ row }) => row.designationCode,
    }),
    treatmentSiteNumber: t.field({
      type: 'OrganizationNumber',
      nullable: true,
      description: 'Organization number of the treatment site (behandlingssted)',
      resolve: ({ row }) => row.treatmentSiteNumber,
    }),
    recordedBy: t.field({
      type: Change,
      description: 'Change that recorded the version',
      resolve: ({ recordedRev }, _args, context) => loadChange(recordedRev, context),
    }),
    supersededBy: t.field({
      type: Change,
      nullable: true,
      description: 'Change that superseded the version; null while the version is current knowledge',
      resolve: ({ supersededRev }, _args, context) =>
        supersededRev === null ? null : loadChange(supersededRev, context),
    }),
  }),
});

builder.objectFields(Unit, (t) => ({
  parentHistory: t.field({
    type: [ParentPeriod],
    description: 'Parents of the unit over time, oldest period first, planned periods included',
    resolve: createHistoryResolver(coalesceByParent, ({ parentReshId }) =>
      parentReshId === null ? [] : [parentReshId],
    ),
  }),
  ancestryHistory: t.field({
    type: [AncestryPeriod],
    description:
      'Periods in which the whole path of the unit was constant, oldest first, planned periods included; a new ' +
      'period begins when any unit above moves',
    resolve: createHistoryResolver(coalesceByPath, ({ path }) => path.slice(0, -1)),
  }),
  versions: t.field({
    type: [UnitVersion],
    description: 'All versions of the unit recorded up to the revision of the snapshot, in order of recording',
    resolve: async ({ row, view: { revision } }, _args, { loaders }) => {
      const rows = await loaders.historyByReshId.load({ reshId: row.reshId, revision });
      const asKnown = rows.map((each) =>
        each.supersededRev !== null && each.supersededRev > revision ? { ...each, supersededRev: null } : each,
      );
      return buildStatements(asKnown, buildFactKey).map(({ version, ...revisions }) => ({
        row: version,
        ...revisions,
      }));
    },
  }),
}));

function createHistoryResolver(
  toPeriods: (timeline: readonly UnitRow[]) => UnitRow[],
  toReshIds: (period: UnitRow) => readonly number[],
) {
  return async (
    { row, view, seenOn }: UnitAtSnapshot,
    _args: object,
    { loaders }: Context,
  ): Promise<HistoryPeriod[]> => {
    const timeline = await loaders.timelineByReshId.load({ reshId: row.reshId, revision: view.revision });
    return toPeriods(timeline).map((period) => ({
      from: period.from,
      to: period.to,
      reshIds: toReshIds(period),
      view: onDay(view, chooseDisplayDay(period, seenOn)),
    }));
  };
}

function buildFactKey(row: UnitRow): string {
  return JSON.stringify(selectFacts(row));
}
