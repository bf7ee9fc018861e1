import type { Context } from '../../context.ts';
import { dayBefore } from '../../domain/time/day.ts';
import { DESIGNATION_CODE_SET, parseCodeReference, SERVICE_CODE_SETS } from '../../domain/unit/code-sets.ts';
import type { UnitOrder } from '../../domain/unit/filter.ts';
import { readSearchFacets, type FacetRow } from '../../store/read/search-facets.ts';
import type { SearchQuery } from '../../store/read/search-matches.ts';
import {
  countClosedHits,
  countSearchHits,
  readSearchHits,
  type HitRow,
  type MatchKind,
} from '../../store/read/search.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, declareEdge, type EdgeShape, type Page } from '../kit/connection.ts';
import { facetLimit, heavyCost, pageLimit } from '../kit/limits.ts';
import { loadUnits, loadCodes } from '../kit/load.ts';
import { readPage, type PageArguments } from '../kit/page.ts';
import { scorePositionSchema } from '../kit/positions.ts';
import { Code, Unit, type CodeAtSnapshot } from '../kit/refs.ts';
import { parseSearchText, searchKey } from '../kit/search-text.ts';
import { assertFilterValues, toFilter, toOrder, type UnitFilterShape } from '../kit/unit-filter-input.ts';
import { atSnapshot, type UnitAtSnapshot, type View } from '../kit/view.ts';

const SearchMatchKind = builder.enumType('SearchMatchKind', {
  description: 'Kind of match in a search',
  values: {
    NAME: { description: 'Name of the unit' },
    SHORT_NAME: { description: 'Short name of the unit' },
    INTERNATIONAL_NAME: { description: 'Name of the unit in another language' },
    TREATMENT_SITE: { description: 'Name or organization number of the treatment site of the unit' },
    FORMER_NAME: { description: 'Former name of the unit: name, short name or name in another language' },
    RESH_ID: { description: 'RESH-id of the unit' },
    ORGANIZATION_NUMBER: { description: 'Organization number of the unit' },
    IDENTIFIER: { description: 'Identifier of the unit in another system' },
    FORMER_IDENTIFIER: { description: 'Former organization number or identifier of the unit' },
  } satisfies Record<MatchKind, { description: string }>,
});

interface SearchMatchShape {
  readonly kind: MatchKind;
  readonly text: string;
}
const SearchMatch = builder.objectRef<SearchMatchShape>('SearchMatch').implement({
  description: 'Match of a search in a unit',
  fields: (t) => ({
    kind: t.expose('kind', { type: SearchMatchKind, description: 'Kind of match' }),
    text: t.exposeString('text', { description: 'Text that matched, as in the register' }),
  }),
});

interface SearchEdge extends EdgeShape<UnitAtSnapshot> {
  readonly matched: SearchMatchShape | null;
  readonly isClosed: boolean;
}
const UnitSearchEdge = declareEdge<UnitAtSnapshot, SearchEdge>('UnitSearchEdge', Unit);
builder.objectFields(UnitSearchEdge, (t) => ({
  matched: t.expose('matched', {
    type: SearchMatch,
    nullable: true,
    description: 'Best match in the unit; null for a search without text',
  }),
  isClosed: t.exposeBoolean('isClosed', {
    description:
      'Indicates whether the unit is closed on the day, and shown as on its last day; `successors` of the unit are ' +
      'what it became',
  }),
}));

const FacetName = builder.enumType('FacetName', {
  description: 'Property over whose values a search is distributed',
  values: {
    REGION: { value: 'region', description: 'Root of the tree of a unit' },
    ENTERPRISE: { value: 'enterprise', description: 'Enterprise (foretak) of a unit' },
    DESIGNATION: { value: 'designation', description: 'Designation of a unit (organisatorisk betegnelse)' },
    SPECIALTY: { value: 'specialty', description: 'Service code of a unit (fagområde, helsehjelpsområde)' },
  } as const satisfies Record<string, { readonly value: FacetRow['facet']; readonly description: string }>,
});

interface FacetValueShape extends FacetRow {
  readonly view: View;
}
interface FacetShape {
  readonly name: FacetRow['facet'];
  readonly values: readonly FacetValueShape[];
}

const FacetValue = builder.objectRef<FacetValueShape>('FacetValue').implement({
  description: 'Value of a facet, with its number of units',
  fields: (t) => ({
    unit: t.field({
      type: Unit,
      nullable: true,
      description: 'Unit of a value of REGION or ENTERPRISE; null for the other facets',
      resolve: (value, _args, context) => loadFacetUnit(context, value),
    }),
    code: t.field({
      type: Code,
      nullable: true,
      description: 'Code of a value of DESIGNATION or SPECIALTY; null for the other facets',
      resolve: (value, _args, context) => loadFacetCode(context, value),
    }),
    label: t.string({
      description: 'Name of the unit or the code',
      resolve: async (value, _args, context) =>
        (await loadFacetUnit(context, value))?.row.name ??
        (await loadFacetCode(context, value))?.row.name ??
        value.value,
    }),
    count: t.exposeInt('count', { description: 'Number of units that have the value' }),
  }),
});

const Facet = builder.objectRef<FacetShape>('Facet').implement({
  description: 'Distribution of the units of a search over the values of one property',
  fields: (t) => ({
    name: t.expose('name', { type: FacetName, description: 'Property of the units' }),
    values: t.field({
      type: [FacetValue],
      complexity: { field: 1, multiplier: facetLimit },
      description:
        `Most frequent values, at most ${facetLimit}, most frequent first; \`distinctCount\` has the number of ` +
        'all values',
      resolve: ({ values }) => values,
    }),
    distinctCount: t.int({
      description: 'Number of different values',
      resolve: ({ values }) => values[0]?.distinctCount ?? 0,
    }),
  }),
});

interface SearchPage extends Page<SearchEdge> {
  readonly closedCount: () => Promise<number>;
  readonly facets: () => Promise<FacetShape[]>;
}
export const UnitSearchConnection = declareConnection<UnitAtSnapshot, SearchEdge, SearchPage>(
  'UnitSearchConnection',
  'Page of a search: best match first, then by name in Norwegian order, unless it has another order',
  Unit,
  UnitSearchEdge,
);
builder.objectFields(UnitSearchConnection, (t) => ({
  closedCount: t.int({
    complexity: { field: heavyCost, multiplier: 1 },
    description:
      'Number of closed units that the search finds with `includeClosed`, whether it includes them or not; counted ' +
      'only when requested',
    resolve: ({ closedCount }) => closedCount(),
  }),
  facets: t.field({
    type: [Facet],
    complexity: { field: 4 * heavyCost, multiplier: 4 },
    description:
      'Distribution of all units found, on all pages, over regions, enterprises, designations and specialties',
    resolve: ({ facets }) => facets(),
  }),
}));

const facetNames = ['region', 'enterprise', 'designation', 'specialty'] as const;

/** The arguments of a search. */
export interface SearchArguments extends PageArguments {
  readonly text?: string | null | undefined;
  readonly filter?: UnitFilterShape | null | undefined;
  readonly withinReshId?: number | null | undefined;
  readonly includeClosed?: boolean | null | undefined;
  readonly orderBy?: UnitOrder | null | undefined;
}

/**
 * Reads a page of the units found on a view's day.
 *
 * @throws LIMIT_EXCEEDED, BAD_INPUT, BAD_CURSOR
 */
export async function searchUnits(context: Context, args: SearchArguments, registerView: View): Promise<SearchPage> {
  const { prisma } = context.database;
  const search = {
    terms: parseSearchText(args.text),
    filter: toFilter(args.filter),
    within: args.withinReshId ?? undefined,
    includeClosed: args.includeClosed === true ? true : undefined,
  };
  const order = args.orderBy ? toOrder(args.orderBy) : undefined;
  await assertFilterValues(context, search.filter, registerView);
  const { view, ...page } = await readPage(
    context,
    args,
    {
      key: searchKey(search, order),
      view: registerView,
      limit: pageLimit,
      positionSchema: scorePositionSchema,
      toPosition: ({ score, nameSortKey, reshId }: HitRow): [number, string, number] => [score, nameSortKey, reshId],
      read: (pageView, size, after) =>
        readSearchHits(prisma, search, pageView, {
          first: size,
          after: after && { score: after[0], nameSortKey: after[1], reshId: after[2] },
          order,
        }),
      count: (pageView) => countSearchHits(prisma, search, pageView),
    },
    (row, pageView) => ({
      node: row.isClosed && row.to ? { row, view: pageView, seenOn: dayBefore(row.to) } : atSnapshot(row, pageView),
      isClosed: row.isClosed,
      matched: row.matchKind !== null && row.matchText !== null ? { kind: row.matchKind, text: row.matchText } : null,
    }),
  );
  return {
    ...page,
    closedCount: () => countClosedHits(prisma, search, view),
    facets: () => readFacets(context, search, view),
  };
}

async function readFacets({ database }: Context, search: SearchQuery, view: View): Promise<FacetShape[]> {
  const rows = await readSearchFacets(database.prisma, search, view, SERVICE_CODE_SETS, facetLimit);
  return facetNames.map((name) => ({
    name,
    values: rows.filter(({ facet }) => facet === name).map((row) => ({ ...row, view })),
  }));
}

async function loadFacetUnit(
  context: Context,
  { facet, value, view }: FacetValueShape,
): Promise<UnitAtSnapshot | null> {
  if (facet !== 'region' && facet !== 'enterprise') return null;
  return (await loadUnits(context, [Number(value)], view))[0] ?? null;
}

async function loadFacetCode(
  context: Context,
  { facet, value, view }: FacetValueShape,
): Promise<CodeAtSnapshot | null> {
  if (facet !== 'designation' && facet !== 'specialty') return null;
  const key = facet === 'designation' ? { codeSet: DESIGNATION_CODE_SET, code: value } : parseCodeReference(value);
  return (await loadCodes(context, [key], view))[0] ?? null;
}
