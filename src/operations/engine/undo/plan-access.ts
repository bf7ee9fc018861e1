import { lastOperator } from '../../../domain/plan/messages/access.ts';
import { accessNotRestored, personChangedLater } from '../../../domain/plan/messages/undoing.ts';
import type { Recorded } from '../../../domain/plan/undo/recorded.ts';
import type { UndoRange } from '../../../domain/plan/undo/three-way-merge.ts';
import {
  accessKey,
  listAlteredAccess,
  withoutAddedAccess,
  type AlteredAccess,
} from '../../../domain/plan/undo/undo-grants.ts';
import { undoPerson, type UndoneRecord } from '../../../domain/plan/undo/undo-record.ts';
import { diffRows, type AdministratorRow, type GrantRow } from '../../../domain/plan/write-set.ts';
import type { Day } from '../../../domain/time/day.ts';
import { compareByFirstDay, findFirstUncoveredDay } from '../../../domain/time/period.ts';
import { truncateAt } from '../../../domain/time/timeline.ts';
import { readGrantsOfRole, readGrantsOnUnits } from '../../../store/change/access.ts';
import { readRecordedGrants, readRecordedPersons } from '../../../store/change/undone-change.ts';
import type { PlanContext } from '../plan-context.ts';
import type { UndoableUnit } from './undone-units.ts';

/** A person whose name or e-mail address a change altered. */
export interface UndonePerson extends UndoneRecord<AdministratorRow> {
  readonly subject: string;
}

/** The access and the persons that a change altered. */
export interface UndoneAccess {
  readonly altered: readonly AlteredAccess[];
  readonly persons: readonly UndonePerson[];
  /** Day on which the access that the change gave ends: today or later */
  readonly day: Day;
}

/** Reads the access and the persons that a change altered, and takes the change back. */
export async function readUndoneAccess({ tx, today }: PlanContext, range: UndoRange): Promise<UndoneAccess> {
  const day = range.from > today ? range.from : today;
  const bySubject = new Map<string, Recorded<AdministratorRow>[]>();
  for (const recorded of await readRecordedPersons(tx, range.revision)) {
    const { subject } = recorded.row;
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), recorded]);
  }
  return {
    altered: listAlteredAccess(await readRecordedGrants(tx, range.revision), range.revision, day),
    persons: [...bySubject].map(([subject, rows]) => ({ subject, ...undoPerson(rows, range) })),
    day,
  };
}

/**
 * Plans the end of the access that a change gave, and of all access to units that close or vanish; access that the
 * change ended stays ended, with a note. Persons get their former names.
 */
export async function planUndoneAccess(
  planContext: PlanContext,
  { altered, persons, day }: UndoneAccess,
  units: readonly UndoableUnit[],
): Promise<void> {
  const { unitOfWork, issues } = planContext;
  const { draft } = unitOfWork;
  for (const { subject, conflicts } of persons)
    issues.add('revision', ...conflicts.map((conflict) => personChangedLater({ subject, ...conflict })));
  await checkLastOperator(planContext, altered, day);
  for (const grants of await listChangedGrants(planContext, altered, units))
    draft.endGrants(diffRows(grants.now, grants.result));
  const changes = persons.map(({ now, result }) => diffRows(now, result));
  draft.administrators = {
    superseded: changes.flatMap(({ superseded }) => superseded),
    added: changes.flatMap(({ added }) => added),
  };
  const notRestored = altered.filter(({ ended }) => ended.length > 0);
  await unitOfWork.load(notRestored.map(({ reshId }) => reshId));
  draft.addNotes(
    ...notRestored.map(({ subject, role, reshId }) =>
      accessNotRestored({ subject, role, unit: reshId === null ? undefined : draft.unit(reshId) }),
    ),
  );
}

interface ChangedGrants {
  readonly now: readonly GrantRow[];
  readonly result: readonly GrantRow[];
}

/** Returns the grants of each altered access, and those on units that end earlier. */
async function listChangedGrants(
  { tx, today }: PlanContext,
  altered: readonly AlteredAccess[],
  units: readonly UndoableUnit[],
): Promise<ChangedGrants[]> {
  const ends = new Map(
    units.filter(endsEarlier).map(({ result }) => {
      const end = result.versions.at(-1)?.to ?? today;
      return [result.reshId, end > today ? end : today];
    }),
  );
  const onUnits = ends.size > 0 ? await readGrantsOnUnits(tx, [...ends.keys()]) : [];
  const byKey = new Map<string, ChangedGrants>(
    altered.map((access) => [accessKey(access), { now: access.now, result: withoutAddedAccess(access) }]),
  );
  const alteredKeys = new Set(byKey.keys());
  for (const grant of onUnits) {
    const key = accessKey(grant);
    if (alteredKeys.has(key)) continue;
    const { now = [], result = [] } = byKey.get(key) ?? {};
    byKey.set(key, { now: [...now, grant], result: [...result, grant] });
  }
  return [...byKey.values()].map(({ now, result }) => {
    const end = ends.get(now[0]?.reshId ?? 0);
    return { now, result: end === undefined ? result : truncateAt(result, end) };
  });
}

function endsEarlier({ now, result }: UndoableUnit): boolean {
  const [last, remaining] = [now.versions.at(-1), result.versions.at(-1)];
  if (!last || !remaining) return last !== undefined;
  return remaining.to !== null && (last.to === null || last.to > remaining.to);
}

/** Checks that the register keeps an operator on every day. */
async function checkLastOperator(
  { tx, issues }: PlanContext,
  altered: readonly AlteredAccess[],
  day: Day,
): Promise<void> {
  const ending = altered.filter(({ role, added }) => role === 'OPERATOR' && added.length > 0);
  const [example] = ending;
  if (!example) return;
  const subjects = new Set(ending.map(({ subject }) => subject));
  const others = (await readGrantsOfRole(tx, 'OPERATOR')).filter(({ subject }) => !subjects.has(subject));
  const remaining = [...others, ...ending.flatMap(withoutAddedAccess)].sort(compareByFirstDay);
  if (findFirstUncoveredDay(remaining, { from: day, to: null }) !== undefined)
    issues.add('revision', lastOperator({ subject: example.subject }));
}
