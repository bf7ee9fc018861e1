import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RevokeAccessInput } from '../../src/domain/plan/change-input.ts';
import type { ChangeAnswer } from '../support/changes.ts';
import {
  home,
  lastYear,
  made,
  nextYear,
  openChangingWorld,
  refusals,
  revisionOf,
  yesterday,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { accessOf } from '../support/held-access.ts';
import { keepsTheLawsOfChanges } from '../support/laws-of-changes.ts';
import { actor, subjects, units, worldDay } from '../support/world.ts';

let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

let people = 0;
/** Somebody new who administers a unit. */
const administratorOf = async (
  reshId: number,
  more: { effectiveOn?: string; validTo?: string } = {},
): Promise<string> => {
  const subject = `person ${(people += 1)}`;
  made(await world.as('operator').grantAccess({ subject, name: 'Kari', role: 'ADMINISTRATOR', reshId, ...more }));
  return subject;
};
const revoke = (
  subject: string,
  reshId: number,
  more: Partial<RevokeAccessInput> = {},
  as: keyof typeof subjects = 'operator',
): Promise<ChangeAnswer> => world.as(as).revokeAccess({ subject, role: 'ADMINISTRATOR', reshId, ...more });
const codesOf = ({ errors }: ChangeAnswer) => errors.map(({ extensions }) => extensions?.['code']);
const heldBy = async (subject: string, today?: string): Promise<string | undefined> =>
  Object.values((await accessOf(world.database, subject, today)).grants)[0];

describe('revoking access', () => {
  it('ends it today, and with it what its holder may do', async () => {
    const subject = await administratorOf(units.clinic);
    const before = await world.newest();
    const by = actor(world.database, subject);
    made(await by.updateUnit({ reshId: units.ward, shortName: 'W', dryRun: true }));

    const { change, impact, administrator, warnings } = made(await revoke(subject, units.clinic, {}, 'trust'));

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'REVOKE_ACCESS' });
    expect(administrator).toEqual({ subject, name: 'Kari' });
    expect(warnings).toEqual([]);
    expect(impact).toEqual({
      unitCount: 0,
      pathCount: 0,
      notes: [],
      units: [],
      grantsGained: [],
      grantsLost: [{ role: 'ADMINISTRATOR', administrator: { subject }, unit: { reshId: units.clinic } }],
    });
    expect(await heldBy(subject)).toBeUndefined();
    expect(codesOf(await by.updateUnit({ reshId: units.ward, shortName: 'W', dryRun: true }))).toEqual(['FORBIDDEN']);
  });

  it('ends it on a coming or a past day', async () => {
    const [coming, past] = [
      await administratorOf(home, { effectiveOn: lastYear }),
      await administratorOf(home, { effectiveOn: lastYear }),
    ];
    made(await revoke(coming, home, { effectiveOn: nextYear }));
    made(await revoke(past, home, { effectiveOn: yesterday }));

    expect([await heldBy(coming), await heldBy(coming, nextYear)]).toEqual([`${lastYear}/${nextYear}`, undefined]);
    expect([await heldBy(past, lastYear), await heldBy(past)]).toEqual([`${lastYear}/${yesterday}`, undefined]);
  });

  it('takes back what has not begun, and an end that is earlier replaces a later one', async () => {
    const planned = await administratorOf(home, { effectiveOn: nextYear });
    const { impact } = made(await revoke(planned, home));
    expect(impact?.grantsLost).toHaveLength(1);
    expect(await heldBy(planned, nextYear)).toBeUndefined();

    const limited = await administratorOf(home, { validTo: nextYear });
    made(await revoke(limited, home, { effectiveOn: '2027-01-01' }));
    expect(await heldBy(limited)).toBe(`${worldDay}/2027-01-01`);
    expect(refusals(await revoke(limited, home, { effectiveOn: '2027-01-01' }))).toEqual([
      {
        code: 'NOT_FOUND',
        field: ['subject'],
        message: `«${limited}» does not have the role ADMINISTRATOR on unit ${home} on 2027-01-01 or later.`,
      },
    ]);
  });

  it('ends the one grant, and leaves others of the same person', async () => {
    const subject = await administratorOf(units.clinic);
    made(await world.as('operator').grantAccess({ subject, role: 'ADMINISTRATOR', reshId: units.siblingClinic }));
    made(await revoke(subject, units.clinic));
    expect((await accessOf(world.database, subject)).grants).toEqual({
      [`ADMINISTRATOR ${units.siblingClinic}`]: `${worldDay}/`,
    });
  });

  it('is for those at or above the unit, one’s own access too', async () => {
    const subject = await administratorOf(home);
    const own = actor(world.database, subject);
    const asked = { subject, role: 'ADMINISTRATOR', reshId: home } as const;

    for (const as of ['registrar', 'clinic', 'south'] as const)
      expect(codesOf(await revoke(subject, home, {}, as))).toEqual(['FORBIDDEN']);
    expect(codesOf(await own.revokeAccess({ ...asked, subject: subjects.trust, reshId: units.northTrust }))).toEqual([
      'FORBIDDEN',
    ]);
    made(await own.revokeAccess(asked));
    expect(codesOf(await own.revokeAccess(asked))).toEqual(['FORBIDDEN']);
  });
});

describe('the last administrator of an organization', () => {
  it('is revoked from above only, by nobody of the organization, not by himself either', async () => {
    const trust = await world.organization('Trust', units.north);
    const only = await administratorOf(trust);
    const asked = { subject: only, role: 'ADMINISTRATOR', reshId: trust } as const;

    const own = await actor(world.database, only).revokeAccess(asked);
    expect(own.payload).toBeNull();
    expect(own.errors.map(({ message }) => message)).toEqual([
      `You may not revoke this access: for unit ${trust} «Trust» it needs access to unit 100 «north» or a unit above it. Ask Name of north-region (north-region@example.org).`,
    ]);
    expect(codesOf(await actor(world.database, only).revokeAccess({ ...asked, subject: `\t${only} ` }))).toEqual([
      'FORBIDDEN',
    ]);
    made(await world.as('regional').revokeAccess(asked));
  });

  it('is the last one where a day would be left without anybody, today at the earliest', async () => {
    const trust = await world.organization('Trust', units.north);
    const staying = await administratorOf(trust, { effectiveOn: lastYear });
    await administratorOf(trust, { effectiveOn: lastYear, validTo: '2027-01-01' });
    await administratorOf(trust, { effectiveOn: '2028-01-01' });
    const passing = await administratorOf(trust, { effectiveOn: lastYear, validTo: '2026-12-01' });
    const own = actor(world.database, staying);
    const ends = async (effectiveOn: string) =>
      codesOf(
        await own.revokeAccess({
          ...{ subject: staying, role: 'ADMINISTRATOR', reshId: trust },
          ...{ effectiveOn, dryRun: true },
        }),
      );

    for (const day of [yesterday, worldDay, '2026-12-31', '2027-01-01', '2027-12-31'])
      expect([day, await ends(day)]).toEqual([day, ['FORBIDDEN']]);
    expect(await ends('2028-01-01')).toEqual([]);
    made(await actor(world.database, passing).revokeAccess({ subject: passing, role: 'ADMINISTRATOR', reshId: trust }));
  });

  it('cannot leave by an administrator who is there for a while, nor by ending all others first', async () => {
    const trust = await world.organization('Trust', units.north);
    const [leaving, other] = [await administratorOf(trust), await administratorOf(trust)];
    const own = actor(world.database, leaving);
    const revokedFrom = (subject: string, effectiveOn: string) =>
      own.revokeAccess({ subject, role: 'ADMINISTRATOR', reshId: trust, effectiveOn });

    made(await revokedFrom(other, '2030-01-01'));
    expect(codesOf(await revokedFrom(leaving, worldDay))).toEqual(['FORBIDDEN']);
    made(
      await own.grantAccess({
        ...{ subject: 'passing', name: 'Passing', role: 'ADMINISTRATOR', reshId: trust, validTo: '2031-01-01' },
      }),
    );
    expect(codesOf(await revokedFrom(leaving, worldDay))).toEqual(['FORBIDDEN']);
    made(await own.grantAccess({ subject: other, role: 'ADMINISTRATOR', reshId: trust, effectiveOn: '2030-06-01' }));
    made(await revokedFrom(leaving, worldDay));
  });

  it('is the last one whoever else may act for it from above, and whoever was once or is not yet', async () => {
    const trust = await world.organization('Trust', units.northTrust);
    const only = await administratorOf(trust);
    await administratorOf(trust, { effectiveOn: lastYear, validTo: worldDay });
    await administratorOf(trust, { effectiveOn: nextYear });
    const asked = { subject: only, role: 'ADMINISTRATOR', reshId: trust } as const;

    expect(codesOf(await actor(world.database, only).revokeAccess(asked))).toEqual(['FORBIDDEN']);
    made(await world.as('trust').revokeAccess(asked));
  });

  it('of a root is the operator’s to revoke', async () => {
    const root = await world.organization('Region', null);
    const [first, second] = [await administratorOf(root), await administratorOf(root)];
    const own = actor(world.database, second);

    made(await own.revokeAccess({ subject: first, role: 'ADMINISTRATOR', reshId: root }));
    const last = await own.revokeAccess({ subject: second, role: 'ADMINISTRATOR', reshId: root });
    expect(last.errors.map(({ message }) => message)).toEqual([
      `You may not revoke this access: unit ${root} «Region» with nothing above it is for the national operator. Ask the national operator.`,
    ]);
    made(await revoke(second, root));
  });

  it('is not the last one of a department, which may be left without', async () => {
    const ward = await world.department('Ward', home);
    const only = await administratorOf(ward);
    made(await actor(world.database, only).revokeAccess({ subject: only, role: 'ADMINISTRATOR', reshId: ward }));
  });
});

describe('national roles', () => {
  const newOperator = async (more: { effectiveOn?: string; validTo?: string } = {}): Promise<string> => {
    const subject = `person ${(people += 1)}`;
    made(await world.as('operator').grantAccess({ subject, name: 'Olga', role: 'OPERATOR', ...more }));
    return subject;
  };

  it('are revoked by an operator only', async () => {
    for (const as of ['registrar', 'regional', 'trust', 'clinic'] as const)
      for (const role of ['OPERATOR', 'SPECIALIST_REGISTRAR'] as const)
        expect(codesOf(await world.as(as).revokeAccess({ subject: subjects.registrar, role }))).toEqual(['FORBIDDEN']);
    const { impact } = made(
      await world.as('operator').revokeAccess({ subject: subjects.registrar, role: 'SPECIALIST_REGISTRAR' }),
    );
    expect(impact?.grantsLost).toEqual([
      { role: 'SPECIALIST_REGISTRAR', administrator: { subject: subjects.registrar }, unit: null },
    ]);
  });

  it('keep an operator, who is not revoked as the last one', async () => {
    const last = [
      {
        code: 'LAST_OPERATOR',
        field: ['subject'],
        message: `«${subjects.operator}» is the last operator; make another one first, with grantAccess or «resh operator».`,
      },
    ];
    const self = (effectiveOn?: string) =>
      world.as('operator').revokeAccess({
        ...{ subject: subjects.operator, role: 'OPERATOR', dryRun: true },
        ...(effectiveOn !== undefined && { effectiveOn }),
      });

    expect(refusals(await self())).toEqual(last);
    const limited = await newOperator({ validTo: nextYear });
    const coming = await newOperator({ effectiveOn: '2027-01-01' });
    expect(refusals(await self())).toEqual(last);
    expect(refusals(await self('2026-12-31'))).toEqual(last);
    made(await self('2027-01-01'));
    made(await world.as('operator').revokeAccess({ subject: coming, role: 'OPERATOR' }));
    made(await world.as('operator').revokeAccess({ subject: limited, role: 'OPERATOR' }));

    const second = await newOperator();
    made(await self());
    made(await self(lastYear));
    made(await actor(world.database, second).revokeAccess({ subject: second, role: 'OPERATOR' }));
    expect(refusals(await self())).toEqual(last);
  });
});

describe('a revocation is refused, and nothing written, where it', () => {
  const told = async (answer: Promise<ChangeAnswer>) =>
    refusals(await answer).map(({ code, field, message }) => [code, field, message]);

  it('names no unit for an administrator, or one for a national role', async () => {
    expect(await told(world.as('clinic').revokeAccess({ subject: subjects.trust, role: 'ADMINISTRATOR' }))).toEqual([
      ['REQUIRED', ['reshId'], 'An administrator is one of a unit; name it in «reshId».'],
    ]);
    expect(
      await told(world.as('operator').revokeAccess({ subject: subjects.operator, role: 'OPERATOR', reshId: home })),
    ).toEqual([['NOT_ALLOWED', ['reshId'], 'The role OPERATOR is national and tied to no unit; leave «reshId» out.']]);
  });

  it('names a unit that is not there, or somebody who has no such access', async () => {
    expect(await told(revoke(subjects.trust, 999, {}, 'clinic'))).toEqual([
      ['NOT_FOUND', ['reshId'], 'Unit 999 is not in the register; correct the RESH-id.'],
    ]);
    expect(await told(revoke('somebody', home, {}, 'trust'))).toEqual([
      [
        'NOT_FOUND',
        ['subject'],
        `«somebody» does not have the role ADMINISTRATOR on unit ${home} on ${worldDay} or later.`,
      ],
    ]);
    expect(await told(world.as('operator').revokeAccess({ subject: 'somebody', role: 'OPERATOR' }))).toEqual([
      ['NOT_FOUND', ['subject'], `«somebody» does not have the role OPERATOR on ${worldDay} or later.`],
    ]);
  });
});

describe('every revocation', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'revokeAccess',
    fresh: async (beneath) => {
      const reshId = await world.department('Wing', beneath);
      return { subject: await administratorOf(reshId), role: 'ADMINISTRATOR', reshId };
    },
    altered: (input) => ({ ...input, subject: subjects.trust }),
    named: ({ reshId }) => reshId ?? 0,
  });

  it('sent again with its key is answered as at first, also where it took one’s own access away', async () => {
    const subject = await administratorOf(home);
    const own = actor(world.database, subject);
    const input = { subject, role: 'ADMINISTRATOR', reshId: home, idempotencyKey: 'leaving' } as const;
    const first = await own.revokeAccess(input);
    const revision = revisionOf(first);

    expect(await own.revokeAccess(input)).toEqual(first);
    expect(await world.newest()).toBe(revision);
    // The key is of this person and this mutation: nobody else passes the gate with it, and no other change does.
    expect(codesOf(await actor(world.database, 'stranger').revokeAccess(input))).toEqual(['FORBIDDEN']);
    expect(codesOf(await own.grantAccess({ ...input, name: 'Kari' }))).toEqual(['FORBIDDEN']);
    expect(refusals(await own.revokeAccess({ ...input, subject: subjects.trust })).map(({ code }) => code)).toEqual([
      'IDEMPOTENCY_KEY_REUSED',
    ]);
    expect(codesOf(await own.revokeAccess({ ...input, dryRun: true }))).toEqual(['FORBIDDEN']);
  });

  it('leaves a register in which every rule holds', async () => {
    expect(await world.violations()).toEqual([]);
  });
});
