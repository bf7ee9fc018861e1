import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GrantAccessInput } from '../../src/domain/plan/change-input.ts';
import type { ChangeAnswer } from '../support/changes.ts';
import {
  home,
  lastYear,
  made,
  nextYear,
  openChangingWorld,
  refusals,
  yesterday,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { createClient } from '../support/client.ts';
import { accessOf } from '../support/held-access.ts';
import { keepsTheLawsOfChanges } from '../support/laws-of-changes.ts';
import { actor, subjects, units, worldBegan, worldDay } from '../support/world.ts';

let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

let people = 0;
const freshSubject = (): string => `person ${(people += 1)}`;

const grant = (input: Partial<GrantAccessInput>, as: keyof typeof subjects = 'trust'): Promise<ChangeAnswer> =>
  world.as(as).grantAccess({ subject: freshSubject(), name: 'Kari', role: 'ADMINISTRATOR', reshId: home, ...input });
const codesOf = ({ errors }: ChangeAnswer) => errors.map(({ extensions }) => extensions?.['code']);

describe('granting access', () => {
  it('lets somebody administer a unit and what is beneath it from today on', async () => {
    const before = await world.newest();
    const subject = freshSubject();

    const { change, impact, administrator, warnings } = made(
      await grant({ subject, name: ' Kari Nordmann ', email: ' kari@example.org ', reshId: units.clinic }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'GRANT_ACCESS' });
    expect(administrator).toEqual({ subject, name: 'Kari Nordmann' });
    expect(warnings).toEqual([]);
    expect(impact).toEqual({
      unitCount: 0,
      pathCount: 0,
      notes: [],
      units: [],
      grantsGained: [{ role: 'ADMINISTRATOR', administrator: { subject }, unit: { reshId: units.clinic } }],
      grantsLost: [],
    });
    expect(await accessOf(world.database, subject)).toEqual({
      name: 'Kari Nordmann',
      email: 'kari@example.org',
      grants: { [`ADMINISTRATOR ${units.clinic}`]: `${worldDay}/` },
    });
    const by = actor(world.database, subject);
    made(await by.updateUnit({ reshId: units.ward, shortName: 'W' }));
    expect(codesOf(await by.updateUnit({ reshId: home, shortName: 'H' }))).toEqual(['FORBIDDEN']);
    expect((await accessOf(world.database, subject, yesterday)).grants).toEqual({});
  });

  it('begins and ends on the days that are asked for, today’s, coming and past ones', async () => {
    const [until, coming, past] = [freshSubject(), freshSubject(), freshSubject()];
    made(await grant({ subject: until, validTo: nextYear }));
    made(await grant({ subject: coming, effectiveOn: nextYear, validTo: '2028-01-01' }));
    made(await grant({ subject: past, effectiveOn: lastYear }));
    const held = async (subject: string, today?: string) =>
      (await accessOf(world.database, subject, today)).grants[`ADMINISTRATOR ${home}`];

    expect([await held(until), await held(until, '2027-11-22'), await held(until, nextYear)]).toEqual([
      `${worldDay}/${nextYear}`,
      `${worldDay}/${nextYear}`,
      undefined,
    ]);
    expect([await held(coming), await held(coming, nextYear), await held(coming, '2028-01-01')]).toEqual([
      undefined,
      `${nextYear}/2028-01-01`,
      undefined,
    ]);
    expect([await held(past, lastYear), await held(past)]).toEqual([`${lastYear}/`, `${lastYear}/`]);
  });

  it('ends where the unit closes, planned or past, and says so', async () => {
    const ward = await world.department('Ward', home);
    const [first, second, backdated] = [freshSubject(), freshSubject(), freshSubject()];
    const held = async (subject: string, today?: string) =>
      (await accessOf(world.database, subject, today)).grants[`ADMINISTRATOR ${ward}`];
    const note = (day: string) => [`Access to unit ${ward} «Ward» ends on ${day}, on which the unit closes.`];
    made(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: nextYear }));

    expect(made(await grant({ subject: first, reshId: ward })).impact?.notes).toEqual(note(nextYear));
    expect(made(await grant({ subject: second, reshId: ward, validTo: '2028-01-01' })).impact?.notes).toEqual(
      note(nextYear),
    );
    expect(await held(first)).toBe(`${worldDay}/${nextYear}`);
    expect(await held(second)).toBe(`${worldDay}/${nextYear}`);
    made(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: yesterday }));
    made(await grant({ subject: backdated, reshId: ward, effectiveOn: lastYear }));
    expect([await held(backdated, lastYear), await held(backdated)]).toEqual([`${lastYear}/${yesterday}`, undefined]);
  });

  it('names whoever gets access from a coming day, when it is given and when it is taken back before', async () => {
    const subject = freshSubject();
    const { administrator } = made(await grant({ subject, name: 'Kari Nordmann', effectiveOn: nextYear }));
    expect(administrator).toEqual({ subject, name: 'Kari Nordmann' });

    const client = createClient(world.database, { today: worldDay, as: subjects.trust });
    const { data } = await client.send({
      query: `mutation TakeBack($input: RevokeAccessInput!) {
        revokeAccess(input: $input) { administrator { name } impact { grantsLost { administrator { name } } } }
      }`,
      variables: { input: { subject, role: 'ADMINISTRATOR', reshId: home } },
    });
    expect(data).toEqual({
      revokeAccess: {
        administrator: { name: 'Kari Nordmann' },
        impact: { grantsLost: [{ administrator: { name: 'Kari Nordmann' } }] },
      },
    });
  });

  it('joins what is held already, and shortens nothing', async () => {
    const subject = freshSubject();
    const held = async () => (await accessOf(world.database, subject)).grants;
    made(await grant({ subject, validTo: nextYear }));
    const longer = made(await grant({ subject, effectiveOn: '2027-01-01' }));
    const told = { role: 'ADMINISTRATOR', administrator: { subject }, unit: { reshId: home } };
    expect([longer.impact?.grantsGained, longer.impact?.grantsLost]).toEqual([[told], []]);
    expect(await held()).toEqual({ [`ADMINISTRATOR ${home}`]: `${worldDay}/` });

    made(await grant({ subject, effectiveOn: lastYear, validTo: nextYear }));
    expect(await held()).toEqual({ [`ADMINISTRATOR ${home}`]: `${lastYear}/` });

    const shorter = made(await grant({ subject, validTo: nextYear }));
    expect(shorter.warnings.map(({ code }) => code)).toEqual(['NOTHING_CHANGES']);
    expect([shorter.impact?.grantsGained, shorter.impact?.grantsLost]).toEqual([[], []]);
    expect(await held()).toEqual({ [`ADMINISTRATOR ${home}`]: `${lastYear}/` });
  });

  it('may be of several units and roles at once', async () => {
    const subject = freshSubject();
    made(await grant({ subject }));
    made(await grant({ subject, name: null, reshId: units.siblingTrust }, 'regional'));
    made(await grant({ subject, role: 'SPECIALIST_REGISTRAR', reshId: null }, 'operator'));
    const operator = made(await world.as('operator').grantAccess({ subject, role: 'OPERATOR' }));

    expect(operator.impact?.grantsGained).toEqual([{ role: 'OPERATOR', administrator: { subject }, unit: null }]);
    expect((await accessOf(world.database, subject)).grants).toEqual({
      OPERATOR: `${worldDay}/`,
      SPECIALIST_REGISTRAR: `${worldDay}/`,
      [`ADMINISTRATOR ${home}`]: `${worldDay}/`,
      [`ADMINISTRATOR ${units.siblingTrust}`]: `${worldDay}/`,
    });
  });

  it('is given beneath and at what one administers, never above or beside it', async () => {
    const to = async (reshId: number) => codesOf(await grant({ reshId, dryRun: true }, 'clinic'));

    expect(await to(units.clinic)).toEqual([]);
    expect(await to(units.ward)).toEqual([]);
    expect(await to(units.northTrust)).toEqual(['FORBIDDEN']);
    expect(await to(units.north)).toEqual(['FORBIDDEN']);
    expect(await to(home)).toEqual(['FORBIDDEN']);
    expect(await to(units.southClinic)).toEqual(['FORBIDDEN']);
  });

  it('of one’s own may be given on, and by whoever got it', async () => {
    const [first, second] = [freshSubject(), freshSubject()];
    made(await grant({ subject: first }));
    made(
      await actor(world.database, first).grantAccess({
        ...{ subject: second, name: 'Ola', role: 'ADMINISTRATOR', reshId: home },
      }),
    );
    expect((await accessOf(world.database, second)).grants).toEqual({ [`ADMINISTRATOR ${home}`]: `${worldDay}/` });
  });

  it('keeps the subject as tokens say it, without white space around it', async () => {
    const subject = freshSubject();
    const { administrator } = made(await grant({ subject: `  ${subject}\t` }));
    expect(administrator?.subject).toBe(subject);
    expect(Object.keys((await accessOf(world.database, subject)).grants)).toHaveLength(1);
  });
});

describe('name and address', () => {
  it('are kept where they are left out, and the address is cleared by null', async () => {
    const subject = freshSubject();
    const called = async () => {
      const { name, email } = await accessOf(world.database, subject);
      return [name, email];
    };
    made(await grant({ subject, name: 'Kari', email: 'kari@example.org' }));
    made(await world.as('trust').grantAccess({ subject, role: 'ADMINISTRATOR', reshId: units.clinic }));
    expect(await called()).toEqual(['Kari', 'kari@example.org']);

    made(await grant({ subject, name: null, reshId: units.ward }));
    expect(await called()).toEqual(['Kari', 'kari@example.org']);

    made(await grant({ subject, name: 'Kari N', reshId: units.ward }));
    expect(await called()).toEqual(['Kari N', 'kari@example.org']);

    made(await grant({ subject, name: null, email: null, reshId: units.ward }));
    expect(await called()).toEqual(['Kari N', null]);
  });

  it('hold from the day of the grant, and are needed on a day when there are none', async () => {
    const subject = freshSubject();
    made(await grant({ subject, name: 'Kari', effectiveOn: nextYear }));

    expect(refusals(await world.as('trust').grantAccess({ subject, role: 'ADMINISTRATOR', reshId: home }))).toEqual([
      {
        code: 'REQUIRED',
        field: ['name'],
        message: `The register has no name for «${subject}» on ${worldDay}; give one.`,
      },
    ]);
    made(await grant({ subject, name: 'Kari before' }));
    expect((await accessOf(world.database, subject)).name).toBe('Kari before');
    expect((await accessOf(world.database, subject, nextYear)).name).toBe('Kari');
  });

  it('of somebody who administers what is out of reach are changed from above only', async () => {
    const onWard = { subject: subjects.south, role: 'ADMINISTRATOR', reshId: units.ward } as const;
    const before = await world.newest();

    const renamed = await world.as('trust').grantAccess({ ...onWard, name: 'Somebody else' });
    expect(renamed.payload).toBeNull();
    expect(renamed.errors.map(({ message }) => message)).toEqual([
      'You may not grant this access: to change the name and e-mail address of «south-region», which may be left out, it needs access to unit 200 «south» or a unit above it. Ask Name of south-region (south-region@example.org).',
    ]);
    expect(codesOf(await world.as('trust').grantAccess({ ...onWard, email: 'mine@example.org' }))).toEqual([
      'FORBIDDEN',
    ]);
    expect(codesOf(await world.as('trust').grantAccess({ ...onWard, email: null }))).toEqual(['FORBIDDEN']);
    expect(
      codesOf(await world.as('trust').grantAccess({ ...onWard, subject: subjects.operator, name: 'Somebody else' })),
    ).toEqual(['FORBIDDEN']);
    expect(await world.newest()).toBe(before);

    made(await world.as('trust').grantAccess({ ...onWard, name: 'Name of south-region' }));
    made(await world.as('clinic').grantAccess({ ...onWard, subject: subjects.clinic, name: 'My other name' }));
    made(await world.as('operator').grantAccess({ ...onWard, name: 'By the operator' }));
    expect((await accessOf(world.database, subjects.south)).name).toBe('By the operator');
  });
});

describe('a grant is refused, and nothing written, where it', () => {
  let before = 0;
  const told = async (answer: Promise<ChangeAnswer>) =>
    refusals(await answer).map(({ code, field, message }) => [code, field, message]);
  beforeAll(async () => {
    before = await world.newest();
  });
  afterAll(async () => {
    expect(await world.newest()).toBe(before);
  });

  it('names no unit for an administrator, or one for a national role', async () => {
    expect(await told(grant({ reshId: null }))).toEqual([
      ['REQUIRED', ['reshId'], 'An administrator is one of a unit; name it in «reshId».'],
    ]);
    expect(await told(grant({ role: 'OPERATOR' }, 'operator'))).toEqual([
      ['NOT_ALLOWED', ['reshId'], 'The role OPERATOR is national and tied to no unit; leave «reshId» out.'],
    ]);
    expect(await told(grant({ role: 'SPECIALIST_REGISTRAR' }, 'operator'))).toEqual([
      ['NOT_ALLOWED', ['reshId'], 'The role SPECIALIST_REGISTRAR is national and tied to no unit; leave «reshId» out.'],
    ]);
  });

  it('gives a national role, by anybody but an operator', async () => {
    for (const as of ['registrar', 'regional', 'trust', 'clinic'] as const)
      for (const role of ['OPERATOR', 'SPECIALIST_REGISTRAR'] as const) {
        expect(codesOf(await grant({ role, reshId: null }, as))).toEqual(['FORBIDDEN']);
        expect(codesOf(await grant({ role, reshId: units.ward }, as))).toEqual(['FORBIDDEN']);
      }
  });

  it('names a unit that is not there, or is gone by then', async () => {
    const gone = await world.department('Gone', home, { validTo: '2024-01-01' });
    before = await world.newest();
    expect(await told(grant({ reshId: 999 }))).toEqual([
      ['NOT_FOUND', ['reshId'], 'Unit 999 is not in the register; correct the RESH-id.'],
    ]);
    expect(await told(grant({ reshId: gone }))).toEqual([
      [
        'NOT_VALID_ON_DAY',
        ['effectiveOn'],
        `Unit ${gone} «Gone» is closed on ${worldDay}; access is granted on a unit that is or will be open.`,
      ],
    ]);
  });

  it('ends before it begins', async () => {
    expect(await told(grant({ validTo: worldDay }))).toEqual([
      [
        'BAD_PERIOD',
        ['validTo'],
        `«validTo» is ${worldDay}, and the access begins on ${worldDay}; give a later day, or none.`,
      ],
    ]);
    expect((await told(grant({ effectiveOn: nextYear, validTo: worldDay }))).map(([code]) => code)).toEqual([
      'BAD_PERIOD',
    ]);
  });

  it('has texts that cannot be, all of them told at once', async () => {
    expect(await told(grant({ subject: ' ', name: ' ', email: 'nowhere', reshId: 999, validTo: worldBegan }))).toEqual([
      ['TEXT_INVALID', ['subject'], '«subject» is empty; give a text.'],
      ['TEXT_INVALID', ['name'], '«name» is empty; give a text.'],
      ['TEXT_INVALID', ['email'], '«nowhere» is no e-mail address; correct it.'],
      ['NOT_FOUND', ['reshId'], 'Unit 999 is not in the register; correct the RESH-id.'],
      [
        'BAD_PERIOD',
        ['validTo'],
        `«validTo» is ${worldBegan}, and the access begins on ${worldDay}; give a later day, or none.`,
      ],
    ]);
    const nobody = freshSubject();
    expect(await told(grant({ subject: nobody, name: null }))).toEqual([
      ['REQUIRED', ['name'], `The register has no name for «${nobody}» on ${worldDay}; give one.`],
    ]);
  });
});

describe('every grant', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'grantAccess',
    fresh: async (beneath) => ({
      ...{ subject: freshSubject(), name: 'Kari', role: 'ADMINISTRATOR' },
      reshId: await world.department('Wing', beneath),
    }),
    altered: (input) => ({ ...input, name: 'Another' }),
    named: ({ reshId }) => reshId ?? 0,
  });

  it('leaves a register in which every rule holds', async () => {
    expect(await world.violations()).toEqual([]);
  });
});
