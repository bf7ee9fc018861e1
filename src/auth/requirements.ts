import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/unit/code-sets.ts';
import type { Day } from '../domain/time/day.ts';
import type { Period } from '../domain/time/period.ts';
import { judgedOn } from '../domain/time/reference-version.ts';
import { overlap } from '../domain/time/timeline.ts';
import type { Grant, Need, UnitNeed } from './scope.ts';
import type { ScopeRow, TimelineReader } from './scope-reader.ts';

/** Something that only an operator may do. */
export const operator = (what: string): Need => ({ kind: 'role', roles: ['OPERATOR'], what });
/** Something that the registrar of contract specialists may do, beside an operator. */
export const registrar = (what: string): Need => ({ kind: 'role', roles: ['OPERATOR', 'SPECIALIST_REGISTRAR'], what });

/** Whether a unit is a contract specialist. */
export const isSpecialist = (row: ScopeRow | undefined): boolean =>
  row?.designationCode === CONTRACT_SPECIALIST_DESIGNATION;

/** Scope over a unit. One that is unknown needs none: the plan tells of it, and then writes nothing. */
export const overUnit = async (
  reshId: number,
  { today, timeline }: TimelineReader,
  isForRegistrar: (row: ScopeRow) => boolean = () => false,
): Promise<UnitNeed[]> => {
  const row = judgedOn(await timeline(reshId), today);
  if (!row) return [];
  return [{ kind: 'unit', reshId, name: row.name, path: row.path, isForRegistrar: isForRegistrar(row) }];
};

/** Scope over a unit, which over a contract specialist its registrar has too. */
export const overUnitOrSpecialist = (reshId: number, reader: TimelineReader): Promise<Need[]> =>
  overUnit(reshId, reader, isSpecialist);

/**
 * Scope over the parents of a unit: today's, and those it has on the days that a change alters.
 *
 * @param others parents that it is to have; null for none
 */
export const overParents = async (
  reshId: number,
  reader: TimelineReader,
  altered: Period | undefined,
  others: readonly (number | null)[] = [],
): Promise<Need[]> => {
  const rows = await reader.timeline(reshId);
  const judged = judgedOn(rows, reader.today);
  if (!judged) return [];
  const parents = new Set([
    judged.parentReshId,
    ...rows.filter((row) => altered && overlap(row, altered)).map((row) => row.parentReshId),
    ...others,
  ]);
  const needOver = async (parent: number | null): Promise<Need[]> => {
    if (parent === null) return [operator(`unit ${reshId} «${judged.name}» with nothing above it`)];
    // A specialist stands beneath the region that it has its agreement with.
    const needs = await overUnit(
      parent,
      reader,
      ({ path }) => isSpecialist(judged) && (path.length === 1 || !others.includes(parent)),
    );
    return needs.map((need) => ({ ...need, purpose: `for unit ${reshId} «${judged.name}»` }));
  };
  return (await Promise.all([...parents].map(needOver))).flat();
};

/** What giving the designation of contract specialists needs; it is read as it is stored, without white space around it. */
export const givesSpecialist = (designation: string | null | undefined): Need[] =>
  designation?.trim() === CONTRACT_SPECIALIST_DESIGNATION
    ? [registrar(`designation ${CONTRACT_SPECIALIST_DESIGNATION} (Privat avtalespesialist)`)]
    : [];
/** Type of a unit on the day that scope is judged on; undefined where it is unknown. */
export const typeOf = async (
  reshId: number,
  { timeline, today }: TimelineReader,
): Promise<ScopeRow['type'] | undefined> => judgedOn(await timeline(reshId), today)?.type;

/** Scope over the parents of a unit on the days from one on. */
export const fromDayOn = (reshId: number, day: Day, reader: TimelineReader): Promise<Need[]> =>
  overParents(reshId, reader, { from: day, to: null });

/** What it needs to close units: scope over the parents of each, on the days from one on. */
export const overClosed = async (reshIds: readonly number[], day: Day, reader: TimelineReader): Promise<Need[]> =>
  (await Promise.all(reshIds.map((reshId) => fromDayOn(reshId, day, reader)))).flat();

/**
 * What it needs to change the name and address of somebody whom the register knows: scope over all that they administer, or else
 * one administrator could say who another is, and whom to ask there.
 *
 * @param held grants of the subject, from today on
 */
export const overPerson = async (subject: string, held: readonly Grant[], reader: TimelineReader): Promise<Need[]> => {
  const what = `the name and e-mail address of «${subject}»`;
  const needs = held.map(async ({ reshId }): Promise<Need[]> => {
    if (reshId === null) return [operator(`changing ${what}`)];
    const over = await overUnit(reshId, reader);
    return over.map((need) => ({ ...need, purpose: `to change ${what}, which may be left out,` }));
  });
  return (await Promise.all(needs)).flat();
};
