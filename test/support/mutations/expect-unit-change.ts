import { expect } from 'vitest';
import { worldDay } from '../world/world.ts';
import type { ChangePayload } from './mutations.ts';

/** Expects a change that takes effect on the day of the tests without warnings, and shows a unit under a parent. */
export function expectUnitChange(
  { change, unit, userErrors, warnings }: ChangePayload,
  revision: number,
  operation: string,
  { reshId, name, parentReshId }: { reshId: number; name: string; parentReshId: number },
): void {
  expect(change).toEqual({ revision, effectiveOn: worldDay, operation });
  expect(unit).toEqual({ reshId, name, seenOn: worldDay, parent: { reshId: parentReshId } });
  expect([userErrors, warnings]).toEqual([[], []]);
}
