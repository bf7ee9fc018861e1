import { dayBefore, type Day } from '../time/day.ts';
import { covers } from '../time/period.ts';
import type { Draft } from './draft.ts';
import type { Field, Issues } from './issues.ts';
import { successionDropped } from './messages/notes.ts';
import { sourceNotValid, successorPrecedes } from './messages/reorganizations.ts';
import type { NamedUnit } from './messages/labels.ts';
import type { NewSuccession, RecordedSuccession } from './write-set.ts';

/** Successions by predecessor and day. */
class SuccessionGraph {
  private readonly successors = new Map<string, number[]>();
  private readonly keys = new Set<string>();

  constructor(successions: readonly NewSuccession[]) {
    for (const succession of successions) this.add(succession);
  }

  add(succession: NewSuccession): void {
    const { from, to, effectiveOn } = succession;
    this.keys.add(successionKey(succession));
    const reached = this.successors.get(`${from}@${effectiveOn}`);
    if (reached) reached.push(to);
    else this.successors.set(`${from}@${effectiveOn}`, [to]);
  }

  has(succession: NewSuccession): boolean {
    return this.keys.has(successionKey(succession));
  }

  /** Returns whether one unit becomes another within a day, directly or by way of others. */
  canReach(start: number, goal: number, day: Day): boolean {
    const reached = new Set([start]);
    for (const current of reached) {
      if (current === goal) return true;
      for (const to of this.successors.get(`${current}@${day}`) ?? []) reached.add(to);
    }
    return false;
  }
}

function successionKey({ from, to, kind, extent, effectiveOn }: NewSuccession): string {
  return [from, to, kind, extent, effectiveOn].join();
}

/** Units that close on a day. */
export interface PlannedClosing {
  readonly reshIds: readonly number[];
  readonly day: Day;
  /** Units that had already closed by the day */
  readonly alreadyClosed: ReadonlySet<number>;
  /** Unit that had closed by the day and has no successors on it */
  readonly withoutSuccessors?: number | undefined;
}

/**
 * Plans the successions of units that close. Later successions of the units are dropped. For a unit that had already
 * closed by the day, the new successions replace those of that day, also where there are expressly none. Successions of
 * the day from a split that kept the unit stay.
 *
 * @param newSuccessions successions of some of the units, all on the day
 * @param known as for {@link planSuccessions}
 * @param findField returns the field of the input that names the successor
 */
export function planClosingSuccessions(
  draft: Draft,
  issues: Issues,
  { reshIds, day, alreadyClosed, withoutSuccessors }: PlannedClosing,
  newSuccessions: readonly NewSuccession[],
  known: readonly RecordedSuccession[],
  findField: (succession: NewSuccession) => Field,
): void {
  const newGraph = new SuccessionGraph(newSuccessions);
  const sources = [...newSuccessions.map(({ from }) => from), withoutSuccessors];
  const replacedSources = new Set(sources.filter((from) => from !== undefined && alreadyClosed.has(from)));
  const isReplaced = (succession: NewSuccession): boolean =>
    succession.effectiveOn === day && replacedSources.has(succession.from) && !newGraph.has(succession);
  endSuccessions(draft, reshIds, known, (succession) => succession.effectiveOn > day || isReplaced(succession));
  planSuccessions(draft, newSuccessions, known, reportProblems(issues, draft, findField));
}

/**
 * Ends successions of units, including those that the plan has made, with a note for each.
 *
 * @param known successions in the register, of the units and possibly of others
 * @param shouldEnd whether a succession of one of the units ends
 */
export function endSuccessions(
  draft: Draft,
  reshIds: readonly number[],
  known: readonly RecordedSuccession[],
  shouldEnd: (succession: NewSuccession) => boolean,
): void {
  const units = new Set(reshIds);
  const isEnded = (succession: NewSuccession): boolean => units.has(succession.from) && shouldEnd(succession);
  const ended = findActiveSuccessions(draft, known).filter(isEnded);
  const droppedPlans = draft.successions.filter(isEnded);
  draft.endedSuccessions = [...draft.endedSuccessions, ...ended];
  draft.successions = draft.successions.filter((succession) => !isEnded(succession));
  for (const { from, to, effectiveOn } of [...ended, ...droppedPlans])
    draft.addNotes(
      successionDropped({ unit: nameUnit(draft, from), successor: nameUnit(draft, to), day: effectiveOn }),
    );
}

function nameUnit(draft: Draft, reshId: number): NamedUnit {
  return { reshId, versions: draft.unit(reshId)?.versions };
}

/** Returns the successions of the register that the plan has not ended. */
function findActiveSuccessions(draft: Draft, known: readonly RecordedSuccession[]): RecordedSuccession[] {
  const ended = new Set(draft.endedSuccessions.map(({ id }) => id));
  return known.filter(({ id }) => !ended.has(id));
}

/** Why a unit cannot become another one: it is not valid on the day before, or the other one becomes it. */
export type SuccessionProblem = 'SOURCE_NOT_VALID' | 'SUCCESSOR_PRECEDES';

/** Receives the problems of successions. */
export type SuccessionProblemReporter = (succession: NewSuccession, problem: SuccessionProblem) => void;

/**
 * Plans successions. One that leads back to its own unit on the same day is a problem; on a later day, a unit may come
 * back from its successor. One that the register already has is not written again.
 *
 * @param known successions in the register, of the units and of everything that they and the successors became
 */
export function planSuccessions(
  draft: Draft,
  successions: readonly NewSuccession[],
  known: readonly RecordedSuccession[],
  report: SuccessionProblemReporter,
): void {
  const graph = new SuccessionGraph([...findActiveSuccessions(draft, known), ...draft.successions]);
  const successionBySource = new Map(successions.map((succession) => [succession.from, succession]));
  for (const succession of successionBySource.values())
    if (!isSourceValid(draft, succession)) report(succession, 'SOURCE_NOT_VALID');
  for (const succession of successions) {
    if (graph.canReach(succession.to, succession.from, succession.effectiveOn))
      report(succession, 'SUCCESSOR_PRECEDES');
    else if (!graph.has(succession)) {
      draft.successions = [...draft.successions, succession];
      graph.add(succession);
    }
  }
}

/** Returns whether a unit is valid on the day before it becomes another unit. */
function isSourceValid(draft: Draft, { from, effectiveOn }: NewSuccession): boolean {
  return (draft.unit(from)?.versions ?? []).some((row) => covers(row, dayBefore(effectiveOn)));
}

/**
 * Returns a reporter that adds the problems of successions as errors of an input.
 *
 * @param findField returns the field of the input that names the successor
 */
export function reportProblems(
  issues: Issues,
  draft: Draft,
  findField: (succession: NewSuccession) => Field,
): SuccessionProblemReporter {
  return (succession, problem) => {
    const { from, to, effectiveOn: day } = succession;
    const unit = nameUnit(draft, from);
    if (problem === 'SOURCE_NOT_VALID')
      issues.add('effectiveOn', sourceNotValid({ unit, dayBefore: dayBefore(day), day }));
    else issues.add(findField(succession), successorPrecedes({ unit, successor: nameUnit(draft, to) }));
  };
}
