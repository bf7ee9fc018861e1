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
import { worldDay } from '../support/world.ts';

const herId = 'urn:oid:2.16.578.1.12.4.1.2';
const local = 'https://example.org/local';

let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

const set = (input: { reshId: number; system?: string; value?: string | null; effectiveOn?: string }) =>
  world.as('trust').setIdentifier({ system: herId, ...input });
const identifiersOn = async (reshId: number, day: string, revision?: number) =>
  (await world.seen(reshId, day, revision))?.identifiers;

describe('setting an identifier of a unit', () => {
  it('has it from today beside those of other systems, and leaves the past as it was', async () => {
    const reshId = await world.department('Ward', home);
    made(await set({ reshId, system: local, value: 'A', effectiveOn: '2021-01-01' }));
    made(await set({ reshId, value: '17', effectiveOn: '2021-01-01' }));
    const before = await world.newest();

    const { change, impact, unit, userErrors, warnings } = made(await set({ reshId, value: ' 18 ' }));

    expect(change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'SET_IDENTIFIER' });
    expect(unit).toEqual({ reshId, name: 'Ward', seenOn: worldDay, parent: { reshId: home } });
    expect([userErrors, warnings]).toEqual([[], []]);
    expect(impact).toEqual({
      unitCount: 1,
      units: [
        {
          reshId,
          kinds: ['CHANGED'],
          effectiveOn: worldDay,
          fields: [{ field: 'identifiers', old: `${local} A; ${herId} 17`, new: `${local} A; ${herId} 18` }],
        },
      ],
      pathCount: 0,
      notes: [],
      grantsGained: [],
      grantsLost: [],
    });
    expect(await identifiersOn(reshId, worldDay)).toEqual({ [herId]: '18', [local]: 'A' });
    expect(await identifiersOn(reshId, yesterday)).toEqual({ [herId]: '17', [local]: 'A' });
    expect(await identifiersOn(reshId, worldDay, before)).toEqual({ [herId]: '17', [local]: 'A' });
    expect(await identifiersOn(reshId, '2020-12-31')).toEqual({});
  });

  it('holds until the day on which another was planned, or the unit closes, and null ends it', async () => {
    const reshId = await world.department('Ward', home, { validTo: '2030-01-01' });
    made(await set({ reshId, value: '19', effectiveOn: nextYear }));
    made(await set({ reshId, value: '18', effectiveOn: lastYear }));
    expect(await identifiersOn(reshId, lastYear)).toEqual({ [herId]: '18' });
    expect(await identifiersOn(reshId, '2027-11-22')).toEqual({ [herId]: '18' });
    expect(await identifiersOn(reshId, nextYear)).toEqual({ [herId]: '19' });

    made(await set({ reshId, value: null }));
    expect(await identifiersOn(reshId, yesterday)).toEqual({ [herId]: '18' });
    expect(await identifiersOn(reshId, worldDay)).toEqual({});
    expect(await identifiersOn(reshId, '2029-12-31')).toEqual({ [herId]: '19' });
    expect(made(await set({ reshId, value: null })).warnings).toMatchObject([{ code: 'NOTHING_CHANGES' }]);
    expect(
      await world.database.prisma.unitIdentifier.count({
        where: { reshId, supersededRev: null, OR: [{ validTo: null }, { validTo: { gt: new Date('2030-01-01') } }] },
      }),
    ).toBe(0);
  });

  it('warns where another unit has it on some of the same days', async () => {
    const [one, other] = [await world.department('One', home), await world.department('Other', home)];
    made(await set({ reshId: one, value: '77', effectiveOn: nextYear }));
    expect(made(await set({ reshId: other, value: '77' })).warnings).toEqual([
      {
        code: 'IDENTIFIER_STANDS_TWICE',
        field: ['value'],
        message: `Unit ${one} «One» has 77 in ${herId} too; see which of the two it belongs to.`,
      },
    ]);
    expect(made(await set({ reshId: other, system: local, value: '77' })).warnings).toEqual([]);
    // One that is going to have another by then is not the same as one that keeps it.
    const third = await world.department('Third', home);
    made(await set({ reshId: third, value: '78', effectiveOn: nextYear }));
    made(await set({ reshId: other, value: null }));
    expect(made(await set({ reshId: third, value: '77' })).warnings).toEqual([]);
  });
});

describe('an identifier that is refused', () => {
  it('is one that the register itself keeps', async () => {
    const reshId = await world.department('Ward', home);
    for (const system of ['urn:oid:2.16.578.1.12.4.1.4.101', 'urn:oid:2.16.578.1.12.4.1.4.102'])
      expect(refusals(await set({ reshId, system, value: '1' }))).toEqual([
        {
          code: 'RESERVED_SYSTEM',
          field: ['system'],
          message: `The register itself keeps identifiers of ${system}; RESH-ids never change, and updateUnit sets the organization number.`,
        },
      ]);
  });

  it('tells no value from the value null', async () => {
    const reshId = await world.department('Ward', home);
    made(await set({ reshId, value: '55' }));
    expect(refusals(await set({ reshId }))).toEqual([
      {
        code: 'REQUIRED',
        field: ['value'],
        message: 'Give the identifier; null ends the one that there is.',
      },
    ]);
    expect(await identifiersOn(reshId, worldDay)).toEqual({ [herId]: '55' });
  });

  it('is told of everything at once', async () => {
    expect(
      refusals(await set({ reshId: 999_999, system: '', value: 'x'.repeat(301) })).map(({ code, field, message }) => [
        code,
        field,
        message,
      ]),
    ).toEqual([
      ['TEXT_INVALID', ['system'], '«system» is empty; give a text.'],
      ['TEXT_INVALID', ['value'], '«value» has 301 characters, and 300 are allowed; shorten it.'],
      ['NOT_FOUND', ['reshId'], 'Unit 999999 is not in the register; correct the RESH-id.'],
    ]);
    const reshId = await world.department('Ward', home, { validTo: nextYear });
    expect(refusals(await set({ reshId, value: '', effectiveOn: nextYear })).map(({ code }) => code)).toEqual([
      'TEXT_INVALID',
      'NOT_VALID_ON_DAY',
    ]);
  });
});

describe('every setting of an identifier', () => {
  let given = 0;
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'setIdentifier',
    fresh: async (beneath) => ({
      ...{ reshId: await world.department('Ward', beneath), system: local, value: `law ${(given += 1)}` },
    }),
    altered: (input) => ({ ...input, value: 'another' }),
    named: ({ reshId }) => reshId,
  });

  it('leaves a register in which every rule holds', async () => {
    expect(await world.violations()).toEqual([]);
  });
});
