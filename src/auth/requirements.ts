import { normalizeLine } from '../domain/text/text-rule.ts';
import type { Message } from '../domain/plan/messages/message.ts';
import type { Day } from '../domain/time/day.ts';
import { overlap, type Period } from '../domain/time/period.ts';
import { findReferenceVersion } from '../domain/time/reference-version.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/unit/code-sets.ts';
import {
  assigningSpecialistDesignation,
  changingPerson,
  changingRootUnit,
  forUnit,
  toChangePerson,
} from './messages.ts';
import type { ScopeVersion, TimelineReader } from './scope-reader.ts';
import type { Grant, Requirement, RoleRequirement, UnitRequirement } from './scope.ts';

/** Requires scope over a unit; if it is a contract specialist, the registrar meets the requirement too. */
export function requireScopeOverUnitOrSpecialist(reshId: number, reader: TimelineReader): Promise<Requirement[]> {
  return requireScopeOverUnit(reshId, reader, isContractSpecialist);
}

/** Requires scope over a unit. An unknown unit requires nothing: the plan reports it and writes nothing. */
export async function requireScopeOverUnit(
  reshId: number,
  { today, readTimeline }: TimelineReader,
  allowsRegistrar: (row: ScopeVersion) => boolean = () => false,
): Promise<UnitRequirement[]> {
  const row = findReferenceVersion(await readTimeline(reshId), today);
  if (!row) return [];
  return [{ kind: 'unit', reshId, name: row.name, path: row.path, allowsRegistrar: allowsRegistrar(row) }];
}

/** Indicates whether a version of a unit is that of a contract specialist. */
export function isContractSpecialist(row: ScopeVersion | undefined): boolean {
  return row?.designationCode === CONTRACT_SPECIALIST_DESIGNATION;
}

/** Requires the registrar for the designation of contract specialists, compared without surrounding white space. */
export function requireSpecialistDesignation(designation: string | null | undefined): Requirement[] {
  return normalizeLine(designation ?? '') === CONTRACT_SPECIALIST_DESIGNATION
    ? [requireRegistrar(assigningSpecialistDesignation())]
    : [];
}

/** Requires the registrar of contract specialists or an operator. */
export function requireRegistrar(action: Message): RoleRequirement {
  return { kind: 'role', roles: ['OPERATOR', 'SPECIALIST_REGISTRAR'], action };
}

/** Returns the type of a unit in its reference version; undefined if the unit is unknown. */
export async function readUnitType(
  reshId: number,
  { readTimeline, today }: TimelineReader,
): Promise<ScopeVersion['type'] | undefined> {
  return findReferenceVersion(await readTimeline(reshId), today)?.type;
}

/** Requires scope over the parents of each unit from a day on. */
export async function requireScopeToClose(
  reshIds: readonly number[],
  day: Day,
  reader: TimelineReader,
): Promise<Requirement[]> {
  return (await Promise.all(reshIds.map((reshId) => requireScopeOverParentsFrom(reshId, day, reader)))).flat();
}

/** Requires scope over the parents of a unit from a day on. */
export function requireScopeOverParentsFrom(reshId: number, day: Day, reader: TimelineReader): Promise<Requirement[]> {
  return requireScopeOverParents(reshId, reader, { from: day, to: null });
}

/**
 * Requires scope over the parents of a unit: today's, those on the days that a change alters, and new ones.
 *
 * @param newParents RESH-ids of the parents that the change gives the unit; null for a root
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
  const unit = { reshId, name: referenceVersion.name };
  const requireScopeOverParent = async (parent: number | null): Promise<Requirement[]> => {
    if (parent === null) return [requireOperator(changingRootUnit({ unit }))];
    // The parent of a contract specialist is the region with which it has its agreement, so the registrar may choose
    // it.
    const requirements = await requireScopeOverUnit(
      parent,
      reader,
      ({ path }) => isContractSpecialist(referenceVersion) && (path.length === 1 || !newParents.includes(parent)),
    );
    return requirements.map((requirement) => ({ ...requirement, purpose: forUnit({ unit }) }));
  };
  return (await Promise.all([...parents].map(requireScopeOverParent))).flat();
}

/** Requires an operator. */
export function requireOperator(action: Message): RoleRequirement {
  return { kind: 'role', roles: ['OPERATOR'], action };
}

/**
 * Requires scope over everything that a person administers, for a change of the person's name and e-mail address.
 * Otherwise an administrator could rename another one and redirect the requests for access.
 *
 * @param held grants of the subject, from today on
 */
export async function requireScopeOverPerson(
  subject: string,
  held: readonly Grant[],
  reader: TimelineReader,
): Promise<Requirement[]> {
  const requirements = held.map(async ({ reshId }): Promise<Requirement[]> => {
    if (reshId === null) return [requireOperator(changingPerson({ subject }))];
    const unitRequirements = await requireScopeOverUnit(reshId, reader);
    return unitRequirements.map((requirement) => ({ ...requirement, purpose: toChangePerson({ subject }) }));
  });
  return (await Promise.all(requirements)).flat();
}
