import type { Role } from '../domain/plan/change-input.ts';
import type { Day } from '../domain/time/day.ts';
import { covers, type Period } from '../domain/time/period.ts';

/** A grant as the scope rule reads it. */
export interface Grant extends Period {
  readonly role: Role;
  readonly reshId: number | null;
}

/** Scope over a unit. */
export interface UnitNeed {
  readonly kind: 'unit';
  readonly reshId: number;
  readonly name: string;
  /** Path on the day that scope is judged on */
  readonly path: readonly number[];
  /** Whether the registrar of contract specialists may do it too */
  readonly isForRegistrar: boolean;
  /** What it is needed for, where that is not the unit's own change: «for unit 111 ...» */
  readonly purpose?: string;
}

/** Something that a change needs of whoever makes it. */
export type Need =
  | UnitNeed
  | { readonly kind: 'role'; readonly roles: readonly ('OPERATOR' | 'SPECIALIST_REGISTRAR')[]; readonly what: string };

const meets = (grant: Grant, need: Need): boolean => {
  if (grant.role === 'OPERATOR') return true;
  if (need.kind === 'role') return grant.role === 'SPECIALIST_REGISTRAR' && need.roles.includes(grant.role);
  if (grant.role === 'SPECIALIST_REGISTRAR') return need.isForRegistrar;
  return grant.reshId !== null && need.path.includes(grant.reshId);
};

/** Grants that hold on a day. */
export const grantsOn = <G extends Grant>(grants: readonly G[], day: Day): G[] =>
  grants.filter((grant) => covers(grant, day));

/**
 * The scope rule: an operator may do everything, an administrator what lies at or beneath its unit, the registrar of contract
 * specialists what is theirs.
 *
 * @param grants that hold today
 * @returns the first need that no grant meets; undefined where the change is allowed
 */
export const firstUnmet = (grants: readonly Grant[], needs: readonly Need[]): Need | undefined =>
  needs.find((need) => !grants.some((grant) => meets(grant, need)));

const roles = ['ADMINISTRATOR', 'SPECIALIST_REGISTRAR', 'OPERATOR'] as const;

/** The role in which a change is made: of those that meet every need, the one that may do least; undefined where none does. */
export const roleUsed = (grants: readonly Grant[], needs: readonly Need[]): Role | undefined =>
  roles.find((role) => {
    const held = grants.filter((grant) => grant.role === role);
    return held.length > 0 && firstUnmet(held, needs) === undefined;
  }) ?? (firstUnmet(grants, needs) === undefined ? grants[0]?.role : undefined);
