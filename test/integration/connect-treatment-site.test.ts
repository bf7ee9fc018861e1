import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  freshNumber,
  home,
  lastYear,
  made,
  nextYear,
  openChangingWorld,
  refusals,
  yesterday,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { keepsTheLawsOfChanges } from '../support/laws-of-changes.ts';
import { numbers, units, worldDay } from '../support/world.ts';

let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

const connect = (reshId: number, organizationNumber: string, effectiveOn?: string) =>
  world.as('trust').connectTreatmentSite({ reshId, organizationNumber, effectiveOn });
const site = async (days: { validFrom?: string; validTo?: string } = {}): Promise<string> => {
  const organizationNumber = freshNumber();
  made(await world.as('operator').registerTreatmentSite({ organizationNumber, name: 'Site', ...days }));
  return organizationNumber;
};
const siteOn = async (reshId: number, day: string, revision?: number) =>
  (await world.seen(reshId, day, revision))?.treatmentSite;

describe('connecting a unit to a treatment site', () => {
  it('ties it from today, and leaves the past as it was', async () => {
    const reshId = await world.department('Ward', home);
    const before = await world.newest();

    const { change, impact, unit, userErrors, warnings } = made(await connect(reshId, numbers.site));

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'CONNECT_TREATMENT_SITE' });
    expect(unit).toEqual({ reshId, name: 'Ward', seenOn: worldDay, parent: { reshId: home } });
    expect([userErrors, warnings]).toEqual([[], []]);
    expect(impact).toEqual({
      unitCount: 1,
      units: [
        {
          reshId,
          kinds: ['SITE_CHANGED'],
          effectiveOn: worldDay,
          fields: [{ field: 'treatmentSite', old: null, new: numbers.site }],
        },
      ],
      pathCount: 0,
      notes: [],
      grantsGained: [],
      grantsLost: [],
    });
    expect(await siteOn(reshId, worldDay)).toBe(numbers.site);
    expect(await siteOn(reshId, yesterday)).toBeNull();
    expect(await siteOn(reshId, worldDay, before)).toBeNull();
    expect(made(await connect(reshId, numbers.site)).warnings).toMatchObject([{ code: 'NOTHING_CHANGES' }]);
  });

  it('holds until the day on which another site was planned, while other plans stand', async () => {
    const reshId = await world.department('Ward', home);
    const later = await site();
    made(await connect(reshId, later, nextYear));
    made(await world.as('trust').updateUnit({ reshId, name: 'Planned name', effectiveOn: '2027-06-01' }));
    made(await connect(reshId, numbers.site, lastYear));

    expect(await siteOn(reshId, '2025-11-22')).toBeNull();
    expect(await world.seen(reshId, '2027-06-01')).toMatchObject({
      ...{ name: 'Planned name', treatmentSite: numbers.site },
    });
    expect(await world.seen(reshId, nextYear)).toMatchObject({ name: 'Planned name', treatmentSite: later });

    made(await connect(reshId, numbers.site, nextYear));
    expect(await siteOn(reshId, nextYear)).toBe(numbers.site);
  });

  it('needs a site only for the days on which it is used', async () => {
    const ending = await site({ validTo: nextYear });
    const closing = await world.department('Closing', home, { validTo: nextYear });
    made(await connect(closing, ending));
    const replaced = await world.department('Replaced', home);
    made(await connect(replaced, numbers.site, nextYear));
    made(await connect(replaced, ending));
    expect(await siteOn(replaced, '2027-11-22')).toBe(ending);
  });

  it('warns of a site that is the enterprise’s own number', async () => {
    const reshId = await world.department('Ward', home);
    expect(made(await connect(reshId, numbers.northTrust)).warnings).toEqual([
      {
        code: 'SITE_IS_ENTERPRISE_NUMBER',
        field: ['organizationNumber'],
        message: `${numbers.northTrust} is the enterprise's own number; statistics need an establishment's.`,
      },
    ]);
    const elsewhere = await world.department('Elsewhere', units.siblingClinic);
    expect(
      made(
        await world.as('regional').connectTreatmentSite({ reshId: elsewhere, organizationNumber: numbers.northTrust }),
      ).warnings,
    ).toEqual([]);
  });
});

describe('a connection that is refused', () => {
  it('names a unit and a site that are not in the register', async () => {
    expect(
      refusals(await world.as('operator').connectTreatmentSite({ reshId: 999_999, organizationNumber: numbers.free })),
    ).toEqual([
      { code: 'NOT_FOUND', field: ['reshId'], message: 'Unit 999999 is not in the register; correct the RESH-id.' },
      {
        code: 'NOT_FOUND',
        field: ['organizationNumber'],
        message: `Treatment site ${numbers.free} is not in the register; register it with registerTreatmentSite first.`,
      },
    ]);
  });

  it('is on a day on which the unit is not there, whatever the later days of the site', async () => {
    const reshId = await world.department('Ward', home, { validTo: nextYear });
    const ending = await site({ validTo: '2028-06-01' });
    expect(refusals(await connect(reshId, ending, nextYear))).toEqual([
      {
        code: 'NOT_VALID_ON_DAY',
        field: ['effectiveOn'],
        message: `Unit ${reshId} «Ward» is not valid on ${nextYear}, but from 2020-01-01 to ${nextYear} (exclusive); choose a day on which it is.`,
      },
    ]);
    expect(refusals(await connect(reshId, numbers.wrong, nextYear)).map(({ code }) => code)).toEqual([
      'NOT_VALID_ON_DAY',
      'BAD_CHECK_DIGIT',
    ]);
  });

  it('would use the site before its first day, after its last, or with a wrong number', async () => {
    const reshId = await world.department('Ward', home);
    const told = async (number: string, effectiveOn?: string) =>
      refusals(await connect(reshId, number, effectiveOn)).map(({ code, field, message }) => [code, field, message]);
    const notValid = (number: string, day: string) => [
      [
        'SITE_NOT_VALID',
        ['organizationNumber'],
        `Treatment site ${number} is not valid on ${day}; choose a site that is, or other days.`,
      ],
    ];
    const ending = await site({ validFrom: '2021-01-01', validTo: nextYear });
    expect(await told(ending)).toEqual(notValid(ending, nextYear));
    expect(await told(ending, '2020-06-01')).toEqual(notValid(ending, '2020-06-01'));
    expect(await told(numbers.laterSite)).toEqual(notValid(numbers.laterSite, worldDay));
    expect(await told(numbers.wrong)).toEqual([
      [
        'BAD_CHECK_DIGIT',
        ['organizationNumber'],
        `The last digit of ${numbers.wrong} is not its check digit; correct the number.`,
      ],
    ]);
    expect(await siteOn(reshId, worldDay)).toBeNull();
  });
});

describe('every connection', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'connectTreatmentSite',
    fresh: async (beneath) => ({
      reshId: await world.department('Ward', beneath),
      organizationNumber: numbers.site,
    }),
    altered: (input) => ({ ...input, effectiveOn: nextYear }),
    named: ({ reshId }) => reshId,
  });

  it('leaves a register in which every rule holds', async () => {
    expect(await world.violations()).toEqual([]);
  });
});
