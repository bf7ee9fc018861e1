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

/** What a change, or a dry run, does to a unit. */
interface ImpactUnitShape {
  readonly change: UnitChange;
  /** Key of the step that creates the unit */
  readonly key: string | null;
  readonly basis: Basis;
}

/** The revision of a committed change, or the plan of a dry run. */
type Basis = { readonly revision: number; readonly planned: null } | { readonly planned: PlannedUnits };

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
      resolve: ({ change, basis }, _args, context) =>
        basis.planned ? showPlanned(context, change, basis.planned) : showCommitted(context, change, basis.revision),
    }),
    fields: t.field({
      type: [FieldChange],
      description: 'Fields that differ, each as on the first day on which it differs',
      resolve: ({ change: { fields }, basis }) =>
        showFieldChanges(fields, ({ day }) =>
          basis.planned
            ? {
                before: { view: pinnedView(basis.planned.revision, day), planned: null },
                after: { view: pinnedView(basis.planned.revision, day), planned: basis.planned },
              }
            : {
                before: { view: pinnedView(basis.revision - 1, day), planned: null },
                after: { view: pinnedView(basis.revision, day), planned: null },
              },
        ),
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
  const { revision, planned, units, unitCount, keyedUnits } = impact;
  const basis = findBasis(impact);
  const keyByReshId = new Map(keyedUnits.map(({ reshId, key }) => [reshId, key]));
  const shownRevision = 'revision' in basis ? basis.revision : basis.planned.revision;
  return readPage(
    context,
    args,
    {
      key: revision === null ? connectionKey('unitsOfDryRun', planned?.revision) : unitsOfChangeKey(revision),
      view: pinnedView(shownRevision, context.today),
      limit: impactPageLimit,
      positionSchema: reshIdPositionSchema,
      toPosition: ({ reshId }: UnitChange): [number] => [reshId],
      read: (_view, first, after) =>
        units
          ? Promise.resolve(selectPage(units, first, after?.[0]))
          : context.loaders.unitChangesByRevision.load({ revision: shownRevision, first, after: after?.[0] }),
      count: () => Promise.resolve(unitCount),
    },
    (change) => ({ node: { change, key: keyByReshId.get(change.reshId) ?? null, basis } }),
  );
}

function findBasis({ revision, planned }: ImpactAtRevision): Basis {
  if (planned) return { planned };
  if (revision === null) throw new Error('An impact has neither a revision nor a plan.');
  return { revision, planned: null };
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
