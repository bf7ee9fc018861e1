import { summarizeUnits, type GrantChange, type Impact, type KeyedUnit } from '../../domain/plan/impact.ts';
import type { GrantRow, RowChanges, UnitWrite, WriteSet } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { compareByFirstDay, covers, findFirstUncoveredDay, type Period } from '../../domain/time/period.ts';
import { readNamedGrantsFromDay, readSubjectContacts } from '../../store/change/access.ts';
import type { PlanContext } from './plan-context.ts';

// Closing thousands of units would list as many notes.
const NOTE_LIMIT = 1_000;

/** A day, with the ancestors that a unit gains and loses on it. */
interface PathShift {
  readonly day: Day;
  readonly gained: readonly number[];
  readonly lost: readonly number[];
}

/** What the impact of a change has besides what its writes show. */
interface ImpactSource {
  /** Units that the database gave another path, because an ancestor moved */
  readonly movedReshIds: readonly number[];
  /** Units that steps create and give keys */
  readonly keyedUnits: readonly KeyedUnit[];
  readonly isDryRun: boolean;
}

/** Returns the impact of a change. */
export async function computeImpact(
  planContext: PlanContext,
  writes: WriteSet,
  { movedReshIds, keyedUnits, isDryRun }: ImpactSource,
): Promise<Impact> {
  const { tx, today, unitOfWork, revision } = planContext;
  const { draft } = unitOfWork;
  const { added, superseded } = writes.grants;
  const treeGrantChanges = await findTreeGrantChanges(planContext, writes.units);
  const gainedGrants = subtractGrants(added, superseded);
  const lostGrants = subtractGrants(superseded, added);
  const subjects = [...new Set([...gainedGrants, ...lostGrants].map(({ subject }) => subject))];
  const names = subjects.length > 0 ? await readSubjectContacts(tx, subjects, today) : new Map<string, never>();
  const withHolderName = (grant: GrantRow): GrantChange => {
    const added = draft.administrators.added.find(({ subject }) => subject === grant.subject);
    const known = added ?? names.get(grant.subject);
    return { ...grant, name: known?.name ?? grant.subject, email: known?.email ?? null };
  };
  return {
    ...summarizeUnits(draft, writes, movedReshIds),
    planned: isDryRun ? { revision: revision - 1, states: draft.changedStates } : null,
    keyedUnits,
    grantsGained: [...treeGrantChanges.gained, ...gainedGrants.map(withHolderName)],
    grantsLost: [...treeGrantChanges.lost, ...lostGrants.map(withHolderName)],
    notes: draft.notes.slice(0, NOTE_LIMIT),
    noteCount: draft.notes.length,
  };
}

/** Returns the grants that units gain and lose with their ancestors. */
async function findTreeGrantChanges({ tx, today }: PlanContext, units: readonly UnitWrite[]) {
  const shifts = units.flatMap((unit) => findPathShifts(unit, today));
  const days = { gained: new Map<number, Set<Day>>(), lost: new Map<number, Set<Day>>() };
  for (const shift of shifts)
    for (const direction of ['gained', 'lost'] as const)
      for (const id of shift[direction]) days[direction].set(id, (days[direction].get(id) ?? new Set()).add(shift.day));
  const ids = [...days.gained.keys(), ...days.lost.keys()];
  if (ids.length === 0) return { gained: [], lost: [] };
  const grants = await readNamedGrantsFromDay(tx, [...new Set(ids)], today);
  const selectGrants = (direction: 'gained' | 'lost') =>
    grants.filter((grant) => [...(days[direction].get(grant.reshId ?? 0) ?? [])].some((day) => covers(grant, day)));
  return { gained: selectGrants('gained'), lost: selectGrants('lost') };
}

/** Returns the days, today and later, on which a unit gains or loses ancestors. Past days do not affect access. */
function findPathShifts({ isNew, versions }: UnitWrite, today: Day): PathShift[] {
  if (isNew) return [];
  const { added, superseded }: RowChanges<Period & { readonly path: readonly number[] }> = versions;
  const boundaries = [...added, ...superseded].flatMap(({ from, to }) => (to === null ? [from] : [from, to]));
  const days = new Set([today, ...boundaries.filter((boundary) => boundary > today)]);
  return [...days].flatMap((day) => {
    const [before, after] = [superseded, added].map((rows) => rows.find((row) => covers(row, day))?.path);
    if (!before || !after) return [];
    const gained = after.filter((id) => !before.includes(id));
    const lost = before.filter((id) => !after.includes(id));
    return [{ day, gained, lost }];
  });
}

/** Returns the grants that have a day on which the others have no grant of the same person, role and unit. */
function subtractGrants(grants: readonly GrantRow[], others: readonly GrantRow[]): GrantRow[] {
  return grants.filter((grant) => {
    const same = others.filter(
      ({ subject, role, reshId }) => subject === grant.subject && role === grant.role && reshId === grant.reshId,
    );
    return findFirstUncoveredDay(same.toSorted(compareByFirstDay), grant) !== undefined;
  });
}
