import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registeringOrganizations } from '../../src/auth/messages.ts';
import {
  findUnmetRequirement,
  filterGrantsOn,
  selectActingRole,
  type Grant,
  type Requirement,
} from '../../src/auth/scope.ts';
import { addDays } from '../../src/domain/time/day.ts';
import { covers } from '../../src/domain/time/period.ts';
import { arbitraryDay } from '../support/model/timelines.ts';

const [region, trust, clinic, otherTrust] = [1, 2, 3, 4];
const always = { from: '2020-01-01', to: null };
const operator: Grant = { role: 'OPERATOR', reshId: null, ...always };
const registrar: Grant = { role: 'SPECIALIST_REGISTRAR', reshId: null, ...always };

function administratorGrant(reshId: number): Grant {
  return { role: 'ADMINISTRATOR', reshId, ...always };
}

function requireUnit(...path: number[]): Requirement {
  return {
    kind: 'unit',
    reshId: path.at(-1) ?? 0,
    name: 'Unit',
    path,
    allowsRegistrar: false,
  };
}

function requireSpecialist(...path: number[]): Requirement {
  return { ...requireUnit(...path), allowsRegistrar: true } as Requirement;
}

const nationalRequirement: Requirement = { kind: 'role', roles: ['OPERATOR'], action: registeringOrganizations() };
const registrarRequirement: Requirement = {
  kind: 'role',
  roles: ['OPERATOR', 'SPECIALIST_REGISTRAR'],
  action: registeringOrganizations(),
};

describe('scope rule', () => {
  it.each([
    ['an administrator at the unit', [administratorGrant(trust)], requireUnit(region, trust), true],
    ['an administrator above the unit', [administratorGrant(region)], requireUnit(region, trust, clinic), true],
    ['an administrator below the unit', [administratorGrant(clinic)], requireUnit(region, trust), false],
    ['an administrator beside the unit', [administratorGrant(otherTrust)], requireUnit(region, trust), false],
    ['the registrar, of another unit', [registrar], requireUnit(region, trust), false],
    ['the registrar, of a specialist', [registrar], requireSpecialist(region, trust), true],
    ['an administrator above a specialist', [administratorGrant(region)], requireSpecialist(region, trust), true],
    ['an administrator beside a specialist', [administratorGrant(otherTrust)], requireSpecialist(region, trust), false],
    ['the operator', [operator], requireUnit(region, trust), true],
    ['the operator, for a national requirement', [operator], nationalRequirement, true],
    ['the registrar, for an operator requirement', [registrar], nationalRequirement, false],
    ['the registrar, for a registrar requirement', [registrar], registrarRequirement, true],
    ['an administrator, for a registrar requirement', [administratorGrant(region)], registrarRequirement, false],
    ['nobody', [], requireUnit(region), false],
    [
      'an administrator without a unit, which the database excludes',
      [{ ...administratorGrant(0), reshId: null }],
      requireUnit(region),
      false,
    ],
  ] as const)('decides for %s', (_who, grants, requirement, isMet) => {
    expect(findUnmetRequirement(grants, [requirement])).toBe(isMet ? undefined : requirement);
  });

  it('names the first unmet requirement', () => {
    const requirements = [requireUnit(region, trust), requireUnit(region, otherTrust), nationalRequirement];
    expect(findUnmetRequirement([administratorGrant(trust)], requirements)).toBe(requirements[1]);
    expect(findUnmetRequirement([administratorGrant(region)], requirements)).toBe(requirements[2]);
    expect(
      findUnmetRequirement([administratorGrant(trust), administratorGrant(otherTrust), operator], requirements),
    ).toBeUndefined();
  });

  it('meets each requirement by any grant', () => {
    const requirements = [requireUnit(region, trust), requireSpecialist(otherTrust)];
    expect(findUnmetRequirement([administratorGrant(trust)], requirements)).toBe(requirements[1]);
    expect(findUnmetRequirement([administratorGrant(trust), registrar], requirements)).toBeUndefined();
  });
});

describe('acting role', () => {
  it.each([
    [
      'the weakest one',
      [operator, registrar, administratorGrant(trust)],
      [requireUnit(region, trust)],
      'ADMINISTRATOR',
    ],
    [
      'the next when the weakest is not enough',
      [operator, administratorGrant(clinic)],
      [requireUnit(region, trust)],
      'OPERATOR',
    ],
    ['the registrar before the operator', [operator, registrar], [registrarRequirement], 'SPECIALIST_REGISTRAR'],
    [
      'one of two that are needed together',
      [registrar, administratorGrant(trust)],
      [requireUnit(trust), registrarRequirement],
      'SPECIALIST_REGISTRAR',
    ],
    [
      'one role with grants on two units',
      [administratorGrant(trust), administratorGrant(otherTrust)],
      [requireUnit(trust), requireUnit(otherTrust)],
      'ADMINISTRATOR',
    ],
    [
      'undefined with an unmet requirement',
      [administratorGrant(trust)],
      [requireUnit(trust), nationalRequirement],
      undefined,
    ],
    ['undefined without grants', [], [], undefined],
  ] as const)('is %s', (_which, grants, requirements, role) => {
    expect(selectActingRole(grants, requirements)).toBe(role);
  });
});

// A tree as the parent of each unit; a parent has a lower number, and unit 0 is the root.
const arbitraryTree = fc
  .array(fc.nat(), { minLength: 1, maxLength: 12 })
  .map((picks) => picks.map((pick, unit) => (unit === 0 ? null : pick % unit)));

function findPath(tree: readonly (number | null)[], unit: number): number[] {
  const parent = tree[unit];
  return typeof parent === 'number' ? [...findPath(tree, parent), unit] : [unit];
}

const arbitraryGrant: fc.Arbitrary<Grant> = fc
  .record({
    role: fc.constantFrom('OPERATOR' as const, 'SPECIALIST_REGISTRAR' as const, 'ADMINISTRATOR' as const),
    unit: fc.nat(11),
    from: arbitraryDay,
    length: fc.option(fc.integer({ min: 1, max: 20 })),
  })
  .map(({ role, unit, from, length }) => ({
    role,
    reshId: role === 'ADMINISTRATOR' ? unit : null,
    from,
    to: length === null ? null : addDays(from, length),
  }));
const arbitraryGrants = fc.array(arbitraryGrant, { maxLength: 5 });

function arbitraryRequirements(tree: readonly (number | null)[]): fc.Arbitrary<Requirement[]> {
  return fc.array(
    fc.oneof(
      fc
        .record({ unit: fc.nat(tree.length - 1), allowsRegistrar: fc.boolean() })
        .map(({ unit, allowsRegistrar }): Requirement => ({
          kind: 'unit',
          reshId: unit,
          name: `Unit ${unit}`,
          path: findPath(tree, unit),
          allowsRegistrar,
        })),
      fc.constantFrom(nationalRequirement, registrarRequirement),
    ),
    { maxLength: 5 },
  );
}

const arbitraryCase = arbitraryTree.chain((tree) =>
  fc.record({ tree: fc.constant(tree), grants: arbitraryGrants, needs: arbitraryRequirements(tree) }),
);

describe('for all grants and requirements', () => {
  it('a unit can be changed only by administrators at or above it', () => {
    fc.assert(
      fc.property(arbitraryTree, fc.nat(), fc.nat(), (tree, one, other) => {
        const [grantUnit, unit] = [one % tree.length, other % tree.length];
        // Walks from parent to parent, whereas the rule reads the path.
        let ancestor: number | null | undefined = unit;
        while (typeof ancestor === 'number' && ancestor !== grantUnit) ancestor = tree[ancestor];
        expect(
          findUnmetRequirement([administratorGrant(grantUnit)], [requireUnit(...findPath(tree, unit))]) === undefined,
        ).toBe(ancestor === grantUnit);
      }),
    );
  });

  it('scope over a unit includes its descendants', () => {
    fc.assert(
      fc.property(arbitraryTree, arbitraryGrants, fc.nat(), (tree, grants, pick) => {
        const path = findPath(tree, pick % tree.length);
        const parent = path.slice(0, -1);
        if (parent.length > 0 && !findUnmetRequirement(grants, [requireUnit(...parent)]))
          expect(findUnmetRequirement(grants, [requireUnit(...path)])).toBeUndefined();
      }),
    );
  });

  it('more grants never reduce access, and more requirements never extend it', () => {
    fc.assert(
      fc.property(arbitraryCase, arbitraryGrant, ({ grants, needs: requirements }, another) => {
        if (!findUnmetRequirement(grants, requirements))
          expect(findUnmetRequirement([...grants, another], requirements)).toBeUndefined();
        const [first, ...rest] = requirements;
        if (first && findUnmetRequirement(grants, rest))
          expect(findUnmetRequirement(grants, requirements)).toBeDefined();
      }),
    );
  });

  it('an operator meets everything, and no grants meet nothing', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ grants, needs: requirements }) => {
        expect(findUnmetRequirement([...grants, operator], requirements)).toBeUndefined();
        expect(findUnmetRequirement([], requirements)).toBe(requirements[0]);
      }),
    );
  });

  it('the unmet requirement is the first that no grant meets', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ grants, needs: requirements }) => {
        const expectedUnmet = requirements.find((requirement) =>
          grants.every((grant) => findUnmetRequirement([grant], [requirement]) !== undefined),
        );
        expect(findUnmetRequirement(grants, requirements)).toBe(expectedUnmet);
      }),
    );
  });

  it('a role is selected exactly when access is allowed, and the user holds it', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ grants, needs: requirements }) => {
        const usedRole = selectActingRole(grants, requirements);
        expect(usedRole === undefined).toBe(
          grants.length === 0 || findUnmetRequirement(grants, requirements) !== undefined,
        );
        if (usedRole) expect(grants.map(({ role }) => role)).toContain(usedRole);
      }),
    );
  });

  it('no weaker role would suffice', () => {
    const rolesByPrecedence = ['ADMINISTRATOR', 'SPECIALIST_REGISTRAR', 'OPERATOR'] as const;
    fc.assert(
      fc.property(arbitraryCase, ({ grants, needs: requirements }) => {
        const sufficientRole = rolesByPrecedence.find((role) => {
          const roleGrants = grants.filter((grant) => grant.role === role);
          return roleGrants.length > 0 && !findUnmetRequirement(roleGrants, requirements);
        });
        if (sufficientRole) expect(selectActingRole(grants, requirements)).toBe(sufficientRole);
      }),
    );
  });

  it('grants of a day have a period that includes the day', () => {
    fc.assert(
      fc.property(arbitraryGrants, arbitraryDay, (grants, day) => {
        const currentGrants = filterGrantsOn(grants, day);
        expect(currentGrants).toEqual(grants.filter((grant) => covers(grant, day)));
        expect(currentGrants.every(({ from, to }) => from <= day && (to === null || day < to))).toBe(true);
      }),
    );
  });
});
