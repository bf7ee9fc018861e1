import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  freshNumber,
  home,
  made,
  nextYear,
  openChangingWorld,
  refusals,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { createClient } from '../support/client.ts';
import { graphql } from '../support/generated/gql.ts';
import { keepsTheLawsOfChanges } from '../support/laws-of-changes.ts';
import { numbers, units, worldDay } from '../support/world.ts';

let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

const siteThen = graphql(`
  query SiteThen($number: OrganizationNumber!, $day: Date!, $revision: Revision) {
    register(validAt: $day, revision: $revision) {
      treatmentSite(organizationNumber: $number) {
        name
        municipality
        validity {
          from
          to
        }
        address {
          lines
          postalCode
          city
          country
        }
        legalEntity {
          reshId
        }
      }
    }
  }
`);
const seen = async (number: string, day: string, revision?: number) =>
  (
    await createClient(world.database, { today: worldDay }).ask(siteThen, {
      ...{ number, day },
      ...(revision !== undefined && { revision }),
    })
  ).register.treatmentSite;

const register = (input: object = {}) =>
  world.as('operator').registerTreatmentSite({ organizationNumber: freshNumber(), name: 'Site', ...input });

describe('registering a treatment site', () => {
  it('warns where the number is that of a unit itself', async () => {
    const organizationNumber = freshNumber();
    const trust = await world.organization('Trust', units.north, organizationNumber);
    const { warnings } = made(await register({ organizationNumber }));
    expect(warnings).toEqual([
      {
        code: 'SITE_IS_ENTERPRISE_NUMBER',
        field: ['organizationNumber'],
        message: `${organizationNumber} is the number of unit ${trust} «Trust» itself; a treatment site should have the number of the establishment.`,
      },
    ]);
  });

  it('has the days of its own life, whatever day the change is said to take effect', async () => {
    const organizationNumber = freshNumber();
    const before = await world.newest();

    const { change, treatmentSite, impact, userErrors, warnings } = made(
      await world.as('trust').registerTreatmentSite({
        ...{ organizationNumber, name: ' St. Olavs ', municipality: 'Trondheim', legalEntityReshId: units.northTrust },
        address: { lines: ['Prinsesse Kristinas gate 3'], postalCode: '7030', city: 'Trondheim', country: 'NO' },
        ...{ validFrom: '2015-01-01', validTo: '2030-01-01', effectiveOn: nextYear },
      }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: null, operation: 'REGISTER_TREATMENT_SITE' });
    expect(treatmentSite).toEqual({ organizationNumber });
    expect(impact).toEqual({
      ...{ unitCount: 0, units: [], pathCount: 0, notes: [], grantsGained: [], grantsLost: [] },
    });
    expect([userErrors, warnings]).toEqual([[], []]);
    const site = {
      name: 'St. Olavs',
      municipality: 'Trondheim',
      validity: { from: '2015-01-01', to: '2030-01-01' },
      address: { lines: ['Prinsesse Kristinas gate 3'], postalCode: '7030', city: 'Trondheim', country: 'NO' },
      legalEntity: { reshId: units.northTrust },
    };
    expect(await seen(organizationNumber, worldDay)).toEqual(site);
    expect(await seen(organizationNumber, '2015-01-01')).toEqual(site);
    expect(await seen(organizationNumber, worldDay, before)).toBeNull();

    const use = { reshId: await world.department('Ward', home), organizationNumber };
    expect(
      refusals(await world.as('trust').connectTreatmentSite(use)).map(({ code, message }) => [code, message]),
    ).toEqual([
      [
        'SITE_NOT_VALID',
        `Treatment site ${organizationNumber} is not valid on 2030-01-01; choose a site that is, or other days.`,
      ],
    ]);
  });

  it('is valid on all days where none are given, and takes null for what it does not have', async () => {
    const organizationNumber = freshNumber();
    made(
      await register({
        ...{ organizationNumber, municipality: null, address: null, legalEntityReshId: null },
        ...{ validFrom: null, validTo: null },
      }),
    );
    expect(await seen(organizationNumber, '1950-01-01')).toEqual({
      ...{ name: 'Site', municipality: null, validity: null, address: null, legalEntity: null },
    });
  });

  it('is shown to whoever registers it before it opens, or after it closed', async () => {
    for (const days of [{ validFrom: nextYear }, { validTo: '2020-01-01' }]) {
      const organizationNumber = freshNumber();
      expect(made(await register({ organizationNumber, ...days })).treatmentSite).toEqual({ organizationNumber });
    }
  });
});

describe('a treatment site that is refused', () => {
  it('is registered already', async () => {
    expect(refusals(await register({ organizationNumber: numbers.site }))).toEqual([
      {
        code: 'DUPLICATE_ORGANIZATION_NUMBER',
        field: ['organizationNumber'],
        message: `Treatment site ${numbers.site} is in the register already, as «Site».`,
      },
    ]);
  });

  it('is told of everything at once', async () => {
    expect(
      refusals(
        await register({
          ...{ organizationNumber: numbers.wrong, name: '', municipality: 'x'.repeat(301) },
          address: { lines: ['A\nB'], country: 'no' },
          ...{ legalEntityReshId: 999_999, validFrom: '2020-01-01', validTo: '2020-01-01' },
        }),
      ).map(({ code, field, message }) => [code, field?.join('.'), message]),
    ).toEqual([
      ['TEXT_INVALID', 'name', '«name» is empty; give a text.'],
      ['TEXT_INVALID', 'municipality', '«municipality» has 301 characters, and 300 are allowed; shorten it.'],
      ['TEXT_INVALID', 'address.country', '«no» is no country; write two capital letters such as "NO".'],
      [
        'TEXT_INVALID',
        'address.lines.0',
        '«address.lines.0» has a line break or another control character; write it on one line.',
      ],
      [
        'BAD_CHECK_DIGIT',
        'organizationNumber',
        `The last digit of ${numbers.wrong} is not its check digit; correct the number.`,
      ],
      ['NOT_FOUND', 'legalEntityReshId', 'Unit 999999 is not in the register; correct the RESH-id.'],
      [
        'BAD_PERIOD',
        'validTo',
        '«validTo» is 2020-01-01, and the site begins on 2020-01-01; give a later day, or none.',
      ],
    ]);
  });
});

describe('every new treatment site', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'registerTreatmentSite',
    fresh: async (beneath) => ({
      ...{ organizationNumber: freshNumber(), name: 'Site' },
      legalEntityReshId: await world.organization('Trust', beneath),
    }),
    altered: (input) => ({ ...input, name: 'Another' }),
    named: ({ legalEntityReshId }) => legalEntityReshId ?? 0,
  });

  it('leaves a register in which every rule holds', async () => {
    expect(await world.violations()).toEqual([]);
  });
});
