import { dayBefore, type Day } from '../time/day.ts';
import { covers } from '../time/period.ts';
import type { Draft, RecordedSuccession, NewSuccession } from './draft.ts';
import { unitLabel } from './parent-rules.ts';
import { userError, type UserError } from './user-error.ts';

/** Successions by the unit that they lead from. */
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
  /** Those of them that are gone on the day already */
  readonly alreadyClosed: ReadonlySet<number>;
}

/**
 * Plans what units become as they close. What they were to become later never comes and falls away; of a unit that had closed on
 * the day already, what it is said to become replaces what it became. A part that was given away on the day while the unit stayed
 * is no end of it, and stays said.
 *
 * @param newSuccessions what some of them become, all on the day; of the others nothing is said anew
 * @param known as for {@link planSuccessions}
 */
export function planClosingSuccessions(
  draft: Draft,
  { reshIds, day, alreadyClosed }: PlannedClosing,
  newSuccessions: readonly NewSuccession[],
  known: readonly RecordedSuccession[],
  field: string,
): void {
  const newGraph = new SuccessionGraph(newSuccessions);
  const replacedSources = new Set(newSuccessions.map(({ from }) => from).filter((from) => alreadyClosed.has(from)));
  endSuccessions(
    draft,
    reshIds,
    known,
    (succession) =>
      succession.effectiveOn > day ||
      (succession.effectiveOn === day && replacedSources.has(succession.from) && !newGraph.has(succession)),
  );
  planSuccessions(draft, newSuccessions, known, field);
}

/**
 * Takes back what units were to become, and notes it: also what the plan itself has said so far.
 *
 * @param known successions that the register has of the units, among others
 * @param shouldEnd whether a succession of one of them does
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
  draft.endedSuccessions.push(...ended);
  draft.successions = draft.successions.filter((succession) => !isEnded(succession));
  draft.notes.push(
    ...[...ended, ...droppedPlans].map(
      ({ from, to, effectiveOn }) =>
        `That unit ${unitLabel(from, draft.unit(from)?.versions)} becomes unit ${to} on ${effectiveOn} falls away.`,
    ),
  );
}

/** What the register has of successions that the plan has not ended. */
function findActiveSuccessions(draft: Draft, known: readonly RecordedSuccession[]): RecordedSuccession[] {
  const ended = new Set(draft.endedSuccessions.map(({ id }) => id));
  return known.filter(({ id }) => !ended.has(id));
}

/**
 * Plans what units become; a unit that it leads back to is refused, and what is known already is not said again.
 *
 * @param known successions that the register has of the units, and of everything that they and the successors became
 * @param field of the input that names the successors
 */
export function planSuccessions(
  draft: Draft,
  successions: readonly NewSuccession[],
  known: readonly RecordedSuccession[],
  field: string,
): void {
  const graph = new SuccessionGraph([...findActiveSuccessions(draft, known), ...draft.successions]);
  const successionBySource = new Map(successions.map((succession) => [succession.from, succession]));
  draft.errors.push(
    ...[...successionBySource.values()].flatMap((succession) => validateSuccessionSource(draft, succession) ?? []),
  );
  for (const succession of successions) {
    const { from, to } = succession;
    if (graph.canReach(to, from))
      draft.errors.push(
        userError(
          'CYCLE',
          field,
          `Unit ${unitLabel(to, draft.unit(to)?.versions)} cannot succeed ${unitLabel(from, draft.unit(from)?.versions)}: it is that unit, or became it; name another.`,
        ),
      );
    else if (!graph.has(succession)) {
      draft.successions.push(succession);
      graph.add(succession);
    }
  }
}

/** The error where a unit was not there the day before it is to become another: it has nothing that could go over. */
function validateSuccessionSource(draft: Draft, { from, effectiveOn }: NewSuccession): UserError | undefined {
  const versions = draft.unit(from)?.versions ?? [];
  const day = dayBefore(effectiveOn);
  return versions.some((row) => covers(row, day))
    ? undefined
    : userError(
        'NOT_VALID_ON_DAY',
        'effectiveOn',
        `Unit ${unitLabel(from, versions)} is not there on ${day}, the day before, and so becomes no other on ${effectiveOn}; choose another day.`,
      );
}
