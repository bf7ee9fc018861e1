import { describe, expect, it } from 'vitest';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { grantImpact, impactOf, unitImpact } from '../../support/builders/impact.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { insertUnitVersions } from '../../support/database/insert-unit-versions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { readAncestors } from '../../support/world/changing-world-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { units, worldDay, worldStart } from '../../support/world/world.ts';

const { north, northTrust, clinic, secondClinic, siblingTrust, siblingClinic, south, southTrust, southClinic } = units;
const world = useChangingWorld();

const homeAncestors = [north, northTrust, homeClinic];
const southClinicAncestors = [south, southTrust, southClinic];

describe('moveUnit', () => {
  it('moves the unit and its descendants from today and leaves the past unchanged', async () => {
    const ward = await world.department('Ward', homeClinic);
    const bed = await world.department('Bed', ward);
    const before = await world.readNewestRevision();

    const payload = expectAccepted(
      await world.as('regional').moveUnit({ reshId: ward, newParentReshId: siblingClinic, reason: 'New agreement' }),
    );

    expectUnitChange(payload, before + 1, 'MOVE_UNIT', { reshId: ward, name: 'Ward', parentReshId: siblingClinic });
    expect(payload.impact).toEqual(
      impactOf({
        units: [unitImpact(ward, ['MOVED'], { parent: [String(homeClinic), String(siblingClinic)] })],
        pathCount: 1,
        grantsLost: [grantImpact('north-trust', northTrust)],
      }),
    );

    expect(await readAncestors(world, ward, worldDay)).toEqual([north, siblingTrust, siblingClinic]);
    expect(await readAncestors(world, bed, worldDay)).toEqual([north, siblingTrust, siblingClinic, ward]);
    expect(await readAncestors(world, ward, yesterday)).toEqual(homeAncestors);
    expect(await readAncestors(world, bed, yesterday)).toEqual([...homeAncestors, ward]);
    expect(await readAncestors(world, ward, worldDay, before)).toEqual(homeAncestors);
    expect(await readAncestors(world, bed, worldDay, before)).toEqual([...homeAncestors, ward]);
  });

  it('accepts a past and a future day', async () => {
    const ward = await world.department('Ward', homeClinic);
    const before = await world.readNewestRevision();
    await world.as('operator').moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: lastYear });
    await world.as('operator').moveUnit({ reshId: ward, newParentReshId: southClinic, effectiveOn: nextYear });

    expect(await readAncestors(world, ward, '2025-11-22')).toEqual(homeAncestors);
    expect(await readAncestors(world, ward, lastYear)).toEqual([north, northTrust, clinic]);
    expect(await readAncestors(world, ward, '2027-11-22')).toEqual([north, northTrust, clinic]);
    expect(await readAncestors(world, ward, nextYear)).toEqual(southClinicAncestors);
    expect(await readAncestors(world, ward, lastYear, before)).toEqual(homeAncestors);
    expect(await readAncestors(world, ward, nextYear, before + 1)).toEqual([north, northTrust, clinic]);
  });

  it('lasts until a planned move, and a second move on that day cancels the plan', async () => {
    const ward = await world.department('Ward', homeClinic);
    await world.as('operator').moveUnit({ reshId: ward, newParentReshId: southClinic, effectiveOn: nextYear });

    expectAccepted(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: clinic }));
    expect(await readAncestors(world, ward, '2027-11-22')).toEqual([north, northTrust, clinic]);
    expect(await readAncestors(world, ward, nextYear)).toEqual(southClinicAncestors);

    expectAccepted(
      await world.as('operator').moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: nextYear }),
    );
    expect(await readAncestors(world, ward, nextYear)).toEqual([north, northTrust, clinic]);
  });

  it('keeps plans for other facts of the unit and its descendants', async () => {
    const ward = await world.department('Ward', homeClinic);
    const bed = await world.department('Bed', ward);
    const leaving = await world.department('Leaving', ward);
    const operator = world.as('operator');
    await operator.updateUnit({ reshId: ward, name: 'Renamed ward', effectiveOn: '2027-01-01' });
    await operator.updateUnitCodes({ reshId: ward, add: [specialty('020')], effectiveOn: '2027-03-01' });
    await operator.updateUnit({ reshId: bed, shortName: 'B', effectiveOn: '2027-02-01' });
    await operator.closeUnit({ reshId: bed, effectiveOn: '2028-01-01' });
    await operator.moveUnit({ reshId: leaving, newParentReshId: clinic, effectiveOn: '2027-05-01' });

    expect(
      expectAccepted(await operator.moveUnit({ reshId: ward, newParentReshId: southClinic })).impact,
    ).toMatchObject({
      unitCount: 1,
      pathCount: 2,
      notes: [],
    });

    expect(await world.readUnit(ward, '2026-12-31')).toMatchObject({ name: 'Ward', ancestors: southClinicAncestors });
    expect(await world.readUnit(ward, '2027-01-01')).toMatchObject({
      name: 'Renamed ward',
      ancestors: southClinicAncestors,
    });
    expect((await world.readUnit(ward, '2027-03-01'))?.codes).toEqual({ '8451:020': '2027-03-01/' });

    const bedAncestors = [...southClinicAncestors, ward];
    expect(await world.readUnit(bed, '2027-01-31')).toMatchObject({ shortName: null, ancestors: bedAncestors });
    expect(await world.readUnit(bed, '2027-02-01')).toMatchObject({ shortName: 'B', ancestors: bedAncestors });
    expect(await world.readUnit(bed, '2027-12-31')).toMatchObject({
      validity: '2020-01-01/2028-01-01',
      ancestors: bedAncestors,
    });
    expect(await world.readUnit(bed, '2028-01-01')).toBeNull();
    expect(await readAncestors(world, leaving, '2027-04-30')).toEqual(bedAncestors);
    expect(await readAncestors(world, leaving, '2027-05-01')).toEqual([north, northTrust, clinic]);
  });

  it('gives the unit every future path of its new parent', async () => {
    const ward = await world.department('Ward', homeClinic);
    const wing = await world.department('Wing', clinic);
    await world.as('operator').moveUnit({ reshId: wing, newParentReshId: southClinic, effectiveOn: nextYear });

    expectAccepted(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: wing, effectiveOn: lastYear }));

    expect(await readAncestors(world, ward, '2025-11-22')).toEqual(homeAncestors);
    expect(await readAncestors(world, ward, lastYear)).toEqual([north, northTrust, clinic, wing]);
    expect(await readAncestors(world, ward, nextYear)).toEqual([...southClinicAncestors, wing]);
  });

  it('requires the new parent only until the unit closes', async () => {
    const ward = await world.department('Ward', homeClinic, { validTo: '2027-06-01' });
    const wing = await world.department('Wing', clinic, { validTo: '2027-06-01' });

    expectAccepted(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: wing }));

    expect(await world.readUnit(ward, '2027-05-31')).toMatchObject({
      ancestors: [north, northTrust, clinic, wing],
      validity: '2020-01-01/2027-06-01',
    });
  });

  it('warns when the unit already has that parent', async () => {
    const ward = await world.department('Ward', homeClinic);
    const { impact, warnings } = expectAccepted(
      await world.as('operator').moveUnit({ reshId: ward, newParentReshId: homeClinic }),
    );
    expect(impact).toMatchObject({ unitCount: 0, pathCount: 0, units: [] });
    expect(warnings).toEqual([
      {
        code: 'NO_CHANGES',
        field: null,
        message: 'The register already is as requested; the change is recorded but alters nothing.',
      },
    ]);
  });

  it('warns when the day is more than ten years ahead', async () => {
    const ward = await world.department('Ward', homeClinic);
    const move = async (effectiveOn: string) => {
      const input = { reshId: ward, newParentReshId: siblingClinic, effectiveOn, dryRun: true };
      return expectAccepted(await world.as('operator').moveUnit(input)).warnings;
    };

    expect(await move('2036-11-23')).toEqual([]);
    expect(await move('2036-11-24')).toEqual([
      {
        code: 'DAY_FAR_AHEAD',
        field: ['effectiveOn'],
        message: 'The change takes effect on 2036-11-24, more than 10 years ahead; check the year.',
      },
    ]);
  });

  it('reports no access that changed on past days only', async () => {
    const ward = await world.department('Ward', homeClinic);
    expectAccepted(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: southClinic }));

    const { impact } = expectAccepted(
      await world
        .as('operator')
        .moveUnit({ reshId: ward, newParentReshId: siblingClinic, effectiveOn: lastYear, dryRun: true }),
    );

    expect(impact).toMatchObject({ unitCount: 1, grantsGained: [], grantsLost: [] });
  });

  it('moves a root under a parent and back, by the operator', async () => {
    const region = await world.organization('Region', null);
    const hospital = await world.organization('Hospital', region);

    expectAccepted(await world.as('operator').moveUnit({ reshId: region, newParentReshId: south }));
    expect(await readAncestors(world, hospital, worldDay)).toEqual([south, region]);
    expect(await readAncestors(world, hospital, yesterday)).toEqual([region]);

    const { unit, impact } = expectAccepted(
      await world.as('operator').moveUnit({ reshId: region, newParentReshId: null, effectiveOn: nextYear }),
    );
    expect(unit).toEqual({ reshId: region, name: 'Region', seenOn: nextYear, parent: null });
    expect(impact).toMatchObject({
      units: [{ reshId: region, kinds: ['MOVED'], fields: [{ field: 'parent', old: String(south), new: null }] }],
      pathCount: 1,
      grantsGained: [],
      grantsLost: [{ administrator: { subject: 'south-region' }, unit: { reshId: south } }],
    });
    expect(await readAncestors(world, hospital, '2027-11-22')).toEqual([south, region]);
    expect(await readAncestors(world, hospital, nextYear)).toEqual([region]);
  });
});

describe('moveUnit errors', () => {
  it('refuse an unknown unit and an unknown parent', async () => {
    const ward = await world.department('Ward', homeClinic);
    const operator = world.as('operator');
    expect(formatUserErrors(await operator.moveUnit({ reshId: 999_999, newParentReshId: 999_998 }))).toEqual([
      'NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.',
      'NOT_FOUND at newParentReshId: Unit 999998 is not in the register; correct the RESH-id.',
    ]);
    expect(expectUserErrors(await operator.moveUnit({ reshId: ward, newParentReshId: 999_998 }))).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', field: ['newParentReshId'] }),
    ]);
  });

  it('distinguish an omitted parent from null, which departments cannot have', async () => {
    const ward = await world.department('Ward', homeClinic);
    expect(formatUserErrors(await world.as('operator').moveUnit({ reshId: ward }))).toEqual([
      'REQUIRED at newParentReshId: "newParentReshId" is missing: ' +
        'name the new parent, or pass null to make an organization a root.',
    ]);
    expect(formatUserErrors(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: null }))).toEqual([
      'WRONG_PARENT_TYPE at newParentReshId: ' +
        `Unit ${ward} "Ward" is a department, and only an organization can be a root; name a parent.`,
    ]);
  });

  it('name the days on which the unit is valid', async () => {
    const ward = await world.department('Ward', homeClinic, { validTo: '2027-06-01' });
    expect(
      formatUserErrors(
        await world.as('operator').moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: '2027-06-01' }),
      ),
    ).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${ward} "Ward" is not valid on 2027-06-01; ` +
        'it is valid from 2020-01-01 to 2027-06-01 (exclusive). Choose one of those days.',
    ]);
    expect(
      expectUserErrors(
        await world.as('operator').moveUnit({ reshId: ward, newParentReshId: 999_999, effectiveOn: '2019-12-31' }),
      ).map(({ code, field }) => [code, field]),
    ).toEqual([
      ['NOT_VALID_ON_DAY', ['effectiveOn']],
      ['NOT_FOUND', ['newParentReshId']],
    ]);
  });

  it('refuse a move under the unit itself, on a later day as well', async () => {
    const ward = await world.department('Ward', homeClinic);
    const bed = await world.department('Bed', ward);
    const operator = world.as('operator');

    expect(formatUserErrors(await operator.moveUnit({ reshId: ward, newParentReshId: ward }))).toEqual([
      `CYCLE at newParentReshId: Unit ${ward} "Ward" cannot be its own parent; name another unit.`,
    ]);
    expect(formatUserErrors(await operator.moveUnit({ reshId: ward, newParentReshId: bed }))).toEqual([
      `CYCLE at newParentReshId: Unit ${bed} "Bed" is under unit ${ward} "Ward" on 2026-11-23; name a unit outside it.`,
    ]);

    const wing = await world.department('Wing', homeClinic);
    expectAccepted(await operator.moveUnit({ reshId: wing, newParentReshId: bed, effectiveOn: nextYear }));

    expect(formatUserErrors(await operator.moveUnit({ reshId: ward, newParentReshId: wing }))).toEqual([
      `CYCLE at newParentReshId: Unit ${wing} "Wing" is under unit ${ward} "Ward" from 2027-11-23 on; ` +
        'name a unit outside it.',
    ]);

    // There is no circle until the day on which it moves on.
    expectAccepted(await operator.moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: nextYear }));
    expectAccepted(await operator.moveUnit({ reshId: ward, newParentReshId: wing }));

    expect(await readAncestors(world, ward, worldDay)).toEqual([...homeAncestors, wing]);
    expect(await readAncestors(world, wing, nextYear)).toEqual([north, northTrust, clinic, ward, bed]);
  });

  it('name the first day on which the new parent is not valid', async () => {
    const ward = await world.department('Ward', homeClinic);
    const closing = await world.department('Closing', homeClinic, { validTo: nextYear });
    const futureUnit = await world.department('Coming', homeClinic, { from: nextYear });
    const operator = world.as('operator');

    expect(formatUserErrors(await operator.moveUnit({ reshId: ward, newParentReshId: closing }))).toEqual([
      `PARENT_CLOSED at newParentReshId: Unit ${closing} "Closing" is not valid on 2027-11-23, and the unit ` +
        'would be under it from 2026-11-23 on; ' +
        'name a parent that is valid on all those days, or end the unit before that day.',
    ]);
    expect(expectUserErrors(await operator.moveUnit({ reshId: ward, newParentReshId: futureUnit }))).toEqual([
      expect.objectContaining({
        code: 'PARENT_CLOSED',
        message:
          `Unit ${futureUnit} "Coming" is not valid on 2026-11-23, and the unit would be under it from 2026-11-23 ` +
          'on; name a parent that is valid on all those days, or end the unit before that day.',
      }),
    ]);

    // A unit with a planned move needs its new parent only until then.
    expectAccepted(await operator.moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: nextYear }));
    expectAccepted(await operator.moveUnit({ reshId: ward, newParentReshId: closing }));

    expect(await readAncestors(world, ward, '2027-11-22')).toEqual([...homeAncestors, closing]);
    expect(await readAncestors(world, ward, nextYear)).toEqual([north, northTrust, clinic]);
  });

  it('refuse an organization under a department', async () => {
    const hospital = await world.organization('Hospital', north);
    const closing = await world.department('Closing', homeClinic, { validTo: nextYear });
    expect(
      expectUserErrors(await world.as('operator').moveUnit({ reshId: hospital, newParentReshId: closing })),
    ).toEqual([
      expect.objectContaining({ code: 'PARENT_CLOSED', field: ['newParentReshId'] }),
      {
        code: 'WRONG_PARENT_TYPE',
        field: ['newParentReshId'],
        message:
          `Unit ${closing} "Closing" is a department, and the parent of an organization must be an organization; ` +
          'name one.',
      },
    ]);
  });

  it('name the days on which the unit has another type', async () => {
    const hospital = 990_001;
    const institute = 990_002;
    await world.database.bulk((session) =>
      recordChange(session, changeEntry(), (revision, transaction) =>
        insertUnitVersions(transaction, revision, [
          { path: [north, hospital], type: 'ORGANIZATION', from: worldStart, to: nextYear },
          { path: [north, hospital], from: nextYear },
          { path: [north, northTrust, institute], from: worldStart, to: nextYear },
          { path: [north, northTrust, institute], type: 'ORGANIZATION', from: nextYear },
        ]),
      ),
    );
    const operator = world.as('operator');

    const toTop = await operator.moveUnit({ reshId: hospital, newParentReshId: null });
    const underClinic = await operator.moveUnit({ reshId: institute, newParentReshId: clinic });

    expect(formatUserErrors(toTop)).toEqual([
      `WRONG_PARENT_TYPE at newParentReshId: Unit ${hospital} "Unit ${hospital}" is a department ` +
        `from ${nextYear} on, and only an organization can be a root; name a parent.`,
    ]);
    expect(formatUserErrors(underClinic)).toEqual([
      `WRONG_PARENT_TYPE at newParentReshId: Unit ${clinic} "clinic" is a department, and ` +
        `unit ${institute} "Unit ${institute}" is an organization from ${nextYear} on, ` +
        'when its parent must be an organization; name one.',
    ]);
  });
});

describe('every move', () => {
  testMutationLaws({
    world,
    name: 'moveUnit',
    createInput: async (parent) => ({ reshId: await world.department('Ward', parent), newParentReshId: secondClinic }),
    alterInput: (input) => ({ ...input, newParentReshId: clinic }),
    readReshId: ({ reshId }) => reshId,
  });

  it('moves a region under another', async () => {
    expectAccepted(await world.as('operator').moveUnit({ reshId: south, newParentReshId: north }));
  });
});
