import { describe, expect, it } from 'vitest';
import { impactOf } from '../../support/builders/impact.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { nextYear } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { readSite } from '../../support/world/treatment-sites.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

function register(input: object = {}) {
  return world
    .as('operator')
    .registerTreatmentSite({ organizationNumber: nextOrganizationNumber(), name: 'Site', ...input });
}

describe('registerTreatmentSite', () => {
  it('warns when the number belongs to a unit', async () => {
    const organizationNumber = nextOrganizationNumber();
    const trust = await world.organization('Trust', units.north, organizationNumber);
    const { warnings } = expectAccepted(await register({ organizationNumber }));
    expect(warnings).toEqual([
      {
        code: 'SITE_IS_ENTERPRISE_NUMBER',
        field: ['organizationNumber'],
        message:
          `${organizationNumber} is the organization number of unit ${trust} "Trust"; ` +
          'a treatment site should have the number of an establishment.',
      },
    ]);
  });

  it('uses the validity of the site, whatever the effective day of the change', async () => {
    const organizationNumber = nextOrganizationNumber();
    const before = await world.readNewestRevision();

    const { change, treatmentSite, impact, userErrors, warnings } = expectAccepted(
      await world.as('trust').registerTreatmentSite({
        organizationNumber,
        name: ' St. Olavs ',
        municipality: 'Trondheim',
        legalEntityReshId: units.northTrust,
        address: { lines: ['Prinsesse Kristinas gate 3'], postalCode: '7030', city: 'Trondheim', country: 'NO' },
        validFrom: '2015-01-01',
        validTo: '2030-01-01',
        effectiveOn: nextYear,
      }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: null, operation: 'REGISTER_TREATMENT_SITE' });
    expect(treatmentSite).toEqual({ organizationNumber });
    expect(impact).toEqual(
      impactOf({
        unitCount: 0,
        units: [],
        pathCount: 0,
        notes: [],
        grantsGained: [],
        grantsLost: [],
      }),
    );
    expect([userErrors, warnings]).toEqual([[], []]);

    const site = {
      name: 'St. Olavs',
      municipality: 'Trondheim',
      validity: { from: '2015-01-01', to: '2030-01-01' },
      address: { lines: ['Prinsesse Kristinas gate 3'], postalCode: '7030', city: 'Trondheim', country: 'NO' },
      legalEntity: { reshId: units.northTrust },
    };
    expect(await readSite(world, organizationNumber, worldDay)).toEqual(site);
    expect(await readSite(world, organizationNumber, '2015-01-01')).toEqual(site);
    expect(await readSite(world, organizationNumber, worldDay, before)).toBeNull();

    const connectInput = { reshId: await world.department('Ward', homeClinic), organizationNumber };
    expect(
      expectUserErrors(await world.as('trust').connectTreatmentSite(connectInput)).map(({ code, message }) => [
        code,
        message,
      ]),
    ).toEqual([
      [
        'SITE_NOT_VALID',
        `Treatment site ${organizationNumber} is not valid on 2030-01-01; choose another site or other days.`,
      ],
    ]);
  });

  it('defaults to unlimited validity and accepts null for optional facts', async () => {
    const organizationNumber = nextOrganizationNumber();
    expectAccepted(
      await register({
        organizationNumber,
        municipality: null,
        address: null,
        legalEntityReshId: null,
        validFrom: null,
        validTo: null,
      }),
    );
    expect(await readSite(world, organizationNumber, '1950-01-01')).toEqual({
      name: 'Site',
      municipality: null,
      validity: null,
      address: null,
      legalEntity: null,
    });
  });

  it('returns the site before it opens and after it closed', async () => {
    for (const days of [{ validFrom: nextYear }, { validTo: '2020-01-01' }]) {
      const organizationNumber = nextOrganizationNumber();
      expect(expectAccepted(await register({ organizationNumber, ...days })).treatmentSite).toEqual({
        organizationNumber,
      });
    }
  });
});

describe('registerTreatmentSite errors', () => {
  it('refuse a registered site', async () => {
    expect(formatUserErrors(await register({ organizationNumber: numbers.site }))).toEqual([
      'DUPLICATE_ORGANIZATION_NUMBER at organizationNumber: ' +
        `Treatment site ${numbers.site} is already registered as "Site"; use it, or correct the number.`,
    ]);
  });

  it('report all problems at once', async () => {
    expect(
      formatUserErrors(
        await register({
          organizationNumber: numbers.invalid,
          name: '',
          municipality: 'x'.repeat(301),
          address: { lines: ['A\nB'], country: 'no' },
          legalEntityReshId: 999_999,
          validFrom: '2020-01-01',
          validTo: '2020-01-01',
        }),
      ),
    ).toEqual([
      'TEXT_INVALID at name: "name" is empty; give a value.',
      'TEXT_INVALID at municipality: "municipality" has 301 characters, but at most 300 are allowed; shorten it.',
      'TEXT_INVALID at address.country: "no" is not a country code; write two capital letters such as "NO".',
      'TEXT_INVALID at address.lines.0: "address.lines.0" contains a line break or another control character; ' +
        'write it on one line.',
      `BAD_CHECK_DIGIT at organizationNumber: The last digit of ${numbers.invalid} is not its check digit; ` +
        'correct the number.',
      'NOT_FOUND at legalEntityReshId: Unit 999999 is not in the register; correct the RESH-id.',
      'BAD_PERIOD at validTo: "validTo" is 2020-01-01, but the site begins on 2020-01-01; ' +
        'give a later day, or leave "validTo" out.',
    ]);
  });
});

describe('every new treatment site', () => {
  testMutationLaws({
    world,
    name: 'registerTreatmentSite',
    createInput: async (parent) => ({
      organizationNumber: nextOrganizationNumber(),
      name: 'Site',
      legalEntityReshId: await world.organization('Trust', parent),
    }),
    alterInput: (input) => ({ ...input, name: 'Another' }),
    readReshId: ({ legalEntityReshId }) => legalEntityReshId ?? 0,
  });
});
