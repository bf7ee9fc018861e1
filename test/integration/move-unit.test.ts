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
import { units, worldDay } from '../support/world.ts';

const { north, northTrust, clinic, secondClinic, siblingTrust, siblingClinic, south, southTrust, southClinic } = units;
let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

const aboveHome = [north, northTrust, home];
const aboveSouthClinic = [south, southTrust, southClinic];
const above = async (reshId: number, day: string, revision?: number) =>
  (await world.seen(reshId, day, revision))?.above;

describe('moving a unit', () => {
  it('places it under its new parent from today, with everything beneath, and leaves the past as it was', async () => {
    const ward = await world.department('Ward', home);
    const bed = await world.department('Bed', ward);
    const before = await world.newest();

    const { change, impact, unit, userErrors, warnings } = made(
      await world.as('regional').moveUnit({ reshId: ward, newParentReshId: siblingClinic, reason: 'New agreement' }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'MOVE_UNIT' });
    expect(unit).toEqual({ reshId: ward, name: 'Ward', seenOn: worldDay, parent: { reshId: siblingClinic } });
    expect([userErrors, warnings]).toEqual([[], []]);
    expect(impact).toEqual({
      unitCount: 1,
      units: [
        {
          reshId: ward,
          kinds: ['MOVED'],
          effectiveOn: worldDay,
          fields: [{ field: 'parent', old: String(home), new: String(siblingClinic) }],
        },
      ],
      pathCount: 1,
      notes: [],
      grantsGained: [],
      grantsLost: [{ role: 'ADMINISTRATOR', administrator: { subject: 'north-trust' }, unit: { reshId: northTrust } }],
    });

    expect(await above(ward, worldDay)).toEqual([north, siblingTrust, siblingClinic]);
    expect(await above(bed, worldDay)).toEqual([north, siblingTrust, siblingClinic, ward]);
    expect(await above(ward, yesterday)).toEqual(aboveHome);
    expect(await above(bed, yesterday)).toEqual([...aboveHome, ward]);
    expect(await above(ward, worldDay, before)).toEqual(aboveHome);
    expect(await above(bed, worldDay, before)).toEqual([...aboveHome, ward]);
  });

  it('can be recorded later than it took place, and earlier', async () => {
    const ward = await world.department('Ward', home);
    const before = await world.newest();
    await world.as('operator').moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: lastYear });
    await world.as('operator').moveUnit({ reshId: ward, newParentReshId: southClinic, effectiveOn: nextYear });

    expect(await above(ward, '2025-11-22')).toEqual(aboveHome);
    expect(await above(ward, lastYear)).toEqual([north, northTrust, clinic]);
    expect(await above(ward, '2027-11-22')).toEqual([north, northTrust, clinic]);
    expect(await above(ward, nextYear)).toEqual(aboveSouthClinic);
    expect(await above(ward, lastYear, before)).toEqual(aboveHome);
    expect(await above(ward, nextYear, before + 1)).toEqual([north, northTrust, clinic]);
  });

  it('holds until the day on which a move was already planned, and setting it again on that day cancels the plan', async () => {
    const ward = await world.department('Ward', home);
    await world.as('operator').moveUnit({ reshId: ward, newParentReshId: southClinic, effectiveOn: nextYear });

    made(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: clinic }));
    expect(await above(ward, '2027-11-22')).toEqual([north, northTrust, clinic]);
    expect(await above(ward, nextYear)).toEqual(aboveSouthClinic);

    made(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: nextYear }));
    expect(await above(ward, nextYear)).toEqual([north, northTrust, clinic]);
  });

  it('leaves what was planned for other facts standing, its own and those of the units beneath', async () => {
    const ward = await world.department('Ward', home);
    const bed = await world.department('Bed', ward);
    const leaving = await world.department('Leaving', ward);
    const operator = world.as('operator');
    await operator.updateUnit({ reshId: ward, name: 'Renamed ward', effectiveOn: '2027-01-01' });
    await operator.setUnitCodes({ reshId: ward, add: [{ codeSet: 8451, code: '020' }], effectiveOn: '2027-03-01' });
    await operator.updateUnit({ reshId: bed, shortName: 'B', effectiveOn: '2027-02-01' });
    await operator.closeUnit({ reshId: bed, effectiveOn: '2028-01-01' });
    await operator.moveUnit({ reshId: leaving, newParentReshId: clinic, effectiveOn: '2027-05-01' });

    expect(made(await operator.moveUnit({ reshId: ward, newParentReshId: southClinic })).impact).toMatchObject({
      unitCount: 1,
      pathCount: 2,
      notes: [],
    });

    expect(await world.seen(ward, '2026-12-31')).toMatchObject({ name: 'Ward', above: aboveSouthClinic });
    expect(await world.seen(ward, '2027-01-01')).toMatchObject({ name: 'Renamed ward', above: aboveSouthClinic });
    expect((await world.seen(ward, '2027-03-01'))?.codes).toEqual({ '8451:020': '2027-03-01/' });
    const aboveBed = [...aboveSouthClinic, ward];
    expect(await world.seen(bed, '2027-01-31')).toMatchObject({ shortName: null, above: aboveBed });
    expect(await world.seen(bed, '2027-02-01')).toMatchObject({ shortName: 'B', above: aboveBed });
    expect(await world.seen(bed, '2027-12-31')).toMatchObject({ validity: '2020-01-01/2028-01-01', above: aboveBed });
    expect(await world.seen(bed, '2028-01-01')).toBeNull();
    expect(await above(leaving, '2027-04-30')).toEqual(aboveBed);
    expect(await above(leaving, '2027-05-01')).toEqual([north, northTrust, clinic]);
  });

  it('gives a unit every path that its new parent is going to have', async () => {
    const ward = await world.department('Ward', home);
    const wing = await world.department('Wing', clinic);
    await world.as('operator').moveUnit({ reshId: wing, newParentReshId: southClinic, effectiveOn: nextYear });

    made(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: wing, effectiveOn: lastYear }));

    expect(await above(ward, '2025-11-22')).toEqual(aboveHome);
    expect(await above(ward, lastYear)).toEqual([north, northTrust, clinic, wing]);
    expect(await above(ward, nextYear)).toEqual([...aboveSouthClinic, wing]);
  });

  it('needs its new parent only until a unit closes', async () => {
    const ward = await world.department('Ward', home, { validTo: '2027-06-01' });
    const wing = await world.department('Wing', clinic, { validTo: '2027-06-01' });

    made(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: wing }));

    expect(await world.seen(ward, '2027-05-31')).toMatchObject({
      above: [north, northTrust, clinic, wing],
      validity: '2020-01-01/2027-06-01',
    });
  });

  it('says so where the unit stands there already', async () => {
    const ward = await world.department('Ward', home);
    const { impact, warnings } = made(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: home }));
    expect(impact).toMatchObject({ unitCount: 0, pathCount: 0, units: [] });
    expect(warnings).toEqual([
      {
        code: 'NOTHING_CHANGES',
        field: null,
        message: 'What is asked for is so already; the change is recorded and alters nothing.',
      },
    ]);
  });

  it('tells of no right that comes or goes on days gone by only', async () => {
    const ward = await world.department('Ward', home);
    made(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: southClinic }));

    const { impact } = made(
      await world
        .as('operator')
        .moveUnit({ reshId: ward, newParentReshId: siblingClinic, effectiveOn: lastYear, dryRun: true }),
    );

    expect(impact).toMatchObject({ unitCount: 1, grantsGained: [], grantsLost: [] });
  });

  it('takes a root to another place and back to the top, for the operator', async () => {
    const region = await world.organization('Region', null);
    const hospital = await world.organization('Hospital', region);

    made(await world.as('operator').moveUnit({ reshId: region, newParentReshId: south }));
    expect(await above(hospital, worldDay)).toEqual([south, region]);
    expect(await above(hospital, yesterday)).toEqual([region]);

    const { unit, impact } = made(
      await world.as('operator').moveUnit({ reshId: region, newParentReshId: null, effectiveOn: nextYear }),
    );
    expect(unit).toEqual({ reshId: region, name: 'Region', seenOn: nextYear, parent: null });
    expect(impact).toMatchObject({
      units: [{ reshId: region, kinds: ['MOVED'], fields: [{ field: 'parent', old: String(south), new: null }] }],
      pathCount: 1,
      grantsGained: [],
      grantsLost: [{ administrator: { subject: 'south-region' }, unit: { reshId: south } }],
    });
    expect(await above(hospital, '2027-11-22')).toEqual([south, region]);
    expect(await above(hospital, nextYear)).toEqual([region]);
  });
});

describe('a move that is refused', () => {
  it('names a unit that is not in the register, and a parent that is not', async () => {
    const ward = await world.department('Ward', home);
    const operator = world.as('operator');
    expect(refusals(await operator.moveUnit({ reshId: 999_999, newParentReshId: 999_998 }))).toEqual([
      {
        code: 'NOT_FOUND',
        field: ['reshId'],
        message: 'Unit 999999 is not in the register; correct the RESH-id.',
      },
      {
        code: 'NOT_FOUND',
        field: ['newParentReshId'],
        message: 'Unit 999998 is not in the register; correct the RESH-id.',
      },
    ]);
    expect(refusals(await operator.moveUnit({ reshId: ward, newParentReshId: 999_998 }))).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', field: ['newParentReshId'] }),
    ]);
  });

  it('tells no parent from the parent null, which a department cannot have', async () => {
    const ward = await world.department('Ward', home);
    expect(refusals(await world.as('operator').moveUnit({ reshId: ward }))).toEqual([
      {
        code: 'REQUIRED',
        field: ['newParentReshId'],
        message: 'Name the new parent; null makes an organization a root.',
      },
    ]);
    expect(refusals(await world.as('operator').moveUnit({ reshId: ward, newParentReshId: null }))).toEqual([
      {
        code: 'WRONG_PARENT_TYPE',
        field: ['newParentReshId'],
        message: `Unit ${ward} «Ward» is a department, and only an organization can stand at the top; name the unit above it.`,
      },
    ]);
  });

  it('says on which days the unit is valid', async () => {
    const ward = await world.department('Ward', home, { validTo: '2027-06-01' });
    expect(
      refusals(
        await world.as('operator').moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: '2027-06-01' }),
      ),
    ).toEqual([
      {
        code: 'NOT_VALID_ON_DAY',
        field: ['effectiveOn'],
        message: `Unit ${ward} «Ward» is not valid on 2027-06-01, but from 2020-01-01 to 2027-06-01 (exclusive); choose a day on which it is.`,
      },
    ]);
    expect(
      refusals(
        await world.as('operator').moveUnit({ reshId: ward, newParentReshId: 999_999, effectiveOn: '2019-12-31' }),
      ).map(({ code, field }) => [code, field]),
    ).toEqual([
      ['NOT_VALID_ON_DAY', ['effectiveOn']],
      ['NOT_FOUND', ['newParentReshId']],
    ]);
  });

  it('would put a unit beneath itself, also on a later day only', async () => {
    const ward = await world.department('Ward', home);
    const bed = await world.department('Bed', ward);
    const operator = world.as('operator');
    expect(refusals(await operator.moveUnit({ reshId: ward, newParentReshId: ward }))).toEqual([
      {
        code: 'CYCLE',
        field: ['newParentReshId'],
        message: `Unit ${ward} «Ward» cannot stand beneath itself; name another unit.`,
      },
    ]);
    expect(refusals(await operator.moveUnit({ reshId: ward, newParentReshId: bed }))).toEqual([
      {
        code: 'CYCLE',
        field: ['newParentReshId'],
        message: `Unit ${bed} «Bed» stands beneath ${ward} «Ward» on 2026-11-23; name a unit outside of it.`,
      },
    ]);

    const wing = await world.department('Wing', home);
    made(await operator.moveUnit({ reshId: wing, newParentReshId: bed, effectiveOn: nextYear }));
    expect(refusals(await operator.moveUnit({ reshId: ward, newParentReshId: wing }))).toEqual([
      {
        code: 'CYCLE',
        field: ['newParentReshId'],
        message: `Unit ${wing} «Wing» stands beneath ${ward} «Ward» from 2027-11-23 on; name a unit outside of it.`,
      },
    ]);
    // Until the day on which it moves on there is no circle.
    made(await operator.moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: nextYear }));
    made(await operator.moveUnit({ reshId: ward, newParentReshId: wing }));
    expect(await above(ward, worldDay)).toEqual([...aboveHome, wing]);
    expect(await above(wing, nextYear)).toEqual([north, northTrust, clinic, ward, bed]);
  });

  it('names the first day on which the new parent is gone, or not yet there', async () => {
    const ward = await world.department('Ward', home);
    const closing = await world.department('Closing', home, { validTo: nextYear });
    const coming = await world.department('Coming', home, { from: nextYear });
    const operator = world.as('operator');
    expect(refusals(await operator.moveUnit({ reshId: ward, newParentReshId: closing }))).toEqual([
      {
        code: 'PARENT_CLOSED',
        field: ['newParentReshId'],
        message: `Unit ${closing} «Closing» is not valid on 2027-11-23, and the unit would stand beneath it from 2026-11-23 on; name a unit that is valid throughout, or end the unit before that day.`,
      },
    ]);
    expect(refusals(await operator.moveUnit({ reshId: ward, newParentReshId: coming }))).toEqual([
      expect.objectContaining({
        code: 'PARENT_CLOSED',
        message: `Unit ${coming} «Coming» is not valid on 2026-11-23, and the unit would stand beneath it from 2026-11-23 on; name a unit that is valid throughout, or end the unit before that day.`,
      }),
    ]);
    // Planned to move on, it needs its new parent only until then.
    made(await operator.moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: nextYear }));
    made(await operator.moveUnit({ reshId: ward, newParentReshId: closing }));
    expect(await above(ward, '2027-11-22')).toEqual([...aboveHome, closing]);
    expect(await above(ward, nextYear)).toEqual([north, northTrust, clinic]);
  });

  it('would put an organization beneath a department', async () => {
    const hospital = await world.organization('Hospital', north);
    const closing = await world.department('Closing', home, { validTo: nextYear });
    expect(refusals(await world.as('operator').moveUnit({ reshId: hospital, newParentReshId: closing }))).toEqual([
      expect.objectContaining({ code: 'PARENT_CLOSED', field: ['newParentReshId'] }),
      {
        code: 'WRONG_PARENT_TYPE',
        field: ['newParentReshId'],
        message: `Unit ${closing} «Closing» is a department, and an organization stands beneath organizations only; name one.`,
      },
    ]);
  });
});

describe('every move', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'moveUnit',
    fresh: async (beneath) => ({ reshId: await world.department('Ward', beneath), newParentReshId: secondClinic }),
    altered: (input) => ({ ...input, newParentReshId: clinic }),
    named: ({ reshId }) => reshId,
  });

  it('leaves a register in which every rule holds', async () => {
    made(await world.as('operator').moveUnit({ reshId: south, newParentReshId: north }));
    expect(await world.violations()).toEqual([]);
  });
});
