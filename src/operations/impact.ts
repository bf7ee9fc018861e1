import type { GrantRow, RowChanges, UnitWrite, WriteSet } from '../domain/draft.ts';
import { IMPACT_UNIT_LIMIT, type GrantChange, type Impact } from '../domain/impact.ts';
import { covers } from '../domain/period.ts';
import { readNamedGrantsOn, readNamesOf } from '../store/change-reader.ts';
import { countPathChanges, countUnitChanges, readUnitChanges } from '../store/readers/unit-changes.ts';
import type { Work } from './change.ts';

// A closing of thousands has as many notes: nobody reads them all.
const NOTE_LIMIT = 100;

/** RESH-ids that a unit comes to stand beneath, and those that it no longer stands beneath, from the day of the change on. */
const pathShift = ({ isNew, versions }: UnitWrite, from: string): { gained: number[]; lost: number[] } => {
  if (isNew) return { gained: [], lost: [] };
  const { added, superseded }: RowChanges<{ from: string; to: string | null; path: readonly number[] }> = versions;
  const after = added.find((row) => covers(row, from));
  const before = superseded.find((row) => covers(row, from));
  if (!after || !before) return { gained: [], lost: [] };
  return {
    gained: after.path.filter((id) => !before.path.includes(id)),
    lost: before.path.filter((id) => !after.path.includes(id)),
  };
};

const sameGrant = (one: GrantRow, other: GrantRow): boolean =>
  one.subject === other.subject && one.role === other.role && one.reshId === other.reshId;

/** Rights that follow the tree: of those who administer a unit that the changed one comes beneath, or leaves. */
const treeGrants = async ({ tx, day, today }: Work, units: readonly UnitWrite[]) => {
  const shifts = units.map((unit) => pathShift(unit, day));
  const [gained, lost] = (['gained', 'lost'] as const).map((way) => [
    ...new Set(shifts.flatMap((shift) => shift[way])),
  ]);
  const ids = [...(gained ?? []), ...(lost ?? [])];
  if (ids.length === 0) return { gained: [], lost: [] };
  const grants = await readNamedGrantsOn(tx, ids, day > today ? day : today);
  const on = (reshIds: readonly number[] = []) =>
    grants.filter(({ reshId }) => reshId !== null && reshIds.includes(reshId));
  return { gained: on(gained), lost: on(lost) };
};

/**
 * What a change does, read back from the rows that it has written under its revision, whether it is committed or not.
 *
 * @returns the units that change, the first hundred of them shown, the units of which only the path changes, rights that come and go
 */
export const impactOf = async (work: Work, writes: WriteSet): Promise<Impact> => {
  const { tx, revision, today, workspace } = work;
  const { draft } = workspace;
  const { added, superseded } = writes.grants;
  const inTree = await treeGrants(work, writes.units);
  const given = added.filter((grant) => !superseded.some((was) => sameGrant(was, grant)));
  const taken = superseded.filter((was) => {
    const rest = added.find((grant) => sameGrant(was, grant) && grant.from === was.from);
    return !rest || (rest.to !== null && (was.to === null || rest.to < was.to));
  });
  const subjects = [...new Set([...given, ...taken].map(({ subject }) => subject))];
  const names = subjects.length > 0 ? await readNamesOf(tx, subjects, today) : new Map<string, never>();
  const named = (grant: GrantRow): GrantChange => {
    const added = draft.administrators.added.find(({ subject }) => subject === grant.subject);
    const known = added ?? names.get(grant.subject);
    return { ...grant, name: known?.name ?? grant.subject, email: known?.email ?? null };
  };
  return {
    unitCount: await countUnitChanges(tx, revision),
    units: await readUnitChanges(tx, revision, { first: IMPACT_UNIT_LIMIT }),
    pathCount: await countPathChanges(tx, revision),
    grantsGained: [...inTree.gained, ...given.map(named)],
    grantsLost: [...inTree.lost, ...taken.map(named)],
    notes:
      draft.notes.length <= NOTE_LIMIT
        ? draft.notes
        : [...draft.notes.slice(0, NOTE_LIMIT), `... and ${draft.notes.length - NOTE_LIMIT} more.`],
  };
};
