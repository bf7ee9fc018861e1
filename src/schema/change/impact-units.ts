import type { Context } from '../../context.ts';
import type { PlannedUnits } from '../../domain/plan/impact.ts';
import type { UnitChange } from '../../domain/unit/change.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, type EdgeShape } from '../kit/connection.ts';
import { connectionKey, unitsOfChangeKey } from '../kit/cursor.ts';
import { UnitChangeKind } from '../kit/enums.ts';
import { impactPageLimit } from '../kit/limits.ts';
import { loadUnitSeenOn, showFieldChanges, showPlannedUnit } from '../kit/load.ts';
import { afterDescription, firstDescription, pageCost, readPage, type PageArguments } from '../kit/page.ts';
import { reshIdPositionSchema } from '../kit/positions.ts';
import { FieldChange, Impact, UnitState, type ImpactAtRevision, type UnitStateShape } from '../kit/refs.ts';
import { atRevision, pinnedView, viewOfChange } from '../kit/view.ts';

/** From where an impact is shown: the revisions before and after the change, both the newest in a dry run. */
interface ImpactBasis {
  readonly before: number;
  readonly after: number;
  /** Null unless the impact is that of a dry run */
  readonly planned: PlannedUnits | null;
}

/** What a change, or a dry run, does to a unit. */
interface ImpactUnitShape extends ImpactBasis {
  readonly change: UnitChange;
  /** Key of the step that creates the unit */
  readonly key: string | null;
}

const ImpactUnit = builder.objectRef<ImpactUnitShape>('ImpactUnit').implement({
  description:
    'Effect of a change, or of a dry run, on a unit itself or on its successions. Units under a unit that moves do ' +
    'not count as changed',
  fields: (t) => ({
    reshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of the unit; provisional if a dry run would create it',
      resolve: ({ change }) => change.reshId,
    }),
    key: t.string({
      nullable: true,
      description: 'Key of the step of `reorganize` that creates the unit; null for all other units',
      resolve: ({ key }) => key,
    }),
    kinds: t.field({
      type: [UnitChangeKind],
      description: 'Effects on the unit',
      resolve: ({ change }) => [...change.kinds],
    }),
    effectiveOn: t.field({
      type: 'Date',
      description: 'First day on which the unit differs from what was known before (virkningsdato)',
      resolve: ({ change }) => change.effectiveOn,
    }),
    unit: t.field({
      type: UnitState,
      nullable: true,
      description:
        'Unit on the day, as the change leaves it: a PlannedUnit in a dry run, also if it is new, and a Unit once ' +
        'the change is committed, or if the unit itself stays as it is. If closed, as on its last day; if ' +
        'withdrawn, as known before; null if no state can be shown',
      resolve: ({ change, after, planned }, _args, context) =>
        planned ? showPlanned(context, change, planned) : showCommitted(context, change, after),
    }),
    fields: t.field({
      type: [FieldChange],
      description: 'Fields that differ, each as on the first day on which it differs',
      resolve: ({ change, before, after, planned }) =>
        showFieldChanges(change.fields, ({ day }) => ({
          before: { view: pinnedView(before, day), planned: null },
          after: { view: pinnedView(after, day), planned },
        })),
    }),
  }),
});

const ImpactUnitConnection = declareConnection<ImpactUnitShape, EdgeShape<ImpactUnitShape>>(
  'ImpactUnitConnection',
  'Page of the units that a change, or a dry run, changes, by RESH-id',
  ImpactUnit,
);

builder.objectField(Impact, 'units', (t) =>
  t.field({
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
);

/**
 * Reads a page of the units that a change, or a dry run, changes.
 *
 * @throws LIMIT_EXCEEDED, BAD_INPUT, BAD_CURSOR
 */
function readImpactUnits(context: Context, impact: ImpactAtRevision, args: PageArguments) {
  const { units, unitCount, keyedUnits } = impact;
  const basis = findBasis(impact);
  const { after: revision, planned } = basis;
  const keyByReshId = new Map(keyedUnits.map(({ reshId, key }) => [reshId, key]));
  return readPage(
    context,
    args,
    {
      key: planned
        ? connectionKey(
            'unitsOfDryRun',
            revision,
            units?.map(({ reshId }) => reshId),
          )
        : unitsOfChangeKey(revision),
      view: pinnedView(revision, context.today),
      limit: impactPageLimit,
      positionSchema: reshIdPositionSchema,
      toPosition: ({ reshId }: UnitChange): [number] => [reshId],
      read: (_view, first, after) =>
        units
          ? Promise.resolve(selectPage(units, first, after?.[0]))
          : context.loaders.unitChangesByRevision.load({ revision, first, after: after?.[0] }),
      count: () => Promise.resolve(unitCount),
    },
    (change) => ({ node: { change, key: keyByReshId.get(change.reshId) ?? null, ...basis } }),
  );
}

function findBasis({ revision, planned }: ImpactAtRevision): ImpactBasis {
  if (planned) return { before: planned.revision, after: planned.revision, planned };
  if (revision === null) throw new Error('An impact has neither a revision nor a plan.');
  return { before: revision - 1, after: revision, planned };
}

function selectPage(units: readonly UnitChange[], first: number, after = 0): readonly UnitChange[] {
  const start = units.findIndex(({ reshId }) => reshId > after);
  return start < 0 ? [] : units.slice(start, start + first);
}

/** Shows a unit as a dry run would leave it, or as the register has it if it stays as it is or is withdrawn. */
function showPlanned(
  context: Context,
  { reshId, effectiveOn, seenOn, kinds }: UnitChange,
  planned: PlannedUnits,
): Promise<UnitStateShape | null> | UnitStateShape | null {
  if (seenOn === null) return null;
  return planned.states.has(reshId) && !kinds.includes('WITHDRAWN')
    ? showPlannedUnit(context, reshId, planned, seenOn)
    : loadUnitSeenOn(context, reshId, pinnedView(planned.revision, effectiveOn), seenOn);
}

/** Shows a unit as a committed change left it, or if the change withdrew it, as it was before. */
async function showCommitted(context: Context, change: UnitChange, changedIn: number): Promise<UnitStateShape | null> {
  const { reshId, effectiveOn, seenOn, revision } = atRevision(change, changedIn);
  if (seenOn === null) return null;
  return loadUnitSeenOn(context, reshId, await viewOfChange(context, { revision, day: effectiveOn }), seenOn);
}
