import { describe, expect, it } from 'vitest';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { addUnits } from '../../support/world/add-units.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const { north, northTrust, clinic, south } = units;
const world = useChangingWorld();

const surgery = specialty('010');

async function readValidity(reshId: number, day: string, revision?: number) {
  return (await world.readUnit(reshId, day, revision))?.validity;
}

/** Creates a ward that closed a year ago, with a name, a treatment site, codes and identifiers. */
async function createClosedWard(under = homeClinic): Promise<number> {
  const operator = world.as('operator');
  const reshId = await world.department('Ward', under);
  await operator.updateUnitCodes({ reshId, add: [surgery], effectiveOn: '2021-01-01' });
  await operator.connectTreatmentSite({ reshId, organizationNumber: numbers.site, effectiveOn: '2021-01-01' });
  await operator.setIdentifier({ reshId, system: 'urn:x:her', value: '17', effectiveOn: '2021-01-01' });
  await operator.updateUnit({
    reshId,
    name: 'Last name',
    effectiveOn: '2022-01-01',
    contactPoints: [{ type: 'EMAIL', value: 'ward@example.org' }],
  });
  expectAccepted(await operator.closeUnit({ reshId, effectiveOn: lastYear }));
  return reshId;
}

describe('reopenUnit', () => {
  it('restores the state of the last day and leaves a gap', async () => {
    const ward = await createClosedWard();
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await world.as('trust').reopenUnit({ reshId: ward }));

    expectUnitChange(payload, before + 1, 'REOPEN_UNIT', { reshId: ward, name: 'Last name', parentReshId: homeClinic });
    expect(payload.impact).toMatchObject({
      unitCount: 1,
      units: [{ reshId: ward, kinds: ['REOPENED'], effectiveOn: worldDay }],
      pathCount: 0,
      notes: [],
      grantsGained: [],
      grantsLost: [],
    });
    expect(await world.readUnit(ward, worldDay)).toMatchObject({
      name: 'Last name',
      validity: `${worldDay}/`,
      ancestors: [north, northTrust, homeClinic],
      treatmentSite: numbers.site,
      codes: { '8451:010': `${worldDay}/` },
      identifiers: { 'urn:x:her': '17' },
      contactPoints: ['EMAIL ward@example.org'],
    });
    expect(await world.readUnit(ward, yesterday)).toBeNull();
    expect(await readValidity(ward, '2025-11-22')).toBe(`2020-01-01/${lastYear}`);
    expect(await world.readUnit(ward, worldDay, before)).toBeNull();
  });

  it('leaves no gap on the closing day', async () => {
    const ward = await createClosedWard();
    expectAccepted(await world.as('trust').reopenUnit({ reshId: ward, effectiveOn: lastYear }));
    expect(await world.readUnit(ward, lastYear)).toMatchObject({
      validity: '2020-01-01/',
      codes: { '8451:010': '2021-01-01/' },
      identifiers: { 'urn:x:her': '17' },
    });
  });

  it('cancels a planned closing', async () => {
    const ward = await world.department('Ward', homeClinic, { validTo: nextYear });
    const { unit } = expectAccepted(await world.as('trust').reopenUnit({ reshId: ward, effectiveOn: nextYear }));
    expect(unit).toMatchObject({ seenOn: nextYear });
    expect(await readValidity(ward, worldDay)).toBe('2020-01-01/');
  });

  it('brings back the planned ends of a cascade, and names the plans that do not return', async () => {
    const operator = world.as('operator');
    const { wing, ward } = await addUnits(world, {
      wing: { name: 'Wing', under: homeClinic },
      ward: { name: 'Ward', under: 'wing' },
    });
    expectAccepted(await operator.updateUnit({ reshId: wing, shortName: 'W', effectiveOn: '2028-01-01' }));
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: '2030-01-01', withDescendants: true }));
    expectAccepted(await operator.closeUnit({ reshId: ward, effectiveOn: '2029-01-01' }));
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: nextYear, withDescendants: true }));

    const { impact } = expectAccepted(
      await operator.reopenUnit({ reshId: wing, effectiveOn: nextYear, withDescendants: true }),
    );

    expect(await readValidity(wing, nextYear)).toBe('2020-01-01/2030-01-01');
    expect(await readValidity(ward, nextYear)).toBe('2020-01-01/2029-01-01');
    expect(impact?.notes).toEqual([
      `The change of unit ${wing} "Wing" planned for 2028-01-01, which its closing dropped, does not return: ` +
        'shortName "W".',
    ]);
  });

  it('lasts until an existing later period when it starts in a gap', async () => {
    const ward = await createClosedWard();
    expectAccepted(await world.as('trust').reopenUnit({ reshId: ward, effectiveOn: nextYear }));
    await world.as('trust').updateUnit({ reshId: ward, name: 'Planned name', effectiveOn: nextYear });
    expectAccepted(await world.as('trust').reopenUnit({ reshId: ward, effectiveOn: worldDay }));

    expect(await world.readUnit(ward, yesterday)).toBeNull();
    expect(await world.readUnit(ward, worldDay)).toMatchObject({ name: 'Last name', validity: `${worldDay}/` });
    expect(await world.readUnit(ward, nextYear)).toMatchObject({ name: 'Planned name', validity: `${worldDay}/` });
  });

  it('moves the first day back with the facts, codes and site of that day', async () => {
    const operator = world.as('operator');
    const ward = (
      await operator.createDepartment({
        name: 'First name',
        parentReshId: homeClinic,
        effectiveOn: '2021-01-01',
        codes: [surgery],
        treatmentSite: numbers.site,
        internationalNames: [{ language: 'en', name: 'Ward' }],
      })
    ).payload?.unit?.reshId;
    if (!ward) throw new Error('not created');
    await operator.updateUnit({ reshId: ward, name: 'Later name', effectiveOn: '2022-01-01' });
    await operator.updateUnitCodes({ reshId: ward, end: [surgery], effectiveOn: '2022-01-01' });
    const before = await world.readNewestRevision();

    const { impact, unit } = expectAccepted(await operator.reopenUnit({ reshId: ward, effectiveOn: '2015-06-01' }));

    expect(unit).toEqual({ reshId: ward, name: 'First name', seenOn: '2015-06-01', parent: { reshId: homeClinic } });
    expect(impact?.units[0]).toMatchObject({ reshId: ward, kinds: ['REOPENED'], effectiveOn: '2015-06-01' });
    expect(await world.readUnit(ward, '2015-06-01')).toMatchObject({
      name: 'First name',
      validity: '2015-06-01/',
      treatmentSite: numbers.site,
      codes: { '8451:010': '2015-06-01/2022-01-01' },
      internationalNames: [{ language: 'en', name: 'Ward' }],
    });
    expect(await world.readUnit(ward, '2015-05-31')).toBeNull();
    expect(await world.readUnit(ward, '2022-01-01')).toMatchObject({ name: 'Later name', codes: {} });
    expect(await world.readUnit(ward, '2015-06-01', before)).toBeNull();
  });

  it('reopens children closed by the same change only on request', async () => {
    const operator = world.as('operator');
    const wing = await world.department('Wing', homeClinic);
    const [closedUnit, ward] = [await world.department('Gone', wing), await world.department('Ward', wing)];
    const bed = await world.department('Bed', ward);
    // Closed on the same day, but by another change.
    expectAccepted(await operator.closeUnit({ reshId: closedUnit, effectiveOn: lastYear }));
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: lastYear, withDescendants: true }));

    expectAccepted(await operator.reopenUnit({ reshId: wing, effectiveOn: '2026-01-01' }));
    expect(await readValidity(wing, worldDay)).toBe('2026-01-01/');
    expect(await world.readUnit(ward, worldDay)).toBeNull();

    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: '2026-02-01' }));

    const other = await world.department('Other wing', homeClinic);
    const child = await world.department('Child', other);
    const childGone = await world.department('Child gone', other);
    expectAccepted(await operator.closeUnit({ reshId: childGone, effectiveOn: lastYear }));
    expectAccepted(await operator.closeUnit({ reshId: other, effectiveOn: lastYear, withDescendants: true }));
    const { impact } = expectAccepted(await operator.reopenUnit({ reshId: other, withDescendants: true }));

    expect(impact?.units.map(({ reshId, kinds }) => [reshId, kinds])).toEqual([
      [other, ['REOPENED']],
      [child, ['REOPENED']],
    ]);
    expect(await world.readUnit(childGone, worldDay)).toBeNull();
    // The bed closed with its ward, and stays closed.
    expect(await world.readUnit(bed, worldDay)).toBeNull();
  });

  it('gives descendants the paths of their new parent', async () => {
    const operator = world.as('operator');
    const wing = await world.department('Wing', homeClinic);
    const ward = await world.department('Ward', wing);
    const bed = await world.department('Bed', ward);
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: lastYear, withDescendants: true }));

    const { unit } = expectAccepted(
      await operator.reopenUnit({ reshId: wing, newParentReshId: clinic, withDescendants: true }),
    );

    expect(unit?.parent).toEqual({ reshId: clinic });
    expect((await world.readUnit(bed, worldDay))?.ancestors).toEqual([north, northTrust, clinic, wing, ward]);
    expect((await world.readUnit(bed, '2025-11-22'))?.ancestors).toEqual([north, northTrust, homeClinic, wing, ward]);
  });

  it('reopens only units closed by the last of two closings on one day', async () => {
    const operator = world.as('operator');
    const wing = await world.department('Wing', homeClinic);
    const ward = await world.department('Ward', wing);
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: lastYear, withDescendants: true }));
    expectAccepted(await operator.reopenUnit({ reshId: wing, effectiveOn: lastYear }));
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: lastYear }));

    expect(expectAccepted(await operator.reopenUnit({ reshId: wing, withDescendants: true })).impact?.unitCount).toBe(
      1,
    );
    expect(await world.readUnit(ward, worldDay)).toBeNull();
  });

  it.each([
    ['is valid elsewhere', null],
    ['was valid elsewhere in between', '2026-02-01'],
  ])('leaves out a unit that %s, with its descendants', async (_case, closedAgain) => {
    const operator = world.as('operator');
    const wing = await world.department('Wing', homeClinic);
    const [ward, otherWard] = [await world.department('Ward', wing), await world.department('Other ward', wing)];
    const bed = await world.department('Bed', ward);
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: lastYear, withDescendants: true }));
    expectAccepted(await operator.reopenUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: '2026-01-01' }));
    if (closedAgain) expectAccepted(await operator.closeUnit({ reshId: ward, effectiveOn: closedAgain }));

    const { impact } = expectAccepted(await operator.reopenUnit({ reshId: wing, withDescendants: true }));

    expect(impact?.units.map(({ reshId }) => reshId)).toEqual([wing, otherWard]);
    expect(await readValidity(ward, '2026-01-01')).toBe(`2026-01-01/${closedAgain ?? ''}`);
    expect(await world.readUnit(bed, worldDay)).toBeNull();
  });

  it('ends where a descendant was going to reopen elsewhere, for its own descendants too', async () => {
    const operator = world.as('operator');
    const wing = await world.department('Wing', homeClinic);
    const ward = await world.department('Ward', wing);
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: lastYear, withDescendants: true }));
    expectAccepted(await operator.reopenUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: nextYear }));

    expectAccepted(await operator.reopenUnit({ reshId: wing, withDescendants: true }));

    expect((await world.readUnit(ward, worldDay))?.ancestors).toEqual([north, northTrust, homeClinic, wing]);
    expect((await world.readUnit(ward, nextYear))?.ancestors).toEqual([north, northTrust, clinic]);
  });

  it('leaves out units that had an end from the start, even when a move changed the paths', async () => {
    const operator = world.as('operator');
    const wing = await world.department('Wing', homeClinic, { validTo: lastYear });
    const ward = await world.department('Ward', wing, { validTo: lastYear });
    expectAccepted(await operator.moveUnit({ reshId: wing, newParentReshId: clinic, effectiveOn: '2021-01-01' }));

    expect(expectAccepted(await operator.reopenUnit({ reshId: wing, withDescendants: true })).impact?.unitCount).toBe(
      1,
    );
    expect(await world.readUnit(ward, worldDay)).toBeNull();
  });

  it('keeps a retired code without a gap, and otherwise warns that it is dropped', async () => {
    const retired = specialty('030');
    const operator = world.as('operator');
    const createWithRetiredCode = async (): Promise<number> => {
      const ward = await world.department('Ward', homeClinic);
      await world.insertCode(ward, retired, '2020-01-01');
      return ward;
    };
    const [continued, interrupted, back] = [
      await createWithRetiredCode(),
      await createWithRetiredCode(),
      await createWithRetiredCode(),
    ];
    for (const reshId of [continued, interrupted])
      expectAccepted(await operator.closeUnit({ reshId, effectiveOn: lastYear }));

    expect(
      expectAccepted(await operator.reopenUnit({ reshId: continued, effectiveOn: lastYear })).impact?.notes,
    ).toEqual([]);
    expect((await world.readUnit(continued, worldDay))?.codes).toEqual({ '8451:030': '2020-01-01/' });

    expect(expectAccepted(await operator.reopenUnit({ reshId: interrupted })).impact?.notes).toEqual([
      `Unit ${interrupted} "Ward" does not get code 8451:030 back on 2026-11-23: ` +
        'the code cannot be assigned on that day.',
    ]);
    expect((await world.readUnit(interrupted, worldDay))?.codes).toEqual({});

    expectAccepted(await operator.reopenUnit({ reshId: back, effectiveOn: '2019-01-01' }));
    expect((await world.readUnit(back, '2019-01-01'))?.codes).toEqual({ '8451:030': '2019-01-01/' });
  });
});

describe('reopenUnit errors', () => {
  it('refuse a unit that is unknown or already valid', async () => {
    const ward = await world.department('Ward', homeClinic, { validTo: nextYear });
    expect(formatUserErrors(await world.as('trust').reopenUnit({ reshId: 999_999, newParentReshId: 999_998 }))).toEqual(
      [
        'NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.',
        'NOT_FOUND at newParentReshId: Unit 999998 is not in the register; correct the RESH-id.',
      ],
    );
    expect(formatUserErrors(await world.as('trust').reopenUnit({ reshId: ward }))).toEqual([
      `ALREADY_VALID at effectiveOn: Unit ${ward} "Ward" is already valid on 2026-11-23; there is nothing to reopen.`,
    ]);
  });

  it('refuse a parent that is closed, will close or is not valid yet', async () => {
    const operator = world.as('operator');
    const wing = await world.department('Wing', homeClinic);
    const ward = await world.department('Ward', wing);
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: lastYear, withDescendants: true }));
    const parentNotValidErrors = (parent: number, name: string, day: string, from: string) => [
      {
        code: 'PARENT_CLOSED',
        field: ['newParentReshId'],
        message:
          `Unit ${parent} "${name}" is not valid on ${day}, and the unit would be under it from ${from} on; ` +
          'name a parent that is valid on all those days, or end the unit before that day.',
      },
    ];

    expect(expectUserErrors(await operator.reopenUnit({ reshId: ward }))).toEqual(
      parentNotValidErrors(wing, 'Wing', worldDay, worldDay),
    );

    const closing = await world.department('Closing', homeClinic, { validTo: nextYear });
    expect(expectUserErrors(await operator.reopenUnit({ reshId: ward, newParentReshId: closing }))).toEqual(
      parentNotValidErrors(closing, 'Closing', nextYear, worldDay),
    );

    const moved = await world.department('Moved', homeClinic, { from: '2021-01-01' });
    const earlyUnit = await world.department('Early', moved, { from: '2021-01-01' });

    expect(formatUserErrors(await operator.reopenUnit({ reshId: earlyUnit, effectiveOn: '2020-06-01' }))).toEqual([
      `PARENT_CLOSED at newParentReshId: Unit ${moved} "Moved" is not valid on 2020-06-01, and the unit would be ` +
        'under it from 2020-06-01 to 2021-01-01 (exclusive); name a parent that is valid on all those days.',
    ]);

    expectAccepted(await operator.reopenUnit({ reshId: ward, newParentReshId: homeClinic }));
  });

  it('refuse a number taken by another unit and a closed site, both at once', async () => {
    const operator = world.as('operator');
    const number = nextOrganizationNumber();
    const hospital = await world.organization('Hospital', north, number);
    const site = nextOrganizationNumber();
    expectAccepted(
      await operator.registerTreatmentSite({
        organizationNumber: site,
        name: 'Old site',
        validFrom: '2010-01-01',
        validTo: '2026-06-01',
      }),
    );
    const other = nextOrganizationNumber();
    expectAccepted(await operator.closeUnit({ reshId: hospital, effectiveOn: lastYear }));
    const successorHospital = await world.organization('Heir', north, other);
    expectAccepted(
      await operator.updateUnit({ reshId: successorHospital, organizationNumber: number, effectiveOn: '2026-01-01' }),
    );

    expect(formatUserErrors(await operator.reopenUnit({ reshId: hospital }))).toEqual([
      'DUPLICATE_ORGANIZATION_NUMBER at reshId: ' +
        `Unit ${successorHospital} "Heir" has ${number} from 2026-01-01 on; ` +
        'only one unit can have a number on a day. Remove it from that unit first.',
    ]);

    const ward = await world.department('Ward', homeClinic, { validTo: '2026-01-01' });
    expectAccepted(
      await operator.connectTreatmentSite({ reshId: ward, organizationNumber: site, effectiveOn: '2025-01-01' }),
    );

    expect(expectUserErrors(await operator.reopenUnit({ reshId: ward, newParentReshId: 999_998 }))).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', field: ['newParentReshId'] }),
      {
        code: 'SITE_NOT_VALID',
        field: ['treatmentSite'],
        message:
          `Treatment site ${site} is not valid on 2026-11-23; ` +
          'name another site in "treatmentSite", or pass null for none.',
      },
    ]);
    expect(formatUserErrors(await operator.reopenUnit({ reshId: ward, treatmentSite: site }))).toEqual([
      `SITE_NOT_VALID at treatmentSite: Treatment site ${site} is not valid on 2026-11-23; ` +
        'choose another site or other days.',
    ]);
    expectAccepted(await operator.reopenUnit({ reshId: ward, treatmentSite: numbers.site, codes: [specialty('020')] }));
    expect(await world.readUnit(ward, worldDay)).toMatchObject({
      treatmentSite: numbers.site,
      codes: { '8451:020': `${worldDay}/` },
    });
  });

  it('do not include ended sites of descendants, which the impact names', async () => {
    const operator = world.as('operator');
    const site = nextOrganizationNumber();
    expectAccepted(
      await operator.registerTreatmentSite({
        organizationNumber: site,
        name: 'Old site',
        validFrom: '2010-01-01',
        validTo: '2026-01-01',
      }),
    );
    const { wing, ward } = await addUnits(world, {
      wing: { name: 'Wing', under: homeClinic, validTo: '2026-01-01' },
      ward: { name: 'Ward', under: 'wing', validTo: '2026-01-01' },
    });
    expectAccepted(
      await operator.connectTreatmentSite({ reshId: ward, organizationNumber: site, effectiveOn: '2025-01-01' }),
    );
    for (const reshId of [wing, ward]) expectAccepted(await operator.closeUnit({ reshId, effectiveOn: '2026-01-01' }));
    expectAccepted(await operator.reopenUnit({ reshId: wing, effectiveOn: '2026-01-01' }));
    expectAccepted(await operator.reopenUnit({ reshId: ward, effectiveOn: '2026-01-01', treatmentSite: null }));
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: '2025-12-01', withDescendants: true }));

    const { impact } = expectAccepted(
      await operator.reopenUnit({ reshId: wing, effectiveOn: '2025-12-01', withDescendants: true }),
    );

    expect(impact?.notes).toEqual([
      `Unit ${ward} "Ward" does not get treatment site ${site} back on 2025-12-01: ` +
        'the site is not valid on all of its days.',
      `The change of unit ${ward} "Ward" planned for 2026-01-01, which its closing dropped, does not return: ` +
        'no treatmentSite.',
    ]);
    expect((await world.readUnit(ward, worldDay))?.treatmentSite).toBeNull();
  });

  it('include those of descendants to reopen', async () => {
    const operator = world.as('operator');
    const number = nextOrganizationNumber();
    const trust = await world.organization('Trust', south);
    const hospital = await world.organization('Hospital', trust, number);
    expectAccepted(await operator.closeUnit({ reshId: trust, effectiveOn: lastYear, withDescendants: true }));
    await operator.updateUnit({ reshId: units.siblingTrust, organizationNumber: number, effectiveOn: '2026-01-01' });

    expect(expectUserErrors(await operator.reopenUnit({ reshId: trust, withDescendants: true }))).toEqual([
      expect.objectContaining({ code: 'DUPLICATE_ORGANIZATION_NUMBER', field: ['withDescendants'] }),
    ]);

    expectAccepted(await operator.reopenUnit({ reshId: trust }));
    expect(await world.readUnit(hospital, worldDay)).toBeNull();
  });

  it('refuse a unit under itself', async () => {
    const operator = world.as('operator');
    const wing = await world.department('Wing', homeClinic);
    const ward = await world.department('Ward', homeClinic);
    expectAccepted(await operator.closeUnit({ reshId: wing, effectiveOn: lastYear }));
    expectAccepted(await operator.reopenUnit({ reshId: wing, effectiveOn: nextYear }));
    expectAccepted(await operator.moveUnit({ reshId: ward, newParentReshId: wing, effectiveOn: nextYear }));

    expect(
      expectUserErrors(await operator.reopenUnit({ reshId: wing, newParentReshId: wing })).map(({ code }) => code),
    ).toEqual(['PARENT_CLOSED']);

    expectAccepted(await operator.reopenUnit({ reshId: wing, newParentReshId: ward }));
    expect((await world.readUnit(wing, worldDay))?.ancestors).toEqual([north, northTrust, homeClinic, ward]);
    expect((await world.readUnit(ward, nextYear))?.ancestors).toEqual([north, northTrust, homeClinic, wing]);
  });
});

describe('every reopening', () => {
  testMutationLaws({
    world,
    name: 'reopenUnit',
    createInput: async (parentUnit) => {
      const reshId = await world.department('Ward', parentUnit);
      await world.as('operator').closeUnit({ reshId, effectiveOn: nextYear });
      return { reshId, effectiveOn: nextYear };
    },
    alterInput: (input) => ({ ...input, newParentReshId: clinic }),
    readReshId: ({ reshId }) => reshId,
  });
});
