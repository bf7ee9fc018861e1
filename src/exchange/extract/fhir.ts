import type { WriteValue } from '../../domain/text/byte-writer.ts';
import { dayBefore } from '../../domain/time/day.ts';
import type { Period } from '../../domain/time/period.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { ORGANIZATION_NUMBER_SYSTEM, RESH_ID_SYSTEM } from '../../domain/unit/identifier-systems.ts';
import { encodeOnce } from './encode-once.ts';
import type { ExtractedUnit, Pages, PlacedUnit, UnitDetails } from './extracted-unit.ts';
import { constant, decimalText, inBrackets, list, object, optional, part, value, writeValue } from './json-layout.ts';
import { streamLines } from './stream-lines.ts';

const COMMA = 0x2c;
const PROFILE = 'http://hl7.no/fhir/StructureDefinition/no-basis-Organization';
// FHIR R4 has no element for the period of an organization; HL7 defines this extension for it.
const PERIOD = 'http://hl7.org/fhir/StructureDefinition/organization-period';
const DESIGNATION_SYSTEM = `urn:oid:2.16.578.1.12.4.1.1.${DESIGNATION_CODE_SET}`;

const contactSystems = { TELEPHONE: 'phone', EMAIL: 'email', WEB: 'url' } as const;
const addressTypes = { VISITING: 'physical', POSTAL: 'postal' } as const;

const ABSOLUTE_URI = /^[a-z][a-z0-9+.-]*:\S+$/i;

/** Yields one resource a line. */
export function streamFhir(pages: Pages<ExtractedUnit>): AsyncGenerator<Buffer> {
  return streamLines(pages, { lineEnd: '\n', writeRow: createOrganizationWriter() });
}

/**
 * Creates a function that writes a unit as an Organization of FHIR R4, according to the Norwegian base profile. FHIR
 * allows neither null nor empty lists.
 */
function createOrganizationWriter(): WriteValue<ExtractedUnit> {
  return object<ExtractedUnit>({
    resourceType: constant('Organization'),
    id: decimalText(({ place }) => place.row.reshId),
    meta: constant({ profile: [PROFILE] }),
    extension: part(({ validity }) => validity, encodeOnce(createExtensionsWriter())),
    identifier: inBrackets(createIdentifiersWriter()),
    active: constant(true),
    type: optional(
      (unit) => (unit.place.row.designationCode === null && unit.place.row.designationText === null ? null : unit),
      inBrackets(createTypeWriter()),
    ),
    name: value(({ place }) => place.row.name),
    alias: optional(({ place }) => place.row.shortName, inBrackets(writeValue)),
    telecom: optional(({ details }) => details.contactPoints, encodeOnce(list(createContactPointWriter()))),
    address: optional(({ details }) => details.addresses, encodeOnce(list(createAddressWriter()))),
    partOf: optional(({ place }) => place.parent, encodeOnce(createParentWriter())),
  });
}

function createExtensionsWriter(): WriteValue<Period> {
  const writePeriod = object<Period>({
    start: value(({ from }) => from),
    // The end of a FHIR period is inclusive.
    end: optional(({ to }) => to && dayBefore(to), writeValue),
  });
  return inBrackets(object({ url: constant(PERIOD), valuePeriod: writePeriod }));
}

/** Creates a function that writes identifiers; a system that is not an absolute URI is the text of the type. */
function createIdentifiersWriter(): WriteValue<ExtractedUnit> {
  type Identifier = UnitDetails['identifiers'][number];
  const writeReshId = object<PlacedUnit>({
    system: constant(RESH_ID_SYSTEM),
    value: decimalText(({ row }) => row.reshId),
  });
  const writeOrganizationNumber = object<string>({
    system: constant(ORGANIZATION_NUMBER_SYSTEM),
    value: writeValue,
  });
  const writeIdentifier = object<Identifier>({
    system: value(({ system }) => system),
    value: value((identifier) => identifier.value),
  });
  const writeOther = object<Identifier>({
    type: object({ text: value(({ system }) => system) }),
    value: value((identifier) => identifier.value),
  });
  return ({ place, details: { identifiers } }, writer) => {
    writeReshId(place, writer);
    if (place.row.organizationNumber !== null) {
      writer.byte(COMMA);
      writeOrganizationNumber(place.row.organizationNumber, writer);
    }
    for (const identifier of identifiers) {
      writer.byte(COMMA);
      (ABSOLUTE_URI.test(identifier.system) ? writeIdentifier : writeOther)(identifier, writer);
    }
  };
}

function createTypeWriter(): WriteValue<ExtractedUnit> {
  const writeCoding = object<ExtractedUnit>({
    system: constant(DESIGNATION_SYSTEM),
    code: value(({ place }) => place.row.designationCode),
    display: optional(({ designationName }) => designationName, writeValue),
  });
  return object<ExtractedUnit>({
    coding: optional((unit) => (unit.place.row.designationCode === null ? null : unit), inBrackets(writeCoding)),
    text: optional(({ place }) => place.row.designationText, writeValue),
  });
}

function createContactPointWriter(): WriteValue<UnitDetails['contactPoints'][number]> {
  return object({ system: value(({ type }) => contactSystems[type]), value: value((point) => point.value) });
}

function createAddressWriter(): WriteValue<UnitDetails['addresses'][number]> {
  return object({
    type: value(({ type }) => addressTypes[type]),
    line: optional(({ lines }) => lines, writeValue),
    city: optional(({ city }) => city, writeValue),
    postalCode: optional(({ postalCode }) => postalCode, writeValue),
    country: optional(({ country }) => country, writeValue),
  });
}

function createParentWriter(): WriteValue<PlacedUnit> {
  return object<PlacedUnit>({
    reference: value(({ row }) => `Organization/${row.reshId}`),
    type: constant('Organization'),
    identifier: object<PlacedUnit>({ system: constant(RESH_ID_SYSTEM), value: decimalText(({ row }) => row.reshId) }),
    display: value(({ row }) => row.name),
  });
}
