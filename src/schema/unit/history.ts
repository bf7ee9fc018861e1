import type { Context } from '../../context.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { selectFacts } from '../../domain/unit/facts.ts';
import { coalesceByPath, coalesceByParent, chooseDisplayDay, buildStatements } from '../../domain/unit/history.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import { builder } from '../kit/builder.ts';
import { loadChange, loadCodes, loadTreatmentSites, loadUnits, loadUnitSeenOn } from '../kit/load.ts';
import { Change, Code, TreatmentSite, Unit } from '../kit/refs.ts';
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

const ParentPeriod = builder.objectRef<HistoryPeriod>('ParentPeriod').implement({
  description: 'Period in which a unit had one parent',
  fields: (t) => ({
    validity: t.field({ type: Validity, description: 'The period', resolve: (period) => period }),
    parent: t.field({
      type: Unit,
      nullable: true,
      description:
        'Parent of the unit, as on the last day of the period, or on the day of the snapshot if the period ' +
        'contains it; null at a root',
      resolve: async ({ reshIds, view }, _args, context) => (await loadUnits(context, reshIds, view))[0] ?? null,
    }),
  }),
});

const AncestryPeriod = builder.objectRef<HistoryPeriod>('AncestryPeriod').implement({
  description: 'Period in which the whole path of a unit was constant',
  fields: (t) => ({
    validity: t.field({ type: Validity, description: 'The period', resolve: (period) => period }),
    ancestors: t.field({
      type: [Unit],
      complexity: { field: 1, multiplier: 8 },
      description:
        'Ancestors of the unit, root first, as on the last day of the period, or on the day of the snapshot if ' +
        'the period contains it',
      resolve: async ({ reshIds, view }, _args, context) => filterFound(await loadUnits(context, reshIds, view)),
    }),
  }),
});

function filterFound(units: readonly (UnitAtSnapshot | undefined)[]): UnitAtSnapshot[] {
  return units.filter((unit) => unit !== undefined);
}

interface UnitVersionShape {
  readonly row: UnitRow;
  /** View from which the parent, the designation and the site are shown */
  readonly view: View;
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
    parent: t.field({
      type: Unit,
      nullable: true,
      description:
        'Parent of the unit, as on the last day of the period, or on the day of the snapshot if the period ' +
        'contains it; as known while the version was current knowledge; null at a root',
      resolve: async ({ row, view }, _args, context) =>
        row.parentReshId === null ? null : loadUnitSeenOn(context, row.parentReshId, view, view.day),
    }),
    designation: t.field({
      type: Code,
      nullable: true,
      description: 'Designation of the unit (organisatorisk betegnelse), a code of 8624',
      resolve: async ({ row, view }, _args, context) =>
        row.designationCode === null
          ? null
          : (await loadCodes(context, [{ codeSet: DESIGNATION_CODE_SET, code: row.designationCode }], view))[0],
    }),
    treatmentSite: t.field({
      type: TreatmentSite,
      nullable: true,
      description: 'Treatment site (behandlingssted) of the unit itself',
      resolve: async ({ row, view }, _args, context) =>
        row.treatmentSiteNumber === null
          ? null
          : ((await loadTreatmentSites(context, [row.treatmentSiteNumber], view))[0] ?? null),
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
    resolve: async ({ row, view, seenOn }, _args, { loaders }) => {
      const { revision } = view;
      const rows = await loaders.historyByReshId.load({ reshId: row.reshId, revision });
      const asKnown = rows.map((each) =>
        each.supersededRev !== null && each.supersededRev > revision ? { ...each, supersededRev: null } : each,
      );
      return buildStatements(asKnown, buildFactKey).map(({ version, recordedRev, supersededRev }) => ({
        row: version,
        recordedRev,
        supersededRev,
        view: onDay(
          supersededRev === null ? view : { revision: supersededRev - 1, namesRevision: true },
          chooseDisplayDay(version, seenOn),
        ),
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
