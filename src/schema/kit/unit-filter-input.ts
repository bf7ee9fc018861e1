import type { Context } from '../../context.ts';
import { DESIGNATION_CODE_SET, formatCodeReference, parseCodeReference } from '../../domain/unit/code-sets.ts';
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
import { filterLimit } from './limits.ts';
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
    'Conditions that units must all meet. An omitted field sets no condition; a list is met by any one of its values ' +
    'and must not be empty. Designations, codes, treatment sites and regions must exist',
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
      description: 'Range of days in which the unit must close: the end of its unbroken validity, if it has one',
    }),
    not: t.field({ type: UnitFilter, description: 'Filter that the unit must not meet' }),
    and: t.field({ type: [UnitFilter], description: 'Filters that the unit must all meet' }),
    or: t.field({ type: [UnitFilter], description: 'Filters that the unit must meet at least one of' }),
  }),
});

export const UnitOrder = builder.inputType('UnitOrder', {
  description: 'Order of units',
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

/**
 * Converts a filter to the domain's; null sets no condition, as if it were omitted.
 *
 * @throws BAD_INPUT for an empty list or an inverted range, LIMIT_EXCEEDED for too many filters
 */
export function toFilter(filter: UnitFilterShape | null | undefined): Filter | undefined {
  const converted = convert(filter, 'filter');
  const count = converted ? listFilters(converted).length : 0;
  if (count > filterLimit)
    throw clientError(
      'LIMIT_EXCEEDED',
      `\`filter\` has ${count} filters in it, but at most ${filterLimit} are allowed. Combine their values in lists.`,
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

/** A value of a filter that names something in the register, with its place in the filter. */
interface NamedValue extends Pick<UnknownValue, 'kind' | 'value'> {
  readonly path: string;
}

/**
 * Checks that the codes, designations, treatment sites and regions of a filter exist, since a filter by others would
 * find nothing.
 *
 * @throws BAD_INPUT for the first one that does not, with similar ones
 */
export async function assertFilterValues({ loaders }: Context, filter: Filter | undefined, view: View): Promise<void> {
  const named = filter ? listNamedValues(filter, 'filter') : [];
  if (named.length === 0) return;
  const valuesOf = (kind: NamedValue['kind']) => named.filter((each) => each.kind === kind).map(({ value }) => value);
  const unknown = await loaders.unknownValuesByFilter.load({
    codes: valuesOf('code').map(parseCodeReference),
    sites: valuesOf('site'),
    roots: valuesOf('root').map(Number),
    revision: view.revision,
    day: view.day,
  });
  for (const { kind, value, path } of named) {
    const found = unknown.find((each) => each.kind === kind && each.value === value);
    if (found) throw clientError('BAD_INPUT', describeUnknown(path, found));
  }
}

function listNamedValues(filter: Filter, path: string): NamedValue[] {
  const { codes = [], designations = [], treatmentSites = [], regions = [], not, and = [], or = [] } = filter;
  const name = (kind: NamedValue['kind'], field: string, values: readonly string[]): NamedValue[] =>
    values.map((value, index) => ({ kind, value, path: `${path}.${field}[${index}]` }));
  const designationCodes = designations.map((code) => ({ codeSet: DESIGNATION_CODE_SET, code }));
  return [
    ...name('code', 'designations', designationCodes.map(formatCodeReference)),
    ...name('code', 'codes', codes.map(formatCodeReference)),
    ...name('site', 'treatmentSites', treatmentSites),
    ...name('root', 'regions', regions.map(String)),
    ...(not ? listNamedValues(not, `${path}.not`) : []),
    ...and.flatMap((each, index) => listNamedValues(each, `${path}.and[${index}]`)),
    ...or.flatMap((each, index) => listNamedValues(each, `${path}.or[${index}]`)),
  ];
}

function describeUnknown(path: string, { kind, value, near }: UnknownValue): string {
  const nearest = near.length > 0 ? ` The nearest: ${near.join(', ')}.` : '';
  if (kind === 'site')
    return `\`${path}\` is ${value}, but the register has no treatment site with that number.${nearest}`;
  if (kind === 'root')
    return `\`${path}\` is ${value}, but no unit with that RESH-id is a root; \`roots\` lists them.${nearest}`;
  const { codeSet, code } = parseCodeReference(value);
  return `\`${path}\` is ${code}, but code set ${codeSet} has no such code; \`codeSets\` lists them.${nearest}`;
}

/** Returns the requested order, by name if there is none. */
export function toOrder(order: Order | null | undefined): Order {
  return {
    field: order?.field ?? defaultOrder.field,
    direction: order?.direction ?? defaultOrder.direction,
  };
}
