import { describe, expect, it } from 'vitest';
import { impactOnUnit } from '../../support/builders/impact.ts';
import { expectAccepted, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const { north, northTrust, clinic } = units;
const world = useChangingWorld();

const facts = {
  name: 'Ward',
  shortName: 'W',
  designation: '05',
  responsiblePerson: 'Kari Nordmann',
  internationalNames: [{ language: 'en', name: 'Ward' }],
  addresses: [{ type: 'POSTAL' as const, lines: ['Box 1'], postalCode: '7030', city: 'Trondheim' }],
  contactPoints: [{ type: 'EMAIL' as const, value: 'ward@example.org' }],
};
const expectedFacts = {
  ...facts,
  addresses: ['POSTAL, Box 1, 7030, Trondheim'],
  contactPoints: ['EMAIL ward@example.org'],
};

describe('updateUnit', () => {
  it('sets facts from today, keeps omitted ones and leaves the past unchanged', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expectAccepted(await world.as('trust').updateUnit({ reshId, ...facts, effectiveOn: '2021-01-01' }));
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await world.as('trust').updateUnit({ reshId, name: 'New name', shortName: 'NN' }));

    expectUnitChange(payload, before + 1, 'UPDATE_UNIT', { reshId, name: 'New name', parentReshId: homeClinic });
    expect(payload.impact).toEqual(
      impactOnUnit(reshId, ['RENAMED'], {
        name: ['Ward', 'New name'],
        shortName: ['W', 'NN'],
      }),
    );
    expect(await world.readUnit(reshId, worldDay)).toMatchObject({
      ...expectedFacts,
      name: 'New name',
      shortName: 'NN',
    });
    expect(await world.readUnit(reshId, yesterday)).toMatchObject(expectedFacts);
    expect(await world.readUnit(reshId, worldDay, before)).toMatchObject(expectedFacts);
    expect(await world.readUnit(reshId, '2020-12-31')).toMatchObject({ shortName: null, addresses: [] });
  });

  it('clears facts with null and with blank text', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expectAccepted(await world.as('trust').updateUnit({ reshId, ...facts, effectiveOn: '2021-01-01' }));
    expectAccepted(
      await world.as('trust').updateUnit({
        reshId,
        shortName: null,
        designation: null,
        responsiblePerson: '  ',
        internationalNames: null,
        addresses: null,
        contactPoints: null,
      }),
    );

    expect(await world.readUnit(reshId, worldDay)).toMatchObject({
      name: 'Ward',
      shortName: null,
      designation: null,
      responsiblePerson: null,
      internationalNames: [],
      addresses: [],
      contactPoints: [],
    });
    expect(await world.readUnit(reshId, yesterday)).toMatchObject(expectedFacts);
  });

  it('keeps each fact until its next planned change', async () => {
    const reshId = await world.department('Ward', homeClinic, { validTo: '2030-01-01' });
    const update = (input: object) => world.as('operator').updateUnit({ reshId, ...input });
    expectAccepted(await update({ name: 'Planned name', effectiveOn: '2028-01-01' }));
    expectAccepted(await update({ shortName: 'PS', contactPoints: facts.contactPoints, effectiveOn: nextYear }));
    expectAccepted(await world.as('operator').moveUnit({ reshId, newParentReshId: clinic, effectiveOn: '2027-06-01' }));

    expectAccepted(
      await update({
        name: 'Name',
        shortName: 'S',
        internationalNames: facts.internationalNames,
        effectiveOn: lastYear,
        contactPoints: [{ type: 'WEB', value: 'https://example.org' }],
      }),
    );

    const snapshots = await Promise.all(
      ['2025-11-22', lastYear, '2027-06-01', nextYear, '2028-01-01', '2029-12-31'].map(async (day) => {
        const unitOnDay = await world.readUnit(reshId, day);
        return [
          unitOnDay?.name,
          unitOnDay?.shortName,
          unitOnDay?.ancestors.at(-1),
          unitOnDay?.contactPoints,
          unitOnDay?.internationalNames.length,
        ];
      }),
    );
    const [web, email] = [['WEB https://example.org'], ['EMAIL ward@example.org']];

    expect(snapshots).toEqual([
      ['Ward', null, homeClinic, [], 0],
      ['Name', 'S', homeClinic, web, 1],
      ['Name', 'S', clinic, web, 1],
      ['Name', 'PS', clinic, email, 1],
      ['Planned name', 'PS', clinic, email, 1],
      ['Planned name', 'PS', clinic, email, 1],
    ]);

    // Setting the current value on the planned day cancels the plan.
    expectAccepted(await update({ name: 'Name', effectiveOn: '2028-01-01' }));
    expect(await world.readUnit(reshId, '2029-12-31')).toMatchObject({
      name: 'Name',
      validity: '2020-01-01/2030-01-01',
    });
    expect(await world.readUnit(reshId, '2030-01-01')).toBeNull();
  });

  it('keeps a retired designation and replaces local wording by a code', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expectAccepted(await world.as('trust').updateUnit({ reshId, designation: '05' }));
    expect(
      expectAccepted(await world.as('trust').updateUnit({ reshId, designation: '05', name: 'Ward' })).warnings,
    ).toEqual([expect.objectContaining({ code: 'NO_CHANGES', field: null })]);
  });

  it('sets an organization number and releases it for another unit', async () => {
    const [number, other] = [nextOrganizationNumber(), nextOrganizationNumber()];
    const hospital = await world.organization('Hospital', north, number);
    const successorHospital = await world.organization('Heir', north, other);
    const update = (input: { reshId: number; organizationNumber: string | null; effectiveOn?: string }) =>
      world.as('operator').updateUnit(input);
    expectAccepted(await update({ reshId: hospital, organizationNumber: null, effectiveOn: lastYear }));
    expectAccepted(await update({ reshId: successorHospital, organizationNumber: number, effectiveOn: lastYear }));

    expect((await world.readUnit(hospital, lastYear))?.organizationNumber).toBeNull();
    expect((await world.readUnit(hospital, '2025-11-22'))?.organizationNumber).toBe(number);
    expect((await world.readUnit(successorHospital, lastYear))?.organizationNumber).toBe(number);

    // It may have its number from an earlier day on, until the other unit has it.
    expect(
      expectAccepted(await update({ reshId: hospital, organizationNumber: number, effectiveOn: '2021-01-01' }))
        .warnings,
    ).toMatchObject([{ code: 'NO_CHANGES' }]);
  });
});

describe('updateUnit errors', () => {
  it('refuse a unit that is unknown or not valid on the day, with all other problems', async () => {
    expect(
      formatUserErrors(
        await world.as('operator').updateUnit({
          reshId: 999_999,
          name: null,
          shortName: 'x'.repeat(301),
          designation: '99',
          organizationNumber: numbers.invalid,
        }),
      ),
    ).toEqual([
      'REQUIRED at name: A unit must have a name; give one, or leave "name" out to keep it.',
      'TEXT_INVALID at shortName: "shortName" has 301 characters, but at most 300 are allowed; shorten it.',
      'NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.',
      'UNKNOWN_CODE at designation: Code 99 is not in code set 8624; choose one from codeSet(number: 8624).',
      `BAD_CHECK_DIGIT at organizationNumber: The last digit of ${numbers.invalid} is not its check digit; ` +
        'correct the number.',
    ]);

    const ward = await world.department('Ward', homeClinic);
    expectAccepted(await world.as('operator').closeUnit({ reshId: ward, effectiveOn: lastYear }));
    expectAccepted(await world.as('operator').reopenUnit({ reshId: ward, effectiveOn: nextYear }));
    for (const effectiveOn of ['2019-12-31', worldDay])
      expect(formatUserErrors(await world.as('operator').updateUnit({ reshId: ward, name: 'X', effectiveOn }))).toEqual(
        [
          `NOT_VALID_ON_DAY at effectiveOn: Unit ${ward} "Ward" is not valid on ${effectiveOn}; ` +
            `it is valid from 2020-01-01 to ${lastYear} (exclusive) and from ${nextYear} on. ` +
            'Choose one of those days.',
        ],
      );
  });

  it('refuse the number of another unit on some of its days', async () => {
    const hospital = await world.organization('Hospital', north);
    const takeNumber = (effectiveOn: string) =>
      world.as('operator').updateUnit({ reshId: hospital, organizationNumber: numbers.northTrust, effectiveOn });

    expect(formatUserErrors(await takeNumber(worldDay))).toEqual([
      'DUPLICATE_ORGANIZATION_NUMBER at organizationNumber: ' +
        `Unit ${northTrust} "northTrust" has ${numbers.northTrust} from 2010-01-01 on; ` +
        'only one unit can have a number on a day. Correct the number, or remove it from that unit first.',
    ]);

    expectAccepted(
      await world
        .as('operator')
        .updateUnit({ reshId: northTrust, organizationNumber: nextOrganizationNumber(), effectiveOn: nextYear }),
    );
    expect(formatUserErrors(await takeNumber(worldDay))).toEqual([
      'DUPLICATE_ORGANIZATION_NUMBER at organizationNumber: ' +
        `Unit ${northTrust} "northTrust" has ${numbers.northTrust} from 2010-01-01 to ${nextYear} (exclusive); ` +
        'only one unit can have a number on a day. Correct the number, or remove it from that unit first.',
    ]);

    expectAccepted(await takeNumber(nextYear));
  });

  it('refuse too many list entries', async () => {
    const contactPoints = Array.from({ length: 51 }, (_, index) => ({
      type: 'WEB' as const,
      value: `https://example.org/${index}`,
    }));
    expect(formatUserErrors(await world.as('operator').updateUnit({ reshId: homeClinic, contactPoints }))).toEqual([
      'TOO_MANY at contactPoints: "contactPoints" has 51 entries, but at most 50 are allowed; give fewer.',
    ]);
  });
});

describe('every update', () => {
  testMutationLaws({
    world,
    name: 'updateUnit',
    createInput: async (parent) => ({ reshId: await world.department('Ward', parent), name: 'New name' }),
    alterInput: (input) => ({ ...input, name: 'Another' }),
    readReshId: ({ reshId }) => reshId,
  });
});
