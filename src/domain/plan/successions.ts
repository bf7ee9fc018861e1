import { dayBefore, type Day } from '../time/day.ts';
import type { Draft, KnownSuccession, NewSuccession } from './draft.ts';
import { covers } from '../time/period.ts';
import { called } from './parent-rules.ts';
import { userError, type UserError } from './user-error.ts';

const textOf = ({ from, to, kind, extent, effectiveOn }: NewSuccession): string =>
  [from, to, kind, extent, effectiveOn].join();

/** Successions by the unit that they lead from. */
class Edges {
  private readonly onwards = new Map<number, number[]>();
  private readonly texts = new Set<string>();

  constructor(successions: readonly NewSuccession[]) {
    for (const succession of successions) this.add(succession);
  }

  add(succession: NewSuccession): void {
    const { from, to } = succession;
    this.texts.add(textOf(succession));
    const reached = this.onwards.get(from);
    if (reached) reached.push(to);
    else this.onwards.set(from, [to]);
  }

  has(succession: NewSuccession): boolean {
    return this.texts.has(textOf(succession));
  }

  leadsTo(start: number, goal: number): boolean {
    const reached = new Set([start]);
    for (const at of reached) {
      if (at === goal) return true;
      for (const to of this.onwards.get(at) ?? []) reached.add(to);
    }
    return false;
  }
}

/** What the register has of successions that the plan has not ended. */
const standing = (draft: Draft, known: readonly KnownSuccession[]): KnownSuccession[] => {
  const ended = new Set(draft.endedSuccessions.map(({ id }) => id));
  return known.filter(({ id }) => !ended.has(id));
};

/** The error where a unit was not there the day before it is to become another: it has nothing that could go over. */
const notThereError = (draft: Draft, { from, effectiveOn }: NewSuccession): UserError | undefined => {
  const versions = draft.unit(from)?.versions ?? [];
  const day = dayBefore(effectiveOn);
  return versions.some((row) => covers(row, day))
    ? undefined
    : userError(
        'NOT_VALID_ON_DAY',
        'effectiveOn',
        `Unit ${called(from, versions)} is not there on ${day}, the day before, and so becomes no other on ${effectiveOn}; choose another day.`,
      );
};

/**
 * Plans what units become; a unit that it leads back to is refused, and what is known already is not said again.
 *
 * @param known successions that the register has of the units, and of everything that they and the successors became
 * @param field of the input that names the successors
 */
export const planSuccessions = (
  draft: Draft,
  successions: readonly NewSuccession[],
  known: readonly KnownSuccession[],
  field: string,
): void => {
  const edges = new Edges([...standing(draft, known), ...draft.successions]);
  const bySource = new Map(successions.map((succession) => [succession.from, succession]));
  draft.errors.push(...[...bySource.values()].flatMap((succession) => notThereError(draft, succession) ?? []));
  for (const succession of successions) {
    const { from, to } = succession;
    if (edges.leadsTo(to, from))
      draft.errors.push(
        userError(
          'CYCLE',
          field,
          `Unit ${called(to, draft.unit(to)?.versions)} cannot succeed ${called(from, draft.unit(from)?.versions)}: it is that unit, or became it; name another.`,
        ),
      );
    else if (!edges.has(succession)) {
      draft.successions.push(succession);
      edges.add(succession);
    }
  }
};

/**
 * Takes back what units were to become, and notes it: also what the plan itself has said so far.
 *
 * @param known successions that the register has of the units, among others
 * @param fallsAway whether a succession of one of them does
 */
export const endSuccessions = (
  draft: Draft,
  reshIds: readonly number[],
  known: readonly KnownSuccession[],
  fallsAway: (succession: NewSuccession) => boolean,
): void => {
  const units = new Set(reshIds);
  const isEnded = (succession: NewSuccession): boolean => units.has(succession.from) && fallsAway(succession);
  const ended = standing(draft, known).filter(isEnded);
  const unsaid = draft.successions.filter(isEnded);
  draft.endedSuccessions.push(...ended);
  draft.successions = draft.successions.filter((succession) => !isEnded(succession));
  draft.notes.push(
    ...[...ended, ...unsaid].map(
      ({ from, to, effectiveOn }) =>
        `That unit ${called(from, draft.unit(from)?.versions)} becomes unit ${to} on ${effectiveOn} falls away.`,
    ),
  );
};

/** Units that close on a day. */
export interface Closing {
  readonly reshIds: readonly number[];
  readonly day: Day;
  /** Those of them that are gone on the day already */
  readonly closedBefore: ReadonlySet<number>;
}

/**
 * Plans what units become as they close. What they were to become later never comes and falls away; of a unit that had closed on
 * the day already, what it is said to become replaces what it became. A part that was given away on the day while the unit stayed
 * is no end of it, and stays said.
 *
 * @param becomes what some of them become, all on the day; of the others nothing is said anew
 * @param known as for {@link planSuccessions}
 */
export const planEndingSuccessions = (
  draft: Draft,
  { reshIds, day, closedBefore }: Closing,
  becomes: readonly NewSuccession[],
  known: readonly KnownSuccession[],
  field: string,
): void => {
  const said = new Edges(becomes);
  const saidAnew = new Set(becomes.map(({ from }) => from).filter((from) => closedBefore.has(from)));
  endSuccessions(
    draft,
    reshIds,
    known,
    (succession) =>
      succession.effectiveOn > day ||
      (succession.effectiveOn === day && saidAnew.has(succession.from) && !said.has(succession)),
  );
  planSuccessions(draft, becomes, known, field);
};
