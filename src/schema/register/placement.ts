import type { Context } from '../../context.ts';
import { generateSimilarReshIds } from '../../domain/text/similar-resh-ids.ts';
import type { Day } from '../../domain/time/day.ts';
import {
  findPlacementWarnings,
  type PlacementWarning as Warning,
} from '../../domain/plan/messages/placement-warnings.ts';
import { findSiteOnPath, type PlacementWarningCode as WarningCode } from '../../domain/unit/placement.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import { builder } from '../kit/builder.ts';
import { LookupOutcome } from '../kit/enums.ts';
import { assertItemLimit, itemsDescription } from '../kit/item-limit.ts';
import { loadTreatmentSites, loadAncestors, loadUnitCodes } from '../kit/load.ts';
import { lookUpUnit, type UnitLookupResult } from '../kit/lookup.ts';
import { messageFields } from '../kit/messages.ts';
import { UnitCode, TreatmentSite, Unit } from '../kit/refs.ts';
import { onDay, relatedView, type UnitAtSnapshot } from '../kit/view.ts';
import { addRegisterFields } from './register-fields.ts';
import { loadSuccessionTraces, findReplacements } from './succession-trace.ts';

/** Most RESH-ids that a warning suggests. */
const SUGGESTION_LIMIT = 10;

/** The lookup of a RESH-id on which activity was reported, on its day and at a revision. */
interface PlacementShape extends UnitLookupResult {
  readonly validAt: Day;
  readonly revision: number;
  /** The unit and the units above it, root first; empty without a unit */
  readonly path: () => Promise<readonly UnitAtSnapshot[]>;
}

interface PlacementWarningShape {
  readonly warning: Warning;
  readonly didYouMean: readonly number[];
  readonly replacedBy: readonly UnitAtSnapshot[];
}

const PlacementInput = builder.inputType('PlacementInput', {
  description: 'RESH-id on which activity was reported, and the day of the activity',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id as reported' }),
    validAt: t.field({ type: 'Date', description: 'Day of the activity; that of the register if omitted' }),
  }),
});

const PlacementWarningCode = builder.enumType('PlacementWarningCode', {
  description: 'Problem with a RESH-id and day on which activity was reported',
  values: {
    REPORTED_ON_ORGANIZATION: {
      description:
        'The unit is an organization (foretak) and not a contract specialist (avtalespesialist); activity ' +
        'belongs to a unit under it',
    },
    NO_TREATMENT_SITE: { description: 'Neither the unit nor any unit above it has a treatment site' },
    SITE_FROM_ANCESTOR: {
      description: 'The unit has no treatment site of its own; the site of the nearest unit above is shown',
    },
    SITE_IS_ENTERPRISE_NUMBER: {
      description: 'The treatment site has the organization number of the unit itself or of an organization above it',
    },
    UNIT_CLOSED: {
      description: 'The unit is not valid on the day, but was before; it is shown as on its last day',
    },
    NOT_YET_VALID: { description: 'The unit becomes valid after the day; it is shown as on its first day' },
    UNKNOWN_ID: {
      description: 'The RESH-id was never assigned, or was withdrawn; `didYouMean` has similar ids that exist',
    },
    REPLACED: { description: 'The unit was closed and replaced by the day; `replacedBy` has its successors' },
  } satisfies Record<WarningCode, { description: string }>,
});

const PlacementWarning = builder.objectRef<PlacementWarningShape>('PlacementWarning').implement({
  description: 'Problem with a RESH-id and day on which activity was reported, with its remedy',
  fields: (t) => ({
    code: t.field({
      type: PlacementWarningCode,
      description: 'Kind of problem',
      resolve: ({ warning }) => warning.code,
    }),
    ...messageFields(t, ({ warning }) => warning),
    didYouMean: t.field({
      type: ['ReshId'],
      description:
        'RESH-ids that exist and differ by a missing digit, an extra digit, two swapped digits or one other ' +
        `digit, in this order, then by number, at most ${SUGGESTION_LIMIT}; only with UNKNOWN_ID`,
      resolve: ({ didYouMean }) => [...didYouMean],
    }),
    replacedBy: t.field({
      type: [Unit],
      description:
        'Successors of the unit that are valid on the day, by RESH-id; if none is, the last successors, as on ' +
        'their last day; only with REPLACED',
      resolve: ({ replacedBy }) => [...replacedBy],
    }),
  }),
});

const Placement = builder.objectRef<PlacementShape>('Placement').implement({
  description: 'Placement of activity reported on a RESH-id and day',
  fields: (t) => ({
    reshId: t.expose('reshId', { type: 'ReshId', description: 'RESH-id as requested' }),
    validAt: t.expose('validAt', { type: 'Date', description: 'Day of the activity' }),
    outcome: t.expose('outcome', { type: LookupOutcome, description: 'Outcome of the lookup of the RESH-id' }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit, as on its last day if CLOSED and on its first if NOT_YET_VALID; so are the fields that follow. ' +
        'Null if no state can be shown',
      resolve: ({ unit }) => unit,
    }),
    enterprise: t.field({
      type: Unit,
      nullable: true,
      description: 'Enterprise (foretak) of the unit: the nearest unit of type ORGANIZATION, the unit itself included',
      resolve: async ({ path }) => (await path()).findLast(({ row }) => row.type === 'ORGANIZATION') ?? null,
    }),
    region: t.field({
      type: Unit,
      nullable: true,
      description:
        'Root of the tree of the unit: a regional health authority (regionalt helseforetak) or a private organization',
      resolve: async ({ path }) => (await path())[0] ?? null,
    }),
    treatmentSite: t.field({
      type: TreatmentSite,
      nullable: true,
      description: 'Treatment site (behandlingssted) of the unit, or of the nearest unit above that has one',
      resolve: async ({ unit, path }, _args, context) => {
        const site = findSiteOnPath(toRows(await path()));
        return unit && site ? ((await loadTreatmentSites(context, [site.number], relatedView(unit)))[0] ?? null) : null;
      },
    }),
    codes: t.field({
      type: [UnitCode],
      description: 'Codes of the unit, by set and code',
      resolve: ({ unit }, _args, context) => (unit ? loadUnitCodes(unit, context) : []),
    }),
    warnings: t.field({
      type: [PlacementWarning],
      description: 'Problems with the report; empty if there are none',
      resolve: (placement, _args, context) => loadWarnings(context, placement),
    }),
  }),
});

function toRows(units: readonly UnitAtSnapshot[]): UnitRow[] {
  return units.map(({ row }) => row);
}

async function loadWarnings(context: Context, placement: PlacementShape): Promise<PlacementWarningShape[]> {
  const { reshId, validAt, outcome, unit } = placement;
  const [path, didYouMean, replacedBy] = await Promise.all([
    placement.path(),
    loadSimilarReshIds(context, placement),
    loadReplacements(context, placement),
  ]);
  return findPlacementWarnings({
    reshId,
    date: validAt,
    outcome,
    didYouMean,
    path: toRows(path),
    seenOn: unit?.seenOn ?? null,
    replacedBy: toRows(replacedBy),
  }).map((warning) => ({
    warning,
    didYouMean: warning.code === 'UNKNOWN_ID' ? didYouMean : [],
    replacedBy: warning.code === 'REPLACED' ? replacedBy : [],
  }));
}

async function loadSimilarReshIds(
  context: Context,
  { reshId, outcome, revision }: PlacementShape,
): Promise<readonly number[]> {
  return outcome === 'UNKNOWN' || outcome === 'WITHDRAWN'
    ? context.loaders.existingReshIdsByCandidates.load({
        candidates: generateSimilarReshIds(reshId),
        revision,
        first: SUGGESTION_LIMIT,
      })
    : [];
}

async function loadReplacements(
  context: Context,
  { reshId, outcome, unit, revision, validAt }: PlacementShape,
): Promise<UnitAtSnapshot[]> {
  if (outcome !== 'CLOSED' || !unit) return [];
  const [trace] = await loadSuccessionTraces(context, [{ reshId, since: unit.seenOn, to: validAt }], revision);
  return trace ? findReplacements(reshId, trace, unit.view) : [];
}

addRegisterFields((t, findRegister) => ({
  placements: t.field({
    type: [Placement],
    description:
      'Placements of activity reported on RESH-ids, each on its own day: one for each item, in the order requested',
    args: {
      items: t.arg({
        type: [PlacementInput],
        required: true,
        description: itemsDescription('RESH-ids and their days'),
      }),
    },
    complexity: ({ items }) => ({ field: 1, multiplier: items.length }),
    resolve: async (parent, { items }, context) => {
      assertItemLimit(items);
      const { view } = await findRegister(parent, context);
      const lookups = await Promise.all(
        items.map(async ({ reshId, validAt }) => ({
          ...(await lookUpUnit(context, reshId, typeof validAt === 'string' ? onDay(view, validAt) : view)),
          validAt: validAt ?? view.day,
          revision: view.revision,
        })),
      );
      const loadPathAt = createPathLoader(context, lookups);
      return lookups.map((each, index) => ({ ...each, path: () => loadPathAt(index) }));
    },
  }),
}));

/**
 * Loads the paths of all units of a request together, on the first demand, so that fields of all units run in one
 * batch.
 */
function createPathLoader(context: Context, lookups: readonly UnitLookupResult[]) {
  let paths: Promise<(readonly UnitAtSnapshot[])[]> | undefined;
  return async (index: number): Promise<readonly UnitAtSnapshot[]> => {
    paths ??= Promise.all(lookups.map(({ unit }) => loadPath(context, unit)));
    return (await paths)[index] ?? [];
  };
}

async function loadPath(context: Context, unit: UnitAtSnapshot | null): Promise<readonly UnitAtSnapshot[]> {
  if (!unit) return [];
  context.countObjects(unit.row.path.length);
  return [...(await loadAncestors(unit, context)), unit];
}
