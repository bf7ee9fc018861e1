import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
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
import { numbers, worldDay } from '../support/world.ts';

let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

/** A ward that has the site from 2021 on. */
const tiedWard = async (under: number = home, input: { validTo?: string } = {}): Promise<number> => {
  const reshId = await world.department('Ward', under, input);
  made(
    await world
      .as('operator')
      .connectTreatmentSite({ reshId, organizationNumber: numbers.site, effectiveOn: '2021-01-01' }),
  );
  return reshId;
};
const siteOn = async (reshId: number, day: string, revision?: number) =>
  (await world.seen(reshId, day, revision))?.treatmentSite;

describe('disconnecting a unit from its treatment site', () => {
  it('unties it from today, and leaves the past as it was', async () => {
    const reshId = await tiedWard();
    const before = await world.newest();

    const { change, impact, unit, userErrors, warnings } = made(
      await world.as('trust').disconnectTreatmentSite({ reshId }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'DISCONNECT_TREATMENT_SITE' });
    expect(unit).toEqual({ reshId, name: 'Ward', seenOn: worldDay, parent: { reshId: home } });
    expect([userErrors, warnings]).toEqual([[], []]);
    expect(impact).toEqual({
      unitCount: 1,
      units: [
        {
          reshId,
          kinds: ['SITE_CHANGED'],
          effectiveOn: worldDay,
          fields: [{ field: 'treatmentSite', old: numbers.site, new: null }],
        },
      ],
      pathCount: 0,
      notes: [],
      grantsGained: [],
      grantsLost: [],
    });
    expect(await siteOn(reshId, worldDay)).toBeNull();
    expect(await siteOn(reshId, yesterday)).toBe(numbers.site);
    expect(await siteOn(reshId, worldDay, before)).toBe(numbers.site);
  });

  it('holds until the day on which another site was planned, in the past as well', async () => {
    const reshId = await tiedWard();
    made(
      await world
        .as('trust')
        .connectTreatmentSite({ reshId, organizationNumber: numbers.laterSite, effectiveOn: nextYear }),
    );
    made(await world.as('trust').updateUnit({ reshId, name: 'Planned name', effectiveOn: '2027-06-01' }));
    made(await world.as('trust').disconnectTreatmentSite({ reshId, effectiveOn: lastYear }));

    expect(await siteOn(reshId, '2025-11-22')).toBe(numbers.site);
    expect(await siteOn(reshId, lastYear)).toBeNull();
    expect(await world.seen(reshId, '2027-06-01')).toMatchObject({ name: 'Planned name', treatmentSite: null });
    expect(await siteOn(reshId, nextYear)).toBe(numbers.laterSite);
    // On its own day the plan is cancelled.
    made(await world.as('trust').disconnectTreatmentSite({ reshId, effectiveOn: nextYear }));
    expect(await siteOn(reshId, nextYear)).toBeNull();
  });

  it('warns where service codes are left without a site, and says where there is none', async () => {
    const reshId = await tiedWard();
    made(await world.as('trust').setUnitCodes({ reshId, add: [{ codeSet: 8451, code: '010' }] }));
    const told = {
      code: 'NO_TREATMENT_SITE',
      field: ['reshId'],
      message: `Unit ${reshId} «Ward» has service codes and no treatment site; connect one with connectTreatmentSite.`,
    };
    expect(made(await world.as('trust').disconnectTreatmentSite({ reshId })).warnings).toEqual([told]);
    expect(made(await world.as('trust').disconnectTreatmentSite({ reshId })).warnings).toEqual([
      told,
      expect.objectContaining({ code: 'NOTHING_CHANGES', field: null }),
    ]);
  });

  it('is refused for a unit that is not in the register, or not there on the day', async () => {
    expect(refusals(await world.as('trust').disconnectTreatmentSite({ reshId: 999_999 }))).toEqual([
      { code: 'NOT_FOUND', field: ['reshId'], message: 'Unit 999999 is not in the register; correct the RESH-id.' },
    ]);
    const reshId = await tiedWard(home, { validTo: nextYear });
    for (const effectiveOn of ['2019-12-31', nextYear])
      expect(refusals(await world.as('trust').disconnectTreatmentSite({ reshId, effectiveOn }))).toEqual([
        {
          code: 'NOT_VALID_ON_DAY',
          field: ['effectiveOn'],
          message: `Unit ${reshId} «Ward» is not valid on ${effectiveOn}, but from 2020-01-01 to ${nextYear} (exclusive); choose a day on which it is.`,
        },
      ]);
  });
});

describe('every disconnection', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'disconnectTreatmentSite',
    fresh: async (beneath) => ({ reshId: await tiedWard(beneath) }),
    altered: (input) => ({ ...input, effectiveOn: nextYear }),
    named: ({ reshId }) => reshId,
  });

  it('leaves a register in which every rule holds', async () => {
    expect(await world.violations()).toEqual([]);
  });
});
