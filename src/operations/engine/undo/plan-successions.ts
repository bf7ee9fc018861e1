import type { Draft } from '../../../domain/plan/draft.ts';
import type { NamedUnit } from '../../../domain/plan/messages/labels.ts';
import {
  formerPredecessorNotValid,
  formerSuccessorPrecedes,
  formerSuccessorWithdrawn,
  successionNeedsUnit,
} from '../../../domain/plan/messages/undone-references.ts';
import { endSuccessions, planSuccessions, type SuccessionProblem } from '../../../domain/plan/successions.ts';
import type { Recorded } from '../../../domain/plan/undo/recorded.ts';
import { LaterChanges } from '../../../domain/plan/undo/later-revisions.ts';
import { EXISTENCE, type UndoRange } from '../../../domain/plan/undo/three-way-merge.ts';
import type { Problem } from '../../../domain/plan/user-error.ts';
import type { NewSuccession, RecordedSuccession } from '../../../domain/plan/write-set.ts';
import { addDays, dayBefore, type Day } from '../../../domain/time/day.ts';
import {
  readAlteredSuccessions,
  readCurrentSuccessions,
  readPlacementHistory,
} from '../../../store/change/undone-change.ts';
import { covers } from '../../../domain/time/period.ts';
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
 * units are planned.
 *
 * @param units units with the change taken back
 * @param revision revision of the change to undo
 * @returns what stands in the way, such as a succession of a unit that would not be valid
 */
export async function planUndoneSuccessions(
  planContext: PlanContext,
  { recorded, ended }: UndoneSuccessions,
  units: readonly UndoableUnit[],
  revision: number,
): Promise<Problem[]> {
  const { draft } = planContext.unitOfWork;
  await planContext.unitOfWork.load(recorded.flatMap(({ from, to }) => [from, to]));
  endSuccessions(
    draft,
    recorded.map(({ from }) => from),
    recorded,
    () => true,
  );
  return [
    ...(ended.length > 0 ? await planFormerSuccessions(planContext, ended, units, revision) : []),
    ...(await checkLaterSuccessions(planContext, units)),
  ];
}

/** Why a succession cannot come back. */
interface LostSuccession {
  readonly succession: NewSuccession;
  readonly problem: SuccessionProblem | 'SUCCESSOR_WITHDRAWN';
}

/** Plans the return of successions that a change ended; returns what keeps them from coming back. */
async function planFormerSuccessions(
  planContext: PlanContext,
  ended: readonly NewSuccession[],
  units: readonly UndoableUnit[],
  revision: number,
): Promise<Problem[]> {
  const { tx, unitOfWork } = planContext;
  const { draft } = unitOfWork;
  const reshIds = ended.flatMap(({ from, to }) => [from, to]);
  await unitOfWork.load(reshIds);
  const known = await unitOfWork.findSuccessions(reshIds);
  // Units with a conflict are not in the draft as they would be.
  const undone = new Map(units.map(({ result }) => [result.reshId, result.versions]));
  const readVersions = (reshId: number) => undone.get(reshId) ?? draft.unit(reshId)?.versions ?? [];
  const lost: LostSuccession[] = ended
    .filter(({ to }) => readVersions(to).length === 0)
    .map((succession) => ({ succession, problem: 'SUCCESSOR_WITHDRAWN' }));
  planSuccessions(draft, ended, known, (succession, problem) => {
    const isValid = readVersions(succession.from).some((row) => covers(row, dayBefore(succession.effectiveOn)));
    if (problem !== 'SOURCE_NOT_VALID' || !isValid) lost.push({ succession, problem });
  });
  if (lost.length === 0) return [];
  const later = new LaterChanges(await readPlacementHistory(tx, reshIds, revision), revision);
  return Promise.all(
    lost.map(async ({ succession, problem }) => {
      const { from, to, effectiveOn: day } = succession;
      const values = { unit: later.nameUnit(from), successor: later.nameUnit(to), day };
      if (problem === 'SUCCESSOR_WITHDRAWN')
        return formerSuccessorWithdrawn({ ...values, revisions: later.find([to], [EXISTENCE], [day]) });
      if (problem === 'SOURCE_NOT_VALID')
        return formerPredecessorNotValid({ ...values, revisions: later.find([from], [EXISTENCE], [dayBefore(day)]) });
      const revisions = await readRevisionsBetween(tx, known, succession, revision);
      return formerSuccessorPrecedes({ ...values, revisions });
    }),
  );
}

/** Returns the later revisions that recorded the successions by which the successor became the unit. */
async function readRevisionsBetween(
  tx: PlanContext['tx'],
  known: readonly NewSuccession[],
  { from, to }: NewSuccession,
  since: number,
): Promise<number[]> {
  const after = collectLinked([to], known);
  const before = collectLinked(
    [from],
    known.map((succession) => ({ from: succession.to, to: succession.from })),
  );
  const between = [...after].filter((reshId) => before.has(reshId));
  const revisions = (await readCurrentSuccessions(tx, between))
    .filter(({ row, recordedRev }) => recordedRev > since && between.includes(row.from) && between.includes(row.to))
    .map(({ recordedRev }) => recordedRev);
  return [...new Set(revisions)].sort((one, other) => one - other);
}

function collectLinked(start: readonly number[], links: readonly Pick<NewSuccession, 'from' | 'to'>[]): Set<number> {
  const linked = new Set(start);
  for (const reshId of linked) for (const { from, to } of links) if (from === reshId) linked.add(to);
  return linked;
}

/** Returns the errors of the successions that later changes gave to units which lose days. */
async function checkLaterSuccessions(
  { tx, unitOfWork }: PlanContext,
  units: readonly UndoableUnit[],
): Promise<Problem[]> {
  const shortened = new Map(units.filter(losesDays).map((unit) => [unit.result.reshId, unit]));
  if (shortened.size === 0) return [];
  const { draft } = unitOfWork;
  const ended = new Set(draft.endedSuccessions.map(({ id }) => id));
  const affected = (await readCurrentSuccessions(tx, [...shortened.keys()]))
    .filter(({ row }) => !ended.has(row.id))
    .flatMap(({ row, recordedRev }) => {
      const ends: [reshId: number, day: Day][] = [
        [row.from, dayBefore(row.effectiveOn)],
        [row.to, row.effectiveOn],
      ];
      return ends.flatMap(([reshId, day]) => {
        const unit = shortened.get(reshId);
        return unit && losesDay(unit, day) ? [{ unit: unit.now, row, revision: recordedRev }] : [];
      });
    });
  await unitOfWork.load(affected.flatMap(({ row }) => [row.from, row.to]));
  const name = (reshId: number): NamedUnit => shortened.get(reshId)?.now ?? nameUnit(draft, reshId);
  return affected.map(({ unit, row: { from, to, effectiveOn }, revision }) =>
    successionNeedsUnit({ unit, predecessor: name(from), successor: name(to), day: effectiveOn, revision }),
  );
}

function losesDay(unit: UndoableUnit, day: Day): boolean {
  return unit.result.versions.length === 0 || losesPeriod(unit, { from: day, to: addDays(day, 1) });
}

function nameUnit(draft: Draft, reshId: number): NamedUnit {
  return { reshId, versions: draft.unit(reshId)?.versions };
}
