import type { Role } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import { covers, type Period } from '../domain/time/period.ts';

/** A grant as the scope rule reads it. */
export interface Grant extends Period {
  readonly role: Role;
  readonly reshId: number | null;
}

/** Scope over a unit. */
export interface UnitRequirement {
  readonly kind: 'unit';
  readonly reshId: number;
  readonly name: string;
  /** Path on the day that scope is judged on */
  readonly path: readonly number[];
  /** Whether the registrar of contract specialists may do it too */
  readonly allowsRegistrar: boolean;
  /** What it is needed for, where that is not the unit's own change: «for unit 111 ...» */
  readonly purpose?: string;
}

/** Something that a change needs of whoever makes it. */
export type Requirement =
  | UnitRequirement
  | { readonly kind: 'role'; readonly roles: readonly ('OPERATOR' | 'SPECIALIST_REGISTRAR')[]; readonly what: string };

/** Grants that hold on a day. */
export function filterGrantsOn<G extends Grant>(grants: readonly G[], day: Day): G[] {
  return grants.filter((grant) => covers(grant, day));
}

const roles = ['ADMINISTRATOR', 'SPECIALIST_REGISTRAR', 'OPERATOR'] as const;

/** The role in which a change is made: of those that meet every need, the one that may do least; undefined where none does. */
export function selectActingRole(grants: readonly Grant[], requirements: readonly Requirement[]): Role | undefined {
  return (
    roles.find((role) => {
      const held = grants.filter((grant) => grant.role === role);
      return held.length > 0 && findUnmetRequirement(held, requirements) === undefined;
    }) ?? (findUnmetRequirement(grants, requirements) === undefined ? grants[0]?.role : undefined)
  );
}

/**
 * The scope rule: an operator may do everything, an administrator what lies at or beneath its unit, the registrar of contract
 * specialists what is theirs.
 *
 * @param grants that hold today
 * @returns the first need that no grant meets; undefined where the change is allowed
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
