import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  freshNumber,
  home,
  lastYear,
  made,
  nextYear,
  openChangingWorld,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { createClient } from '../support/client.ts';
import { graphql } from '../support/generated/gql.ts';
import { keepsTheLawsOfChanges } from '../support/laws-of-changes.ts';
import { addUnits, became, complaints, kindsOf, mayEdit, refusedAs, writesNothing } from '../support/reorganizing.ts';
import { numbers, units, worldDay } from '../support/world.ts';

const { north, northTrust, clinic, siblingClinic, southClinic } = units;
let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(async () => {
  expect(await world.violations()).toEqual([]);
  await world.close();
});

const lookedUp = graphql(`
  query LookedUp($reshId: ReshId!, $day: Date, $revision: Revision) {
    register(validAt: $day, revision: $revision) {
      unit(reshId: $reshId, includeClosed: true) {
        name
      }
      units(reshIds: [$reshId]) {
        outcome
        unit {
          name
        }
      }
    }
  }
`);
const lookUp = async (reshId: number, day?: string, revision?: number) => {
  const { register } = await createClient(world.database, { today: worldDay }).ask(lookedUp, {
    reshId,
    ...(day !== undefined && { day }),
    ...(revision !== undefined && { revision }),
  });
  return [register.unit?.name ?? null, register.units[0]?.outcome, register.units[0]?.unit?.name ?? null];
};
const ward = (name = 'Ward', under: number = home) => world.department(name, under);

describe('withdrawing a unit', () => {
  it('takes it out of all days, and leaves it standing in earlier revisions', async () => {
    const reshId = await ward();
    made(
      await world
        .as('operator')
        .setUnitCodes({ reshId, add: [{ codeSet: 8451, code: '010' }], effectiveOn: '2021-01-01' }),
    );
    const before = await world.newest();

    const { change, unit, impact, warnings } = made(await world.as('trust').withdrawUnit({ reshId, reason: 'Twice' }));

    expect(change).toEqual({ revision: before + 1, effectiveOn: '2020-01-01', operation: 'WITHDRAW_UNIT' });
    expect(unit).toEqual({ reshId, name: 'Ward', seenOn: worldDay, parent: { reshId: home } });
    expect(warnings).toEqual([]);
    expect(impact).toEqual({
      unitCount: 1,
      units: [
        {
          ...{ reshId, kinds: ['WITHDRAWN'], effectiveOn: '2020-01-01' },
          fields: [
            { field: 'name', old: 'Ward', new: null },
            { field: 'parent', old: String(home), new: null },
            { field: 'type', old: 'DEPARTMENT', new: null },
            { field: 'codes', old: '8451:010', new: null },
          ],
        },
      ],
      ...{ pathCount: 0, notes: [], grantsGained: [], grantsLost: [] },
    });
    for (const day of ['2019-12-31', '2020-01-01', worldDay, nextYear])
      expect(await lookUp(reshId, day)).toEqual([null, 'WITHDRAWN', null]);
    expect(await lookUp(reshId, worldDay, before)).toEqual(['Ward', 'FOUND', 'Ward']);
    expect(await world.seen(reshId, worldDay, before)).toMatchObject({ codes: { '8451:010': '2021-01-01/' } });
    expect((await world.seen(home, worldDay))?.above).toEqual([north, northTrust]);
  });

  it('never gives its id again, and frees its organization number', async () => {
    const number = freshNumber();
    const reshId = await world.organization('Twice', north, number);
    made(await world.as('regional').withdrawUnit({ reshId }));

    const next = made(
      await world.as('operator').registerOrganization({
        ...{ name: 'Once', organizationNumber: number, parentReshId: north, effectiveOn: '2020-01-01' },
        administrator: { subject: 'someone', name: 'Someone' },
      }),
    );

    expect(next.unit?.reshId).toBe(reshId + 1);
    expect(complaints(await world.as('operator').reopenUnit({ reshId }))).toContain(
      `NOT_FOUND at reshId: Unit ${reshId} is not in the register; correct the RESH-id.`,
    );
    expect(await lookUp(reshId)).toEqual([null, 'WITHDRAWN', null]);
  });

  it('takes a planned and a closed one too, and shows each as it was last known', async () => {
    const { planned, closed } = await addUnits(world, {
      planned: { name: 'Planned', under: home, from: nextYear },
      closed: { name: 'Closed', under: home, validTo: lastYear },
    });

    const ofPlanned = made(await world.as('trust').withdrawUnit({ reshId: planned }));
    const ofClosed = made(await world.as('trust').withdrawUnit({ reshId: closed }));

    expect([ofPlanned.unit?.seenOn, ofPlanned.change?.effectiveOn]).toEqual([nextYear, nextYear]);
    expect([ofClosed.unit?.seenOn, ofClosed.change?.effectiveOn]).toEqual(['2025-11-22', '2020-01-01']);
    expect(kindsOf(ofClosed, '2020-01-01')).toEqual({ [closed]: 'WITHDRAWN' });
    expect(await lookUp(closed, '2024-01-01')).toEqual([null, 'WITHDRAWN', null]);
    expect(await lookUp(planned, nextYear)).toEqual([null, 'WITHDRAWN', null]);
  });

  it('ends the grants on it', async () => {
    const reshId = await ward();
    const operator = world.as('operator');
    made(
      await operator.grantAccess({ subject: 'north-clinic', role: 'ADMINISTRATOR', reshId, effectiveOn: '2021-01-01' }),
    );
    made(await operator.grantAccess({ subject: 'south-region', role: 'ADMINISTRATOR', reshId, effectiveOn: nextYear }));

    const { impact } = made(await operator.withdrawUnit({ reshId }));

    expect(impact?.grantsLost).toEqual([
      { role: 'ADMINISTRATOR', administrator: { subject: 'north-clinic' }, unit: { reshId } },
      { role: 'ADMINISTRATOR', administrator: { subject: 'south-region' }, unit: { reshId } },
    ]);
    const left = await world.database.prisma.accessGrant.findMany({ where: { reshId, supersededRev: null } });
    expect(left.map(({ subject, validTo }) => [subject, validTo?.toISOString().slice(0, 10)])).toEqual([
      ['north-clinic', worldDay],
    ]);
    expect(await mayEdit(world, 'clinic', reshId)).toBeUndefined();
  });

  it('leaves a treatment site of which it was the legal entity, without one', async () => {
    const reshId = await world.organization('Owner', north);
    const site = numbers.free;
    made(
      await world
        .as('operator')
        .registerTreatmentSite({ organizationNumber: site, name: 'Site', legalEntityReshId: reshId }),
    );
    made(await world.as('regional').withdrawUnit({ reshId }));

    const { treatmentSite } = await createClient(world.database, { today: worldDay }).ask(
      graphql(`
        query SiteOfNobody($site: OrganizationNumber!) {
          treatmentSite(organizationNumber: $site) {
            name
            legalEntity {
              name
            }
          }
        }
      `),
      { site },
    );
    expect(treatmentSite).toEqual({ name: 'Site', legalEntity: null });
  });
});

describe('withdrawing is refused', () => {
  it('of what is unknown, or withdrawn already', async () => {
    const reshId = await ward();
    made(await world.as('trust').withdrawUnit({ reshId }));

    for (const id of [reshId, 999_999])
      expect(complaints(await world.as('operator').withdrawUnit({ reshId: id }))).toEqual([
        `NOT_FOUND at reshId: Unit ${id} is not in the register; correct the RESH-id.`,
      ]);
  });

  it('of what has children, had some or is going to have some', async () => {
    const { now, had, gets, room } = await addUnits(world, {
      now: { name: 'Now', under: home },
      had: { name: 'Had', under: home },
      gets: { name: 'Gets', under: home },
      room: { name: 'Room', under: 'now' },
      gone: { name: 'Gone', under: 'had', validTo: '2021-01-01' },
      other: { name: 'Other', under: 'had' },
      planned: { name: 'Planned', under: 'gets', from: nextYear },
    });
    const withdraw = async (reshId: number) => complaints(await world.as('trust').withdrawUnit({ reshId }));
    const refused = (reshId: number, name: string, children: string) =>
      `HAS_OPEN_CHILDREN at reshId: Unit ${reshId} «${name}» has, or had, ${children}; withdraw or move those over all of their days first.`;

    expect(await withdraw(now)).toEqual([refused(now, 'Now', `1 unit beneath it, ${room}`)]);
    expect(await withdraw(had)).toEqual([refused(had, 'Had', `2 units beneath it, ${room + 1}, ${room + 2}`)]);
    expect(await withdraw(gets)).toEqual([refused(gets, 'Gets', `1 unit beneath it, ${room + 3}`)]);

    made(await world.as('trust').withdrawUnit({ reshId: room }));
    made(await world.as('trust').withdrawUnit({ reshId: now }));
  });

  it('of what became another unit, and of what another became', async () => {
    const [old, fresh] = [await ward('Old'), await ward('Fresh')];
    made(await world.as('trust').closeUnit({ reshId: old, successorReshIds: [fresh] }));

    for (const [reshId, name] of [
      [old, 'Old'],
      [fresh, 'Fresh'],
    ] as const)
      expect(complaints(await world.as('trust').withdrawUnit({ reshId }))).toEqual([
        `HAS_SUCCESSIONS at reshId: Unit ${reshId} «${name}» became another unit, or another became it: it cannot be withdrawn. Take that back first, by reopening what closed on the day on which it did, or close the unit instead.`,
      ]);
    expect((await became(world, fresh)).from).toHaveLength(1);
  });
});

describe('withdrawing needs scope', () => {
  it('over every parent that it had', async () => {
    const [stayed, moved] = [await ward(), await ward('Moved', siblingClinic)];
    made(await world.as('operator').moveUnit({ reshId: moved, newParentReshId: home, effectiveOn: lastYear }));

    await writesNothing(world, async () => {
      expect(refusedAs(await world.as('clinic').withdrawUnit({ reshId: stayed, dryRun: true }))).toEqual(['FORBIDDEN']);
      expect(refusedAs(await world.as('south').withdrawUnit({ reshId: stayed, dryRun: true }))).toEqual(['FORBIDDEN']);
      made(await world.as('trust').withdrawUnit({ reshId: stayed, dryRun: true }));
      // It stood in another trust once.
      expect(refusedAs(await world.as('trust').withdrawUnit({ reshId: moved, dryRun: true }))).toEqual(['FORBIDDEN']);
      made(await world.as('regional').withdrawUnit({ reshId: moved, dryRun: true }));
      // Its own administrator may not.
      expect(refusedAs(await world.as('clinic').withdrawUnit({ reshId: clinic, dryRun: true }))).toEqual(['FORBIDDEN']);
      expect(refusedAs(await world.as('regional').withdrawUnit({ reshId: southClinic, dryRun: true }))).toEqual([
        'FORBIDDEN',
      ]);
    });
    const root = await world.organization('Root', null);
    expect(refusedAs(await world.as('regional').withdrawUnit({ reshId: root }))).toEqual(['FORBIDDEN']);
    made(await world.as('operator').withdrawUnit({ reshId: root }));
  });
});

describe('a withdrawal', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'withdrawUnit',
    fresh: async (beneath) => ({ reshId: await ward('Mistake', beneath) }),
    altered: () => ({ reshId: siblingClinic }),
    named: ({ reshId }) => reshId,
  });
});
