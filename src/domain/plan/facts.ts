import type { Day } from '../time/day.ts';
import { findUnbrokenPeriod } from '../time/period.ts';
import { setFact, setList } from '../time/timeline.ts';
import { lineFacts } from '../unit/facts.ts';
import type { VersionRow } from '../unit/state.ts';
import type { Draft } from './draft.ts';
import type { FactPatch, RowValues } from './fact-input.ts';

/** The first day of a change, and the first day after it if it is bounded; otherwise, plans end it. */
export interface ChangePeriod {
  readonly day: Day;
  readonly until?: Day | undefined;
}

/** Sets facts of a unit over a period, by default each until the next planned change of that fact. */
export function applyFacts(draft: Draft, reshId: number, period: ChangePeriod, facts: FactPatch): void {
  const { day, until } = period;
  const { name, names, addresses, contactPoints } = facts;
  if (name !== undefined) setVersionFact(draft, reshId, period, ['name'], { name });
  for (const fact of lineFacts) {
    const value = facts[fact];
    if (value === undefined) continue;
    // The code and the local wording of the designation are one fact: a new code clears the wording.
    if (fact === 'designationCode')
      setVersionFact(draft, reshId, period, [fact, 'designationText'], { [fact]: value, designationText: null });
    else setVersionFact(draft, reshId, period, [fact], { [fact]: value });
  }
  const unit = draft.unit(reshId);
  const validity = unit && findUnbrokenPeriod(unit.versions, day);
  if (!validity) return;
  if (names) draft.set(reshId, { names: setList(unit.names, day, validity.to, names, until) });
  if (addresses) draft.set(reshId, { addresses: setList(unit.addresses, day, validity.to, addresses, until) });
  if (contactPoints)
    draft.set(reshId, { contactPoints: setList(unit.contactPoints, day, validity.to, contactPoints, until) });
}

function setVersionFact<Fact extends keyof VersionRow>(
  draft: Draft,
  reshId: number,
  { day, until }: ChangePeriod,
  facts: readonly Fact[],
  values: Partial<RowValues<VersionRow>>,
): void {
  const versions = draft.unit(reshId)?.versions ?? [];
  draft.set(reshId, {
    versions: setFact(versions, day, (row) => JSON.stringify(facts.map((fact) => row[fact])), values, until),
  });
}

/** Sets the organization number of a unit over a period. */
export function applyOrganizationNumber(
  draft: Draft,
  reshId: number,
  period: ChangePeriod,
  organizationNumber: string | null,
): void {
  setVersionFact(draft, reshId, period, ['organizationNumber'], { organizationNumber });
}

/** Sets the treatment site of a unit over a period. */
export function applyTreatmentSite(
  draft: Draft,
  reshId: number,
  period: ChangePeriod,
  treatmentSiteNumber: string | null,
): void {
  setVersionFact(draft, reshId, period, ['treatmentSiteNumber'], { treatmentSiteNumber });
}

/** Sets the parent of a unit over a period. */
export function applyParent(draft: Draft, reshId: number, period: ChangePeriod, parentReshId: number | null): void {
  setVersionFact(draft, reshId, period, ['parentReshId'], { parentReshId });
}
