import type { UnitRow } from '../../store/sql/unit-row.ts';
import type { ExtractedUnit } from './extracted-unit.ts';

/** One object a line, a page at a time, after a line that says what is extracted. */
export const streamNdjson = async function* (
  header: object,
  pages: AsyncIterable<readonly ExtractedUnit[]>,
): AsyncGenerator<string> {
  yield formatLines([header]);
  for await (const page of pages) yield formatLines(page.map(toUnitObject));
};

function formatLines(objects: readonly object[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}

/** A unit as one line of units.ndjson has it: names as in the GraphQL API. */
function toUnitObject(unit: ExtractedUnit) {
  const { row, validity, placed, path, enterprise, codes, details } = unit;
  return {
    reshId: row.reshId,
    type: row.type,
    name: row.name,
    shortName: row.shortName,
    parentReshId: row.parentReshId,
    organizationNumber: row.organizationNumber,
    designation: row.designationCode === null ? null : { code: row.designationCode, name: unit.designationName },
    designationText: row.designationText,
    responsiblePerson: row.responsiblePerson,
    treatmentSite:
      row.treatmentSiteNumber === null ? null : { organizationNumber: row.treatmentSiteNumber, name: unit.siteName },
    validity,
    placed,
    depth: path.length - 1,
    path: row.path,
    pathNames: path.map(({ name }) => name),
    enterprise: toUnitReference(enterprise),
    region: toUnitReference(path[0]),
    codes: codes.map(({ codeSet, code, name, attributes }) => ({ codeSet, code, name, attributes })),
    identifiers: details?.identifiers.map(({ system, value }) => ({ system, value })),
    internationalNames: details?.internationalNames.map(({ language, name }) => ({ language, name })),
    addresses: details?.addresses.map(({ type, lines, postalCode, city, country, inherited }) => ({
      ...{ type, lines, postalCode, city, country, inherited },
    })),
    contactPoints: details?.contactPoints.map(({ type, value, inherited }) => ({ type, value, inherited })),
  };
}

function toUnitReference(unit: UnitRow | undefined) {
  return unit ? { reshId: unit.reshId, organizationNumber: unit.organizationNumber, name: unit.name } : null;
}
