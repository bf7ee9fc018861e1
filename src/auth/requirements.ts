import type { Day } from '../domain/time/day.ts';
import { overlap, type Period } from '../domain/time/period.ts';
import { findReferenceVersion } from '../domain/time/reference-version.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/unit/code-sets.ts';
import type { ScopeVersion, TimelineReader } from './scope-reader.ts';
import type { Grant, Requirement, UnitRequirement } from './scope.ts';

/** Scope over a unit, which over a contract specialist its registrar has too. */
export function requireScopeOverUnitOrSpecialist(reshId: number, reader: TimelineReader): Promise<Requirement[]> {
  return requireScopeOverUnit(reshId, reader, isContractSpecialist);
}

/** Scope over a unit. One that is unknown needs none: the plan tells of it, and then writes nothing. */
export async function requireScopeOverUnit(
  reshId: number,
  { today, readTimeline }: TimelineReader,
  isForRegistrar: (row: ScopeVersion) => boolean = () => false,
): Promise<UnitRequirement[]> {
  const row = findReferenceVersion(await readTimeline(reshId), today);
  if (!row) return [];
  return [{ kind: 'unit', reshId, name: row.name, path: row.path, allowsRegistrar: isForRegistrar(row) }];
}

/** Whether a unit is a contract specialist. */
export function isContractSpecialist(row: ScopeVersion | undefined): boolean {
  return row?.designationCode === CONTRACT_SPECIALIST_DESIGNATION;
}

/** What giving the designation of contract specialists needs; it is read as it is stored, without white space around it. */
export function requireSpecialistDesignation(designation: string | null | undefined): Requirement[] {
  return designation?.trim() === CONTRACT_SPECIALIST_DESIGNATION
    ? [requireRegistrar(`designation ${CONTRACT_SPECIALIST_DESIGNATION} (Privat avtalespesialist)`)]
    : [];
}

/** Something that the registrar of contract specialists may do, beside an operator. */
export function requireRegistrar(what: string): Requirement {
  return {
    kind: 'role',
    roles: ['OPERATOR', 'SPECIALIST_REGISTRAR'],
    what,
  };
}

/** Type of a unit on the day that scope is judged on; undefined where it is unknown. */
export async function readUnitType(
  reshId: number,
  { readTimeline, today }: TimelineReader,
): Promise<ScopeVersion['type'] | undefined> {
  return findReferenceVersion(await readTimeline(reshId), today)?.type;
}

/** What it needs to close units: scope over the parents of each, on the days from one on. */
export async function requireScopeToClose(
  reshIds: readonly number[],
  day: Day,
  reader: TimelineReader,
): Promise<Requirement[]> {
  return (await Promise.all(reshIds.map((reshId) => requireScopeOverParentsFrom(reshId, day, reader)))).flat();
}

/** Scope over the parents of a unit on the days from one on. */
export function requireScopeOverParentsFrom(reshId: number, day: Day, reader: TimelineReader): Promise<Requirement[]> {
  return requireScopeOverParents(reshId, reader, { from: day, to: null });
}

/**
 * Scope over the parents of a unit: today's, and those it has on the days that a change alters.
 *
 * @param newParents parents that it is to have; null for none
 */
export async function requireScopeOverParents(
  reshId: number,
  reader: TimelineReader,
  alteredPeriod: Period | undefined,
  newParents: readonly (number | null)[] = [],
): Promise<Requirement[]> {
  const rows = await reader.readTimeline(reshId);
  const referenceVersion = findReferenceVersion(rows, reader.today);
  if (!referenceVersion) return [];
  const parents = new Set([
    referenceVersion.parentReshId,
    ...rows.filter((row) => alteredPeriod && overlap(row, alteredPeriod)).map((row) => row.parentReshId),
    ...newParents,
  ]);
  const requireScopeOverParent = async (parent: number | null): Promise<Requirement[]> => {
    if (parent === null) return [requireOperator(`changing root unit ${reshId} "${referenceVersion.name}"`)];
    // A specialist stands beneath the region that it has its agreement with.
    const requirements = await requireScopeOverUnit(
      parent,
      reader,
      ({ path }) => isContractSpecialist(referenceVersion) && (path.length === 1 || !newParents.includes(parent)),
    );
    return requirements.map((requirement) => ({
      ...requirement,
      purpose: `for unit ${reshId} "${referenceVersion.name}"`,
    }));
  };
  return (await Promise.all([...parents].map(requireScopeOverParent))).flat();
}

/** Something that only an operator may do. */
export function requireOperator(what: string): Requirement {
  return { kind: 'role', roles: ['OPERATOR'], what };
}

/**
 * What it needs to change the name and address of somebody whom the register knows: scope over all that they administer, or else
 * one administrator could say who another is, and whom to ask there.
 *
 * @param held grants of the subject, from today on
 */
export async function requireScopeOverPerson(
  subject: string,
  held: readonly Grant[],
  reader: TimelineReader,
): Promise<Requirement[]> {
  const what = `the name and e-mail address of "${subject}"`;
  const requirements = held.map(async ({ reshId }): Promise<Requirement[]> => {
    if (reshId === null) return [requireOperator(`changing ${what}`)];
    const unitRequirements = await requireScopeOverUnit(reshId, reader);
    return unitRequirements.map((requirement) => ({
      ...requirement,
      purpose: `to change ${what} (which you may leave out)`,
    }));
  });
  return (await Promise.all(requirements)).flat();
}
