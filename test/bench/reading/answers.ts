import type { QueryName } from './queries.ts';

/** A unit in an answer of any system. */
interface AnsweredUnit {
  readonly reshId?: number;
  readonly id?: number;
  readonly name: string;
  readonly type?: string;
  readonly kind?: string;
  readonly organizationNumber?: string;
  readonly orgNumber?: string;
  readonly parentId?: number | null;
  readonly parent?: AnsweredUnit | null;
  readonly specialties?: readonly AnsweredCode[];
  readonly codes?: readonly string[];
  readonly ancestors?: readonly AnsweredUnit[];
  readonly children?: readonly AnsweredUnit[] | { readonly nodes: readonly AnsweredUnit[] };
  readonly descendants?: { readonly nodes: readonly AnsweredUnit[] };
  readonly specialtyCounts?: readonly AnsweredCount[];
  readonly enterprise?: AnsweredUnit;
  readonly region?: AnsweredUnit;
  readonly treatmentSite?: { readonly organizationNumber: string; readonly name: string } | null;
  readonly site?: { readonly number: string; readonly name: string } | null;
}

interface AnsweredCode {
  readonly code: string | { readonly code: string };
}

interface AnsweredCount extends AnsweredCode {
  readonly n?: number;
  readonly count?: number;
}

interface AnsweredData {
  readonly register?: AnsweredData;
  readonly unit?: AnsweredUnit;
  readonly subtree?: readonly AnsweredUnit[];
  readonly subtreeCodeCounts?: readonly AnsweredCount[];
  readonly units?: readonly (AnsweredUnit & { readonly unit?: AnsweredUnit })[];
  readonly search?: readonly AnsweredUnit[] | { readonly nodes: readonly AnsweredUnit[] };
}

/**
 * Returns an answer in a form that all systems share, so that texts that differ say different things.
 *
 * @throws if the answer has errors or no data
 */
export function normalizeAnswer(name: QueryName, text: string): string {
  const { data, errors } = JSON.parse(text) as { data?: AnsweredData; errors?: unknown };
  if (!data || errors !== undefined) throw new Error(`The answer to ${name} is ${text.slice(0, 400)}`);
  return JSON.stringify(normalizeData(name, data.register ?? data));
}

function normalizeData(name: QueryName, data: AnsweredData): unknown {
  if (name === 'Q5') return (data.units ?? []).map((found) => normalizePlace(found.unit ?? found)).sort(byFirst);
  // resh-graph tolerates spelling mistakes, so it finds similar names too, after the name itself.
  if (name === 'Q6a') return listNodes(data.search)[0]?.name;
  if (name === 'Q6b') return listNodes(data.search).map(({ name: found }) => found);
  // Systems put names that have the parts in another order.
  if (name === 'Q6c') return listNodes(data.search).map(({ name: found }) => found.replace(/ \d+$/, ''));
  if (name === 'Q1') return data.unit && normalizeAncestry(data.unit);
  if (name === 'Q2') return data.unit && normalizeTree(data.unit);
  if (name === 'Q4') {
    const counts = data.subtreeCodeCounts ?? data.unit?.specialtyCounts ?? [];
    return counts.map((counted) => [readCode(counted), counted.n ?? counted.count]).sort();
  }
  const flat = data.subtree ?? (data.unit ? [data.unit, ...listNodes(data.unit.descendants)] : []);
  return flat.map(normalizeFlat).sort(byFirst);
}

function listNodes(list: readonly AnsweredUnit[] | { readonly nodes: readonly AnsweredUnit[] } | undefined) {
  return list === undefined || 'nodes' in list ? (list?.nodes ?? []) : list;
}

type WithId = readonly [number | undefined, ...unknown[]];

function byFirst([one]: WithId, [other]: WithId): number {
  return (one ?? 0) - (other ?? 0);
}

function idOf(unit: AnsweredUnit): number | undefined {
  return unit.reshId ?? unit.id;
}

function normalizePlace(unit: AnsweredUnit): WithId {
  const { name, enterprise, region, treatmentSite, site } = unit;
  return [
    idOf(unit),
    name,
    enterprise && [idOf(enterprise), enterprise.name],
    region && [idOf(region), region.name],
    treatmentSite?.organizationNumber ?? site?.number,
    treatmentSite?.name ?? site?.name,
  ];
}

function normalizeAncestry(unit: AnsweredUnit): unknown[] {
  const ancestors = unit.ancestors ?? listParents(unit);
  return [...normalizeFacts(unit), listCodes(unit), ancestors.map(normalizeFacts)];
}

/** Lists the units above a unit, root first, as `ancestors` does. */
function listParents({ parent }: AnsweredUnit): AnsweredUnit[] {
  return parent ? [...listParents(parent), parent] : [];
}

function normalizeFacts(unit: AnsweredUnit): WithId {
  return [idOf(unit), unit.name, unit.type ?? unit.kind, unit.organizationNumber ?? unit.orgNumber];
}

function listCodes({ specialties, codes }: AnsweredUnit): string[] {
  return (specialties?.map(readCode) ?? codes ?? []).toSorted();
}

function readCode({ code }: AnsweredCode): string {
  return typeof code === 'string' ? code : code.code;
}

function normalizeTree(unit: AnsweredUnit): WithId {
  return [idOf(unit), unit.name, listCodes(unit), listNodes(unit.children).map(normalizeTree).sort(byFirst)];
}

function normalizeFlat(unit: AnsweredUnit): WithId {
  return [...normalizeFacts(unit), unit.parentId ?? unit.parent?.reshId ?? null];
}
