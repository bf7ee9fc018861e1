import { coalescePeriods, compareByFirstDay } from '../time/period.ts';
import { computeUnitChange, type UnitChange } from '../unit/change.ts';
import type { UnitState, VersionRow } from '../unit/state.ts';
import type { Succession } from '../unit/succession.ts';
import type { Draft } from './draft.ts';
import type { Message } from './messages/message.ts';
import type { ImpactNoteCode } from './user-error.ts';
import type { GrantRow, NewSuccession, UnitWrite, WriteSet } from './write-set.ts';

/** A grant that a person gains or loses, with the name and e-mail address of the person. */
export interface GrantChange extends GrantRow {
  readonly name: string;
  readonly email: string | null;
}

/** A unit that a step of a reorganization creates, with the key that the step gives it. */
export interface KeyedUnit {
  readonly key: string;
  readonly reshId: number;
}

/** The units that a dry run would change, also those that only get another path. */
export interface PlannedUnits {
  /** Newest revision, on which the plan is based */
  readonly revision: number;
  /** The units as the dry run would leave them; a withdrawn one has no rows */
  readonly states: ReadonlyMap<number, UnitState>;
}

/** The effects of a change, or of a dry run. */
export interface Impact {
  /** Number of changed units, without those that only get another path */
  readonly unitCount: number;
  /** All of them by RESH-id; null in the impact of a repeated request, because the register has them by revision */
  readonly units: readonly UnitChange[] | null;
  /** Null unless the change is a dry run */
  readonly planned: PlannedUnits | null;
  /** Units that the steps of a reorganization create and give keys */
  readonly keyedUnits: readonly KeyedUnit[];
  /** Number of units that only get another path */
  readonly pathCount: number;
  readonly grantsGained: readonly GrantChange[];
  readonly grantsLost: readonly GrantChange[];
  /** Effects that the input did not request; without a code if they were stored before there were codes */
  readonly notes: readonly (Message & { readonly code: ImpactNoteCode | null })[];
  /** Number of notes; `notes` has the first */
  readonly noteCount: number;
}

/**
 * Returns which units a change alters, as the feed reads it from the rows of the change after it is committed.
 *
 * @param movedReshIds units that the database gave another path, because an ancestor moved
 */
export function summarizeUnits(
  draft: Draft,
  { units, successions, endedSuccessions }: WriteSet,
  movedReshIds: readonly number[],
) {
  const reshIds = new Set([
    ...units.map(({ reshId }) => reshId),
    ...[...successions, ...endedSuccessions].flatMap(({ from, to }) => [from, to]),
  ]);
  const changes = [...reshIds]
    .sort((one, other) => one - other)
    .flatMap((reshId): UnitChange[] => {
      const { before, after } = draft.findBeforeAndAfter(reshId);
      const change = computeUnitChange(reshId, before, after, {
        before: findSuccessions(endedSuccessions, reshId),
        after: findSuccessions(successions, reshId),
      });
      return change ? [change] : [];
    });
  const moved = new Set([...movedReshIds, ...units.filter(hasOtherPath).map(({ reshId }) => reshId)]);
  for (const { reshId } of changes) moved.delete(reshId);
  return { unitCount: changes.length, units: changes, pathCount: moved.size };
}

function findSuccessions(successions: readonly NewSuccession[], reshId: number): Succession[] {
  return successions
    .filter(({ from, to }) => from === reshId || to === reshId)
    .map(({ from, to, ...succession }) => ({ ...succession, fromReshId: from, toReshId: to }));
}

function hasOtherPath({ versions: { superseded, added } }: UnitWrite): boolean {
  return formatPathPeriods(superseded) !== formatPathPeriods(added);
}

function formatPathPeriods(rows: readonly VersionRow[]): string {
  const ordered = rows.toSorted(compareByFirstDay);
  return coalescePeriods(ordered, (earlier, later) => earlier.path.join() === later.path.join())
    .map(({ from, to, path }) => `${from} ${to} ${path.join()}`)
    .join('\n');
}
