import { afterAll, describe, expect, it } from 'vitest';
import { administratorGrant, specialty } from '../../support/builders/mutation-inputs.ts';
import { createClient } from '../../support/http/client.ts';
import { grantImpact, impactOf, unitImpact } from '../../support/builders/impact.ts';
import {
  expectAccepted,
  expectDenied,
  expectRevision,
  formatUserErrors,
  kindsByUnit,
} from '../../support/mutations/change-assertions.ts';
import { addTwoWards } from '../../support/world/add-units.ts';
import { canEdit, expectNoWrites, readAncestors } from '../../support/world/changing-world-assertions.ts';
import { useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { readUnitSuccessions } from '../../support/world/unit-successions.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const {
  north,
  northTrust,
  secondClinic: homeClinic,
  siblingTrust,
  siblingClinic,
  south,
  southTrust,
  southClinic,
} = units;
const dayBeforeNextYear = '2027-11-22';
const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

describe('mergeUnits', () => {
  it('reports the access gained with a child on a later day', async () => {
    const source = await world.department('Source', homeClinic);
    expectAccepted(
      await world.as('trust').createDepartment({ name: 'Planned', parentReshId: source, effectiveOn: '2028-01-01' }),
    );

    const { impact } = expectAccepted(
      await world.as('trust').mergeUnits({
        sourceReshIds: [source],
        targetReshId: units.clinic,
        effectiveOn: nextYear,
        dryRun: true,
      }),
    );

    expect(impact?.grantsGained).toEqual([grantImpact('north-clinic', units.clinic)]);
  });

  it('closes the sources and moves their children under the new unit', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);
    const bed = await world.department('Bed', eastRoom);
    const before = await world.readNewestRevision();

    const payload = expectAccepted(
      await world.as('trust').mergeUnits({
        sourceReshIds: [east, west],
        newTarget: { name: 'Both', parentReshId: homeClinic },
        effectiveOn: nextYear,
      }),
    );

    const mergedReshId = payload.units?.[0]?.reshId ?? 0;
    expect(mergedReshId).toBeGreaterThan(bed);
    expect(payload.change).toEqual({ revision: before + 1, effectiveOn: nextYear, operation: 'MERGE_UNITS' });
    expect(payload.units).toEqual([
      { reshId: mergedReshId, name: 'Both', seenOn: nextYear },
      { reshId: east, name: 'East', seenOn: dayBeforeNextYear },
      { reshId: west, name: 'West', seenOn: dayBeforeNextYear },
    ]);
    expect(payload.warnings).toEqual([]);

    const closedImpact = (name: string) => ({
      kinds: ['CLOSED', 'MERGED'],
      effectiveOn: nextYear,
      fields: [
        { field: 'name', old: name, new: null },
        { field: 'parent', old: String(homeClinic), new: null },
        { field: 'type', old: 'DEPARTMENT', new: null },
      ],
    });
    const movedImpact = (from: number) => ({
      kinds: ['MOVED'],
      effectiveOn: nextYear,
      fields: [{ field: 'parent', old: String(from), new: String(mergedReshId) }],
    });

    expect(payload.impact).toEqual(
      impactOf({
        unitCount: 5,
        units: [
          { reshId: east, ...closedImpact('East') },
          { reshId: west, ...closedImpact('West') },
          { reshId: eastRoom, ...movedImpact(east) },
          { reshId: westRoom, ...movedImpact(west) },
          unitImpact(
            mergedReshId,
            ['OPENED', 'SUCCEEDED'],
            {
              name: [null, 'Both'],
              parent: [null, String(homeClinic)],
              type: [null, 'DEPARTMENT'],
            },
            nextYear,
          ),
        ],
        pathCount: 1,
      }),
    );

    expect(await readAncestors(world, eastRoom, dayBeforeNextYear)).toEqual([north, northTrust, homeClinic, east]);
    expect(await readAncestors(world, eastRoom, nextYear)).toEqual([north, northTrust, homeClinic, mergedReshId]);
    expect(await readAncestors(world, westRoom, nextYear)).toEqual([north, northTrust, homeClinic, mergedReshId]);
    expect(await readAncestors(world, bed, nextYear)).toEqual([north, northTrust, homeClinic, mergedReshId, eastRoom]);
    expect(await world.readUnit(east, dayBeforeNextYear)).toMatchObject({ validity: `2020-01-01/${nextYear}` });
    expect(await world.readUnit(east, nextYear)).toBeNull();
    expect(await world.readUnit(mergedReshId, dayBeforeNextYear)).toBeNull();
    expect(await world.readUnit(east, nextYear, before)).toMatchObject({ validity: '2020-01-01/' });
    expect(await readAncestors(world, eastRoom, nextYear, before)).toEqual([north, northTrust, homeClinic, east]);

    const [eastSuccession, westSuccession] = [
      `${east} > ${mergedReshId} MERGE FULL ${nextYear}`,
      `${west} > ${mergedReshId} MERGE FULL ${nextYear}`,
    ];
    expect(await readUnitSuccessions(world, east)).toMatchObject({ from: [], to: [eastSuccession] });
    expect(await readUnitSuccessions(world, mergedReshId)).toMatchObject({
      outcome: 'NOT_YET_VALID',
      from: [eastSuccession, westSuccession],
      to: [],
    });
    expect(await readUnitSuccessions(world, east, { revision: before })).toMatchObject({ from: [], to: [] });
  });

  it('leaves an existing target unchanged, with its own children', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);

    const payload = expectAccepted(await world.as('trust').mergeUnits({ sourceReshIds: [east], targetReshId: west }));

    expect(kindsByUnit(payload)).toEqual({ [east]: 'CLOSED MERGED', [west]: 'SUCCEEDED', [eastRoom]: 'MOVED' });
    expect(payload.units?.map(({ reshId, seenOn }) => [reshId, seenOn])).toEqual([
      [west, worldDay],
      [east, yesterday],
    ]);
    expect(await readAncestors(world, eastRoom, yesterday)).toEqual([north, northTrust, homeClinic, east]);
    expect(await readAncestors(world, eastRoom, worldDay)).toEqual([north, northTrust, homeClinic, west]);
    expect(await readAncestors(world, westRoom, worldDay)).toEqual([north, northTrust, homeClinic, west]);
    expect(await world.readUnit(west, worldDay)).toMatchObject({ name: 'West', validity: '2020-01-01/' });
    expect((await readUnitSuccessions(world, east)).to).toEqual([`${east} > ${west} MERGE FULL ${worldDay}`]);
  });

  it('is a change of the target, which an expected revision notices', async () => {
    const { east, west } = await addTwoWards(world);
    const before = await world.readNewestRevision();
    expectAccepted(await world.as('trust').mergeUnits({ sourceReshIds: [east], targetReshId: west }));

    const client = createClient(world.database, { today: worldDay });
    const { data } = await client.send({
      query: `{ unit(reshId: ${west}) { changes(first: 1) { nodes { revision operation } } }
        changes(since: ${before}, withinReshId: ${west}) {
          changes { revision units(withinReshId: ${west}) { nodes { reshId kinds } } }
        } }`,
    });
    expect(data).toMatchObject({
      unit: { changes: { nodes: [{ revision: before + 1, operation: 'MERGE_UNITS' }] } },
      changes: {
        changes: [
          {
            revision: before + 1,
            units: { nodes: expect.arrayContaining([{ reshId: west, kinds: ['SUCCEEDED'] }]) as unknown },
          },
        ],
      },
    });
    const { payload } = await world.as('trust').updateUnit({ reshId: west, shortName: 'W', expectedRevision: before });
    expect(payload?.userErrors.map(({ code }) => code)).toEqual(['CONFLICT']);
  });

  it('keeps a target that is also a source, without a succession to itself', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);

    const payload = expectAccepted(
      await world.as('trust').mergeUnits({ sourceReshIds: [east, west], targetReshId: west }),
    );

    expect(kindsByUnit(payload)).toEqual({ [east]: 'CLOSED MERGED', [west]: 'SUCCEEDED', [eastRoom]: 'MOVED' });
    expect(await world.readUnit(west, worldDay)).toMatchObject({ validity: '2020-01-01/' });
    expect(await readAncestors(world, westRoom, worldDay)).toEqual([north, northTrust, homeClinic, west]);
    expect(await readUnitSuccessions(world, west)).toMatchObject({
      from: [`${east} > ${west} MERGE FULL ${worldDay}`],
      to: [],
    });
  });

  it('accepts a day long past', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const lateRoom = await world.department('Late room', east, { from: '2026-01-01' });
    await world.as('operator').updateUnit({ reshId: eastRoom, name: 'Renamed room', effectiveOn: '2026-02-01' });
    const before = await world.readNewestRevision();

    const payload = expectAccepted(
      await world.as('trust').mergeUnits({ sourceReshIds: [east], targetReshId: west, effectiveOn: lastYear }),
    );

    expect(kindsByUnit(payload, lastYear)).toEqual({
      [east]: 'CLOSED MERGED',
      [west]: 'SUCCEEDED',
      [eastRoom]: 'MOVED',
      [lateRoom]: 'MOVED 2026-01-01',
    });
    expect(await readAncestors(world, eastRoom, '2025-11-22')).toEqual([north, northTrust, homeClinic, east]);
    expect(await world.readUnit(eastRoom, lastYear)).toMatchObject({
      name: 'East room',
      ancestors: [north, northTrust, homeClinic, west],
    });
    expect(await world.readUnit(eastRoom, worldDay)).toMatchObject({
      name: 'Renamed room',
      ancestors: [north, northTrust, homeClinic, west],
    });
    expect(await readAncestors(world, lateRoom, '2026-01-01')).toEqual([north, northTrust, homeClinic, west]);
    expect(await readAncestors(world, eastRoom, lastYear, before)).toEqual([north, northTrust, homeClinic, east]);
  });

  it('ignores children that moved out earlier and takes over planned arrivals from their day', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const mover = await world.department('Mover', east);
    const newcomer = await world.department('Newcomer', siblingClinic);
    const guest = await world.department('Guest', siblingClinic);
    const operator = world.as('operator');
    expectAccepted(
      await operator.moveUnit({ reshId: mover, newParentReshId: siblingClinic, effectiveOn: '2027-01-01' }),
    );
    expectAccepted(await operator.moveUnit({ reshId: newcomer, newParentReshId: east, effectiveOn: '2028-01-01' }));
    expectAccepted(await operator.moveUnit({ reshId: guest, newParentReshId: east, effectiveOn: '2027-01-01' }));
    expectAccepted(
      await operator.moveUnit({ reshId: guest, newParentReshId: siblingClinic, effectiveOn: '2029-01-01' }),
    );
    const planned = await world.department('Planned', east, { from: '2028-06-01', validTo: '2030-01-01' });

    const payload = expectAccepted(
      await operator.mergeUnits({ sourceReshIds: [east], targetReshId: west, effectiveOn: nextYear }),
    );

    expect(kindsByUnit(payload, nextYear)).toEqual({
      [east]: 'CLOSED MERGED',
      [west]: 'SUCCEEDED',
      [eastRoom]: 'MOVED',
      [newcomer]: 'MOVED 2028-01-01',
      [guest]: 'MOVED',
      [planned]: 'MOVED 2028-06-01',
    });

    const eastAncestors = [north, northTrust, homeClinic, east];
    const westAncestors = [north, northTrust, homeClinic, west];
    const siblingAncestors = [north, siblingTrust, siblingClinic];

    expect(await readAncestors(world, mover, '2026-12-31')).toEqual(eastAncestors);
    expect(await readAncestors(world, mover, nextYear)).toEqual(siblingAncestors);
    expect(await readAncestors(world, newcomer, '2027-12-31')).toEqual(siblingAncestors);
    expect(await readAncestors(world, newcomer, '2028-01-01')).toEqual(westAncestors);
    expect(await readAncestors(world, guest, dayBeforeNextYear)).toEqual(eastAncestors);
    expect(await readAncestors(world, guest, '2028-12-31')).toEqual(westAncestors);
    expect(await readAncestors(world, guest, '2029-01-01')).toEqual(siblingAncestors);
    expect(await readAncestors(world, planned, '2028-06-01')).toEqual(westAncestors);
    expect(await world.readUnit(planned, '2029-12-31')).toMatchObject({ validity: '2028-06-01/2030-01-01' });
  });

  it('copies no codes or sites and lists those left behind', async () => {
    const { east, west } = await addTwoWards(world);
    const operator = world.as('operator');
    await operator.connectTreatmentSite({ reshId: east, organizationNumber: numbers.site, effectiveOn: '2021-01-01' });
    await operator.updateUnitCodes({ reshId: east, add: [specialty('020')], effectiveOn: '2021-01-01' });

    const { impact } = expectAccepted(await operator.mergeUnits({ sourceReshIds: [east], targetReshId: west }));

    expect(impact?.notes).toEqual([
      `Unit ${east} "East" leaves treatment site ${numbers.site}.`,
      `Codes of unit ${east} "East" end: 8451:020.`,
    ]);
    expect(await world.readUnit(west, worldDay)).toMatchObject({ codes: {}, treatmentSite: null });
    expect(await world.readUnit(east, yesterday)).toMatchObject({
      codes: { '8451:020': `2021-01-01/${worldDay}` },
      treatmentSite: numbers.site,
    });
  });

  it('ends grants on the sources, adds none on the target, and lets access to children follow the tree', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const elsewhere = await world.department('Elsewhere', siblingClinic);
    const operator = world.as('operator');
    expectAccepted(await operator.grantAccess(administratorGrant('north-clinic', east, { effectiveOn: '2021-01-01' })));

    expect(await canEdit(world, 'clinic', eastRoom)).toBe(true);
    expect([await canEdit(world, 'trust', east), await canEdit(world, 'trust', elsewhere)]).toEqual([true, false]);

    const { impact } = expectAccepted(
      await operator.mergeUnits({ sourceReshIds: [east, west], targetReshId: elsewhere }),
    );

    expect(impact?.grantsGained).toEqual([]);
    expect(impact?.grantsLost).toEqual([grantImpact('north-trust', northTrust), grantImpact('north-clinic', east)]);
    expect(await canEdit(world, 'clinic', eastRoom)).toBe(false);
    expect(await canEdit(world, 'clinic', elsewhere)).toBe(false);
    expect(await canEdit(world, 'trust', eastRoom)).toBe(false);
    expect(await canEdit(world, 'regional', eastRoom)).toBe(true);
  });

  it('ends grants on a future day, or today for a past day', async () => {
    const { east, west } = await addTwoWards(world);
    const { east: past } = await addTwoWards(world);
    const operator = world.as('operator');
    for (const reshId of [east, past])
      expectAccepted(
        await operator.grantAccess(administratorGrant('north-clinic', reshId, { effectiveOn: '2021-01-01' })),
      );
    const findGrants = async (reshId: number) =>
      (await world.database.prisma.accessGrant.findMany({ where: { reshId, supersededRev: null } })).map(
        ({ validTo }) => validTo?.toISOString().slice(0, 10) ?? null,
      );

    expectAccepted(await operator.mergeUnits({ sourceReshIds: [east], targetReshId: west, effectiveOn: nextYear }));
    expectAccepted(
      await operator.mergeUnits({ sourceReshIds: [past], targetReshId: homeClinic, effectiveOn: lastYear }),
    );

    expect(await findGrants(east)).toEqual([nextYear]);
    expect(await findGrants(past)).toEqual([worldDay]);
  });

  it('merges organizations into a new one that can reuse a source number', async () => {
    const number = nextOrganizationNumber();
    const [hospital, clinics] = [
      await world.organization('Hospital', north, number),
      await world.organization('Clinics', north),
    ];
    const ward = await world.department('Ward', hospital);

    const payload = expectAccepted(
      await world.as('regional').mergeUnits({
        sourceReshIds: [hospital, clinics],
        newTarget: {
          name: 'Hospitals',
          organizationNumber: number,
          parentReshId: north,
          shortName: 'Hs',
          designation: '01',
        },
        effectiveOn: nextYear,
      }),
    );

    const mergedHospital = payload.units?.[0]?.reshId ?? 0;
    expect(await world.readUnit(mergedHospital, nextYear)).toMatchObject({
      type: 'ORGANIZATION',
      name: 'Hospitals',
      shortName: 'Hs',
      designation: '01',
      organizationNumber: number,
      ancestors: [north],
    });
    expect(await world.readUnit(hospital, dayBeforeNextYear)).toMatchObject({ organizationNumber: number });
    expect(await readAncestors(world, ward, nextYear)).toEqual([north, mergedHospital]);
  });

  it('creates a new root from roots, by the operator', async () => {
    const [firstRegion, other] = [await world.organization('One', null), await world.organization('Other', null)];
    const trust = await world.organization('Trust', firstRegion);
    const merge = { sourceReshIds: [firstRegion, other], newTarget: { name: 'Region', type: 'ORGANIZATION' as const } };

    expect(expectDenied(await world.as('regional').mergeUnits(merge))).toEqual(['FORBIDDEN']);

    const payload = expectAccepted(await world.as('operator').mergeUnits(merge));

    expect(await readAncestors(world, trust, worldDay)).toEqual([payload.units?.[0]?.reshId]);
  });

  it('merges a unit with its own descendant', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const bed = await world.department('Bed', eastRoom);

    const payload = expectAccepted(
      await world.as('trust').mergeUnits({ sourceReshIds: [east, eastRoom], targetReshId: west }),
    );

    expect(kindsByUnit(payload)).toEqual({
      [east]: 'CLOSED MERGED',
      [west]: 'SUCCEEDED',
      [eastRoom]: 'CLOSED MERGED',
      [bed]: 'MOVED',
    });
    expect(await readAncestors(world, bed, worldDay)).toEqual([north, northTrust, homeClinic, west]);
  });

  it('adds a successor to a unit that closed on that day, once', async () => {
    const { east, west } = await addTwoWards(world);
    const operator = world.as('operator');
    expectAccepted(await operator.closeUnit({ reshId: east, withDescendants: true }));

    expectAccepted(await operator.mergeUnits({ sourceReshIds: [east], targetReshId: west }));
    const again = expectAccepted(await operator.mergeUnits({ sourceReshIds: [east], targetReshId: west }));

    expect(again.warnings.map(({ code }) => code)).toEqual(['NO_CHANGES']);
    expect((await readUnitSuccessions(world, east)).to).toEqual([`${east} > ${west} MERGE FULL ${worldDay}`]);
  });

  it('forms chains and a diamond that lead to the final successor', async () => {
    const { east, west } = await addTwoWards(world);
    const operator = world.as('operator');
    const first = expectAccepted(
      await operator.splitUnit({
        reshId: east,
        into: [{ name: 'Upper' }, { name: 'Lower', childReshIds: await findChildren(east) }],
        effectiveOn: '2022-01-01',
      }),
    );
    const [upper = 0, lower = 0] = first.units?.map(({ reshId }) => reshId) ?? [];

    expectAccepted(
      await operator.mergeUnits({ sourceReshIds: [upper, lower], targetReshId: west, effectiveOn: '2023-01-01' }),
    );

    expect((await readUnitSuccessions(world, east, { transitive: true })).to).toEqual([
      `${east} > ${upper} SPLIT PARTIAL 2022-01-01`,
      `${east} > ${lower} SPLIT PARTIAL 2022-01-01`,
      `${upper} > ${west} MERGE FULL 2023-01-01`,
      `${lower} > ${west} MERGE FULL 2023-01-01`,
    ]);
    expect((await readUnitSuccessions(world, west, { transitive: true })).from).toHaveLength(4);
  });
});

async function findChildren(reshId: number): Promise<number[]> {
  return (
    await world.database.prisma.unitVersion.findMany({ where: { parentReshId: reshId, supersededRev: null } })
  ).map((row) => row.reshId);
}

describe('mergeUnits errors', () => {
  it('refuse no sources, no target and two targets', async () => {
    const { east, west } = await addTwoWards(world);
    const operator = world.as('operator');
    const newTarget = { name: 'Both', parentReshId: homeClinic };

    expect(formatUserErrors(await operator.mergeUnits({ sourceReshIds: [], targetReshId: west }))).toEqual([
      'REQUIRED at sourceReshIds: Name at least one unit to merge.',
    ]);
    expect(formatUserErrors(await operator.mergeUnits({ sourceReshIds: [east] }))).toEqual([
      'REQUIRED at targetReshId: Name what the units become: ' +
        'an existing unit in "targetReshId", or a new one in "newTarget".',
    ]);
    expect(
      formatUserErrors(await operator.mergeUnits({ sourceReshIds: [east], targetReshId: west, newTarget })),
    ).toEqual(['NOT_ALLOWED at newTarget: "targetReshId" and "newTarget" exclude each other; give only one.']);

    const many = Array.from({ length: 101 }, (_, index) => 900_000 + index);
    expect(formatUserErrors(await operator.mergeUnits({ sourceReshIds: many, targetReshId: west }))[0]).toBe(
      'TOO_MANY at sourceReshIds: 101 units are named, but at most 100 can be merged in one change; ' +
        'make several changes.',
    );
  });

  it('refuse unknown units and units not valid on the day, all at once', async () => {
    const { east } = await addTwoWards(world);
    const closedUnit = await world.department('Closed', homeClinic, { validTo: '2021-01-01' });
    const operator = world.as('operator');

    expect(
      formatUserErrors(
        await operator.mergeUnits({ sourceReshIds: [east, closedUnit, 999_999], targetReshId: 888_888 }),
      ),
    ).toEqual([
      'NOT_FOUND at sourceReshIds.2: Unit 999999 is not in the register; correct the RESH-id.',
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${closedUnit} "Closed" is not valid on ${worldDay}; ` +
        'it is valid from 2020-01-01 to 2021-01-01 (exclusive). Choose one of those days.',
      'NOT_FOUND at targetReshId: Unit 888888 is not in the register; correct the RESH-id.',
    ]);
    expect(formatUserErrors(await operator.mergeUnits({ sourceReshIds: [east], targetReshId: closedUnit }))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${closedUnit} "Closed" is not valid on ${worldDay}; ` +
        'it is valid from 2020-01-01 to 2021-01-01 (exclusive). Choose one of those days.',
    ]);
    expect(
      formatUserErrors(
        await operator.mergeUnits({ sourceReshIds: [east], targetReshId: homeClinic, effectiveOn: '2020-01-01' }),
      ),
    ).toEqual([
      `BAD_PERIOD at effectiveOn: Unit ${east} "East" begins on 2020-01-01 and must stay valid for at least one ` +
        'day; choose a later day. If it was registered by mistake, use withdrawUnit.',
    ]);
  });

  it('refuse a target that will close or is under a source now or later', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const closing = await world.department('Closing', homeClinic, { validTo: '2028-01-01' });
    const operator = world.as('operator');
    const merge = (targetReshId: number) => operator.mergeUnits({ sourceReshIds: [east], targetReshId });

    expect(formatUserErrors(await merge(closing))).toEqual([
      `PARENT_CLOSED at targetReshId: Unit ${closing} "Closing" is not valid on 2028-01-01, and the target of a ` +
        `merger must be valid from ${worldDay} on; name another unit.`,
    ]);
    expect(formatUserErrors(await merge(eastRoom))).toEqual([
      `CYCLE at targetReshId: Unit ${eastRoom} "East room" is under a unit that closes; move it out first.`,
    ]);

    expectAccepted(await operator.moveUnit({ reshId: west, newParentReshId: eastRoom, effectiveOn: '2029-01-01' }));
    expect(formatUserErrors(await merge(west))).toEqual([
      `CYCLE at targetReshId: Unit ${west} "West" is under a unit that closes; move it out first.`,
    ]);
    expect(
      formatUserErrors(await operator.mergeUnits({ sourceReshIds: [east, eastRoom], targetReshId: eastRoom })),
    ).toEqual([`CYCLE at targetReshId: Unit ${eastRoom} "East room" is under a unit that closes; move it out first.`]);
    expect(
      formatUserErrors(
        await operator.mergeUnits({ sourceReshIds: [east], newTarget: { name: 'New', parentReshId: east } }),
      ),
    ).toEqual([
      'PARENT_CLOSED at newTarget.parentReshId: ' +
        `Unit ${east} "East" is not valid on ${worldDay}, and the unit would be under it from ${worldDay} on; ` +
        'name a parent that is valid on all those days, or end the unit before that day.',
    ]);
  });

  it('refuse an organization under a department', async () => {
    const trust = await world.organization('Trust', north);
    expectAccepted(
      await world.as('operator').moveUnit({ reshId: await world.organization('Part', north), newParentReshId: trust }),
    );
    const { east } = await addTwoWards(world);

    expect(
      formatUserErrors(await world.as('operator').mergeUnits({ sourceReshIds: [trust], targetReshId: east })),
    ).toEqual([
      `WRONG_PARENT_TYPE at targetReshId: Unit ${east} "East" is a department, and the parent of an organization ` +
        'must be an organization; name one.',
    ]);
  });

  it('refuse a source that is listed twice, also if it is the target', async () => {
    const { east, west } = await addTwoWards(world);
    const operator = world.as('operator');

    expect(
      formatUserErrors(await operator.mergeUnits({ sourceReshIds: [east, west, east, west], targetReshId: west })),
    ).toEqual([
      `DUPLICATE_VALUE at sourceReshIds.2: Unit ${east} "East" is listed twice; keep one.`,
      `DUPLICATE_VALUE at sourceReshIds.3: Unit ${west} "West" is listed twice; keep one.`,
    ]);
  });

  it('report the errors of a new unit beside those of the sources', async () => {
    const { east } = await addTwoWards(world);
    const newTarget = { name: ' ', organizationNumber: '123456789', parentReshId: homeClinic };

    expect(
      formatUserErrors(await world.as('operator').mergeUnits({ sourceReshIds: [east, 999_999], newTarget })),
    ).toEqual([
      'NOT_FOUND at sourceReshIds.1: Unit 999999 is not in the register; correct the RESH-id.',
      'TEXT_INVALID at newTarget.name: "name" is empty; give a value.',
      expect.stringMatching(/^BAD_CHECK_DIGIT at newTarget\.organizationNumber: /),
    ]);
  });

  it('refuse an invalid new unit', async () => {
    const { east, west } = await addTwoWards(world);

    expect(
      formatUserErrors(
        await world.as('operator').mergeUnits({
          sourceReshIds: [east, west],
          newTarget: { name: ' ', designation: '99', organizationNumber: numbers.southTrust, parentReshId: 999_999 },
        }),
      ),
    ).toEqual([
      'TEXT_INVALID at newTarget.name: "name" is empty; give a value.',
      'NOT_FOUND at newTarget.parentReshId: Unit 999999 is not in the register; correct the RESH-id.',
      'UNKNOWN_CODE at newTarget.designation: Code 99 is not in code set 8624; choose one from codeSet(number: 8624).',
      'DUPLICATE_ORGANIZATION_NUMBER at newTarget.organizationNumber: ' +
        `Unit ${southTrust} "southTrust" has ${numbers.southTrust} from 2010-01-01 on; ` +
        'only one unit can have a number on a day. Correct the number, or remove it from that unit first.',
    ]);
    expect(
      formatUserErrors(
        await world.as('operator').mergeUnits({ sourceReshIds: [east, west], newTarget: { name: 'Root' } }),
      ),
    ).toEqual([
      expect.stringMatching(
        new RegExp(
          '^WRONG_PARENT_TYPE at newTarget\\.parentReshId: .* is a department, ' +
            'and only an organization can be a root; name a parent\\.$',
        ),
      ) as string,
    ]);
  });

  it('refuse a target that becomes a source on the same day, but not on an earlier one', async () => {
    const { east, west } = await addTwoWards(world);
    const operator = world.as('operator');
    const part = await world.department('Part', homeClinic);
    expectAccepted(await operator.splitUnit({ reshId: west, into: [{ reshId: part }], keepSource: true }));
    expectAccepted(await operator.mergeUnits({ sourceReshIds: [part], targetReshId: east }));

    expect(formatUserErrors(await operator.mergeUnits({ sourceReshIds: [east], targetReshId: west }))).toEqual([
      `CYCLE at targetReshId: Unit ${west} "West" cannot succeed unit ${east} "East": ` +
        'it is that unit, or becomes it on the same day; name another.',
    ]);
    expectAccepted(await operator.mergeUnits({ sourceReshIds: [east], targetReshId: west, effectiveOn: nextYear }));
  });

  it('refuse a source that moves out of the judged scope later', async () => {
    const { east, west } = await addTwoWards(world);
    expectAccepted(
      await world.as('operator').moveUnit({ reshId: east, newParentReshId: southClinic, effectiveOn: '2028-01-01' }),
    );

    // From 2028 on, East is in the south, where the trust has no scope.
    expect(expectDenied(await world.as('trust').mergeUnits({ sourceReshIds: [east], targetReshId: west }))).toEqual([
      'FORBIDDEN',
    ]);
    expectAccepted(await world.as('operator').mergeUnits({ sourceReshIds: [east], targetReshId: west, dryRun: true }));
  });
});

describe('mergeUnits access', () => {
  it('requires scope over the parent of every source and over the target or its parent', async () => {
    const { east, west } = await addTwoWards(world);
    const [far, farther] = [
      await world.department('Far', siblingClinic),
      await world.department('Farther', southClinic),
    ];
    const mergeAs = (
      subject: 'trust' | 'regional' | 'south' | 'clinic',
      sourceReshIds: number[],
      targetReshId: number,
    ) => world.as(subject).mergeUnits({ sourceReshIds, targetReshId, dryRun: true });
    const mergeIntoNewAs = (subject: 'trust' | 'regional', sourceReshIds: number[], parentReshId: number) =>
      world.as(subject).mergeUnits({ sourceReshIds, newTarget: { name: 'New', parentReshId }, dryRun: true });

    await expectNoWrites(world, async () => {
      expectAccepted(await mergeAs('trust', [east], west));
      expect(expectDenied(await mergeAs('trust', [east], far))).toEqual(['FORBIDDEN']);
      expect(expectDenied(await mergeAs('trust', [east, far], west))).toEqual(['FORBIDDEN']);
      expectAccepted(await mergeAs('regional', [east, far], west));
      expect(expectDenied(await mergeAs('regional', [east, farther], west))).toEqual(['FORBIDDEN']);
      expect(expectDenied(await mergeAs('regional', [east], farther))).toEqual(['FORBIDDEN']);
      expect(expectDenied(await mergeAs('clinic', [east], west))).toEqual(['FORBIDDEN']);
      expectAccepted(await mergeIntoNewAs('trust', [east, west], northTrust));
      expect(expectDenied(await mergeIntoNewAs('trust', [east, west], siblingClinic))).toEqual(['FORBIDDEN']);
      expectAccepted(await mergeIntoNewAs('regional', [east, far], siblingTrust));
      expect(expectDenied(await mergeIntoNewAs('regional', [east, far], southTrust))).toEqual(['FORBIDDEN']);
      // The administrator of a trust cannot merge the trust itself.
      expect(expectDenied(await mergeAs('trust', [northTrust], siblingTrust))).toEqual(['FORBIDDEN']);
      expectAccepted(await mergeAs('regional', [siblingTrust], northTrust));
      expect(expectDenied(await mergeAs('regional', [north], south))).toEqual(['FORBIDDEN']);
    });
  });

  it('names the unit without scope and the organization to ask', async () => {
    const { east } = await addTwoWards(world);
    const { errors } = await world.as('trust').mergeUnits({ sourceReshIds: [east], targetReshId: siblingClinic });

    expect(errors.map(({ message }) => message)).toEqual([
      `You may not merge these units: you need access to unit ${siblingClinic} "siblingClinic" or a unit above ` +
        'it. Ask Name of north-region (north-region@example.org).',
    ]);
  });
});

describe('every merge', () => {
  testMutationLaws({
    world,
    name: 'mergeUnits',
    createInput: async (parent) => {
      const { east, west } = await addTwoWards(world, parent);
      return { sourceReshIds: [east], targetReshId: west };
    },
    alterInput: (input) => ({ ...input, targetReshId: homeClinic }),
    readReshId: ({ sourceReshIds }) => sourceReshIds[0] ?? 0,
  });

  it('shows no units on a dry run and predicts the new RESH-id', async () => {
    const { east, west } = await addTwoWards(world);
    const input = { sourceReshIds: [east, west], newTarget: { name: 'Both', parentReshId: homeClinic } };

    const preview = await expectNoWrites(world, () => world.as('operator').mergeUnits({ ...input, dryRun: true }));
    expect(expectAccepted(preview).units).toBeNull();

    const response = await world.as('operator').mergeUnits(input);

    expect(expectAccepted(response).impact).toEqual(expectAccepted(preview).impact);
    expect(expectRevision(response)).toBe(await world.readNewestRevision());
  });

  it('appears the same in the feed', async () => {
    const { east, west } = await addTwoWards(world);
    const revision = expectRevision(
      await world.as('operator').mergeUnits({ sourceReshIds: [east], targetReshId: west }),
    );
    const storedChange = await world.database.prisma.change.findUniqueOrThrow({ where: { revision } });

    expect(storedChange).toMatchObject({ operation: 'MERGE_UNITS', actorSubject: 'operator', actorRole: 'OPERATOR' });
    expect(storedChange.input).toEqual({ sourceReshIds: [east], targetReshId: west });
  });
});
