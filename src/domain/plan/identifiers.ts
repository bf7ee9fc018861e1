import { findUnbrokenPeriod } from '../time/period.ts';
import { setList } from '../time/timeline.ts';
import { isReservedSystem } from '../unit/identifier-systems.ts';
import type { IdentifierRow, UnitState } from '../unit/state.ts';
import type { Draft } from './draft.ts';
import type { ChangePeriod } from './facts.ts';
import type { Issues } from './issues.ts';
import { systemReserved } from './messages/references.ts';

/** Checks that the register does not maintain the identifiers of a system itself. */
export function checkIdentifierSystem(issues: Issues, system: string): void {
  if (isReservedSystem(system)) issues.add('system', systemReserved({ system }));
}

/**
 * Sets the identifier of a unit in a system over a period, by default until its next planned value; null removes it.
 *
 * @returns the identifiers of the unit in the system
 */
export function applyIdentifier(
  draft: Draft,
  { reshId, versions, identifiers }: UnitState,
  { day, until }: ChangePeriod,
  { system, value }: { readonly system: string; readonly value: string | null },
): IdentifierRow[] {
  const own = identifiers.filter((row) => row.system === system);
  const others = identifiers.filter((row) => row.system !== system);
  const validTo = findUnbrokenPeriod(versions, day)?.to ?? null;
  const changed = setList(own, day, validTo, value === null ? [] : [{ system, value }], until);
  draft.set(reshId, { identifiers: [...others, ...changed] });
  return changed;
}
