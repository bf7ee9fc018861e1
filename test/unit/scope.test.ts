import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstUnmet, grantsOn, roleUsed, type Grant, type Need } from '../../src/auth/scope.ts';
import { addDays } from '../../src/domain/time/day.ts';
import { covers } from '../../src/domain/time/period.ts';
import { someDay } from '../support/model/timelines.ts';

const [region, trust, clinic, otherTrust] = [1, 2, 3, 4];
const always = { from: '2020-01-01', to: null };
const operator: Grant = { role: 'OPERATOR', reshId: null, ...always };
const registrar: Grant = { role: 'SPECIALIST_REGISTRAR', reshId: null, ...always };
const administratorOf = (reshId: number): Grant => ({ role: 'ADMINISTRATOR', reshId, ...always });

const over = (...path: number[]): Need => ({
  ...{ kind: 'unit', reshId: path.at(-1) ?? 0, name: 'Unit', path },
  isForRegistrar: false,
});
const overSpecialist = (...path: number[]): Need => ({ ...over(...path), isForRegistrar: true }) as Need;
const national: Need = { kind: 'role', roles: ['OPERATOR'], what: 'registering' };
const ofRegistrar: Need = { kind: 'role', roles: ['OPERATOR', 'SPECIALIST_REGISTRAR'], what: 'registering' };

describe('the scope rule', () => {
  it.each([
    ['an administrator at the unit', [administratorOf(trust)], over(region, trust), true],
    ['an administrator above the unit', [administratorOf(region)], over(region, trust, clinic), true],
    ['an administrator beneath the unit', [administratorOf(clinic)], over(region, trust), false],
    ['an administrator beside the unit', [administratorOf(otherTrust)], over(region, trust), false],
    ['the registrar, of another unit', [registrar], over(region, trust), false],
    ['the registrar, of a specialist', [registrar], overSpecialist(region, trust), true],
    ['an administrator above a specialist', [administratorOf(region)], overSpecialist(region, trust), true],
    ['an administrator beside a specialist', [administratorOf(otherTrust)], overSpecialist(region, trust), false],
    ['the operator', [operator], over(region, trust), true],
    ['the operator, for what is national', [operator], national, true],
    ['the registrar, for what is the operator’s', [registrar], national, false],
    ['the registrar, for what is the registrar’s', [registrar], ofRegistrar, true],
    ['an administrator, for what is the registrar’s', [administratorOf(region)], ofRegistrar, false],
    ['nobody', [], over(region), false],
    ['an administrator of no unit, as no database has', [{ ...administratorOf(0), reshId: null }], over(region), false],
  ] as const)('for %s', (_who, grants, need, isMet) => {
    expect(firstUnmet(grants, [need])).toBe(isMet ? undefined : need);
  });

  it('tells the first need that is unmet', () => {
    const needs = [over(region, trust), over(region, otherTrust), national];
    expect(firstUnmet([administratorOf(trust)], needs)).toBe(needs[1]);
    expect(firstUnmet([administratorOf(region)], needs)).toBe(needs[2]);
    expect(firstUnmet([administratorOf(trust), administratorOf(otherTrust), operator], needs)).toBeUndefined();
  });

  it('meets each need by any of the grants', () => {
    const needs = [over(region, trust), overSpecialist(otherTrust)];
    expect(firstUnmet([administratorOf(trust)], needs)).toBe(needs[1]);
    expect(firstUnmet([administratorOf(trust), registrar], needs)).toBeUndefined();
  });
});

describe('the role that is used', () => {
  it.each([
    [
      'the one that may do least',
      [operator, registrar, administratorOf(trust)],
      [over(region, trust)],
      'ADMINISTRATOR',
    ],
    ['the next where that one does not reach', [operator, administratorOf(clinic)], [over(region, trust)], 'OPERATOR'],
    ['the registrar before the operator', [operator, registrar], [ofRegistrar], 'SPECIALIST_REGISTRAR'],
    [
      'one of two that do it together',
      [registrar, administratorOf(trust)],
      [over(trust), ofRegistrar],
      'SPECIALIST_REGISTRAR',
    ],
    [
      'two units’ grants of one role together',
      [administratorOf(trust), administratorOf(otherTrust)],
      [over(trust), over(otherTrust)],
      'ADMINISTRATOR',
    ],
    ['none where something is unmet', [administratorOf(trust)], [over(trust), national], undefined],
    ['none where nothing is held', [], [], undefined],
  ] as const)('is %s', (_which, grants, needs, role) => {
    expect(roleUsed(grants, needs)).toBe(role);
  });
});

// A tree by each unit's parent, which has a lower number: unit 0 is the root.
const trees = fc
  .array(fc.nat(), { minLength: 1, maxLength: 12 })
  .map((picks) => picks.map((pick, unit) => (unit === 0 ? null : pick % unit)));
const pathIn = (tree: readonly (number | null)[], unit: number): number[] => {
  const parent = tree[unit];
  return typeof parent === 'number' ? [...pathIn(tree, parent), unit] : [unit];
};

const someGrant: fc.Arbitrary<Grant> = fc
  .record({
    role: fc.constantFrom('OPERATOR' as const, 'SPECIALIST_REGISTRAR' as const, 'ADMINISTRATOR' as const),
    unit: fc.nat(11),
    from: someDay,
    length: fc.option(fc.integer({ min: 1, max: 20 })),
  })
  .map(({ role, unit, from, length }) => ({
    role,
    reshId: role === 'ADMINISTRATOR' ? unit : null,
    from,
    to: length === null ? null : addDays(from, length),
  }));
const someGrants = fc.array(someGrant, { maxLength: 5 });

const needsIn = (tree: readonly (number | null)[]): fc.Arbitrary<Need[]> =>
  fc.array(
    fc.oneof(
      fc
        .record({ unit: fc.nat(tree.length - 1), isForRegistrar: fc.boolean() })
        .map(({ unit, isForRegistrar }): Need => ({
          ...{ kind: 'unit', reshId: unit, name: `Unit ${unit}`, path: pathIn(tree, unit), isForRegistrar },
        })),
      fc.constantFrom(national, ofRegistrar),
    ),
    { maxLength: 5 },
  );
const cases = trees.chain((tree) => fc.record({ tree: fc.constant(tree), grants: someGrants, needs: needsIn(tree) }));

describe('for all grants and needs', () => {
  it('a unit may be changed by whoever administers it or a unit above it, and by no other administrator', () => {
    fc.assert(
      fc.property(trees, fc.nat(), fc.nat(), (tree, one, other) => {
        const [held, unit] = [one % tree.length, other % tree.length];
        // Walks up by the parents, where the rule looks at the path.
        let above: number | null | undefined = unit;
        while (typeof above === 'number' && above !== held) above = tree[above];
        expect(firstUnmet([administratorOf(held)], [over(...pathIn(tree, unit))]) === undefined).toBe(above === held);
      }),
    );
  });

  it('whoever reaches a unit reaches all beneath it', () => {
    fc.assert(
      fc.property(trees, someGrants, fc.nat(), (tree, grants, pick) => {
        const path = pathIn(tree, pick % tree.length);
        const parent = path.slice(0, -1);
        if (parent.length > 0 && !firstUnmet(grants, [over(...parent)]))
          expect(firstUnmet(grants, [over(...path)])).toBeUndefined();
      }),
    );
  });

  it('more grants never take anything away, more needs never give anything', () => {
    fc.assert(
      fc.property(cases, someGrant, ({ grants, needs }, another) => {
        if (!firstUnmet(grants, needs)) expect(firstUnmet([...grants, another], needs)).toBeUndefined();
        const [first, ...rest] = needs;
        if (first && firstUnmet(grants, rest)) expect(firstUnmet(grants, needs)).toBeDefined();
      }),
    );
  });

  it('an operator meets everything, and nobody without grants anything', () => {
    fc.assert(
      fc.property(cases, ({ grants, needs }) => {
        expect(firstUnmet([...grants, operator], needs)).toBeUndefined();
        expect(firstUnmet([], needs)).toBe(needs[0]);
      }),
    );
  });

  it('the unmet need is the first that each grant alone leaves unmet', () => {
    fc.assert(
      fc.property(cases, ({ grants, needs }) => {
        const unmet = needs.find((need) => grants.every((grant) => firstUnmet([grant], [need]) !== undefined));
        expect(firstUnmet(grants, needs)).toBe(unmet);
      }),
    );
  });

  it('a role is used exactly where the change is allowed, and is one that is held', () => {
    fc.assert(
      fc.property(cases, ({ grants, needs }) => {
        const used = roleUsed(grants, needs);
        expect(used === undefined).toBe(grants.length === 0 || firstUnmet(grants, needs) !== undefined);
        if (used) expect(grants.map(({ role }) => role)).toContain(used);
      }),
    );
  });

  it('no role that may do less would have done', () => {
    const mayDo = ['ADMINISTRATOR', 'SPECIALIST_REGISTRAR', 'OPERATOR'] as const;
    fc.assert(
      fc.property(cases, ({ grants, needs }) => {
        const alone = mayDo.find((role) => {
          const held = grants.filter((grant) => grant.role === role);
          return held.length > 0 && !firstUnmet(held, needs);
        });
        if (alone) expect(roleUsed(grants, needs)).toBe(alone);
      }),
    );
  });

  it('the grants of a day are those whose period has it', () => {
    fc.assert(
      fc.property(someGrants, someDay, (grants, day) => {
        const held = grantsOn(grants, day);
        expect(held).toEqual(grants.filter((grant) => covers(grant, day)));
        expect(held.every(({ from, to }) => from <= day && (to === null || day < to))).toBe(true);
      }),
    );
  });
});
