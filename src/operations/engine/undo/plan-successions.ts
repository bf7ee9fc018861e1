import { formerSuccessorWithdrawn, successionNeedsUnit } from '../../../domain/plan/messages/undoing.ts';
import { endSuccessions, planSuccessions } from '../../../domain/plan/successions.ts';
import type { Recorded } from '../../../domain/plan/undo/recorded.ts';
import type { UndoRange } from '../../../domain/plan/undo/three-way-merge.ts';
import type { NewSuccession, RecordedSuccession } from '../../../domain/plan/write-set.ts';
import { addDays, dayBefore, type Day } from '../../../domain/time/day.ts';
import {
  readAlteredSuccessions,
  readCurrentSuccessions,
  readLaterRevisions,
} from '../../../store/change/undone-change.ts';
import type { PlanContext } from '../plan-context.ts';
import { losesDays, losesPeriod, type UndoableUnit } from './undone-units.ts';

/** The successions that a change recorded and that still hold, and those that it ended. */
export interface UndoneSuccessions {
  readonly recorded: readonly RecordedSuccession[];
  readonly ended: readonly NewSuccession[];
}

/** Reads the successions that a change recorded or ended, from the first day on which it is taken back. */
export async function readUndoneSuccessions(
  { tx }: PlanContext,
  { revision, from }: UndoRange,
): Promise<UndoneSuccessions> {
  const altered = (await readAlteredSuccessions(tx, revision)).filter(({ row }) => row.effectiveOn >= from);
  const recorded = altered.filter(({ recordedRev }) => recordedRev === revision);
  const ended = altered.filter(({ supersededRev }) => supersededRev === revision);
  return {
    recorded: subtract(recorded, ended)
      .filter(isCurrent)
      .map(({ row }) => row),
    ended: subtract(ended, recorded).map(({ row: { id: _id, ...succession } }) => succession),
  };
}

function subtract(
  successions: readonly Recorded<RecordedSuccession>[],
  others: readonly Recorded<RecordedSuccession>[],
): Recorded<RecordedSuccession>[] {
  const keys = new Set(others.map(({ row }) => successionKey(row)));
  return successions.filter(({ row }) => !keys.has(successionKey(row)));
}

function successionKey({ from, to, kind, extent, effectiveOn }: NewSuccession): string {
  return [from, to, kind, extent, effectiveOn].join();
}

function isCurrent({ supersededRev }: Recorded<unknown>): boolean {
  return supersededRev === null;
}

/**
 * Plans the end of the successions that a change recorded, and the return of those that it ended. Call it after the
 * units are planned; a succession of a unit that would not be valid is an error.
 *
 * @param revision revision of the change to undo
 */
export async function planUndoneSuccessions(
  planContext: PlanContext,
  { recorded, ended }: UndoneSuccessions,
  units: readonly UndoableUnit[],
  revision: number,
): Promise<void> {
  const { unitOfWork, issues } = planContext;
  const { draft } = unitOfWork;
  endSuccessions(
    draft,
    recorded.map(({ from }) => from),
    recorded,
    () => true,
  );
  if (ended.length > 0) {
    await checkSuccessors(planContext, ended, revision);
    const known = await unitOfWork.findSuccessions(ended.flatMap(({ from, to }) => [from, to]));
    planSuccessions(draft, issues, ended, known, 'revision');
  }
  await checkLaterSuccessions(planContext, units);
}

/** Checks that no unit becomes a withdrawn one again. */
async function checkSuccessors(
  { tx, unitOfWork, issues }: PlanContext,
  ended: readonly NewSuccession[],
  revision: number,
): Promise<void> {
  const { draft } = unitOfWork;
  await unitOfWork.load(ended.map(({ to }) => to));
  const withdrawn = ended.filter(({ to }) => (draft.unit(to)?.versions ?? []).length === 0);
  if (withdrawn.length === 0) return;
  const laterRevisions = await readLaterRevisions(
    tx,
    withdrawn.map(({ to }) => to),
    revision,
  );
  for (const { from, to, effectiveOn } of withdrawn) {
    const unit = { reshId: from, versions: draft.unit(from)?.versions };
    const revisions = laterRevisions.get(to) ?? [];
    issues.add('revision', formerSuccessorWithdrawn({ unit, to, day: effectiveOn, revisions }));
  }
}

/** Checks the successions that later changes gave to units which lose days. */
async function checkLaterSuccessions(
  { tx, unitOfWork, issues }: PlanContext,
  units: readonly UndoableUnit[],
): Promise<void> {
  const shortened = new Map(units.filter(losesDays).map((unit) => [unit.result.reshId, unit]));
  if (shortened.size === 0) return;
  const ended = new Set(unitOfWork.draft.endedSuccessions.map(({ id }) => id));
  for (const { row, recordedRev } of await readCurrentSuccessions(tx, [...shortened.keys()])) {
    if (ended.has(row.id)) continue;
    const ends: [reshId: number, day: Day][] = [
      [row.from, dayBefore(row.effectiveOn)],
      [row.to, row.effectiveOn],
    ];
    for (const [reshId, day] of ends) {
      const unit = shortened.get(reshId);
      const isWithdrawn = unit?.result.versions.length === 0;
      if (unit && (isWithdrawn || losesPeriod(unit, { from: day, to: addDays(day, 1) }))) {
        const { from, to, effectiveOn } = row;
        issues.add(
          'revision',
          successionNeedsUnit({ unit: unit.now, from, to, day: effectiveOn, revision: recordedRev }),
        );
      }
    }
  }
}
