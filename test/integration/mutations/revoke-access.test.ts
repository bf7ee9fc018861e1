import { describe, expect, it } from 'vitest';
import type { RevokeAccessInput } from '../../../src/domain/plan/change-input.ts';
import { administratorGrant } from '../../support/builders/mutation-inputs.ts';
import { grantImpact, impactOf } from '../../support/builders/impact.ts';
import {
  expectAccepted,
  expectRevision,
  expectUserErrors,
  formatUserErrors,
} from '../../support/mutations/change-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import type { ChangeResponse } from '../../support/mutations/mutations.ts';
import { readViewerGrants } from '../../support/world/viewer-grants.ts';
import { mutationsAs, subjects, units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

let subjectCount = 0;

/** Creates a subject who administers a unit. */
async function createAdministrator(
  reshId: number,
  options: { effectiveOn?: string; validTo?: string } = {},
): Promise<string> {
  const subject = `person ${(subjectCount += 1)}`;
  expectAccepted(
    await world.as('operator').grantAccess({ subject, name: 'Kari', role: 'ADMINISTRATOR', reshId, ...options }),
  );
  return subject;
}

function revoke(
  subject: string,
  reshId: number,
  options: Partial<RevokeAccessInput> = {},
  as: keyof typeof subjects = 'operator',
): Promise<ChangeResponse> {
  return world.as(as).revokeAccess(administratorGrant(subject, reshId, options));
}

function readErrorCodes({ errors }: ChangeResponse) {
  return errors.map(({ extensions }) => extensions?.['code']);
}

async function readGrantPeriod(subject: string, today?: string): Promise<string | undefined> {
  return Object.values((await readViewerGrants(world.database, subject, today)).grants)[0];
}

describe('revokeAccess', () => {
  it('ends access today', async () => {
    const subject = await createAdministrator(units.clinic);
    const before = await world.readNewestRevision();
    const revokedMutations = mutationsAs(world.database, subject);
    expectAccepted(await revokedMutations.updateUnit({ reshId: units.ward, shortName: 'W', dryRun: true }));

    const { change, impact, administrator, warnings } = expectAccepted(
      await revoke(subject, units.clinic, {}, 'trust'),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'REVOKE_ACCESS' });
    expect(administrator).toEqual({ subject, name: 'Kari' });
    expect(warnings).toEqual([]);
    expect(impact).toEqual(
      impactOf({
        grantsLost: [grantImpact(subject, units.clinic)],
      }),
    );
    expect(await readGrantPeriod(subject)).toBeUndefined();
    expect(
      readErrorCodes(await revokedMutations.updateUnit({ reshId: units.ward, shortName: 'W', dryRun: true })),
    ).toEqual(['FORBIDDEN']);
  });

  it('ends access on a future or past day', async () => {
    const [futureAdministrator, formerAdministrator] = [
      await createAdministrator(homeClinic, { effectiveOn: lastYear }),
      await createAdministrator(homeClinic, { effectiveOn: lastYear }),
    ];
    expectAccepted(await revoke(futureAdministrator, homeClinic, { effectiveOn: nextYear }));
    expectAccepted(await revoke(formerAdministrator, homeClinic, { effectiveOn: yesterday }));

    expect([await readGrantPeriod(futureAdministrator), await readGrantPeriod(futureAdministrator, nextYear)]).toEqual([
      `${lastYear}/${nextYear}`,
      undefined,
    ]);
    expect([await readGrantPeriod(formerAdministrator, lastYear), await readGrantPeriod(formerAdministrator)]).toEqual([
      `${lastYear}/${yesterday}`,
      undefined,
    ]);
  });

  it('removes a grant before its start, and replaces a later end by an earlier one', async () => {
    const planned = await createAdministrator(homeClinic, { effectiveOn: nextYear });
    const { impact } = expectAccepted(await revoke(planned, homeClinic));

    expect(impact?.grantsLost).toHaveLength(1);
    expect(await readGrantPeriod(planned, nextYear)).toBeUndefined();

    const limited = await createAdministrator(homeClinic, { validTo: nextYear });
    expectAccepted(await revoke(limited, homeClinic, { effectiveOn: '2027-01-01' }));

    expect(await readGrantPeriod(limited)).toBe(`${worldDay}/2027-01-01`);
    expect(formatUserErrors(await revoke(limited, homeClinic, { effectiveOn: '2027-01-01' }))).toEqual([
      `NOT_FOUND at subject: "${limited}" does not have role administrator on unit ${homeClinic} ` +
        `"secondClinic" on 2027-01-01 ` +
        'or later; correct the subject, the role or the day.',
    ]);
  });

  it('ends one grant and keeps the other grants of the user', async () => {
    const subject = await createAdministrator(units.clinic);
    expectAccepted(await world.as('operator').grantAccess(administratorGrant(subject, units.siblingClinic)));
    expectAccepted(await revoke(subject, units.clinic));
    expect((await readViewerGrants(world.database, subject)).grants).toEqual({
      [`ADMINISTRATOR ${units.siblingClinic}`]: `${worldDay}/`,
    });
  });

  it("requires scope at or above the unit, for one's own access too", async () => {
    const subject = await createAdministrator(homeClinic);
    const ownMutations = mutationsAs(world.database, subject);
    const grantInput = administratorGrant(subject, homeClinic);

    for (const as of ['registrar', 'clinic', 'south'] as const)
      expect(readErrorCodes(await revoke(subject, homeClinic, {}, as))).toEqual(['FORBIDDEN']);
    expect(
      readErrorCodes(
        await ownMutations.revokeAccess({ ...grantInput, subject: subjects.trust, reshId: units.northTrust }),
      ),
    ).toEqual(['FORBIDDEN']);

    expectAccepted(await ownMutations.revokeAccess(grantInput));
    expect(readErrorCodes(await ownMutations.revokeAccess(grantInput))).toEqual(['FORBIDDEN']);
  });
});

describe('last administrator of an organization', () => {
  it('can be revoked only from above, not from within and not by the administrator', async () => {
    const trust = await world.organization('Trust', units.north);
    const onlyAdministrator = await createAdministrator(trust);
    const grantInput = administratorGrant(onlyAdministrator, trust);

    const ownResponse = await mutationsAs(world.database, onlyAdministrator).revokeAccess(grantInput);
    expect(ownResponse.payload).toBeNull();
    expect(ownResponse.errors.map(({ message }) => message)).toEqual([
      `You may not revoke this access: for unit ${trust} "Trust", you need access to unit 100 "north" or a unit ` +
        'above it. Ask Name of north-region (north-region@example.org).',
    ]);
    expect(
      readErrorCodes(
        await mutationsAs(world.database, onlyAdministrator).revokeAccess({
          ...grantInput,
          subject: `\t${onlyAdministrator} `,
        }),
      ),
    ).toEqual(['FORBIDDEN']);

    expectAccepted(await world.as('regional').revokeAccess(grantInput));
  });

  it('is detected when any day from today on would be without one', async () => {
    const trust = await world.organization('Trust', units.north);
    const remainingAdministrator = await createAdministrator(trust, { effectiveOn: lastYear });
    await createAdministrator(trust, { effectiveOn: lastYear, validTo: '2027-01-01' });
    await createAdministrator(trust, { effectiveOn: '2028-01-01' });
    const temporaryAdministrator = await createAdministrator(trust, { effectiveOn: lastYear, validTo: '2026-12-01' });
    const ownMutations = mutationsAs(world.database, remainingAdministrator);
    const revokeOwn = async (effectiveOn: string) =>
      readErrorCodes(
        await ownMutations.revokeAccess(
          administratorGrant(remainingAdministrator, trust, { effectiveOn, dryRun: true }),
        ),
      );

    for (const day of [yesterday, worldDay, '2026-12-31', '2027-01-01', '2027-12-31'])
      expect([day, await revokeOwn(day)]).toEqual([day, ['FORBIDDEN']]);
    expect(await revokeOwn('2028-01-01')).toEqual([]);

    expectAccepted(
      await mutationsAs(world.database, temporaryAdministrator).revokeAccess(
        administratorGrant(temporaryAdministrator, trust),
      ),
    );
  });

  it('cannot leave through a temporary administrator or by revoking the others first', async () => {
    const trust = await world.organization('Trust', units.north);
    const [leavingAdministrator, other] = [await createAdministrator(trust), await createAdministrator(trust)];
    const ownMutations = mutationsAs(world.database, leavingAdministrator);
    const revokeFrom = (subject: string, effectiveOn: string) =>
      ownMutations.revokeAccess(administratorGrant(subject, trust, { effectiveOn }));

    expectAccepted(await revokeFrom(other, '2030-01-01'));
    expect(readErrorCodes(await revokeFrom(leavingAdministrator, worldDay))).toEqual(['FORBIDDEN']);

    expectAccepted(
      await ownMutations.grantAccess({
        subject: 'passing',
        name: 'Passing',
        role: 'ADMINISTRATOR',
        reshId: trust,
        validTo: '2031-01-01',
      }),
    );
    expect(readErrorCodes(await revokeFrom(leavingAdministrator, worldDay))).toEqual(['FORBIDDEN']);

    expectAccepted(await ownMutations.grantAccess(administratorGrant(other, trust, { effectiveOn: '2030-06-01' })));
    expectAccepted(await revokeFrom(leavingAdministrator, worldDay));
  });

  it('is the last one despite administrators above and former or future ones', async () => {
    const trust = await world.organization('Trust', units.northTrust);
    const onlyAdministrator = await createAdministrator(trust);
    await createAdministrator(trust, { effectiveOn: lastYear, validTo: worldDay });
    await createAdministrator(trust, { effectiveOn: nextYear });
    const grantInput = administratorGrant(onlyAdministrator, trust);

    expect(readErrorCodes(await mutationsAs(world.database, onlyAdministrator).revokeAccess(grantInput))).toEqual([
      'FORBIDDEN',
    ]);

    expectAccepted(await world.as('trust').revokeAccess(grantInput));
  });

  it('of a root can be revoked by the operator', async () => {
    const root = await world.organization('Region', null);
    const [first, second] = [await createAdministrator(root), await createAdministrator(root)];
    const ownMutations = mutationsAs(world.database, second);

    expectAccepted(await ownMutations.revokeAccess(administratorGrant(first, root)));
    const last = await ownMutations.revokeAccess(administratorGrant(second, root));

    expect(last.errors.map(({ message }) => message)).toEqual([
      `You may not revoke this access: changing root unit ${root} "Region" is reserved for the national ` +
        'operator. Ask the national operator.',
    ]);

    expectAccepted(await revoke(second, root));
  });

  it('of a department can be revoked like any other', async () => {
    const ward = await world.department('Ward', homeClinic);
    const onlyAdministrator = await createAdministrator(ward);
    expectAccepted(
      await mutationsAs(world.database, onlyAdministrator).revokeAccess(administratorGrant(onlyAdministrator, ward)),
    );
  });
});

describe('national roles', () => {
  const createOperator = async (more: { effectiveOn?: string; validTo?: string } = {}): Promise<string> => {
    const subject = `person ${(subjectCount += 1)}`;
    expectAccepted(await world.as('operator').grantAccess({ subject, name: 'Olga', role: 'OPERATOR', ...more }));
    return subject;
  };

  it('can be revoked by an operator only', async () => {
    for (const as of ['registrar', 'regional', 'trust', 'clinic'] as const)
      for (const role of ['OPERATOR', 'SPECIALIST_REGISTRAR'] as const)
        expect(readErrorCodes(await world.as(as).revokeAccess({ subject: subjects.registrar, role }))).toEqual([
          'FORBIDDEN',
        ]);
    const { impact } = expectAccepted(
      await world.as('operator').revokeAccess({ subject: subjects.registrar, role: 'SPECIALIST_REGISTRAR' }),
    );
    expect(impact?.grantsLost).toEqual([
      { role: 'SPECIALIST_REGISTRAR', administrator: { subject: subjects.registrar }, unit: null },
    ]);
  });

  it('always keep one operator', async () => {
    const last = [
      {
        code: 'LAST_OPERATOR',
        field: ['subject'],
        message:
          `"${subjects.operator}" is the last operator; ` +
          'add another one first, with grantAccess or "resh operator".',
      },
    ];
    const revokeSelf = (effectiveOn?: string) =>
      world.as('operator').revokeAccess({
        subject: subjects.operator,
        role: 'OPERATOR',
        dryRun: true,
        ...(effectiveOn !== undefined && { effectiveOn }),
      });

    expect(expectUserErrors(await revokeSelf())).toEqual(last);

    const limited = await createOperator({ validTo: nextYear });
    const futureOperator = await createOperator({ effectiveOn: '2027-01-01' });

    expect(expectUserErrors(await revokeSelf())).toEqual(last);
    expect(expectUserErrors(await revokeSelf('2026-12-31'))).toEqual(last);

    expectAccepted(await revokeSelf('2027-01-01'));
    expectAccepted(await world.as('operator').revokeAccess({ subject: futureOperator, role: 'OPERATOR' }));
    expectAccepted(await world.as('operator').revokeAccess({ subject: limited, role: 'OPERATOR' }));

    const second = await createOperator();
    expectAccepted(await revokeSelf());
    expectAccepted(await revokeSelf(lastYear));
    expectAccepted(await mutationsAs(world.database, second).revokeAccess({ subject: second, role: 'OPERATOR' }));

    expect(expectUserErrors(await revokeSelf())).toEqual(last);
  });
});

describe('revokeAccess errors', () => {
  const readUserErrors = async (answer: Promise<ChangeResponse>) =>
    expectUserErrors(await answer).map(({ code, field, message }) => [code, field, message]);

  it('refuse an administrator without a unit and a national role with one', async () => {
    expect(
      await readUserErrors(world.as('clinic').revokeAccess({ subject: subjects.trust, role: 'ADMINISTRATOR' })),
    ).toEqual([['REQUIRED', ['reshId'], 'An administrator needs a unit; name it in "reshId".']]);
    expect(
      await readUserErrors(
        world.as('operator').revokeAccess({ subject: subjects.operator, role: 'OPERATOR', reshId: homeClinic }),
      ),
    ).toEqual([['NOT_ALLOWED', ['reshId'], 'Role operator is national, not tied to a unit; omit "reshId".']]);
  });

  it('refuse an unknown unit and a user without that access', async () => {
    expect(await readUserErrors(revoke(subjects.trust, 999, {}, 'clinic'))).toEqual([
      ['NOT_FOUND', ['reshId'], 'Unit 999 is not in the register; correct the RESH-id.'],
    ]);
    expect(await readUserErrors(revoke('somebody', homeClinic, {}, 'trust'))).toEqual([
      [
        'NOT_FOUND',
        ['subject'],
        `"somebody" does not have role administrator on unit ${homeClinic} "secondClinic" on ${worldDay} or later; ` +
          'correct the subject, the role or the day.',
      ],
    ]);
    expect(await readUserErrors(world.as('operator').revokeAccess({ subject: 'somebody', role: 'OPERATOR' }))).toEqual([
      [
        'NOT_FOUND',
        ['subject'],
        `"somebody" does not have role operator on ${worldDay} or later; correct the subject, the role or the day.`,
      ],
    ]);
  });
});

describe('every revocation', () => {
  testMutationLaws({
    world,
    name: 'revokeAccess',
    createInput: async (parent) => {
      const reshId = await world.department('Wing', parent);
      return { subject: await createAdministrator(reshId), role: 'ADMINISTRATOR', reshId };
    },
    alterInput: (input) => ({ ...input, subject: subjects.trust }),
    readReshId: ({ reshId }) => reshId ?? 0,
  });

  it("repeats its first answer for the same key, even after one's own access ended", async () => {
    const subject = await createAdministrator(homeClinic);
    const ownMutations = mutationsAs(world.database, subject);
    const input = administratorGrant(subject, homeClinic, { idempotencyKey: 'leaving' });
    const first = await ownMutations.revokeAccess(input);
    const revision = expectRevision(first);

    expect(await ownMutations.revokeAccess(input)).toEqual(first);
    expect(await world.readNewestRevision()).toBe(revision);
    // The key belongs to this subject and mutation: it does not authorize another subject or another change.
    expect(readErrorCodes(await mutationsAs(world.database, 'stranger').revokeAccess(input))).toEqual(['FORBIDDEN']);
    expect(readErrorCodes(await ownMutations.grantAccess({ ...input, name: 'Kari' }))).toEqual(['FORBIDDEN']);
    expect(
      expectUserErrors(await ownMutations.revokeAccess({ ...input, subject: subjects.trust })).map(({ code }) => code),
    ).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(readErrorCodes(await ownMutations.revokeAccess({ ...input, dryRun: true }))).toEqual(['FORBIDDEN']);
  });
});
