import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import type { Detail } from '../../domain/unit/inherited-details.ts';
import type { RegisterSnapshot } from '../../store/snapshot/register-snapshot.ts';
import type { SnapshotUnit } from '../../store/snapshot/snapshot-unit.ts';
import { noDetails } from '../../store/snapshot/unit-details.ts';
import {
  PlacedUnit,
  type ExtractedUnit,
  type Inherited,
  type UnitDetails,
  type UnitFactsRow,
} from './extracted-unit.ts';

/** Units read at a time: few, so that they are garbage before it is collected. */
const UNITS_PER_PAGE = 100;

/** A unit on the path from the root, with the addresses and contact points that units under it inherit. */
interface PathStep {
  readonly position: number;
  readonly place: PlacedUnit;
  readonly addresses: UnitDetails['addresses'];
  readonly contactPoints: UnitDetails['contactPoints'];
}

/**
 * Reads the units of an extract from memory, a page at a time: the same as `streamUnitPages` reads from the database.
 *
 * @param within RESH-id of the unit at the top, which is valid on the day; null for all units
 * @param includesDetails whether the format shows details
 */
export function* readSnapshotPages(
  snapshot: RegisterSnapshot,
  within: number | null,
  includesDetails: boolean,
): Generator<ExtractedUnit[]> {
  const { tree } = snapshot;
  const start = within === null ? 0 : tree.positionOf(within);
  const end = within === null ? tree.size : tree.endOf(start);
  const readUnit = createUnitReader(snapshot, includesDetails);
  for (const ancestor of within === null ? [] : tree.ancestorsOf(start)) readUnit(ancestor);
  for (let first = start; first < end; first += UNITS_PER_PAGE) {
    const page: ExtractedUnit[] = [];
    for (let position = first; position < end && position < first + UNITS_PER_PAGE; position += 1)
      page.push(readUnit(position));
    yield page;
  }
}

/** Returns a function that reads the units of a snapshot in tree order, each after all units above it. */
function createUnitReader(snapshot: RegisterSnapshot, includesDetails: boolean): (position: number) => ExtractedUnit {
  const { tree, sites } = snapshot;
  const steps: PathStep[] = [];
  const findDesignationName = createDesignationNames(snapshot);
  return (position) => {
    const parent = tree.parentOf(position);
    while (steps.length > 0 && steps.at(-1)?.position !== parent) steps.pop();
    const above = steps.at(-1);
    const unit = snapshot.unitAt(position);
    const { validity, placed, codes } = unit;
    const facts = copyFacts(unit);
    const { designationCode, treatmentSiteNumber } = facts;
    const place = new PlacedUnit(facts, above?.place ?? null);
    const details = includesDetails ? unit.details : noDetails;
    const addresses = addInherited(details.addresses, above?.addresses ?? none);
    const contactPoints = addInherited(details.contactPoints, above?.contactPoints ?? none);
    const hasChildren = tree.endOf(position) > position + 1;
    if (hasChildren)
      steps.push({
        position,
        place,
        addresses: markInherited(addresses),
        contactPoints: markInherited(contactPoints),
      });
    return {
      place,
      validity,
      placed,
      designationName: designationCode === null ? null : findDesignationName(designationCode),
      siteName: treatmentSiteNumber === null ? null : (sites.get(treatmentSiteNumber)?.name ?? null),
      codes,
      details: { identifiers: details.identifiers, internationalNames: details.names, addresses, contactPoints },
    };
  };
}

/** Returns the facts of a unit as properties, which are read faster than from the block of the unit. */
function copyFacts(unit: SnapshotUnit): UnitFactsRow {
  return {
    reshId: unit.reshId,
    parentReshId: unit.parentReshId,
    type: unit.type,
    name: unit.name,
    shortName: unit.shortName,
    designationCode: unit.designationCode,
    designationText: unit.designationText,
    organizationNumber: unit.organizationNumber,
    treatmentSiteNumber: unit.treatmentSiteNumber,
    responsiblePerson: unit.responsiblePerson,
  };
}

function createDesignationNames(snapshot: RegisterSnapshot): (code: string) => string | null {
  const names = new Map<string, string | null>();
  return (code) => {
    let name = names.get(code);
    if (name === undefined) {
      name = snapshot.findCode({ codeSet: DESIGNATION_CODE_SET, code })?.name ?? null;
      names.set(code, name);
    }
    return name;
  };
}

const none: readonly never[] = [];

/** Returns the details that hold for a unit: its own, and those from above whose type it lacks. */
function addInherited<Row extends Detail>(
  own: readonly Row[],
  inherited: readonly Inherited<Row>[],
): readonly Inherited<Row>[] {
  // Units without any share the list of the unit above them.
  if (own.length === 0) return inherited;
  const ownTypes = new Set(own.map(({ type }) => type));
  return [
    ...own.map((detail) => ({ ...detail, inherited: false })),
    ...inherited.filter(({ type }) => !ownTypes.has(type)),
  ];
}

function markInherited<Row>(details: readonly Inherited<Row>[]): readonly Inherited<Row>[] {
  if (details.every(({ inherited }) => inherited)) return details;
  return details.map((detail) => ({ ...detail, inherited: true }));
}
