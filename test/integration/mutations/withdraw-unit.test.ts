import { afterAll, describe, expect, it } from 'vitest';
import { administratorGrant, specialty } from '../../support/builders/mutation-inputs.ts';
import { grantImpact, impactOf, unitImpact } from '../../support/builders/impact.ts';
import {
  expectAccepted,
  expectDenied,
  formatUserErrors,
  kindsByUnit,
} from '../../support/mutations/change-assertions.ts';
import { addUnits } from '../../support/world/add-units.ts';
import { canEdit, expectNoWrites } from '../../support/world/changing-world-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { readUnitSuccessions } from '../../support/world/unit-successions.ts';
import { createClient } from '../../support/http/client.ts';
import { graphql } from '../../support/generated/gql.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const { north, northTrust, clinic, siblingClinic, southClinic } = units;
const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

const lookupQuery = graphql(`
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

async function lookUp(reshId: number, day?: string, revision?: number) {
  const { register } = await createClient(world.database, { today: worldDay }).query(lookupQuery, {
    reshId,
    ...(day !== undefined && { day }),
    ...(revision !== undefined && { revision }),
  });
  return [register.unit?.name ?? null, register.units[0]?.outcome, register.units[0]?.unit?.name ?? null];
}

function createWard(name = 'Ward', under: number = homeClinic) {
  return world.department(name, under);
}

describe('withdrawUnit', () => {
  it('removes the unit on all days and keeps it in earlier revisions', async () => {
    const reshId = await createWard();
    expectAccepted(
      await world.as('operator').updateUnitCodes({ reshId, add: [specialty('010')], effectiveOn: '2021-01-01' }),
    );
    const before = await world.readNewestRevision();

    const { change, unit, impact, warnings } = expectAccepted(
      await world.as('trust').withdrawUnit({ reshId, reason: 'Twice' }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: '2020-01-01', operation: 'WITHDRAW_UNIT' });
    expect(unit).toEqual({ reshId, name: 'Ward', seenOn: worldDay, parent: { reshId: homeClinic } });
    expect(warnings).toEqual([]);
    expect(impact).toEqual(
      impactOf({
        units: [
          unitImpact(
            reshId,
            ['WITHDRAWN'],
            {
              name: ['Ward', null],
              parent: [String(homeClinic), null],
              type: ['DEPARTMENT', null],
              codes: ['8451:010', null],
            },
            '2020-01-01',
          ),
        ],
        pathCount: 0,
        notes: [],
        grantsGained: [],
        grantsLost: [],
      }),
    );

    for (const day of ['2019-12-31', '2020-01-01', worldDay, nextYear])
      expect(await lookUp(reshId, day)).toEqual([null, 'WITHDRAWN', null]);
    expect(await lookUp(reshId, worldDay, before)).toEqual(['Ward', 'FOUND', 'Ward']);
    expect(await world.readUnit(reshId, worldDay, before)).toMatchObject({ codes: { '8451:010': '2021-01-01/' } });
    expect((await world.readUnit(homeClinic, worldDay))?.ancestors).toEqual([north, northTrust]);
  });

  it('never reuses the RESH-id and releases the organization number', async () => {
    const number = nextOrganizationNumber();
    const reshId = await world.organization('Twice', north, number);
    expectAccepted(await world.as('regional').withdrawUnit({ reshId }));

    const next = expectAccepted(
      await world.as('operator').registerOrganization({
        name: 'Once',
        organizationNumber: number,
        parentReshId: north,
        effectiveOn: '2020-01-01',
        administrator: { subject: 'someone', name: 'Someone' },
      }),
    );

    expect(next.unit?.reshId).toBe(reshId + 1);
    expect(formatUserErrors(await world.as('operator').reopenUnit({ reshId }))).toContain(
      `NOT_FOUND at reshId: Unit ${reshId} is not in the register; correct the RESH-id.`,
    );
    expect(await lookUp(reshId)).toEqual([null, 'WITHDRAWN', null]);
  });

  it('accepts a future and a closed unit and shows each in its last known state', async () => {
    const { planned, closed } = await addUnits(world, {
      planned: { name: 'Planned', under: homeClinic, from: nextYear },
      closed: { name: 'Closed', under: homeClinic, validTo: lastYear },
    });

    const plannedPayload = expectAccepted(await world.as('trust').withdrawUnit({ reshId: planned }));
    const closedPayload = expectAccepted(await world.as('trust').withdrawUnit({ reshId: closed }));

    expect([plannedPayload.unit?.seenOn, plannedPayload.change?.effectiveOn]).toEqual([nextYear, nextYear]);
    expect([closedPayload.unit?.seenOn, closedPayload.change?.effectiveOn]).toEqual(['2025-11-22', '2020-01-01']);
    expect(kindsByUnit(closedPayload, '2020-01-01')).toEqual({ [closed]: 'WITHDRAWN' });
    expect(await lookUp(closed, '2024-01-01')).toEqual([null, 'WITHDRAWN', null]);
    expect(await lookUp(planned, nextYear)).toEqual([null, 'WITHDRAWN', null]);
  });

  it('ends the grants on the unit', async () => {
    const reshId = await createWard();
    const operator = world.as('operator');
    expectAccepted(
      await operator.grantAccess(administratorGrant('north-clinic', reshId, { effectiveOn: '2021-01-01' })),
    );
    expectAccepted(await operator.grantAccess(administratorGrant('south-region', reshId, { effectiveOn: nextYear })));

    const { impact } = expectAccepted(await operator.withdrawUnit({ reshId }));

    expect(impact?.grantsLost).toEqual([grantImpact('north-clinic', reshId), grantImpact('south-region', reshId)]);

    const remainingGrants = await world.database.prisma.accessGrant.findMany({
      where: { reshId, supersededRev: null },
    });
    expect(remainingGrants.map(({ subject, validTo }) => [subject, validTo?.toISOString().slice(0, 10)])).toEqual([
      ['north-clinic', worldDay],
    ]);
    expect(await canEdit(world, 'clinic', reshId)).toBeUndefined();
  });

  it('clears the legal entity of its treatment site', async () => {
    const reshId = await world.organization('Owner', north);
    const site = numbers.unregistered;
    expectAccepted(
      await world
        .as('operator')
        .registerTreatmentSite({ organizationNumber: site, name: 'Site', legalEntityReshId: reshId }),
    );
    expectAccepted(await world.as('regional').withdrawUnit({ reshId }));

    const { treatmentSite } = await createClient(world.database, { today: worldDay }).query(
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

describe('withdrawUnit errors', () => {
  it('refuse an unknown or withdrawn unit', async () => {
    const reshId = await createWard();
    expectAccepted(await world.as('trust').withdrawUnit({ reshId }));

    for (const id of [reshId, 999_999])
      expect(formatUserErrors(await world.as('operator').withdrawUnit({ reshId: id }))).toEqual([
        `NOT_FOUND at reshId: Unit ${id} is not in the register; correct the RESH-id.`,
      ]);
  });

  it('refuse a unit with past, present or future children', async () => {
    const { now, had, gets, room } = await addUnits(world, {
      now: { name: 'Now', under: homeClinic },
      had: { name: 'Had', under: homeClinic },
      gets: { name: 'Gets', under: homeClinic },
      room: { name: 'Room', under: 'now' },
      gone: { name: 'Gone', under: 'had', validTo: '2021-01-01' },
      other: { name: 'Other', under: 'had' },
      planned: { name: 'Planned', under: 'gets', from: nextYear },
    });
    const withdrawErrors = async (reshId: number) => formatUserErrors(await world.as('trust').withdrawUnit({ reshId }));
    const openChildrenError = (reshId: number, name: string, children: string) =>
      `HAS_OPEN_CHILDREN at reshId: Unit ${reshId} "${name}" has or had ${children}.`;
    const withdrawIt = 'first withdraw it, or move it on all of its days';

    expect(await withdrawErrors(now)).toEqual([
      openChildrenError(now, 'Now', `1 unit under it: ${room} "Room"; ${withdrawIt}`),
    ]);
    expect(await withdrawErrors(had)).toEqual([
      openChildrenError(
        had,
        'Had',
        `2 units under it: ${room + 1} "Gone", ${room + 2} "Other"; first withdraw them, or move ` +
          `them on all of their days`,
      ),
    ]);
    expect(await withdrawErrors(gets)).toEqual([
      openChildrenError(gets, 'Gets', `1 unit under it: ${room + 3} "Planned"; ${withdrawIt}`),
    ]);

    expectAccepted(await world.as('trust').withdrawUnit({ reshId: room }));
    expectAccepted(await world.as('trust').withdrawUnit({ reshId: now }));
  });

  it('refuse a unit with predecessors or successors', async () => {
    const [oldWard, newWard] = [await createWard('Old'), await createWard('Fresh')];
    expectAccepted(await world.as('trust').closeUnit({ reshId: oldWard, successorReshIds: [newWard] }));

    for (const [reshId, name] of [
      [oldWard, 'Old'],
      [newWard, 'Fresh'],
    ] as const)
      expect(formatUserErrors(await world.as('trust').withdrawUnit({ reshId }))).toEqual([
        `HAS_SUCCESSIONS at reshId: Unit ${reshId} "${name}" became another unit, or another unit became it, so ` +
          'it cannot be withdrawn. First reopen the closed unit on the day it closed, or close this unit instead.',
      ]);
    expect((await readUnitSuccessions(world, newWard)).from).toHaveLength(1);
  });
});

describe('withdrawUnit access', () => {
  it('requires scope over every parent the unit had', async () => {
    const [unmovedWard, movedWard] = [await createWard(), await createWard('Moved', siblingClinic)];
    expectAccepted(
      await world.as('operator').moveUnit({ reshId: movedWard, newParentReshId: homeClinic, effectiveOn: lastYear }),
    );

    await expectNoWrites(world, async () => {
      expect(expectDenied(await world.as('clinic').withdrawUnit({ reshId: unmovedWard, dryRun: true }))).toEqual([
        'FORBIDDEN',
      ]);
      expect(expectDenied(await world.as('south').withdrawUnit({ reshId: unmovedWard, dryRun: true }))).toEqual([
        'FORBIDDEN',
      ]);
      expectAccepted(await world.as('trust').withdrawUnit({ reshId: unmovedWard, dryRun: true }));
      // It was in another trust once.
      expect(expectDenied(await world.as('trust').withdrawUnit({ reshId: movedWard, dryRun: true }))).toEqual([
        'FORBIDDEN',
      ]);
      expectAccepted(await world.as('regional').withdrawUnit({ reshId: movedWard, dryRun: true }));
      // The administrator of a unit may not withdraw it.
      expect(expectDenied(await world.as('clinic').withdrawUnit({ reshId: clinic, dryRun: true }))).toEqual([
        'FORBIDDEN',
      ]);
      expect(expectDenied(await world.as('regional').withdrawUnit({ reshId: southClinic, dryRun: true }))).toEqual([
        'FORBIDDEN',
      ]);
    });

    const root = await world.organization('Root', null);
    expect(expectDenied(await world.as('regional').withdrawUnit({ reshId: root }))).toEqual(['FORBIDDEN']);

    expectAccepted(await world.as('operator').withdrawUnit({ reshId: root }));
  });
});

describe('every withdrawal', () => {
  testMutationLaws({
    world,
    name: 'withdrawUnit',
    createInput: async (parent) => ({ reshId: await createWard('Mistake', parent) }),
    alterInput: () => ({ reshId: siblingClinic }),
    readReshId: ({ reshId }) => reshId,
  });
});
