import type { Day } from '../time/day.ts';
import { findUnbrokenPeriod } from '../time/period.ts';
import { setFact, setList } from '../time/timeline.ts';
import { lineFacts } from '../unit/facts.ts';
import type { VersionRow } from '../unit/state.ts';
import type { Draft } from './draft.ts';
import type { FactPatch, RowValues } from './fact-input.ts';

/** Sets facts of a unit from a day on, each until the next planned change of that fact. */
export function applyFacts(draft: Draft, reshId: number, day: Day, facts: FactPatch): void {
  const { name, names, addresses, contactPoints } = facts;
  if (name !== undefined) setVersionFact(draft, reshId, day, ['name'], { name });
  for (const fact of lineFacts) {
    const value = facts[fact];
    if (value === undefined) continue;
    // The code and the local wording of the designation are one fact: a new code clears the wording.
    if (fact === 'designationCode')
      setVersionFact(draft, reshId, day, [fact, 'designationText'], { [fact]: value, designationText: null });
    else setVersionFact(draft, reshId, day, [fact], { [fact]: value });
  }
  const unit = draft.unit(reshId);
  const validity = unit && findUnbrokenPeriod(unit.versions, day);
  if (!validity) return;
  if (names) draft.set(reshId, { names: setList(unit.names, day, validity.to, names) });
  if (addresses) draft.set(reshId, { addresses: setList(unit.addresses, day, validity.to, addresses) });
  if (contactPoints) draft.set(reshId, { contactPoints: setList(unit.contactPoints, day, validity.to, contactPoints) });
}

function setVersionFact<Fact extends keyof VersionRow>(
  draft: Draft,
  reshId: number,
  day: Day,
  facts: readonly Fact[],
  values: Partial<RowValues<VersionRow>>,
): void {
  const versions = draft.unit(reshId)?.versions ?? [];
  draft.set(reshId, {
    versions: setFact(versions, day, (row) => JSON.stringify(facts.map((fact) => row[fact])), values),
  });
}

/** Sets the organization number of a unit from a day on. */
export function applyOrganizationNumber(
  draft: Draft,
  reshId: number,
  day: Day,
  organizationNumber: string | null,
): void {
  setVersionFact(draft, reshId, day, ['organizationNumber'], { organizationNumber });
}

/** Sets the treatment site of a unit from a day on. */
export function applyTreatmentSite(draft: Draft, reshId: number, day: Day, treatmentSiteNumber: string | null): void {
  setVersionFact(draft, reshId, day, ['treatmentSiteNumber'], { treatmentSiteNumber });
}

/** Sets the parent of a unit from a day on. */
export function applyParent(draft: Draft, reshId: number, day: Day, parentReshId: number | null): void {
  setVersionFact(draft, reshId, day, ['parentReshId'], { parentReshId });
}
