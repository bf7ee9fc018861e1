import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import type { Detail } from '../../domain/unit/inherited-details.ts';
import type { RegisterSnapshot } from '../../store/snapshot/register-snapshot.ts';
import type { SnapshotUnit } from '../../store/snapshot/snapshot-unit.ts';
import { PlacedUnit, type ExtractedUnit, type Inherited } from './extracted-unit.ts';

/** Units written at a time: texts of about 100 KB take less time than longer ones. */
const UNITS_PER_PAGE = 100;

/** A unit on the path from the root, with the addresses and contact points that units under it inherit. */
interface PathStep {
  readonly place: PlacedUnit;
  readonly addresses: ExtractedDetails['addresses'];
  readonly contactPoints: ExtractedDetails['contactPoints'];
}

type ExtractedDetails = NonNullable<ExtractedUnit['details']>;

/**
 * Reads the units of an extract from memory, a page at a time: the same as `streamUnitPages` reads from the database.
 *
 * @param within RESH-id of the unit at the top, which is valid on the day; null for all units
 */
export function* readSnapshotPages(snapshot: RegisterSnapshot, within: number | null): Generator<ExtractedUnit[]> {
  const { tree } = snapshot;
  const start = within === null ? 0 : tree.positionOf(within);
  const end = within === null ? tree.size : tree.endOf(start);
  const steps: PathStep[] = [];
  const readUnit = (unit: SnapshotUnit): ExtractedUnit => createExtractedUnit(snapshot, unit, steps);
  for (const ancestor of within === null ? [] : tree.ancestorsOf(start)) readUnit(snapshot.unitAt(ancestor));
  for (let position = start; position < end; position += UNITS_PER_PAGE)
    yield snapshot.units.slice(position, Math.min(position + UNITS_PER_PAGE, end)).map(readUnit);
}

/** @param steps path from the root to the unit before this one in tree order; updated to that of this unit */
function createExtractedUnit(snapshot: RegisterSnapshot, unit: SnapshotUnit, steps: PathStep[]): ExtractedUnit {
  while (steps.length > 0 && steps.at(-1)?.place.row.reshId !== unit.parentReshId) steps.pop();
  const above = steps.at(-1);
  const place = new PlacedUnit(unit, above?.place ?? null);
  const { validity, placed, codes, details, designationCode, treatmentSiteNumber } = unit;
  const addresses = addInherited(details.addresses, above?.addresses ?? none);
  const contactPoints = addInherited(details.contactPoints, above?.contactPoints ?? none);
  steps.push({ place, addresses: markInherited(addresses), contactPoints: markInherited(contactPoints) });
  return {
    place,
    validity,
    placed,
    designationName:
      designationCode === null
        ? null
        : (snapshot.findCode({ codeSet: DESIGNATION_CODE_SET, code: designationCode })?.name ?? null),
    siteName: treatmentSiteNumber === null ? null : (snapshot.sites.get(treatmentSiteNumber)?.name ?? null),
    codes,
    details: { identifiers: details.identifiers, internationalNames: details.names, addresses, contactPoints },
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
