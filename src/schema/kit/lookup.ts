import type { Context } from '../../context.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { normalizeLine } from '../../domain/text/text-rule.ts';
import { ORGANIZATION_NUMBER_SYSTEM, RESH_ID_SYSTEM } from '../../domain/unit/identifier-systems.ts';
import { lookUpVersion, type LookupOutcome } from '../../domain/unit/lookup.ts';
import { loadUnits } from './load.ts';
import { atSnapshot, type UnitAtSnapshot, type View } from './view.ts';

/** The outcome of the lookup of a RESH-id, with the unit if one can be shown. */
export interface UnitLookupResult {
  readonly reshId: number;
  readonly outcome: LookupOutcome;
  readonly unit: UnitAtSnapshot | null;
}

/** Looks up a RESH-id; a unit that is not valid on the day is shown as on its last (or first) day. */
export async function lookUpUnit(context: Context, reshId: number, view: View): Promise<UnitLookupResult> {
  const [unit] = await loadUnits(context, [reshId], view);
  if (unit) return { reshId, outcome: 'FOUND', unit };
  const key = { reshId, revision: view.revision };
  const [timeline, isRegistered] = await Promise.all([
    context.loaders.timelineByReshId.load(key),
    context.loaders.isRegisteredByReshId.load(key),
  ]);
  const { outcome, found } = lookUpVersion(timeline, isRegistered, view.day);
  return { reshId, outcome, unit: found ? { row: found.version, view, seenOn: found.seenOn } : null };
}

/**
 * Finds the unit with an identifier; RESH-ids and organization numbers are identifiers too. One that no unit has as it
 * is written is looked up as the register would hold it.
 */
export async function findUnitByIdentifier(
  context: Context,
  system: string,
  value: string,
  view: View,
): Promise<UnitAtSnapshot | null> {
  if (system === ORGANIZATION_NUMBER_SYSTEM) return findOrganization(context, value, view);
  if (system === RESH_ID_SYSTEM) {
    const reshId = /^[1-9]\d{0,9}$/.test(value) ? Number(value) : 0;
    return reshId > 0 && reshId <= MAX_INTEGER ? ((await loadUnits(context, [reshId], view))[0] ?? null) : null;
  }
  const { revision, day } = view;
  const row = await context.loaders.unitByIdentifier.load({ system, value, revision, day });
  if (row) return atSnapshot(row, view);
  const [heldSystem, heldValue] = [normalizeLine(system), normalizeLine(value)];
  if (heldSystem === system && heldValue === value) return null;
  return findUnitByIdentifier(context, heldSystem, heldValue, view);
}

/** Finds the unit with an organization number; null if no unit has it on the day. */
export async function findOrganization(
  { loaders }: Context,
  organizationNumber: string,
  view: View,
): Promise<UnitAtSnapshot | null> {
  const { revision, day } = view;
  const row = await loaders.unitByOrganizationNumber.load({ organizationNumber, revision, day });
  return row ? atSnapshot(row, view) : null;
}
