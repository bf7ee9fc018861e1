import type { Context } from '../../context.ts';
import { DESIGNATION_CODE_SET, parseCodeReference, SERVICE_CODE_SETS } from '../../domain/unit/code-sets.ts';
import { clientError } from '../../errors/client-error.ts';
import { readUnitCounts, type CountDimension as Dimension, type UnitCountRow } from '../../store/read/unit-counts.ts';
import { builder } from '../kit/builder.ts';
import { pageItemCost } from '../kit/cost.ts';
import { countDimensionLimit, countRowLimit, heavyCost } from '../kit/limits.ts';
import { loadCodes, loadTreatmentSites, loadUnits } from '../kit/load.ts';
import { Code, TreatmentSite, Unit } from '../kit/refs.ts';
import { assertFilterValues, toFilter, UnitFilter, type UnitFilterShape } from '../kit/unit-filter-input.ts';
import type { View } from '../kit/view.ts';
import { addRegisterFields } from './register-fields.ts';

const CountDimension = builder.enumType('CountDimension', {
  description: 'Property over whose values units are counted',
  values: {
    REGION: { description: 'Root of the tree of a unit' },
    ENTERPRISE: { description: 'Enterprise (foretak) of a unit' },
    SPECIALTY: { description: 'Service code of a unit (fagområde, helsehjelpsområde); a unit counts for each' },
    TREATMENT_SITE: { description: 'Treatment site (behandlingssted) of the unit itself' },
    DESIGNATION: { description: 'Designation of a unit (organisatorisk betegnelse)' },
    DEPTH: { description: 'Number of levels below the root of the tree: 0 at a root' },
    TYPE: { description: 'Kind of unit, as in `UnitType`' },
  } satisfies Record<Dimension, { description: string }>,
});

interface CountValueShape {
  readonly dimension: Dimension;
  readonly value: string | null;
  readonly view: View;
}

const UnitCountValue = builder.objectRef<CountValueShape>('UnitCountValue').implement({
  description: 'Value of one property in a row of a cross table',
  fields: (t) => ({
    dimension: t.expose('dimension', { type: CountDimension, description: 'Property of the units' }),
    value: t.exposeString('value', {
      nullable: true,
      description:
        'RESH-id of a region or enterprise, organization number of a treatment site, code of a designation, code ' +
        'set and code of a specialty such as `8451:010`, depth or type; null for units without one',
    }),
    label: t.string({
      nullable: true,
      description: 'Name of the unit, the treatment site or the code, otherwise the value; null for units without one',
      resolve: async (parent, _args, context) =>
        (await loadUnit(context, parent))?.row.name ??
        (await loadSite(context, parent))?.site.name ??
        (await loadCode(context, parent))?.row.name ??
        parent.value,
    }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description: 'Unit of a value of REGION or ENTERPRISE',
      resolve: (parent, _args, context) => loadUnit(context, parent),
    }),
    code: t.field({
      type: Code,
      nullable: true,
      description: 'Code of a value of DESIGNATION or SPECIALTY',
      resolve: (parent, _args, context) => loadCode(context, parent),
    }),
    treatmentSite: t.field({
      type: TreatmentSite,
      nullable: true,
      description: 'Treatment site of a value of TREATMENT_SITE',
      resolve: (parent, _args, context) => loadSite(context, parent),
    }),
  }),
});

async function loadUnit(context: Context, { dimension, value, view }: CountValueShape) {
  if (value === null || (dimension !== 'REGION' && dimension !== 'ENTERPRISE')) return null;
  return (await loadUnits(context, [Number(value)], view))[0] ?? null;
}

async function loadCode(context: Context, { dimension, value, view }: CountValueShape) {
  if (value === null || (dimension !== 'DESIGNATION' && dimension !== 'SPECIALTY')) return null;
  const key = dimension === 'DESIGNATION' ? { codeSet: DESIGNATION_CODE_SET, code: value } : parseCodeReference(value);
  return (await loadCodes(context, [key], view))[0] ?? null;
}

async function loadSite(context: Context, { dimension, value, view }: CountValueShape) {
  if (value === null || dimension !== 'TREATMENT_SITE') return null;
  return (await loadTreatmentSites(context, [value], view))[0] ?? null;
}

interface CountRowShape {
  readonly row: UnitCountRow;
  readonly by: readonly Dimension[];
  readonly view: View;
}

const UnitCountRow = builder.objectRef<CountRowShape>('UnitCountRow').implement({
  description: 'Row of a cross table: a value of each property, and the number of units that have all of them',
  fields: (t) => ({
    values: t.field({
      type: [UnitCountValue],
      complexity: { field: 1, multiplier: countDimensionLimit },
      description: 'Value of each property, in the order of `by`',
      resolve: ({ row, by, view }) =>
        by.map((dimension, index) => ({ dimension, value: row.values[index] ?? null, view })),
    }),
    count: t.int({ description: 'Number of units', resolve: ({ row }) => row.count }),
  }),
});

const UnitCounts = builder.objectRef<{ readonly total: number; readonly rows: CountRowShape[] }>('UnitCounts');
UnitCounts.implement({
  description: 'Number of units by the values of one to three properties',
  fields: (t) => ({
    total: t.exposeInt('total', {
      description: 'Number of units, each counted once, even if it counts for several specialties',
    }),
    rows: t.field({
      type: [UnitCountRow],
      complexity: pageItemCost,
      description: 'Rows of the cross table that have units, most units first, then by value',
      resolve: ({ rows }) => rows,
    }),
  }),
});

interface CountArguments {
  readonly by: readonly Dimension[];
  readonly filter?: UnitFilterShape | null | undefined;
  readonly withinReshId?: number | null | undefined;
}

addRegisterFields((t, findRegister) => ({
  counts: t.field({
    type: UnitCounts,
    description: `Number of units valid on the day, as a cross table with at most ${countRowLimit} rows`,
    args: {
      by: t.arg({
        type: [CountDimension],
        required: true,
        description: `Properties of the cross table, at most ${countDimensionLimit}`,
      }),
      filter: t.arg({ type: UnitFilter, description: 'Conditions that the units must meet to be counted' }),
      withinReshId: t.arg({
        type: 'ReshId',
        description: 'RESH-id of a unit: counts only the unit and the units under it',
      }),
    },
    complexity: { field: heavyCost, multiplier: countRowLimit },
    resolve: async (parent, args, context) => countUnits(context, args, (await findRegister(parent, context)).view),
  }),
}));

/**
 * Counts the units valid on a view's day.
 *
 * @throws BAD_INPUT, LIMIT_EXCEEDED
 */
async function countUnits(context: Context, { by, filter: input, withinReshId }: CountArguments, view: View) {
  checkDimensions(by);
  const filter = toFilter(input);
  await assertFilterValues(context, filter, view);
  const query = { by, filter, within: withinReshId ?? undefined, codeSets: SERVICE_CODE_SETS };
  const rows = await readUnitCounts(context.database.prisma, query, view, countRowLimit);
  const [{ total, rowCount } = { total: 0, rowCount: 0 }] = rows;
  if (rowCount > countRowLimit)
    throw clientError(
      'LIMIT_EXCEEDED',
      `The cross table by ${by.join(', ')} has ${rowCount} rows, but at most ${countRowLimit} are allowed. ` +
        'Use fewer properties in `by`, a `filter` or `withinReshId`.',
    );
  context.countObjects(rows.length * by.length);
  return { total, rows: rows.map((row) => ({ row, by, view })) };
}

function checkDimensions(by: readonly Dimension[]): void {
  if (by.length === 0)
    throw clientError('BAD_INPUT', '`by` is an empty list. Give one to three properties to count units by.');
  if (by.length > countDimensionLimit)
    throw clientError(
      'LIMIT_EXCEEDED',
      `\`by\` has ${by.length} properties, but at most ${countDimensionLimit} are allowed. Leave some out.`,
    );
  const repeated = by.find((dimension, index) => by.indexOf(dimension) !== index);
  if (repeated) throw clientError('BAD_INPUT', `\`by\` has ${repeated} twice. Give each property once.`);
}
