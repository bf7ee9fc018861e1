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
 * had their days beside their other fields.
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
      return value && flattenUnits(value as { readonly units: { readonly nodes: readonly unknown[] } });
    case 'parentHistory':
    case 'ancestryHistory':
      return (value as { readonly validity: object }[]).map(({ validity, ...rest }) => ({ ...validity, ...rest }));
    case 'facets':
      return (value as { readonly name: string; readonly values: readonly FacetValue[] }[]).map((facet) => ({
        ...facet,
        name: facet.name.toLowerCase(),
        values: facet.values.map((each) => toRecordedFacetValue(facet.name, each)),
      }));
    default:
      return value;
  }
}

function flattenUnits<Impact extends { readonly units: { readonly nodes: readonly unknown[] } }>(impact: Impact) {
  return { ...impact, units: impact.units.nodes };
}

function toRecordedFacetValue(facet: string, { unit, code, label, count }: FacetValue) {
  if (unit) return { value: String(unit.reshId), label, count };
  return { value: facet === 'DESIGNATION' ? code?.code : `${code?.codeSet.number}:${code?.code}`, label, count };
}
