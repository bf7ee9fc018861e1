import { withFieldTexts } from '../http/field-texts.ts';

interface Coded {
  readonly code: string;
  readonly codeSet: { readonly number: number };
}

interface FacetValue {
  readonly unit: { readonly reshId: number } | null;
  readonly code: Coded | null;
  readonly label: string;
  readonly count: number;
}

/**
 * Returns the data of a response in the form of November 2026, when values that have types now were texts: fields of
 * changes, designations and sites of versions, and facets. The units of an impact were a list, and periods of a history
 * had their days beside their other fields. Changes did not list the units that other units became.
 */
export function toRecordedForm(data: unknown): unknown {
  return JSON.parse(JSON.stringify(withFieldTexts(data)), (key, value: unknown) => toRecordedValue(key, value));
}

function toRecordedValue(key: string, value: unknown): unknown {
  switch (key) {
    case 'designationCode':
      return (value as Coded | null)?.code ?? null;
    case 'treatmentSiteNumber':
      return (value as { readonly organizationNumber: string } | null)?.organizationNumber ?? null;
    case 'impact':
      return value && flattenUnits(value as RecordedImpact);
    case 'kinds':
      return (value as string[]).length > 1 ? (value as string[]).filter((kind) => kind !== 'SUCCEEDED') : value;
    case 'parentHistory':
    case 'ancestryHistory':
      return (value as { readonly validity: object }[]).map(({ validity, ...rest }) => ({ ...validity, ...rest }));
    case 'facets':
      return (value as { readonly name: string; readonly values: readonly FacetValue[] }[]).map((facet) => ({
        ...facet,
        name: facet.name.toLowerCase(),
        values: facet.values.map((each) => toRecordedFacetValue(facet.name, each)),
      }));
    case 'units':
      return isPage(value) ? omitSuccessors(value) : value;
    default:
      return value;
  }
}

interface Page {
  readonly nodes: readonly object[];
  readonly totalCount?: number;
}

function isPage(value: unknown): value is Page {
  return typeof value === 'object' && value !== null && 'nodes' in value;
}

/** Returns a page without the units that only took over from others. */
function omitSuccessors(page: Page): Page & { readonly omitted?: number } {
  const isSuccessorOnly = (node: object) => 'kinds' in node && String(node.kinds) === 'SUCCEEDED';
  const nodes = page.nodes.filter((node) => !isSuccessorOnly(node));
  const omitted = page.nodes.length - nodes.length;
  if (page.totalCount === undefined) return { ...page, nodes, omitted };
  return { ...page, nodes, totalCount: page.totalCount - omitted };
}

interface RecordedImpact {
  readonly unitCount: number;
  readonly units: { readonly nodes: readonly unknown[]; readonly omitted?: number };
}

// A stored response still counts the units as it did when it was stored.
function flattenUnits(impact: RecordedImpact) {
  const { unitCount, units } = impact;
  const isCountedNow = unitCount === units.nodes.length + (units.omitted ?? 0);
  return { ...impact, unitCount: isCountedNow ? units.nodes.length : unitCount, units: units.nodes };
}

function toRecordedFacetValue(facet: string, { unit, code, label, count }: FacetValue) {
  if (unit) return { value: String(unit.reshId), label, count };
  return { value: facet === 'DESIGNATION' ? code?.code : `${code?.codeSet.number}:${code?.code}`, label, count };
}
