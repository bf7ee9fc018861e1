import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GrantAccessInput } from '../../../src/domain/plan/change-input.ts';
import { administratorGrant } from '../../support/builders/mutation-inputs.ts';
import { grantImpact, impactOf } from '../../support/builders/impact.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { createClient } from '../../support/http/client.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import type { ChangeResponse } from '../../support/mutations/mutations.ts';
import { readViewerGrants } from '../../support/world/viewer-grants.ts';
import { mutationsAs, subjects, units, worldStart, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

let subjectCount = 0;

function nextSubject(): string {
  return `person ${(subjectCount += 1)}`;
}

function grant(input: Partial<GrantAccessInput>, as: keyof typeof subjects = 'trust'): Promise<ChangeResponse> {
  return world
    .as(as)
    .grantAccess({ subject: nextSubject(), name: 'Kari', role: 'ADMINISTRATOR', reshId: homeClinic, ...input });
}

function readErrorCodes({ errors }: ChangeResponse) {
  return errors.map(({ extensions }) => extensions?.['code']);
}

describe('grantAccess', () => {
  it('lets the user administer a unit and its descendants from today', async () => {
    const before = await world.readNewestRevision();
    const subject = nextSubject();

    const { change, impact, administrator, warnings } = expectAccepted(
      await grant({ subject, name: ' Kari Nordmann ', email: ' kari@example.org ', reshId: units.clinic }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'GRANT_ACCESS' });
    expect(administrator).toEqual({ subject, name: 'Kari Nordmann' });
    expect(warnings).toEqual([]);
    expect(impact).toEqual(
      impactOf({
        grantsGained: [grantImpact(subject, units.clinic)],
      }),
    );
    expect(await readViewerGrants(world.database, subject)).toEqual({
      name: 'Kari Nordmann',
      email: 'kari@example.org',
      grants: { [`ADMINISTRATOR ${units.clinic}`]: `${worldDay}/` },
    });

    const grantee = mutationsAs(world.database, subject);
    expectAccepted(await grantee.updateUnit({ reshId: units.ward, shortName: 'W' }));

    expect(readErrorCodes(await grantee.updateUnit({ reshId: homeClinic, shortName: 'H' }))).toEqual(['FORBIDDEN']);
    expect((await readViewerGrants(world.database, subject, yesterday)).grants).toEqual({});
  });

  it('starts and ends on the given days, past, present or future', async () => {
    const [limitedSubject, futureSubject, formerSubject] = [nextSubject(), nextSubject(), nextSubject()];
    expectAccepted(await grant({ subject: limitedSubject, validTo: nextYear }));
    expectAccepted(await grant({ subject: futureSubject, effectiveOn: nextYear, validTo: '2028-01-01' }));
    expectAccepted(await grant({ subject: formerSubject, effectiveOn: lastYear }));
    const readGrants = async (subject: string, today?: string) =>
      (await readViewerGrants(world.database, subject, today)).grants[`ADMINISTRATOR ${homeClinic}`];

    expect([
      await readGrants(limitedSubject),
      await readGrants(limitedSubject, '2027-11-22'),
      await readGrants(limitedSubject, nextYear),
    ]).toEqual([`${worldDay}/${nextYear}`, `${worldDay}/${nextYear}`, undefined]);
    expect([
      await readGrants(futureSubject),
      await readGrants(futureSubject, nextYear),
      await readGrants(futureSubject, '2028-01-01'),
    ]).toEqual([undefined, `${nextYear}/2028-01-01`, undefined]);
    expect([await readGrants(formerSubject, lastYear), await readGrants(formerSubject)]).toEqual([
      `${lastYear}/`,
      `${lastYear}/`,
    ]);
  });

  it('ends the grant when the unit closes, planned or past, and shows the end', async () => {
    const ward = await world.department('Ward', homeClinic);
    const [first, second, backdated] = [nextSubject(), nextSubject(), nextSubject()];
    const readGrants = async (subject: string, today?: string) =>
      (await readViewerGrants(world.database, subject, today)).grants[`ADMINISTRATOR ${ward}`];
    const endNote = (day: string) => [`Access to unit ${ward} "Ward" ends on ${day}, the day the unit closes.`];
    expectAccepted(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: nextYear }));

    expect(expectAccepted(await grant({ subject: first, reshId: ward })).impact?.notes).toEqual(endNote(nextYear));
    expect(expectAccepted(await grant({ subject: second, reshId: ward, validTo: '2028-01-01' })).impact?.notes).toEqual(
      endNote(nextYear),
    );
    expect(await readGrants(first)).toBe(`${worldDay}/${nextYear}`);
    expect(await readGrants(second)).toBe(`${worldDay}/${nextYear}`);

    expectAccepted(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: yesterday }));
    expectAccepted(await grant({ subject: backdated, reshId: ward, effectiveOn: lastYear }));

    expect([await readGrants(backdated, lastYear), await readGrants(backdated)]).toEqual([
      `${lastYear}/${yesterday}`,
      undefined,
    ]);
  });

  it('names the user of a future grant when granted and when revoked before it starts', async () => {
    const subject = nextSubject();
    const { administrator } = expectAccepted(await grant({ subject, name: 'Kari Nordmann', effectiveOn: nextYear }));

    expect(administrator).toEqual({ subject, name: 'Kari Nordmann' });

    const client = createClient(world.database, { today: worldDay, as: subjects.trust });
    const { data } = await client.send({
      query: `mutation TakeBack($input: RevokeAccessInput!) {
        revokeAccess(input: $input) { administrator { name } impact { grantsLost { administrator { name } } } }
      }`,
      variables: { input: administratorGrant(subject, homeClinic) },
    });

    expect(data).toEqual({
      revokeAccess: {
        administrator: { name: 'Kari Nordmann' },
        impact: { grantsLost: [{ administrator: { name: 'Kari Nordmann' } }] },
      },
    });
  });

  it('extends an existing grant and shortens nothing', async () => {
    const subject = nextSubject();
    const readGrants = async () => (await readViewerGrants(world.database, subject)).grants;
    expectAccepted(await grant({ subject, validTo: nextYear }));
    const extendedGrant = expectAccepted(await grant({ subject, effectiveOn: '2027-01-01' }));
    const expectedGrant = grantImpact(subject, homeClinic);

    expect([extendedGrant.impact?.grantsGained, extendedGrant.impact?.grantsLost]).toEqual([[expectedGrant], []]);
    expect(await readGrants()).toEqual({ [`ADMINISTRATOR ${homeClinic}`]: `${worldDay}/` });

    expectAccepted(await grant({ subject, effectiveOn: lastYear, validTo: nextYear }));
    expect(await readGrants()).toEqual({ [`ADMINISTRATOR ${homeClinic}`]: `${lastYear}/` });

    const shortenedGrant = expectAccepted(await grant({ subject, validTo: nextYear }));
    expect(shortenedGrant.warnings.map(({ code }) => code)).toEqual(['NO_CHANGES']);
    expect([shortenedGrant.impact?.grantsGained, shortenedGrant.impact?.grantsLost]).toEqual([[], []]);
    expect(await readGrants()).toEqual({ [`ADMINISTRATOR ${homeClinic}`]: `${lastYear}/` });
  });

  it('grants several units and roles to one user', async () => {
    const subject = nextSubject();
    expectAccepted(await grant({ subject }));
    expectAccepted(await grant({ subject, name: null, reshId: units.siblingTrust }, 'regional'));
    expectAccepted(await grant({ subject, role: 'SPECIALIST_REGISTRAR', reshId: null }, 'operator'));
    const operator = expectAccepted(await world.as('operator').grantAccess({ subject, role: 'OPERATOR' }));

    expect(operator.impact?.grantsGained).toEqual([{ role: 'OPERATOR', administrator: { subject }, unit: null }]);
    expect((await readViewerGrants(world.database, subject)).grants).toEqual({
      OPERATOR: `${worldDay}/`,
      SPECIALIST_REGISTRAR: `${worldDay}/`,
      [`ADMINISTRATOR ${homeClinic}`]: `${worldDay}/`,
      [`ADMINISTRATOR ${units.siblingTrust}`]: `${worldDay}/`,
    });
  });

  it('requires scope at or above the unit', async () => {
    const to = async (reshId: number) => readErrorCodes(await grant({ reshId, dryRun: true }, 'clinic'));

    expect(await to(units.clinic)).toEqual([]);
    expect(await to(units.ward)).toEqual([]);
    expect(await to(units.northTrust)).toEqual(['FORBIDDEN']);
    expect(await to(units.north)).toEqual(['FORBIDDEN']);
    expect(await to(homeClinic)).toEqual(['FORBIDDEN']);
    expect(await to(units.southClinic)).toEqual(['FORBIDDEN']);
  });

  it('lets an administrator pass on the same access, and the receiver as well', async () => {
    const [first, second] = [nextSubject(), nextSubject()];
    expectAccepted(await grant({ subject: first }));
    expectAccepted(
      await mutationsAs(world.database, first).grantAccess({
        subject: second,
        name: 'Ola',
        role: 'ADMINISTRATOR',
        reshId: homeClinic,
      }),
    );
    expect((await readViewerGrants(world.database, second)).grants).toEqual({
      [`ADMINISTRATOR ${homeClinic}`]: `${worldDay}/`,
    });
  });

  it('trims the subject and keeps it as in tokens', async () => {
    const subject = nextSubject();
    const { administrator } = expectAccepted(await grant({ subject: `  ${subject}\t` }));
    expect(administrator?.subject).toBe(subject);
    expect(Object.keys((await readViewerGrants(world.database, subject)).grants)).toHaveLength(1);
  });
});

describe('name and e-mail of an administrator', () => {
  it('are kept when omitted, and null clears the e-mail', async () => {
    const subject = nextSubject();
    const readNameAndEmail = async () => {
      const { name, email } = await readViewerGrants(world.database, subject);
      return [name, email];
    };
    expectAccepted(await grant({ subject, name: 'Kari', email: 'kari@example.org' }));
    expectAccepted(await world.as('trust').grantAccess(administratorGrant(subject, units.clinic)));

    expect(await readNameAndEmail()).toEqual(['Kari', 'kari@example.org']);

    expectAccepted(await grant({ subject, name: null, reshId: units.ward }));
    expect(await readNameAndEmail()).toEqual(['Kari', 'kari@example.org']);

    expectAccepted(await grant({ subject, name: 'Kari N', reshId: units.ward }));
    expect(await readNameAndEmail()).toEqual(['Kari N', 'kari@example.org']);

    expectAccepted(await grant({ subject, name: null, email: null, reshId: units.ward }));
    expect(await readNameAndEmail()).toEqual(['Kari N', null]);
  });

  it('start on the day of the grant and are required when no name exists on that day', async () => {
    const subject = nextSubject();
    expectAccepted(await grant({ subject, name: 'Kari', effectiveOn: nextYear }));

    expect(formatUserErrors(await world.as('trust').grantAccess(administratorGrant(subject, homeClinic)))).toEqual([
      `REQUIRED at name: The register has no name for "${subject}" on ${worldDay}; give one.`,
    ]);

    expectAccepted(await grant({ subject, name: 'Kari before' }));
    expect((await readViewerGrants(world.database, subject)).name).toBe('Kari before');
    expect((await readViewerGrants(world.database, subject, nextYear)).name).toBe('Kari');
  });

  it('can be changed only with scope over every unit of the administrator', async () => {
    const onWard = administratorGrant(subjects.south, units.ward);
    const before = await world.readNewestRevision();

    const renamed = await world.as('trust').grantAccess({ ...onWard, name: 'Somebody else' });
    expect(renamed.payload).toBeNull();
    expect(renamed.errors.map(({ message }) => message)).toEqual([
      'You may not grant this access: to change the name and e-mail address of "south-region" (omit both to ' +
        'leave them as they are), you need access to unit 200 "south" or a unit above it. ' +
        'Ask Name of south-region (south-region@example.org).',
    ]);
    expect(readErrorCodes(await world.as('trust').grantAccess({ ...onWard, email: 'mine@example.org' }))).toEqual([
      'FORBIDDEN',
    ]);
    expect(readErrorCodes(await world.as('trust').grantAccess({ ...onWard, email: null }))).toEqual(['FORBIDDEN']);
    expect(
      readErrorCodes(
        await world.as('trust').grantAccess({ ...onWard, subject: subjects.operator, name: 'Somebody else' }),
      ),
    ).toEqual(['FORBIDDEN']);
    expect(await world.readNewestRevision()).toBe(before);

    expectAccepted(await world.as('trust').grantAccess({ ...onWard, name: 'Name of south-region' }));
    expectAccepted(
      await world.as('clinic').grantAccess({ ...onWard, subject: subjects.clinic, name: 'My other name' }),
    );
    expectAccepted(await world.as('operator').grantAccess({ ...onWard, name: 'By the operator' }));

    expect((await readViewerGrants(world.database, subjects.south)).name).toBe('By the operator');
  });
});

describe('grantAccess errors', () => {
  let before = 0;
  const readUserErrors = async (answer: Promise<ChangeResponse>) =>
    expectUserErrors(await answer).map(({ code, field, message }) => [code, field, message]);
  beforeAll(async () => {
    before = await world.readNewestRevision();
  });
  afterAll(async () => {
    expect(await world.readNewestRevision()).toBe(before);
  });

  it('refuse an administrator without a unit and a national role with one', async () => {
    expect(await readUserErrors(grant({ reshId: null }))).toEqual([
      ['REQUIRED', ['reshId'], 'An administrator needs a unit; name it in "reshId".'],
    ]);
    expect(await readUserErrors(grant({ role: 'OPERATOR' }, 'operator'))).toEqual([
      ['NOT_ALLOWED', ['reshId'], 'Role operator is national, not tied to a unit; omit "reshId".'],
    ]);
    expect(await readUserErrors(grant({ role: 'SPECIALIST_REGISTRAR' }, 'operator'))).toEqual([
      ['NOT_ALLOWED', ['reshId'], 'Role specialist registrar is national, not tied to a unit; omit "reshId".'],
    ]);
  });

  it('refuse a national role by anyone but an operator', async () => {
    for (const as of ['registrar', 'regional', 'trust', 'clinic'] as const)
      for (const role of ['OPERATOR', 'SPECIALIST_REGISTRAR'] as const) {
        expect(readErrorCodes(await grant({ role, reshId: null }, as))).toEqual(['FORBIDDEN']);
        expect(readErrorCodes(await grant({ role, reshId: units.ward }, as))).toEqual(['FORBIDDEN']);
      }
  });

  it('refuse a unit that is unknown or closed by then', async () => {
    const closedUnit = await world.department('Gone', homeClinic, { validTo: '2024-01-01' });
    before = await world.readNewestRevision();
    expect(await readUserErrors(grant({ reshId: 999 }))).toEqual([
      ['NOT_FOUND', ['reshId'], 'Unit 999 is not in the register; correct the RESH-id.'],
    ]);
    expect(await readUserErrors(grant({ reshId: closedUnit }))).toEqual([
      [
        'NOT_VALID_ON_DAY',
        ['effectiveOn'],
        `Unit ${closedUnit} "Gone" is closed on ${worldDay} and later, so no access to it can be granted; ` +
          'reopen it first, or name another unit.',
      ],
    ]);
  });

  it('refuse an end before the start', async () => {
    expect(await readUserErrors(grant({ validTo: worldDay }))).toEqual([
      [
        'BAD_PERIOD',
        ['validTo'],
        `"validTo" is ${worldDay}, but the access begins on ${worldDay}; give a later day, or leave "validTo" out.`,
      ],
    ]);
    expect((await readUserErrors(grant({ effectiveOn: nextYear, validTo: worldDay }))).map(([code]) => code)).toEqual([
      'BAD_PERIOD',
    ]);
  });

  it('refuse invalid texts, all at once', async () => {
    expect(
      await readUserErrors(grant({ subject: ' ', name: ' ', email: 'nowhere', reshId: 999, validTo: worldStart })),
    ).toEqual([
      ['TEXT_INVALID', ['subject'], '"subject" is empty; give a value.'],
      ['TEXT_INVALID', ['name'], '"name" is empty; give a value.'],
      ['TEXT_INVALID', ['email'], '"nowhere" is not an e-mail address; correct it.'],
      ['NOT_FOUND', ['reshId'], 'Unit 999 is not in the register; correct the RESH-id.'],
      [
        'BAD_PERIOD',
        ['validTo'],
        `"validTo" is ${worldStart}, but the access begins on ${worldDay}; give a later day, or leave "validTo" out.`,
      ],
    ]);
    expect(await readUserErrors(grant({ subject: '', name: null }))).toEqual([
      ['TEXT_INVALID', ['subject'], '"subject" is empty; give a value.'],
    ]);
    const unknownSubject = nextSubject();
    expect(await readUserErrors(grant({ subject: unknownSubject, name: null }))).toEqual([
      ['REQUIRED', ['name'], `The register has no name for "${unknownSubject}" on ${worldDay}; give one.`],
    ]);
  });
});

describe('every grant', () => {
  testMutationLaws({
    world,
    name: 'grantAccess',
    createInput: async (parent) => ({
      subject: nextSubject(),
      name: 'Kari',
      role: 'ADMINISTRATOR',
      reshId: await world.department('Wing', parent),
    }),
    alterInput: (input) => ({ ...input, name: 'Another' }),
    readReshId: ({ reshId }) => reshId ?? 0,
  });
});
