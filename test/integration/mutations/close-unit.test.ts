import { describe, expect, it } from 'vitest';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { grantImpact, impactOf, unitImpact } from '../../support/builders/impact.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const { clinic } = units;
const world = useChangingWorld();

async function readValidity(reshId: number, day: string, revision?: number) {
  return (await world.readUnit(reshId, day, revision))?.validity;
}

function findGrants(reshId: number) {
  return world.database.prisma.accessGrant.findMany({
    where: { reshId, supersededRev: null },
    orderBy: { validFrom: 'asc' },
    select: { subject: true, validFrom: true, validTo: true },
  });
}

function toDay(date: Date | null) {
  return date?.toISOString().slice(0, 10) ?? null;
}

describe('closeUnit', () => {
  it('ends the unit today with its site and codes and leaves the past unchanged', async () => {
    const ward = await world.department('Ward', homeClinic);
    await world.as('trust').updateUnitCodes({ reshId: ward, add: [specialty('010')] });
    await world.as('trust').connectTreatmentSite({ reshId: ward, organizationNumber: numbers.site });
    const before = await world.readNewestRevision();

    const { change, impact, unit, userErrors, warnings } = expectAccepted(
      await world.as('trust').closeUnit({ reshId: ward, effectiveOn: '2026-12-24' }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: '2026-12-24', operation: 'CLOSE_UNIT' });
    expect(unit).toEqual({ reshId: ward, name: 'Ward', seenOn: '2026-12-23', parent: { reshId: homeClinic } });
    expect([userErrors, warnings]).toEqual([[], []]);
    expect(impact).toEqual(
      impactOf({
        units: [
          unitImpact(
            ward,
            ['CLOSED'],
            {
              name: ['Ward', null],
              parent: [String(homeClinic), null],
              type: ['DEPARTMENT', null],
              treatmentSite: [numbers.site, null],
              codes: ['8451:010', null],
            },
            '2026-12-24',
          ),
        ],
        notes: [`Unit ${ward} "Ward" leaves treatment site 974747138.`, `Codes of unit ${ward} "Ward" end: 8451:010.`],
      }),
    );
    expect(await world.readUnit(ward, '2026-12-24')).toBeNull();
    expect(await world.readUnit(ward, '2026-12-23')).toMatchObject({
      validity: '2020-01-01/2026-12-24',
      codes: { '8451:010': '2026-11-23/2026-12-24' },
    });
    expect(await readValidity(ward, '2026-12-24', before)).toBe('2020-01-01/');
  });

  it('accepts a past day, and an earlier day in place of a planned one', async () => {
    const ward = await world.department('Ward', homeClinic);
    expectAccepted(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: nextYear }));
    const { unit, impact } = expectAccepted(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: lastYear }));

    expect(unit).toMatchObject({ seenOn: '2025-11-22' });
    expect(impact?.notes).toEqual([
      `Unit ${ward} "Ward" was planned to close on ${nextYear}; it closes on ${lastYear} instead.`,
    ]);
    expect(await readValidity(ward, '2025-11-22')).toBe(`2020-01-01/${lastYear}`);
    expect(await world.readUnit(ward, lastYear)).toBeNull();
    expect(await world.readUnit(ward, yesterday)).toBeNull();
  });

  it('changes nothing on the day the unit already closes', async () => {
    const ward = await world.department('Ward', homeClinic, { validTo: nextYear });
    const { unit, impact, warnings } = expectAccepted(
      await world.as('trust').closeUnit({ reshId: ward, effectiveOn: nextYear }),
    );

    expect(unit).toMatchObject({ seenOn: '2027-11-22' });
    expect(impact).toMatchObject({ unitCount: 0, notes: [] });
    expect(warnings.map(({ code }) => code)).toEqual(['NO_CHANGES']);
  });

  it('drops later plans and lists them', async () => {
    const ward = await world.department('Ward', homeClinic);
    const operator = world.as('operator');
    await operator.updateUnit({ reshId: ward, name: 'New name', shortName: 'NN', effectiveOn: '2027-01-01' });
    await operator.updateUnit({ reshId: ward, shortName: null, effectiveOn: '2027-02-01' });
    await operator.moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: '2027-03-01' });
    await operator.updateUnitCodes({ reshId: ward, add: [specialty('020')], effectiveOn: '2027-04-01' });
    await operator.closeUnit({ reshId: ward, effectiveOn: '2027-05-01' });
    await operator.reopenUnit({ reshId: ward, effectiveOn: '2027-06-01' });

    const { impact } = expectAccepted(await operator.closeUnit({ reshId: ward }));

    expect(impact?.notes).toEqual([
      `The change of unit ${ward} "Ward" planned for 2027-01-01 is dropped: name "New name", shortName "NN".`,
      `The change of unit ${ward} "Ward" planned for 2027-02-01 is dropped: no shortName.`,
      `The change of unit ${ward} "Ward" planned for 2027-03-01 is dropped: parent "${clinic}".`,
      `The change of unit ${ward} "Ward" planned for 2027-04-01 is dropped: codes "8451:020".`,
      `Unit ${ward} "Ward" was planned to close on 2027-05-01; it closes on ${worldDay} instead.`,
      `The reopening of unit ${ward} "Ward" planned for 2027-06-01 is dropped.`,
    ]);

    for (const day of ['2027-01-01', '2027-04-01', '2027-06-01']) expect(await world.readUnit(ward, day)).toBeNull();
  });

  it('ignores path changes caused by a planned move further up', async () => {
    const wing = await world.department('Wing', homeClinic);
    const ward = await world.department('Ward', wing);
    await world.as('operator').moveUnit({ reshId: wing, newParentReshId: clinic, effectiveOn: nextYear });
    expect(expectAccepted(await world.as('operator').closeUnit({ reshId: ward })).impact?.notes).toEqual([]);
  });

  it('closes descendants on the same day with withDescendants', async () => {
    const wing = await world.department('Wing', homeClinic);
    const ward = await world.department('Ward', wing);
    const bed = await world.department('Bed', ward, { validTo: nextYear });
    const elsewhere = await world.department('Moved out', wing);
    await world.as('operator').moveUnit({ reshId: elsewhere, newParentReshId: homeClinic, effectiveOn: lastYear });
    const before = await world.readNewestRevision();

    const { impact, unit } = expectAccepted(
      await world.as('trust').closeUnit({ reshId: wing, withDescendants: true, effectiveOn: yesterday }),
    );

    expect(unit).toMatchObject({ reshId: wing, seenOn: '2026-11-21' });
    expect(impact?.units.map(({ reshId, kinds, effectiveOn }) => [reshId, kinds, effectiveOn])).toEqual([
      [wing, ['CLOSED'], yesterday],
      [ward, ['CLOSED'], yesterday],
      [bed, ['CLOSED'], yesterday],
    ]);

    for (const reshId of [wing, ward, bed]) expect(await world.readUnit(reshId, yesterday)).toBeNull();
    expect(await world.readUnit(elsewhere, yesterday)).toMatchObject({ name: 'Moved out', validity: '2020-01-01/' });
    expect(await readValidity(bed, yesterday, before)).toBe(`2020-01-01/${nextYear}`);
  });

  it('ends grants on the closing day, or today if that is later, and drops planned ones', async () => {
    const grantAccessTo = (reshId: number, subject: string, effectiveOn: string) =>
      world.as('trust').grantAccess({ reshId, subject, role: 'ADMINISTRATOR', name: subject, effectiveOn });
    const [formerUnit, plannedUnit] = [
      await world.department('Past', homeClinic),
      await world.department('Planned', homeClinic),
    ];
    expectAccepted(await grantAccessTo(formerUnit, 'anne', '2026-01-01'));
    expectAccepted(await grantAccessTo(formerUnit, 'berit', nextYear));
    expectAccepted(await grantAccessTo(plannedUnit, 'anne', '2026-01-01'));

    expect(
      expectAccepted(await world.as('trust').closeUnit({ reshId: formerUnit, effectiveOn: lastYear })).impact
        ?.grantsLost,
    ).toEqual([grantImpact('anne', formerUnit), grantImpact('berit', formerUnit)]);

    expectAccepted(await world.as('trust').closeUnit({ reshId: plannedUnit, effectiveOn: nextYear }));

    const days = async (reshId: number) =>
      (await findGrants(reshId)).map(({ subject, validFrom, validTo }) => [subject, toDay(validFrom), toDay(validTo)]);
    expect(await days(formerUnit)).toEqual([['anne', '2026-01-01', worldDay]]);
    expect(await days(plannedUnit)).toEqual([['anne', '2026-01-01', nextYear]]);

    // Reopening restores none of them, even without a gap.
    expectAccepted(await world.as('trust').reopenUnit({ reshId: formerUnit, effectiveOn: lastYear }));
    expectAccepted(await world.as('trust').reopenUnit({ reshId: plannedUnit, effectiveOn: nextYear }));

    expect(await days(formerUnit)).toEqual([['anne', '2026-01-01', worldDay]]);
    expect(await days(plannedUnit)).toEqual([['anne', '2026-01-01', nextYear]]);

    // Closing on an earlier day than planned ends them on that day.
    expectAccepted(await world.as('trust').closeUnit({ reshId: plannedUnit }));
    expect(await days(plannedUnit)).toEqual([['anne', '2026-01-01', worldDay]]);
  });

  it('records the units that replace it', async () => {
    const [ward, next] = [await world.department('Ward', homeClinic), await world.department('Next', homeClinic)];
    expectAccepted(await world.as('trust').closeUnit({ reshId: ward, successorReshIds: [next] }));
    expect(
      await world.database.prisma.succession.findMany({
        where: { fromReshId: ward },
        select: { toReshId: true, kind: true, extent: true },
      }),
    ).toEqual([{ toReshId: next, kind: 'REPLACEMENT', extent: 'FULL' }]);
  });
});

describe('closeUnit errors', () => {
  it('refuse a unit that is unknown or not valid on the day', async () => {
    expect(formatUserErrors(await world.as('trust').closeUnit({ reshId: 999_999 }))).toEqual([
      'NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    const ward = await world.department('Ward', homeClinic, { validTo: '2027-06-01' });
    const notValidErrors = (day: string) => [
      {
        code: 'NOT_VALID_ON_DAY',
        field: ['effectiveOn'],
        message:
          `Unit ${ward} "Ward" is not valid on ${day}; it is valid from 2020-01-01 to 2027-06-01 (exclusive). ` +
          'Choose one of those days.',
      },
    ];
    for (const effectiveOn of ['2019-12-31', '2027-06-02'])
      expect(expectUserErrors(await world.as('trust').closeUnit({ reshId: ward, effectiveOn }))).toEqual(
        notValidErrors(effectiveOn),
      );
  });

  it('refuse a closing on the first day in favour of withdrawing', async () => {
    const ward = await world.department('Ward', homeClinic);
    expect(formatUserErrors(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: '2020-01-01' }))).toEqual([
      `BAD_PERIOD at effectiveOn: Unit ${ward} "Ward" begins on 2020-01-01 and must stay valid for at least one ` +
        'day; choose a later day. If it was registered by mistake, use withdrawUnit.',
    ]);
    expect(await readValidity(ward, worldDay)).toBe('2020-01-01/');
  });

  it('refuse a unit with open children, even with plans for them', async () => {
    const wing = await world.department('Wing', homeClinic);
    const ward = await world.department('Ward', wing);
    await world.as('operator').updateUnit({ reshId: ward, name: 'Renamed', effectiveOn: nextYear });

    expect(formatUserErrors(await world.as('trust').closeUnit({ reshId: wing }))).toEqual([
      `HAS_OPEN_CHILDREN at reshId: Unit ${wing} "Wing" has 1 open child on 2026-11-23 or later: ${ward} "Ward"; ` +
        'close or move it first, or pass withDescendants.',
    ]);

    const second = await world.department('Second', wing, { validTo: nextYear });
    expect(formatUserErrors(await world.as('trust').closeUnit({ reshId: wing }))).toEqual([
      `HAS_OPEN_CHILDREN at reshId: Unit ${wing} "Wing" has 2 open children on 2026-11-23 or later: ` +
        `${ward} "Ward", ${second} "Second"; close or move them first, or pass withDescendants.`,
    ]);

    // A child that closes on the same day is not an open child.
    await world.as('trust').closeUnit({ reshId: ward, effectiveOn: nextYear });
    expectAccepted(await world.as('trust').closeUnit({ reshId: wing, effectiveOn: nextYear }));
  });

  it('name children that arrive later, with their day, and their descendants', async () => {
    const wing = await world.department('Wing', homeClinic);
    const ward = await world.department('Ward', wing);
    const futureUnit = await world.department('Coming', ward, { from: '2027-01-01' });
    const moving = await world.department('Moving', homeClinic);
    await world.as('operator').moveUnit({ reshId: moving, newParentReshId: wing, effectiveOn: '2027-02-01' });

    expect(expectUserErrors(await world.as('trust').closeUnit({ reshId: wing }))).toEqual([
      expect.objectContaining({
        message:
          `Unit ${wing} "Wing" has 2 open children on 2026-11-23 or later: ` +
          `${ward} "Ward", ${moving} "Moving" (planned from 2027-02-01); close or move them first.`,
      }),
    ]);
    expect(formatUserErrors(await world.as('trust').closeUnit({ reshId: wing, withDescendants: true }))).toEqual([
      `HAS_OPEN_CHILDREN at reshId: Units ${ward} "Ward", ${wing} "Wing" have 2 open children on 2026-11-23 or ` +
        `later: ${futureUnit} "Coming" (planned from 2027-01-01), ${moving} "Moving" (planned from 2027-02-01); ` +
        'change what is planned for them first.',
    ]);

    await world.as('operator').moveUnit({ reshId: moving, newParentReshId: homeClinic, effectiveOn: '2027-02-01' });
    await world.as('operator').moveUnit({ reshId: futureUnit, newParentReshId: homeClinic, effectiveOn: '2027-01-01' });
    expectAccepted(await world.as('trust').closeUnit({ reshId: wing, withDescendants: true }));

    expect(await world.readUnit(ward, worldDay)).toBeNull();
    expect(await world.readUnit(futureUnit, '2027-01-01')).not.toBeNull();
  });

  it('report all problems at once', async () => {
    const wing = await world.department('Wing', homeClinic);
    const today = await world.department('Opened today', wing, { from: worldDay });
    await world.department('Later', wing, { from: nextYear });
    expect(
      expectUserErrors(
        await world
          .as('trust')
          .closeUnit({ reshId: wing, withDescendants: true, successorReshIds: [wing, today, 999_999] }),
      ).map(({ code, field }) => [code, field]),
    ).toEqual([
      ['BAD_PERIOD', ['effectiveOn']],
      ['HAS_OPEN_CHILDREN', ['reshId']],
      ['NOT_FOUND', ['successorReshIds', '2']],
      ['NOT_VALID_ON_DAY', ['successorReshIds', '1']],
    ]);
  });
});

describe('every closing', () => {
  testMutationLaws({
    world,
    name: 'closeUnit',
    createInput: async (parent) => ({ reshId: await world.department('Ward', parent) }),
    alterInput: (input) => ({ ...input, effectiveOn: nextYear }),
    readReshId: ({ reshId }) => reshId,
  });
});
