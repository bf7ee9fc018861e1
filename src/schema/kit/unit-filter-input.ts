import type { Context } from '../../context.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import {
  defaultOrder,
  listFilters,
  type DayRange,
  type UnitFilter as Filter,
  type UnitOrder as Order,
} from '../../domain/unit/filter.ts';
import { clientError } from '../../errors/client-error.ts';
import type { UnknownValue } from '../../store/read/filter-values.ts';
import { builder } from './builder.ts';
import { OrderDirection, UnitOrderField, UnitType } from './enums.ts';
import type { View } from './view.ts';

export const CodeInput = builder.inputType('CodeInput', {
  description: 'Code of a national code set',
  fields: (t) => ({
    codeSet: t.int({ required: true, description: 'Number of the code set' }),
    code: t.string({ required: true, description: 'Code within its set' }),
  }),
});

const DayRangeInput = builder.inputType('DayRangeInput', {
  description: 'Range of days',
  fields: (t) => ({
    from: t.field({ type: 'Date', description: 'First day; no bound if omitted' }),
    to: t.field({ type: 'Date', description: 'Last day, included; no bound if omitted' }),
  }),
});

type Nullable<Input> = { [Field in keyof Input]?: Input[Field] | null | undefined };

/** A filter as clients send it. */
export interface UnitFilterShape extends Nullable<
  Omit<Filter, 'not' | 'and' | 'or' | 'openedBetween' | 'closedBetween'>
> {
  readonly openedBetween?: Nullable<DayRange> | null | undefined;
  readonly closedBetween?: Nullable<DayRange> | null | undefined;
  readonly not?: UnitFilterShape | null | undefined;
  readonly and?: readonly UnitFilterShape[] | null | undefined;
  readonly or?: readonly UnitFilterShape[] | null | undefined;
}

export const UnitFilter = builder.inputRef<UnitFilterShape>('UnitFilter').implement({
  description:
    'Conditions that units must meet together. An omitted field sets no condition; a list is met by any one of its ' +
    'values and must have one. Codes, treatment sites and regions must exist',
  fields: (t) => ({
    types: t.field({ type: [UnitType], description: 'Kinds of unit to include' }),
    designations: t.stringList({ description: 'Designations to include, as codes of code set 8624' }),
    codes: t.field({ type: [CodeInput], description: 'Codes to include, each with the codes under it in its set' }),
    treatmentSites: t.field({
      type: ['OrganizationNumber'],
      description: 'Organization numbers of treatment sites to include',
    }),
    hasTreatmentSite: t.boolean({
      description: 'Whether the unit must have a treatment site of its own, or must have none',
    }),
    name: t.string({ description: 'Part of the name; letter case and accents are ignored' }),
    regions: t.field({ type: ['ReshId'], description: 'RESH-ids of the roots of the trees to include' }),
    minDepth: t.int({ description: 'Least number of levels below the root of the tree: 1 for all but roots' }),
    maxDepth: t.int({ description: 'Greatest number of levels below the root of the tree: 0 for roots only' }),
    openedBetween: t.field({
      type: DayRangeInput,
      description: 'Range of days in which the unit must have opened: the start of its unbroken validity',
    }),
    closedBetween: t.field({
      type: DayRangeInput,
      description:
        'Range of days in which the unit must close: the end of its unbroken validity, planned or, for closed units, past',
    }),
    not: t.field({ type: UnitFilter, description: 'Conditions that the unit must not meet together' }),
    and: t.field({ type: [UnitFilter], description: 'Filters that the unit must all meet' }),
    or: t.field({ type: [UnitFilter], description: 'Filters; the unit must meet at least one of them' }),
  }),
});

export const UnitOrder = builder.inputType('UnitOrder', {
  description: 'Order of sibling units',
  fields: (t) => ({
    field: t.field({ type: UnitOrderField, required: true, description: 'Field to order by' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'ASC',
      description: 'Direction of the order',
    }),
  }),
});

/** Most filters in one another and beside one another. */
const FILTER_LIMIT = 50;

/**
 * Converts a filter to the domain's; null sets no condition, as if it were omitted.
 *
 * @throws BAD_INPUT for an empty list or an inverted range, LIMIT_EXCEEDED for too many filters
 */
export function toFilter(filter: UnitFilterShape | null | undefined): Filter | undefined {
  const converted = convert(filter, 'filter');
  const count = converted ? listFilters(converted).length : 0;
  if (count > FILTER_LIMIT)
    throw clientError(
      'LIMIT_EXCEEDED',
      `\`filter\` has ${count} filters in it, but at most ${FILTER_LIMIT} are allowed. Combine their values in lists.`,
    );
  return converted;
}

function convert(filter: UnitFilterShape | null | undefined, path: string): Filter | undefined {
  const entries = Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== undefined);
  for (const [name, value] of entries)
    if (Array.isArray(value) && value.length === 0)
      throw clientError(
        'BAD_INPUT',
        `\`${path}.${name}\` is an empty list, which no unit can meet. Give at least one value, or omit the field.`,
      );
  const converted = entries.flatMap(([name, value]) => {
    if (name === 'not') return toEntry(name, convert(value as UnitFilterShape, `${path}.${name}`));
    if (name === 'and' || name === 'or')
      return toEntry(
        name,
        (value as UnitFilterShape[]).map((each, index) => convert(each, `${path}.${name}[${index}]`) ?? {}),
      );
    if (name === 'openedBetween' || name === 'closedBetween')
      return toEntry(name, toRange(value as Nullable<DayRange>, `${path}.${name}`));
    return [[name, value] as const];
  });
  if (typeof filter?.minDepth === 'number' && typeof filter.maxDepth === 'number' && filter.minDepth > filter.maxDepth)
    throw clientError(
      'BAD_INPUT',
      `\`${path}.minDepth\` is ${filter.minDepth} and \`maxDepth\` is ${filter.maxDepth}, which no unit can meet. ` +
        'Swap them, or omit one.',
    );
  return converted.length > 0 ? Object.fromEntries(converted) : undefined;
}

function toEntry<Value>(name: string, value: Value | undefined): (readonly [string, Value])[] {
  return value === undefined ? [] : [[name, value]];
}

function toRange({ from, to }: Nullable<DayRange>, path: string): DayRange {
  if (from && to && from > to)
    throw clientError(
      'BAD_INPUT',
      `\`${path}\` goes from ${from} to ${to}, which is earlier. Swap the days, or omit one.`,
    );
  return { ...(from && { from }), ...(to && { to }) };
}

/**
 * Checks that the codes, designations, treatment sites and regions of a filter exist.
 *
 * @throws BAD_INPUT with similar values for the first one that does not
 */
export async function assertFilterValues({ loaders }: Context, filter: Filter | undefined, view: View): Promise<void> {
  const filters = filter ? listFilters(filter) : [];
  const values = {
    codes: filters.flatMap(({ codes = [], designations = [] }) => [
      ...codes.map(({ codeSet, code }) => ({ codeSet, code })),
      ...designations.map((code) => ({ codeSet: DESIGNATION_CODE_SET, code })),
    ]),
    sites: filters.flatMap(({ treatmentSites = [] }) => treatmentSites),
    roots: filters.flatMap(({ regions = [] }) => regions),
  };
  if (values.codes.length + values.sites.length + values.roots.length === 0) return;
  const [unknown] = await loaders.unknownValuesByFilter.load({ ...values, revision: view.revision, day: view.day });
  if (!unknown) return;
  const near = unknown.near.length > 0 ? ` The nearest are ${unknown.near.join(', ')}.` : ' There are none.';
  throw clientError('BAD_INPUT', `\`filter\` asks for ${describeUnknown(unknown)}.${near}`);
}

function describeUnknown({ kind, value }: UnknownValue): string {
  if (kind === 'site') return `treatment site ${value}, which is not in the register`;
  if (kind === 'root') return `region ${value}, which is not the root of a tree`;
  const [codeSet = '', ...code] = value.split(':');
  return `code ${code.join(':')} of code set ${codeSet}, which is not in the register`;
}

/** Returns the requested order, by name if there is none. */
export function toOrder(order: Order | null | undefined): Order {
  return {
    field: order?.field ?? defaultOrder.field,
    direction: order?.direction ?? defaultOrder.direction,
  };
}
