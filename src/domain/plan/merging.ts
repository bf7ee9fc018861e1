import type { Day } from '../time/day.ts';
import { findFirstUncoveredDay, overlap } from '../time/period.ts';
import type { UnitState } from '../unit/state.ts';
import type { MergeUnitsInput } from './change-input.ts';
import type { Issues } from './issues.ts';
import {
  mergeSourcesMissing,
  mergeTargetMissing,
  mergeTargetNotValid,
  mergeTargetUnderSource,
  tooManyMergeSources,
} from './messages/reorganizations.ts';
import { fieldsExclusive } from './messages/texts.ts';
import { findValidVersion } from './valid-unit.ts';

export const SOURCE_LIMIT = 100;

/** The units of a merger: its sources, and an existing or a new target. */
export type Merger = Pick<MergeUnitsInput, 'sourceReshIds' | 'targetReshId' | 'newTarget'>;

/** Checks that a merger has sources and one target. */
export function checkMergerInput(issues: Issues, { sourceReshIds, targetReshId, newTarget }: Merger): void {
  const count = sourceReshIds.length;
  const hasTargetReshId = typeof targetReshId === 'number';
  if (count === 0) issues.add('sourceReshIds', mergeSourcesMissing());
  if (count > SOURCE_LIMIT) issues.add('sourceReshIds', tooManyMergeSources({ count, limit: SOURCE_LIMIT }));
  if (!hasTargetReshId && !newTarget) issues.add('targetReshId', mergeTargetMissing());
  if (hasTargetReshId && newTarget) issues.add('newTarget', fieldsExclusive({ fields: ['targetReshId', 'newTarget'] }));
}

/**
 * Checks that an existing unit can be the target of a merger.
 *
 * @param closing RESH-ids of the sources that close
 */
export function checkMergerTarget(issues: Issues, unit: UnitState, closing: readonly number[], day: Day): void {
  if (!findValidVersion(issues, unit, day)) return;
  const fromDay = { from: day, to: null };
  const gap = findFirstUncoveredDay(unit.versions, fromDay);
  if (gap !== undefined) issues.add('targetReshId', mergeTargetNotValid({ unit, gap, day }));
  if (unit.versions.some((row) => overlap(row, fromDay) && row.path.some((id) => closing.includes(id))))
    issues.add('targetReshId', mergeTargetUnderSource({ unit }));
}
