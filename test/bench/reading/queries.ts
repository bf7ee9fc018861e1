/** Names of the queries, with what each asks. */
export const queries = {
  Q1: 'a unit with its ancestors and codes',
  Q2: 'children four levels deep, with codes',
  Q3: 'a subtree of 400 to 1,100 units as a flat list, with parents',
  Q3L: 'the same of about 5,000 units',
  Q4: 'codes counted in a subtree of about 5,000 units',
  Q5: '1,000 units by id, with enterprise, region and treatment site',
  Q6a: 'search for a name',
  Q6b: 'search for frequent words',
  Q6c: 'search for two words of three letters',
} as const;

export type QueryName = keyof typeof queries;

/** Texts of the queries that a system answers. */
export type Dialect = Readonly<Partial<Record<QueryName, string>>>;

export const queryNames = Object.keys(queries) as QueryName[];

const unitFacts = 'reshId name type organizationNumber';
const codes = 'specialties { code { code } }';
const subtree = `unit(reshId: $id) {
  ${unitFacts} parent { reshId } descendants(first: 10000) { nodes { ${unitFacts} parent { reshId } } }
}`;
const search = 'search(text: $phrase, first: 20) { nodes { reshId name } }';
const productFields: Readonly<Record<QueryName, string>> = {
  Q1: `unit(reshId: $id) { ${unitFacts} ${codes} ancestors { reshId name type } }`,
  Q2: `unit(reshId: $id) {
    reshId name ${codes} ${nest(4, (under) => `children(first: 1000) { nodes { reshId name ${codes} ${under} } }`)}
  }`,
  Q3: subtree,
  Q3L: subtree,
  Q4: 'unit(reshId: $id) { specialtyCounts { code { code } count } }',
  Q5: `units(reshIds: $ids) {
    unit { reshId name enterprise { reshId name } region { reshId name } treatmentSite { organizationNumber name } }
  }`,
  Q6a: search,
  Q6b: search,
  Q6c: search,
};

/** Queries of resh-graph. */
export const productQueries: Dialect = mapQueries(productFields, ({ name, declaration, fields }) =>
  formatQuery(name, declaration, fields),
);

/** Queries of resh-graph about a past day. */
export const pastDayQueries: Dialect = mapQueries(productFields, ({ name, declaration, fields }) =>
  formatQuery(name, declaration, `register(validAt: "2015-06-01") { ${fields} }`),
);

/** Queries of resh-graph about a past revision. */
export const pastRevisionQueries: Dialect = without(
  mapQueries(productFields, ({ name, declaration, fields }) =>
    formatQuery(name, `${declaration}, $revision: Revision!`, `register(revision: $revision) { ${fields} }`),
  ),
  ['Q5', 'Q6a', 'Q6b', 'Q6c'],
);

/** Queries of resh-graph about a day and a revision, with responses that never change. */
export const pinnedQueries: Dialect = mapQueries(productFields, ({ name, declaration, fields }) =>
  formatQuery(name, declaration, `register(validAt: "2015-06-01", revision: 1) { ${fields} }`),
);

const plainSubtree = 'subtree(id: $id) { id name kind orgNumber parentId }';
const plainSearch = 'search(words: $words, phrase: $phrase) { id name }';
const plainCodes = 'specialties { code }';

/** Queries of a schema written by hand over the tables; the limits answer them by their names. */
export const plainQueries: Dialect = mapPeerQueries({
  Q1: `unit(id: $id) {
    id name kind orgNumber ${plainCodes} ${nest(9, (above) => `parent { id name kind ${above} }`)}
  }`,
  Q2: `unit(id: $id) {
    id name ${plainCodes} ${nest(4, (under) => `children { id name ${plainCodes} ${under} }`)}
  }`,
  Q3: plainSubtree,
  Q3L: plainSubtree,
  Q4: 'subtreeCodeCounts(id: $id) { code n }',
  Q5: 'units(ids: $ids) { id name enterprise { id name } region { id name } site { number name } }',
  Q6a: plainSearch,
  Q6b: plainSearch,
  Q6c: plainSearch,
});

/** Queries of PostGraphile over the tables. */
export const postgraphileQueries: Dialect = mapPeerQueries(
  postgraphileFields({
    unit: 'orgUnit',
    suffix: '',
    codes: 'specialties: unitSpecialtiesByUnitIdList { code }',
    parent: 'orgUnitByParentId',
    children: 'orgUnitsByParentIdList',
    enterprise: 'enterprise',
    region: 'region',
  }),
);

/** Queries of PostGraphile over the read model. */
export const postgraphileReadModelQueries: Dialect = without(
  mapPeerQueries(
    postgraphileFields({
      unit: 'unitReadModel',
      suffix: 'Rm',
      codes: 'codes',
      parent: 'unitReadModelByParentId',
      children: 'unitReadModelsByParentIdList',
      enterprise: 'enterprise: unitReadModelByEnterpriseId',
      region: 'region: unitReadModelByRegionId',
    }),
  ),
  ['Q6a', 'Q6b', 'Q6c'],
);

/** Returns a dialect without some queries, which the system does not answer. */
export function without(dialect: Dialect, names: readonly QueryName[]): Dialect {
  return Object.fromEntries(Object.entries(dialect).filter(([name]) => !names.includes(name as QueryName)));
}

function nest(levels: number, format: (inner: string) => string): string {
  return levels === 0 ? '' : format(nest(levels - 1, format));
}

interface QueryParts {
  readonly name: QueryName;
  readonly declaration: string;
  readonly fields: string;
}

function mapQueries(
  fieldsByName: Readonly<Record<QueryName, string>>,
  format: (parts: QueryParts) => string | undefined,
): Dialect {
  const entries = queryNames.map((name) => {
    const declaration = declareProductVariables(name);
    return [name, format({ name, declaration, fields: fieldsByName[name] })] as const;
  });
  return Object.fromEntries(entries.filter(([, text]) => text !== undefined));
}

function declareProductVariables(name: QueryName): string {
  if (name === 'Q5') return '$ids: [ReshId!]!';
  return name.startsWith('Q6') ? '$phrase: String!' : '$id: ReshId!';
}

function mapPeerQueries(fieldsByName: Readonly<Record<QueryName, string>>): Dialect {
  return mapQueries(fieldsByName, ({ name, fields }) => formatQuery(name, declarePeerVariables(name), fields));
}

function declarePeerVariables(name: QueryName): string {
  if (name === 'Q5') return '$ids: [Int!]!';
  return name.startsWith('Q6') ? '$words: [String!]!, $phrase: String!' : '$id: Int!';
}

function formatQuery(name: QueryName, declaration: string, fields: string): string {
  return `query ${name}(${declaration}) { ${fields} }`.replaceAll(/\s+/g, ' ');
}

interface PostgraphileNames {
  readonly unit: string;
  readonly suffix: string;
  readonly codes: string;
  readonly parent: string;
  readonly children: string;
  readonly enterprise: string;
  readonly region: string;
}

function postgraphileFields(names: PostgraphileNames): Record<QueryName, string> {
  const { unit, suffix } = names;
  const parents = nest(9, (above) => `parent: ${names.parent} { id: rowId name kind ${above} }`);
  const children = nest(4, (under) => `children: ${names.children} { id: rowId name ${names.codes} ${under} }`);
  const flat = `subtree: subtree${suffix}List(root: $id) { id: rowId name kind orgNumber parentId }`;
  const found = 'search: searchUnitsList(words: $words, phrase: $phrase) { id: rowId name }';
  return {
    Q1: `unit: ${unit}ByRowId(rowId: $id) { id: rowId name kind orgNumber ${names.codes} ${parents} }`,
    Q2: `unit: ${unit}ByRowId(rowId: $id) { id: rowId name ${names.codes} ${children} }`,
    Q3: flat,
    Q3L: flat,
    Q4: `subtreeCodeCounts: subtreeCodeCounts${suffix}List(root: $id) { code n }`,
    Q5: `units: unitsByIds${suffix}List(ids: $ids) {
      id: rowId name ${names.enterprise} { id: rowId name } ${names.region} { id: rowId name }
      site: treatmentSiteBySiteNumber { number name }
    }`,
    Q6a: found,
    Q6b: found,
    Q6c: found,
  };
}
