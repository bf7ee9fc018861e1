import { dayBefore, type Day } from '../time/day.ts';
import { covers } from '../time/period.ts';
import type { Draft } from './draft.ts';
import type { Field, Issues } from './issues.ts';
import { successionDropped } from './messages/notes.ts';
import { sourceNotValid, successorPrecedes } from './messages/reorganizations.ts';
import type { NamedUnit } from './messages/labels.ts';
import type { Problem } from './user-error.ts';
import type { NewSuccession, RecordedSuccession } from './write-set.ts';

/** Successions by predecessor. */
class SuccessionGraph {
  private readonly successors = new Map<number, number[]>();
  private readonly keys = new Set<string>();

  constructor(successions: readonly NewSuccession[]) {
    for (const succession of successions) this.add(succession);
  }

  add(succession: NewSuccession): void {
    const { from, to } = succession;
    this.keys.add(successionKey(succession));
    const reached = this.successors.get(from);
    if (reached) reached.push(to);
    else this.successors.set(from, [to]);
  }

  has(succession: NewSuccession): boolean {
    return this.keys.has(successionKey(succession));
  }

  canReach(start: number, goal: number): boolean {
    const reached = new Set([start]);
    for (const current of reached) {
      if (current === goal) return true;
      for (const to of this.successors.get(current) ?? []) reached.add(to);
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
}

/**
 * Plans the successions of units that close. Later successions of the units are dropped. For a unit that had already
 * closed by the day, the new successions replace those of that day. Successions of the day from a split that kept the
 * unit stay.
 *
 * @param newSuccessions successions of some of the units, all on the day
 * @param known as for {@link planSuccessions}
 */
export function planClosingSuccessions(
  draft: Draft,
  issues: Issues,
  { reshIds, day, alreadyClosed }: PlannedClosing,
  newSuccessions: readonly NewSuccession[],
  known: readonly RecordedSuccession[],
  field: Field,
): void {
  const newGraph = new SuccessionGraph(newSuccessions);
  const replacedSources = new Set(newSuccessions.map(({ from }) => from).filter((from) => alreadyClosed.has(from)));
  const isReplaced = (succession: NewSuccession): boolean =>
    succession.effectiveOn === day && replacedSources.has(succession.from) && !newGraph.has(succession);
  endSuccessions(draft, reshIds, known, (succession) => succession.effectiveOn > day || isReplaced(succession));
  planSuccessions(draft, issues, newSuccessions, known, field);
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
    draft.addNotes(successionDropped({ unit: nameUnit(draft, from), toReshId: to, day: effectiveOn }));
}

function nameUnit(draft: Draft, reshId: number): NamedUnit {
  return { reshId, versions: draft.unit(reshId)?.versions };
}

/** Returns the successions of the register that the plan has not ended. */
function findActiveSuccessions(draft: Draft, known: readonly RecordedSuccession[]): RecordedSuccession[] {
  const ended = new Set(draft.endedSuccessions.map(({ id }) => id));
  return known.filter(({ id }) => !ended.has(id));
}

/**
 * Plans successions. A succession that leads back to its own unit is an error; one that the register already has is not
 * written again.
 *
 * @param known successions in the register, of the units and of everything that they and the successors became
 * @param field field of the input that names the successors
 */
export function planSuccessions(
  draft: Draft,
  issues: Issues,
  successions: readonly NewSuccession[],
  known: readonly RecordedSuccession[],
  field: Field,
): void {
  const graph = new SuccessionGraph([...findActiveSuccessions(draft, known), ...draft.successions]);
  const successionBySource = new Map(successions.map((succession) => [succession.from, succession]));
  for (const succession of successionBySource.values())
    issues.add('effectiveOn', ...checkSuccessionSource(draft, succession));
  for (const succession of successions) {
    const { from, to } = succession;
    if (graph.canReach(to, from))
      issues.add(field, successorPrecedes({ from: nameUnit(draft, from), to: nameUnit(draft, to) }));
    else if (!graph.has(succession)) {
      draft.successions = [...draft.successions, succession];
      graph.add(succession);
    }
  }
}

/** Checks that a unit is valid on the day before it becomes another unit. */
function checkSuccessionSource(draft: Draft, { from, effectiveOn }: NewSuccession): Problem[] {
  const unit = nameUnit(draft, from);
  const lastDay = dayBefore(effectiveOn);
  return (draft.unit(from)?.versions ?? []).some((row) => covers(row, lastDay))
    ? []
    : [sourceNotValid({ unit, dayBefore: lastDay, day: effectiveOn })];
}
