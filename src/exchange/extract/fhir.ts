import { dayBefore } from '../../domain/time/day.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { ORGANIZATION_NUMBER_SYSTEM, RESH_ID_SYSTEM } from '../../domain/unit/identifier-systems.ts';
import type { ExtractedUnit, Pages, UnitDetails } from './extracted-unit.ts';

const PROFILE = 'http://hl7.no/fhir/StructureDefinition/no-basis-Organization';
// FHIR R4 has no element for the period of an organization; HL7 defines this extension for it.
const PERIOD = 'http://hl7.org/fhir/StructureDefinition/organization-period';
const DESIGNATION_SYSTEM = `urn:oid:2.16.578.1.12.4.1.1.${DESIGNATION_CODE_SET}`;

const contactSystems = { TELEPHONE: 'phone', EMAIL: 'email', WEB: 'url' } as const;
const addressTypes = { VISITING: 'physical', POSTAL: 'postal' } as const;

const ABSOLUTE_URI = /^[a-z][a-z0-9+.-]*:\S+$/i;

/** Yields one resource a line, a page at a time. */
export async function* streamFhir(pages: Pages<ExtractedUnit>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((unit) => `${JSON.stringify(buildOrganization(unit))}\n`).join('');
}

/** Returns a unit as an Organization of FHIR R4, according to the Norwegian base profile. */
function buildOrganization(unit: ExtractedUnit) {
  const { place, validity, details } = unit;
  const { row } = place;
  const parent = place.parent?.row;
  return {
    resourceType: 'Organization',
    id: String(row.reshId),
    meta: { profile: [PROFILE] },
    extension: [
      {
        url: PERIOD,
        // The end of a FHIR period is inclusive.
        valuePeriod: {
          start: validity.from,
          ...buildOptionalElement('end', validity.to === null ? null : dayBefore(validity.to)),
        },
      },
    ],
    identifier: [
      { system: RESH_ID_SYSTEM, value: String(row.reshId) },
      ...(row.organizationNumber === null
        ? []
        : [{ system: ORGANIZATION_NUMBER_SYSTEM, value: row.organizationNumber }]),
      ...(details?.identifiers.map(buildIdentifier) ?? []),
    ],
    active: true,
    ...buildOptionalElement('type', buildType(unit)),
    name: row.name,
    ...buildOptionalElement('alias', row.shortName === null ? null : [row.shortName]),
    ...buildOptionalElement(
      'telecom',
      details?.contactPoints.map(({ type, value }) => ({ system: contactSystems[type], value })),
    ),
    ...buildOptionalElement('address', details?.addresses.map(buildAddress)),
    ...(parent && {
      partOf: {
        reference: `Organization/${parent.reshId}`,
        type: 'Organization',
        identifier: { system: RESH_ID_SYSTEM, value: String(parent.reshId) },
        display: parent.name,
      },
    }),
  };
}

/** Returns an optional element; FHIR allows neither null nor empty lists. */
function buildOptionalElement<Value>(name: string, value: Value | null | undefined): Record<string, Value> {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0) ? {} : { [name]: value };
}

/** Returns the system of an identifier: an absolute URI as the system, any other text as the text of the type. */
function buildIdentifier({ system, value }: UnitDetails['identifiers'][number]) {
  return {
    ...(ABSOLUTE_URI.test(system) ? { system } : { type: { text: system } }),
    value,
  };
}

function buildType({ place, designationName }: ExtractedUnit) {
  const { row } = place;
  if (row.designationCode === null && row.designationText === null) return null;
  const coding = row.designationCode !== null && [
    { system: DESIGNATION_SYSTEM, code: row.designationCode, ...buildOptionalElement('display', designationName) },
  ];
  return [{ ...(coding && { coding }), ...buildOptionalElement('text', row.designationText) }];
}

function buildAddress({ type, lines, postalCode, city, country }: UnitDetails['addresses'][number]) {
  return {
    type: addressTypes[type],
    ...buildOptionalElement('line', lines),
    ...buildOptionalElement('city', city),
    ...buildOptionalElement('postalCode', postalCode),
    ...buildOptionalElement('country', country),
  };
}
