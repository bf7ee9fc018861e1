import type { TreeUnit } from './generate-tree.ts';
import { queryNames, type Dialect, type QueryName } from './queries.ts';

/** Variables of one request, for all dialects; a request has those that its query declares. */
type Variables = Readonly<Record<string, unknown>>;

export type VariablesByQuery = Readonly<Record<QueryName, readonly Variables[]>>;

/** What the choice of requests depends on. */
export type AskedUnit = Pick<TreeUnit, 'id' | 'name' | 'depth' | 'size'>;

/** Chooses what is asked: the requests of each query differ in their ids or words. */
export function chooseVariables({ units }: { readonly units: readonly AskedUnit[] }): VariablesByQuery {
  const deepUnits = spread(
    units.filter(({ depth }) => depth >= 5),
    2_000,
  ).map(toId);
  const subtrees = units
    .filter(({ size }) => size >= 400 && size <= 1_100)
    .slice(0, 40)
    .map(toId);
  const largeSubtrees = units
    .toSorted((one, other) => Math.abs(one.size - 5_000) - Math.abs(other.size - 5_000))
    .slice(0, 3)
    .map(toId);
  // Shorter numbers are part of longer ones, and systems differ in whether they find those.
  const longestId = String(units.length).length;
  const withLongIds = units.filter(({ id }) => String(id).length === longestId);
  return {
    Q1: deepUnits,
    Q2: subtrees,
    Q3: subtrees,
    Q3L: largeSubtrees,
    Q4: largeSubtrees,
    Q5: Array.from({ length: 20 }, (_, turn) => ({
      ids: spread(units.slice(turn), 1_000).map(({ id }) => id),
    })),
    Q6a: spread(withLongIds, 200).map(({ name }) => toPhrase(name)),
    Q6b: listFrequentNames(units).map(toPhrase),
    Q6c: listFrequentNames(units).map(abbreviate).map(toPhrase),
  };
}

/** Returns the variables with the revision that queries of a past revision declare. */
export function withRevision(variables: VariablesByQuery, revision: number): VariablesByQuery {
  const entries = queryNames.map((name) => [name, variables[name].map((ofRequest) => ({ ...ofRequest, revision }))]);
  return Object.fromEntries(entries) as VariablesByQuery;
}

/** Returns the bodies of the requests of each query that a dialect has. */
export function formatBodies(dialect: Dialect, variables: VariablesByQuery): ReadonlyMap<QueryName, readonly string[]> {
  const bodies = new Map<QueryName, readonly string[]>();
  for (const name of queryNames) {
    const query = dialect[name];
    if (query === undefined) continue;
    bodies.set(
      name,
      variables[name].map((all) => {
        const declared = Object.entries(all).filter(([variable]) => query.includes(`$${variable}:`));
        return JSON.stringify({ operationName: name, query, variables: Object.fromEntries(declared) });
      }),
    );
  }
  return bodies;
}

/** Returns the path and parameters of a GET that asks the same as a body. */
export function formatPath(body: string): string {
  const { query, variables } = JSON.parse(body) as { query: string; variables: unknown };
  return `/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`;
}

/** Takes about `count` values at equal distances. */
function spread<Value>(values: readonly Value[], count: number): Value[] {
  const distance = Math.max(1, values.length / count);
  return Array.from(
    { length: Math.min(count, values.length) },
    (_, index) => values[Math.floor(index * distance)],
  ).filter((value) => value !== undefined);
}

function toId({ id }: AskedUnit): Variables {
  return { id };
}

function toPhrase(phrase: string): Variables {
  return { phrase, words: phrase.split(' ').map((word) => `%${word}%`) };
}

/** Returns the first three letters of each word. */
function abbreviate(name: string): string {
  return name.replaceAll(/(\S{3})\S*/g, '$1');
}

/** Lists the names of departments without their numbers: each is part of many names. */
function listFrequentNames(units: readonly AskedUnit[]): string[] {
  const departments = units.filter(({ depth }) => depth >= 3);
  return [...new Set(departments.map(({ name }) => name.replace(/ \d+$/, '')))].sort();
}
