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

const { north, northTrust, clinic } = units;
let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

const facts = {
  name: 'Ward',
  shortName: 'W',
  designation: '05',
  responsiblePerson: 'Kari Nordmann',
  internationalNames: [{ language: 'en', name: 'Ward' }],
  addresses: [{ type: 'POSTAL' as const, lines: ['Box 1'], postalCode: '7030', city: 'Trondheim' }],
  contactPoints: [{ type: 'EMAIL' as const, value: 'ward@example.org' }],
};
const factsSeen = {
  ...facts,
  addresses: ['POSTAL, Box 1, 7030, Trondheim'],
  contactPoints: ['EMAIL ward@example.org'],
};

describe('updating a unit', () => {
  it('sets facts from today, keeps those that are absent, and leaves the past as it was', async () => {
    const reshId = await world.department('Ward', home);
    made(await world.as('trust').updateUnit({ reshId, ...facts, effectiveOn: '2021-01-01' }));
    const before = await world.newest();

    const { change, impact, unit, userErrors, warnings } = made(
      await world.as('trust').updateUnit({ reshId, name: 'New name', shortName: 'NN' }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'UPDATE_UNIT' });
    expect(unit).toEqual({ reshId, name: 'New name', seenOn: worldDay, parent: { reshId: home } });
    expect([userErrors, warnings]).toEqual([[], []]);
    expect(impact).toEqual({
      unitCount: 1,
      units: [
        {
          reshId,
          kinds: ['RENAMED'],
          effectiveOn: worldDay,
          fields: [
            { field: 'name', old: 'Ward', new: 'New name' },
            { field: 'shortName', old: 'W', new: 'NN' },
          ],
        },
      ],
      pathCount: 0,
      notes: [],
      grantsGained: [],
      grantsLost: [],
    });
    expect(await world.seen(reshId, worldDay)).toMatchObject({ ...factsSeen, name: 'New name', shortName: 'NN' });
    expect(await world.seen(reshId, yesterday)).toMatchObject(factsSeen);
    expect(await world.seen(reshId, worldDay, before)).toMatchObject(factsSeen);
    expect(await world.seen(reshId, '2020-12-31')).toMatchObject({ shortName: null, addresses: [] });
  });

  it('clears with null, and with a text of white space', async () => {
    const reshId = await world.department('Ward', home);
    made(await world.as('trust').updateUnit({ reshId, ...facts, effectiveOn: '2021-01-01' }));
    made(
      await world.as('trust').updateUnit({
        ...{ reshId, shortName: null, designation: null, responsiblePerson: '  ' },
        ...{ internationalNames: null, addresses: null, contactPoints: null },
      }),
    );
    expect(await world.seen(reshId, worldDay)).toMatchObject({
      ...{ name: 'Ward', shortName: null, designation: null, responsiblePerson: null },
      ...{ internationalNames: [], addresses: [], contactPoints: [] },
    });
    expect(await world.seen(reshId, yesterday)).toMatchObject(factsSeen);
  });

  it('sets each fact up to the next day on which that fact was going to change', async () => {
    const reshId = await world.department('Ward', home, { validTo: '2030-01-01' });
    const update = (input: object) => world.as('operator').updateUnit({ reshId, ...input });
    made(await update({ name: 'Planned name', effectiveOn: '2028-01-01' }));
    made(await update({ shortName: 'PS', contactPoints: facts.contactPoints, effectiveOn: nextYear }));
    made(await world.as('operator').moveUnit({ reshId, newParentReshId: clinic, effectiveOn: '2027-06-01' }));

    made(
      await update({
        ...{ name: 'Name', shortName: 'S', internationalNames: facts.internationalNames, effectiveOn: lastYear },
        contactPoints: [{ type: 'WEB', value: 'https://example.org' }],
      }),
    );

    const stories = await Promise.all(
      ['2025-11-22', lastYear, '2027-06-01', nextYear, '2028-01-01', '2029-12-31'].map(async (day) => {
        const seen = await world.seen(reshId, day);
        return [seen?.name, seen?.shortName, seen?.above.at(-1), seen?.contactPoints, seen?.internationalNames.length];
      }),
    );
    const [web, email] = [['WEB https://example.org'], ['EMAIL ward@example.org']];
    expect(stories).toEqual([
      ['Ward', null, home, [], 0],
      ['Name', 'S', home, web, 1],
      ['Name', 'S', clinic, web, 1],
      ['Name', 'PS', clinic, email, 1],
      ['Planned name', 'PS', clinic, email, 1],
      ['Planned name', 'PS', clinic, email, 1],
    ]);

    // Set again on its day, what was planned is cancelled.
    made(await update({ name: 'Name', effectiveOn: '2028-01-01' }));
    expect(await world.seen(reshId, '2029-12-31')).toMatchObject({ name: 'Name', validity: '2020-01-01/2030-01-01' });
    expect(await world.seen(reshId, '2030-01-01')).toBeNull();
  });

  it('keeps a retired designation that the unit has, and gives the local wording up for a code', async () => {
    const reshId = await world.department('Ward', home);
    made(await world.as('trust').updateUnit({ reshId, designation: '05' }));
    expect(made(await world.as('trust').updateUnit({ reshId, designation: '05', name: 'Ward' })).warnings).toEqual([
      expect.objectContaining({ code: 'NOTHING_CHANGES', field: null }),
    ]);
  });

  it('sets the number of an organization, and frees it for another one', async () => {
    const [number, other] = [freshNumber(), freshNumber()];
    const hospital = await world.organization('Hospital', north, number);
    const heir = await world.organization('Heir', north, other);
    const update = (input: { reshId: number; organizationNumber: string | null; effectiveOn?: string }) =>
      world.as('operator').updateUnit(input);
    made(await update({ reshId: hospital, organizationNumber: null, effectiveOn: lastYear }));
    made(await update({ reshId: heir, organizationNumber: number, effectiveOn: lastYear }));
    expect((await world.seen(hospital, lastYear))?.organizationNumber).toBeNull();
    expect((await world.seen(hospital, '2025-11-22'))?.organizationNumber).toBe(number);
    expect((await world.seen(heir, lastYear))?.organizationNumber).toBe(number);

    // Its own number from an earlier day on holds until it was freed.
    expect(
      made(await update({ reshId: hospital, organizationNumber: number, effectiveOn: '2021-01-01' })).warnings,
    ).toMatchObject([{ code: 'NOTHING_CHANGES' }]);
  });
});

describe('an update that is refused', () => {
  it('names a unit that is not in the register, or not there on the day, beside all else', async () => {
    expect(
      refusals(
        await world.as('operator').updateUnit({
          ...{ reshId: 999_999, name: null, shortName: 'x'.repeat(301), designation: '99' },
          organizationNumber: numbers.wrong,
        }),
      ),
    ).toEqual([
      {
        code: 'REQUIRED',
        field: ['name'],
        message: 'A unit must have a name; give one, or leave «name» out to keep it.',
      },
      {
        code: 'TEXT_INVALID',
        field: ['shortName'],
        message: '«shortName» has 301 characters, and 300 are allowed; shorten it.',
      },
      { code: 'NOT_FOUND', field: ['reshId'], message: 'Unit 999999 is not in the register; correct the RESH-id.' },
      {
        code: 'UNKNOWN_CODE',
        field: ['designation'],
        message: 'Code 99 is not in code set 8624; see codeSet(number: 8624).',
      },
      {
        code: 'BAD_CHECK_DIGIT',
        field: ['organizationNumber'],
        message: `The last digit of ${numbers.wrong} is not its check digit; correct the number.`,
      },
    ]);
    const ward = await world.department('Ward', home);
    made(await world.as('operator').closeUnit({ reshId: ward, effectiveOn: lastYear }));
    made(await world.as('operator').reopenUnit({ reshId: ward, effectiveOn: nextYear }));
    for (const effectiveOn of ['2019-12-31', worldDay])
      expect(refusals(await world.as('operator').updateUnit({ reshId: ward, name: 'X', effectiveOn }))).toEqual([
        {
          code: 'NOT_VALID_ON_DAY',
          field: ['effectiveOn'],
          message: `Unit ${ward} «Ward» is not valid on ${effectiveOn}, but from 2020-01-01 to ${lastYear} (exclusive) and from ${nextYear} on; choose a day on which it is.`,
        },
      ]);
  });

  it('would give it the number of another unit on some of its days', async () => {
    const hospital = await world.organization('Hospital', north);
    const take = (effectiveOn: string) =>
      world.as('operator').updateUnit({ reshId: hospital, organizationNumber: numbers.northTrust, effectiveOn });
    expect(refusals(await take(worldDay))).toEqual([
      {
        code: 'DUPLICATE_ORGANIZATION_NUMBER',
        field: ['organizationNumber'],
        message: `Unit ${northTrust} «northTrust» has ${numbers.northTrust} from 2010-01-01 on; a number belongs to one unit a day. Correct it, or free it first.`,
      },
    ]);
    made(
      await world
        .as('operator')
        .updateUnit({ reshId: northTrust, organizationNumber: freshNumber(), effectiveOn: nextYear }),
    );
    expect(refusals(await take(worldDay))).toEqual([
      {
        code: 'DUPLICATE_ORGANIZATION_NUMBER',
        field: ['organizationNumber'],
        message: `Unit ${northTrust} «northTrust» has ${numbers.northTrust} from 2010-01-01 to ${nextYear} (exclusive); a number belongs to one unit a day. Correct it, or free it first.`,
      },
    ]);
    made(await take(nextYear));
  });

  it('has more entries than are allowed', async () => {
    const contactPoints = Array.from({ length: 51 }, (_, place) => ({
      type: 'WEB' as const,
      value: `https://example.org/${place}`,
    }));
    expect(refusals(await world.as('operator').updateUnit({ reshId: home, contactPoints }))).toEqual([
      {
        code: 'TOO_MANY',
        field: ['contactPoints'],
        message: '«contactPoints» has 51 entries, and 50 are allowed.',
      },
    ]);
  });
});

describe('every update', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'updateUnit',
    fresh: async (beneath) => ({ reshId: await world.department('Ward', beneath), name: 'New name' }),
    altered: (input) => ({ ...input, name: 'Another' }),
    named: ({ reshId }) => reshId,
  });

  it('leaves a register in which every rule holds', async () => {
    expect(await world.violations()).toEqual([]);
  });
});
