import type { Role } from '../domain/plan/change-input.ts';
import type { Message } from '../domain/plan/messages/message.ts';
import type { Day } from '../domain/time/day.ts';
import { covers, type Period } from '../domain/time/period.ts';

/** A role of a subject over a period; for an administrator, on a unit. */
export interface Grant extends Period {
  readonly role: Role;
  readonly reshId: number | null;
}

/** Requires scope over a unit: a grant on the unit or on a unit above it. */
export interface UnitRequirement {
  readonly kind: 'unit';
  readonly reshId: number;
  readonly name: string;
  /** RESH-ids from the root to the unit in its reference version */
  readonly path: readonly number[];
  /** Indicates whether the registrar of contract specialists meets the requirement too */
  readonly allowsRegistrar: boolean;
  /** Phrase of a denial that says why access to this unit is needed; unset for a change of the unit itself */
  readonly purpose?: Message;
}

/** Requires one of the national roles. */
export interface RoleRequirement {
  readonly kind: 'role';
  readonly roles: readonly ('OPERATOR' | 'SPECIALIST_REGISTRAR')[];
  /** Phrase of a denial that names the action reserved for the roles */
  readonly action: Message;
}

/** What a change requires of the grants of the viewer. */
export type Requirement = UnitRequirement | RoleRequirement;

/** Returns the grants that hold on a day. */
export function filterGrantsOn<G extends Grant>(grants: readonly G[], day: Day): G[] {
  return grants.filter((grant) => covers(grant, day));
}

/** The roles from the one that may do least to the one that may do most. */
const rolesByPower = ['ADMINISTRATOR', 'SPECIALIST_REGISTRAR', 'OPERATOR'] as const;

/**
 * Returns the role in which a change is made: the least powerful role that meets all requirements alone. If only
 * several roles together meet them, returns the role of the first grant; undefined if a requirement is unmet.
 */
export function selectActingRole(grants: readonly Grant[], requirements: readonly Requirement[]): Role | undefined {
  return (
    rolesByPower.find((role) => {
      const held = grants.filter((grant) => grant.role === role);
      return held.length > 0 && findUnmetRequirement(held, requirements) === undefined;
    }) ?? (findUnmetRequirement(grants, requirements) === undefined ? grants[0]?.role : undefined)
  );
}

/**
 * Returns the first requirement that no grant meets, or undefined if the change is allowed. An operator may do
 * everything, an administrator may change its unit and all units under it, and the registrar may change contract
 * specialists.
 *
 * @param grants that hold today
 */
export function findUnmetRequirement(
  grants: readonly Grant[],
  requirements: readonly Requirement[],
): Requirement | undefined {
  return requirements.find((requirement) => !grants.some((grant) => satisfies(grant, requirement)));
}

function satisfies(grant: Grant, requirement: Requirement): boolean {
  if (grant.role === 'OPERATOR') return true;
  if (requirement.kind === 'role')
    return grant.role === 'SPECIALIST_REGISTRAR' && requirement.roles.includes(grant.role);
  if (grant.role === 'SPECIALIST_REGISTRAR') return requirement.allowsRegistrar;
  return grant.reshId !== null && requirement.path.includes(grant.reshId);
}
