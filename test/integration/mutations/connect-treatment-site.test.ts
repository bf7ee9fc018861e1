import { describe, expect, it } from 'vitest';
import { impactOnUnit } from '../../support/builders/impact.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

function connect(reshId: number, organizationNumber: string, effectiveOn?: string) {
  return world.as('trust').connectTreatmentSite({ reshId, organizationNumber, effectiveOn });
}

async function registerSite(days: { validFrom?: string; validTo?: string } = {}): Promise<string> {
  const organizationNumber = nextOrganizationNumber();
  expectAccepted(await world.as('operator').registerTreatmentSite({ organizationNumber, name: 'Site', ...days }));
  return organizationNumber;
}

async function readSite(reshId: number, day: string, revision?: number) {
  return (await world.readUnit(reshId, day, revision))?.treatmentSite;
}

describe('connectTreatmentSite', () => {
  it('connects the site from today and leaves the past unchanged', async () => {
    const reshId = await world.department('Ward', homeClinic);
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await connect(reshId, numbers.site));

    expectUnitChange(payload, before + 1, 'CONNECT_TREATMENT_SITE', { reshId, name: 'Ward', parentReshId: homeClinic });
    expect(payload.impact).toEqual(impactOnUnit(reshId, ['SITE_CHANGED'], { treatmentSite: [null, numbers.site] }));
    expect(await readSite(reshId, worldDay)).toBe(numbers.site);
    expect(await readSite(reshId, yesterday)).toBeNull();
    expect(await readSite(reshId, worldDay, before)).toBeNull();
    expect(expectAccepted(await connect(reshId, numbers.site)).warnings).toMatchObject([{ code: 'NO_CHANGES' }]);
  });

  it('lasts until the next planned site and leaves other plans unchanged', async () => {
    const reshId = await world.department('Ward', homeClinic);
    const later = await registerSite();
    expectAccepted(await connect(reshId, later, nextYear));
    expectAccepted(await world.as('trust').updateUnit({ reshId, name: 'Planned name', effectiveOn: '2027-06-01' }));
    expectAccepted(await connect(reshId, numbers.site, lastYear));

    expect(await readSite(reshId, '2025-11-22')).toBeNull();
    expect(await world.readUnit(reshId, '2027-06-01')).toMatchObject({
      name: 'Planned name',
      treatmentSite: numbers.site,
    });
    expect(await world.readUnit(reshId, nextYear)).toMatchObject({ name: 'Planned name', treatmentSite: later });

    expectAccepted(await connect(reshId, numbers.site, nextYear));
    expect(await readSite(reshId, nextYear)).toBe(numbers.site);
  });

  it('requires the site only on the days of its use', async () => {
    const ending = await registerSite({ validTo: nextYear });
    const closing = await world.department('Closing', homeClinic, { validTo: nextYear });
    expectAccepted(await connect(closing, ending));
    const replaced = await world.department('Replaced', homeClinic);
    expectAccepted(await connect(replaced, numbers.site, nextYear));
    expectAccepted(await connect(replaced, ending));

    expect(await readSite(replaced, '2027-11-22')).toBe(ending);
  });

  it('warns when the site has the number of the enterprise', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expect(expectAccepted(await connect(reshId, numbers.northTrust)).warnings).toEqual([
      {
        code: 'SITE_IS_ENTERPRISE_NUMBER',
        field: ['organizationNumber'],
        message:
          `${numbers.northTrust} is the enterprise's own number; ` + 'statistics need the number of an establishment.',
      },
    ]);
    const elsewhere = await world.department('Elsewhere', units.siblingClinic);
    expect(
      expectAccepted(
        await world.as('regional').connectTreatmentSite({ reshId: elsewhere, organizationNumber: numbers.northTrust }),
      ).warnings,
    ).toEqual([]);
  });
});

describe('connectTreatmentSite errors', () => {
  it('refuse an unknown unit and an unknown site', async () => {
    expect(
      formatUserErrors(
        await world.as('operator').connectTreatmentSite({ reshId: 999_999, organizationNumber: numbers.unregistered }),
      ),
    ).toEqual([
      'NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.',
      `NOT_FOUND at organizationNumber: Treatment site ${numbers.unregistered} is not in the register; ` +
        'register it with registerTreatmentSite first.',
    ]);
  });

  it('refuse a day outside the validity of the unit', async () => {
    const reshId = await world.department('Ward', homeClinic, { validTo: nextYear });
    const ending = await registerSite({ validTo: '2028-06-01' });
    expect(formatUserErrors(await connect(reshId, ending, nextYear))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${reshId} "Ward" is not valid on ${nextYear}; ` +
        `it is valid from 2020-01-01 to ${nextYear} (exclusive). Choose one of those days.`,
    ]);
    expect(expectUserErrors(await connect(reshId, numbers.invalid, nextYear)).map(({ code }) => code)).toEqual([
      'NOT_VALID_ON_DAY',
      'BAD_CHECK_DIGIT',
    ]);
  });

  it('refuse a day outside the validity of the site, and an invalid number', async () => {
    const reshId = await world.department('Ward', homeClinic);
    const readUserErrors = async (number: string, effectiveOn?: string) =>
      expectUserErrors(await connect(reshId, number, effectiveOn)).map(({ code, field, message }) => [
        code,
        field,
        message,
      ]);
    const siteNotValidErrors = (number: string, day: string) => [
      [
        'SITE_NOT_VALID',
        ['organizationNumber'],
        `Treatment site ${number} is not valid on ${day}; choose another site or other days.`,
      ],
    ];
    const ending = await registerSite({ validFrom: '2021-01-01', validTo: nextYear });

    expect(await readUserErrors(ending)).toEqual(siteNotValidErrors(ending, nextYear));
    expect(await readUserErrors(ending, '2020-06-01')).toEqual(siteNotValidErrors(ending, '2020-06-01'));
    expect(await readUserErrors(numbers.laterSite)).toEqual(siteNotValidErrors(numbers.laterSite, worldDay));
    expect(await readUserErrors(numbers.invalid)).toEqual([
      [
        'BAD_CHECK_DIGIT',
        ['organizationNumber'],
        `The last digit of ${numbers.invalid} is not its check digit; correct the number.`,
      ],
    ]);
    expect(await readSite(reshId, worldDay)).toBeNull();
  });
});

describe('every connection', () => {
  testMutationLaws({
    world,
    name: 'connectTreatmentSite',
    createInput: async (parent) => ({
      reshId: await world.department('Ward', parent),
      organizationNumber: numbers.site,
    }),
    alterInput: (input) => ({ ...input, effectiveOn: nextYear }),
    readReshId: ({ reshId }) => reshId,
  });
});
