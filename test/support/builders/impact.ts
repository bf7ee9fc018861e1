import type { Day } from '../../../src/domain/time/day.ts';
import type { ChangePayload } from '../mutations/mutations.ts';
import { worldDay } from '../world/world.ts';

type Impact = NonNullable<ChangePayload['impact']>;

/** Builds the impact of a change: empty except for `parts`, with the units counted. */
export function impactOf(parts: Partial<Impact>): Impact {
  return {
    unitCount: parts.units?.length ?? 0,
    pathCount: 0,
    notes: [],
    units: [],
    grantsGained: [],
    grantsLost: [],
    ...parts,
  };
}

/**
 * Builds the impact of a change on one unit.
 *
 * @param fields old and new value of each changed field, in the order of the API
 * @param effectiveOn first day of the change, by default the day of the tests
 */
export function unitImpact(
  reshId: number,
  kinds: readonly string[],
  fields: Readonly<Record<string, readonly [old: string | null, next: string | null]>>,
  effectiveOn: Day = worldDay,
): Impact['units'][number] {
  return {
    reshId,
    kinds,
    effectiveOn,
    fields: Object.entries(fields).map(([field, [old, next]]) => ({ field, old, new: next })),
  };
}

/** Builds the impact of a change on one unit only, from the parameters of `unitImpact`. */
export function impactOnUnit(...unit: Parameters<typeof unitImpact>): Impact {
  return impactOf({ units: [unitImpact(...unit)] });
}

/** Builds what the impact of a change says about the access of an administrator to a unit. */
export function grantImpact(subject: string, reshId: number): Impact['grantsGained'][number] {
  return { role: 'ADMINISTRATOR', administrator: { subject }, unit: { reshId } };
}
