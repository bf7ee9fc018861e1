import type { WriteValue } from '../../domain/text/byte-writer.ts';
import type { Period } from '../../domain/time/period.ts';
import { factNames, type FactName } from '../../domain/unit/facts.ts';
import { encodeOnce } from './encode-once.ts';
import type { ExtractedUnit, NamedCode, Pages, PlacedUnit, UnitDetails } from './extracted-unit.ts';
import { inBrackets, list, object, part, value } from './json-layout.ts';
import { createPathWriter } from './path-writer.ts';
import { streamLines } from './stream-lines.ts';

/** Yields a header line, then one unit a line. */
export function streamNdjson(header: object, pages: Pages<ExtractedUnit>): AsyncGenerator<Buffer> {
  return streamLines(pages, {
    lineEnd: '\n',
    writeHeader: (writer) => writer.text(JSON.stringify(header)),
    writeRow: createUnitWriter(),
  });
}

/** Creates a function that writes a unit as a line of units.ndjson, with the names of the GraphQL API. */
function createUnitWriter(): WriteValue<ExtractedUnit> {
  const writePeriod = encodeOnce<Period>(object({ from: value(({ from }) => from), to: value(({ to }) => to) }));
  const writeReference = encodeOnce<PlacedUnit>(
    object({
      reshId: value(({ row }) => row.reshId),
      organizationNumber: value(({ row }) => row.organizationNumber),
      name: value(({ row }) => row.name),
    }),
  );
  return object<ExtractedUnit>({
    reshId: value(({ place }) => place.row.reshId),
    type: fact('type'),
    name: fact('name'),
    shortName: fact('shortName'),
    parentReshId: fact('parentReshId'),
    organizationNumber: fact('organizationNumber'),
    designation: part(
      (unit) => (unit.place.row.designationCode === null ? null : unit),
      object({ code: fact('designationCode'), name: value(({ designationName }) => designationName) }),
    ),
    designationText: fact('designationText'),
    ...Object.fromEntries(laterFacts.map((name) => [name, fact(name)])),
    treatmentSite: part(
      (unit) => (unit.place.row.treatmentSiteNumber === null ? null : unit),
      object({ organizationNumber: fact('treatmentSiteNumber'), name: value(({ siteName }) => siteName) }),
    ),
    validity: part(({ validity }) => validity, writePeriod),
    placed: part(({ placed }) => placed, writePeriod),
    depth: value(({ place }) => place.depth),
    path: part(
      ({ place }) => place,
      inBrackets(
        createPathWriter(
          value(({ row }) => row.reshId),
          ',',
        ),
      ),
    ),
    pathNames: part(
      ({ place }) => place,
      inBrackets(
        createPathWriter(
          value(({ row }) => row.name),
          ',',
        ),
      ),
    ),
    enterprise: part(({ place }) => place.enterprise, writeReference),
    region: part(({ place }) => place.root, writeReference),
    codes: part(({ codes }) => codes, encodeOnce(list(createCodeWriter()))),
    identifiers: part(
      ({ details }) => details.identifiers,
      list(object({ system: value(({ system }) => system), value: value((identifier) => identifier.value) })),
    ),
    internationalNames: part(
      ({ details }) => details.internationalNames,
      list(object({ language: value(({ language }) => language), name: value(({ name }) => name) })),
    ),
    addresses: part(({ details }) => details.addresses, encodeOnce(list(createAddressWriter()))),
    contactPoints: part(({ details }) => details.contactPoints, encodeOnce(list(createContactPointWriter()))),
  });
}

/** Facts that units.ndjson shows elsewhere or in another form than under their names after the others. */
const placedFacts: readonly FactName[] = [
  'type',
  'name',
  'shortName',
  'parentReshId',
  'organizationNumber',
  'designationCode',
  'designationText',
  'treatmentSiteNumber',
];
const laterFacts = factNames.filter((name) => !placedFacts.includes(name));

function fact(name: FactName): WriteValue<ExtractedUnit> {
  return value(({ place }) => place.row[name]);
}

function createCodeWriter(): WriteValue<NamedCode> {
  return object({
    codeSet: value(({ codeSet }) => codeSet),
    code: value(({ code }) => code),
    name: value(({ name }) => name),
    attributes: value(({ attributes }) => attributes),
  });
}

function createAddressWriter(): WriteValue<UnitDetails['addresses'][number]> {
  return object({
    type: value(({ type }) => type),
    lines: value(({ lines }) => lines),
    postalCode: value(({ postalCode }) => postalCode),
    city: value(({ city }) => city),
    country: value(({ country }) => country),
    inherited: value(({ inherited }) => inherited),
  });
}

function createContactPointWriter(): WriteValue<UnitDetails['contactPoints'][number]> {
  return object({
    type: value(({ type }) => type),
    value: value((point) => point.value),
    inherited: value(({ inherited }) => inherited),
  });
}
