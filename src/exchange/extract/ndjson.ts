import { selectFacts } from '../../domain/unit/facts.ts';
import type { ExtractedUnit, Pages, PlacedUnit } from './extracted-unit.ts';

/** Yields a header line, then one unit a line, a page at a time. */
export async function* streamNdjson(header: object, pages: Pages<ExtractedUnit>): AsyncGenerator<string> {
  yield formatLines([header]);
  for await (const page of pages) yield formatLines(page.map(toUnitObject));
}

function formatLines(objects: readonly object[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}

/** Returns a unit as a line of units.ndjson, with the names of the GraphQL API. */
function toUnitObject(unit: ExtractedUnit) {
  const { place, validity, placed, codes, details } = unit;
  const { row, depth } = place;
  const path = listPath(place);
  const {
    type,
    name,
    shortName,
    parentReshId,
    organizationNumber,
    designationCode,
    designationText,
    treatmentSiteNumber,
    ...otherFacts
  } = selectFacts(row);
  return {
    reshId: row.reshId,
    type,
    name,
    shortName,
    parentReshId,
    organizationNumber,
    designation: designationCode === null ? null : { code: designationCode, name: unit.designationName },
    designationText,
    ...otherFacts,
    treatmentSite:
      treatmentSiteNumber === null ? null : { organizationNumber: treatmentSiteNumber, name: unit.siteName },
    validity,
    placed,
    depth,
    path: path.map(({ reshId }) => reshId),
    pathNames: path.map(({ name }) => name),
    enterprise: toUnitReference(place.enterprise),
    region: toUnitReference(place.root),
    codes: codes.map(({ codeSet, code, name, attributes }) => ({ codeSet, code, name, attributes })),
    identifiers: details?.identifiers.map(({ system, value }) => ({ system, value })),
    internationalNames: details?.internationalNames.map(({ language, name }) => ({ language, name })),
    addresses: details?.addresses.map((address) => ({
      type: address.type,
      lines: address.lines,
      postalCode: address.postalCode,
      city: address.city,
      country: address.country,
      inherited: address.inherited,
    })),
    contactPoints: details?.contactPoints.map((point) => ({
      type: point.type,
      value: point.value,
      inherited: point.inherited,
    })),
  };
}

/** Returns the units from the root to a unit. */
function listPath({ row, parent }: PlacedUnit): PlacedUnit['row'][] {
  return parent === null ? [row] : [...listPath(parent), row];
}

function toUnitReference(unit: PlacedUnit | null) {
  return unit && { reshId: unit.row.reshId, organizationNumber: unit.row.organizationNumber, name: unit.row.name };
}
