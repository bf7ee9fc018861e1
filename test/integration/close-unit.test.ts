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
import { numbers, units, worldDay } from '../support/world.ts';

const { clinic } = units;
let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(() => world.close());

const validity = async (reshId: number, day: string, revision?: number) =>
  (await world.seen(reshId, day, revision))?.validity;
const grantsOf = (reshId: number) =>
  world.database.prisma.accessGrant.findMany({
    where: { reshId, supersededRev: null },
    orderBy: { validFrom: 'asc' },
    select: { subject: true, validFrom: true, validTo: true },
  });
const dayOf = (date: Date | null) => date?.toISOString().slice(0, 10) ?? null;

describe('closing a unit', () => {
  it('ends it today, with its site and codes, and leaves the past as it was', async () => {
    const ward = await world.department('Ward', home);
    await world.as('trust').setUnitCodes({ reshId: ward, add: [{ codeSet: 8451, code: '010' }] });
    await world.as('trust').connectTreatmentSite({ reshId: ward, organizationNumber: numbers.site });
    const before = await world.newest();

    const { change, impact, unit, userErrors, warnings } = made(
      await world.as('trust').closeUnit({ reshId: ward, effectiveOn: '2026-12-24' }),
    );

    expect(change).toEqual({ revision: before + 1, effectiveOn: '2026-12-24', operation: 'CLOSE_UNIT' });
    expect(unit).toEqual({ reshId: ward, name: 'Ward', seenOn: '2026-12-23', parent: { reshId: home } });
    expect([userErrors, warnings]).toEqual([[], []]);
    expect(impact).toEqual({
      unitCount: 1,
      units: [
        {
          reshId: ward,
          kinds: ['CLOSED'],
          effectiveOn: '2026-12-24',
          fields: [
            { field: 'name', old: 'Ward', new: null },
            { field: 'parent', old: String(home), new: null },
            { field: 'type', old: 'DEPARTMENT', new: null },
            { field: 'treatmentSite', old: numbers.site, new: null },
            { field: 'codes', old: '8451:010', new: null },
          ],
        },
      ],
      pathCount: 0,
      notes: [`Unit ${ward} «Ward» leaves treatment site 974747138.`, `Codes of unit ${ward} «Ward» end: 8451:010.`],
      grantsGained: [],
      grantsLost: [],
    });
    expect(await world.seen(ward, '2026-12-24')).toBeNull();
    expect(await world.seen(ward, '2026-12-23')).toMatchObject({
      validity: '2020-01-01/2026-12-24',
      codes: { '8451:010': '2026-11-23/2026-12-24' },
    });
    expect(await validity(ward, '2026-12-24', before)).toBe('2020-01-01/');
  });

  it('takes a day in the past, and an earlier one instead of one that was planned', async () => {
    const ward = await world.department('Ward', home);
    made(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: nextYear }));
    const { unit, impact } = made(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: lastYear }));

    expect(unit).toMatchObject({ seenOn: '2025-11-22' });
    expect(impact?.notes).toEqual([
      `Unit ${ward} «Ward» was going to close on ${nextYear}; it closes on ${lastYear} instead.`,
    ]);
    expect(await validity(ward, '2025-11-22')).toBe(`2020-01-01/${lastYear}`);
    expect(await world.seen(ward, lastYear)).toBeNull();
    expect(await world.seen(ward, yesterday)).toBeNull();
  });

  it('changes nothing on the day on which it closes already', async () => {
    const ward = await world.department('Ward', home, { validTo: nextYear });
    const { unit, impact, warnings } = made(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: nextYear }));
    expect(unit).toMatchObject({ seenOn: '2027-11-22' });
    expect(impact).toMatchObject({ unitCount: 0, notes: [] });
    expect(warnings.map(({ code }) => code)).toEqual(['NOTHING_CHANGES']);
  });

  it('lets what was planned for later fall away, and says what it was', async () => {
    const ward = await world.department('Ward', home);
    const operator = world.as('operator');
    await operator.updateUnit({ reshId: ward, name: 'New name', shortName: 'NN', effectiveOn: '2027-01-01' });
    await operator.updateUnit({ reshId: ward, shortName: null, effectiveOn: '2027-02-01' });
    await operator.moveUnit({ reshId: ward, newParentReshId: clinic, effectiveOn: '2027-03-01' });
    await operator.setUnitCodes({ reshId: ward, add: [{ codeSet: 8451, code: '020' }], effectiveOn: '2027-04-01' });
    await operator.closeUnit({ reshId: ward, effectiveOn: '2027-05-01' });
    await operator.reopenUnit({ reshId: ward, effectiveOn: '2027-06-01' });

    const { impact } = made(await operator.closeUnit({ reshId: ward }));

    expect(impact?.notes).toEqual([
      `What was planned for unit ${ward} «Ward» from 2027-01-01 on falls away: name «New name», shortName «NN».`,
      `What was planned for unit ${ward} «Ward» from 2027-02-01 on falls away: no shortName.`,
      `What was planned for unit ${ward} «Ward» from 2027-03-01 on falls away: parent «${clinic}».`,
      `What was planned for unit ${ward} «Ward» from 2027-04-01 on falls away: codes «8451:020».`,
      `Unit ${ward} «Ward» was going to close on 2027-05-01; it closes on ${worldDay} instead.`,
      `Unit ${ward} «Ward» was going to reopen on 2027-06-01; that falls away.`,
    ]);
    for (const day of ['2027-01-01', '2027-04-01', '2027-06-01']) expect(await world.seen(ward, day)).toBeNull();
  });

  it('says nothing of a border that only a move above has made', async () => {
    const wing = await world.department('Wing', home);
    const ward = await world.department('Ward', wing);
    await world.as('operator').moveUnit({ reshId: wing, newParentReshId: clinic, effectiveOn: nextYear });
    expect(made(await world.as('operator').closeUnit({ reshId: ward })).impact?.notes).toEqual([]);
  });

  it('ends on its day what stands beneath too, where that is asked for', async () => {
    const wing = await world.department('Wing', home);
    const ward = await world.department('Ward', wing);
    const bed = await world.department('Bed', ward, { validTo: nextYear });
    const elsewhere = await world.department('Moved out', wing);
    await world.as('operator').moveUnit({ reshId: elsewhere, newParentReshId: home, effectiveOn: lastYear });
    const before = await world.newest();

    const { impact, unit } = made(
      await world.as('trust').closeUnit({ reshId: wing, withDescendants: true, effectiveOn: yesterday }),
    );

    expect(unit).toMatchObject({ reshId: wing, seenOn: '2026-11-21' });
    expect(impact?.units.map(({ reshId, kinds, effectiveOn }) => [reshId, kinds, effectiveOn])).toEqual([
      [wing, ['CLOSED'], yesterday],
      [ward, ['CLOSED'], yesterday],
      [bed, ['CLOSED'], yesterday],
    ]);
    for (const reshId of [wing, ward, bed]) expect(await world.seen(reshId, yesterday)).toBeNull();
    expect(await world.seen(elsewhere, yesterday)).toMatchObject({ name: 'Moved out', validity: '2020-01-01/' });
    expect(await validity(bed, yesterday, before)).toBe(`2020-01-01/${nextYear}`);
  });

  it('ends grants on its day, or today where that is later, and what is left of a plan', async () => {
    const grant = (reshId: number, subject: string, effectiveOn: string) =>
      world.as('trust').grantAccess({ reshId, subject, role: 'ADMINISTRATOR', name: subject, effectiveOn });
    const [past, planned] = [await world.department('Past', home), await world.department('Planned', home)];
    made(await grant(past, 'anne', '2026-01-01'));
    made(await grant(past, 'berit', nextYear));
    made(await grant(planned, 'anne', '2026-01-01'));

    expect(made(await world.as('trust').closeUnit({ reshId: past, effectiveOn: lastYear })).impact?.grantsLost).toEqual(
      [
        { role: 'ADMINISTRATOR', administrator: { subject: 'anne' }, unit: { reshId: past } },
        { role: 'ADMINISTRATOR', administrator: { subject: 'berit' }, unit: { reshId: past } },
      ],
    );
    made(await world.as('trust').closeUnit({ reshId: planned, effectiveOn: nextYear }));

    const days = async (reshId: number) =>
      (await grantsOf(reshId)).map(({ subject, validFrom, validTo }) => [subject, dayOf(validFrom), dayOf(validTo)]);
    expect(await days(past)).toEqual([['anne', '2026-01-01', worldDay]]);
    expect(await days(planned)).toEqual([['anne', '2026-01-01', nextYear]]);

    // Reopening gives none of them back, also where it leaves no gap.
    made(await world.as('trust').reopenUnit({ reshId: past, effectiveOn: lastYear }));
    made(await world.as('trust').reopenUnit({ reshId: planned, effectiveOn: nextYear }));
    expect(await days(past)).toEqual([['anne', '2026-01-01', worldDay]]);
    expect(await days(planned)).toEqual([['anne', '2026-01-01', nextYear]]);

    // An earlier day ends earlier what a planned closing had ended.
    made(await world.as('trust').closeUnit({ reshId: planned }));
    expect(await days(planned)).toEqual([['anne', '2026-01-01', worldDay]]);
  });

  it('names the units that take its place', async () => {
    const [ward, next] = [await world.department('Ward', home), await world.department('Next', home)];
    made(await world.as('trust').closeUnit({ reshId: ward, successorReshIds: [next] }));
    expect(
      await world.database.prisma.succession.findMany({
        where: { fromReshId: ward },
        select: { toReshId: true, kind: true, extent: true },
      }),
    ).toEqual([{ toReshId: next, kind: 'REPLACEMENT', extent: 'FULL' }]);
  });
});

describe('a closing that is refused', () => {
  it('names a unit that is not in the register, or not there on the day', async () => {
    expect(refusals(await world.as('trust').closeUnit({ reshId: 999_999 }))).toEqual([
      { code: 'NOT_FOUND', field: ['reshId'], message: 'Unit 999999 is not in the register; correct the RESH-id.' },
    ]);
    const ward = await world.department('Ward', home, { validTo: '2027-06-01' });
    const told = (day: string) => [
      {
        code: 'NOT_VALID_ON_DAY',
        field: ['effectiveOn'],
        message: `Unit ${ward} «Ward» is not valid on ${day}, but from 2020-01-01 to 2027-06-01 (exclusive); choose a day on which it is.`,
      },
    ];
    for (const effectiveOn of ['2019-12-31', '2027-06-02'])
      expect(refusals(await world.as('trust').closeUnit({ reshId: ward, effectiveOn }))).toEqual(told(effectiveOn));
  });

  it('would leave the unit no day, which is to withdraw it', async () => {
    const ward = await world.department('Ward', home);
    expect(refusals(await world.as('trust').closeUnit({ reshId: ward, effectiveOn: '2020-01-01' }))).toEqual([
      {
        code: 'BAD_PERIOD',
        field: ['effectiveOn'],
        message: `Unit ${ward} «Ward» begins on 2020-01-01, and closing leaves it at least a day; choose a later day. Whatever was registered in error is withdrawn.`,
      },
    ]);
    expect(await validity(ward, worldDay)).toBe('2020-01-01/');
  });

  it('would leave children without a parent, whatever is planned for them', async () => {
    const wing = await world.department('Wing', home);
    const ward = await world.department('Ward', wing);
    await world.as('operator').updateUnit({ reshId: ward, name: 'Renamed', effectiveOn: nextYear });
    expect(refusals(await world.as('trust').closeUnit({ reshId: wing }))).toEqual([
      {
        code: 'HAS_OPEN_CHILDREN',
        field: ['reshId'],
        message: `Unit ${wing} «Wing» has 1 open child on 2026-11-23 or later: ${ward} «Ward»; close or move them first, or pass withDescendants.`,
      },
    ]);
    const second = await world.department('Second', wing, { validTo: nextYear });
    expect(refusals(await world.as('trust').closeUnit({ reshId: wing }))).toEqual([
      {
        code: 'HAS_OPEN_CHILDREN',
        field: ['reshId'],
        message: `Unit ${wing} «Wing» has 2 open children on 2026-11-23 or later: ${ward} «Ward», ${second} «Second»; close or move them first, or pass withDescendants.`,
      },
    ]);
    // What closes with it on its day is not left.
    await world.as('trust').closeUnit({ reshId: ward, effectiveOn: nextYear });
    made(await world.as('trust').closeUnit({ reshId: wing, effectiveOn: nextYear }));
  });

  it('names what comes beneath only later, with its day, also with what stands beneath', async () => {
    const wing = await world.department('Wing', home);
    const ward = await world.department('Ward', wing);
    const coming = await world.department('Coming', ward, { from: '2027-01-01' });
    const moving = await world.department('Moving', home);
    await world.as('operator').moveUnit({ reshId: moving, newParentReshId: wing, effectiveOn: '2027-02-01' });

    expect(refusals(await world.as('trust').closeUnit({ reshId: wing }))).toEqual([
      expect.objectContaining({
        message: `Unit ${wing} «Wing» has 2 open children on 2026-11-23 or later: ${ward} «Ward», ${moving} «Moving» (planned from 2027-02-01); close or move them first.`,
      }),
    ]);
    expect(refusals(await world.as('trust').closeUnit({ reshId: wing, withDescendants: true }))).toEqual([
      {
        code: 'HAS_OPEN_CHILDREN',
        field: ['reshId'],
        message: `Unit ${ward} «Ward», ${wing} «Wing» has 2 open children on 2026-11-23 or later: ${coming} «Coming» (planned from 2027-01-01), ${moving} «Moving» (planned from 2027-02-01); change what is planned for them first.`,
      },
    ]);

    await world.as('operator').moveUnit({ reshId: moving, newParentReshId: home, effectiveOn: '2027-02-01' });
    await world.as('operator').moveUnit({ reshId: coming, newParentReshId: home, effectiveOn: '2027-01-01' });
    made(await world.as('trust').closeUnit({ reshId: wing, withDescendants: true }));
    expect(await world.seen(ward, worldDay)).toBeNull();
    expect(await world.seen(coming, '2027-01-01')).not.toBeNull();
  });

  it('says all that is wrong at once', async () => {
    const wing = await world.department('Wing', home);
    const today = await world.department('Opened today', wing, { from: worldDay });
    await world.department('Later', wing, { from: nextYear });
    expect(
      refusals(
        await world
          .as('trust')
          .closeUnit({ reshId: wing, withDescendants: true, successorReshIds: [wing, today, 999_999] }),
      ).map(({ code, field }) => [code, field]),
    ).toEqual([
      ['BAD_PERIOD', ['effectiveOn']],
      ['HAS_OPEN_CHILDREN', ['reshId']],
      ['NOT_VALID_ON_DAY', ['successorReshIds']],
      ['NOT_FOUND', ['successorReshIds']],
    ]);
  });
});

describe('every closing', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'closeUnit',
    fresh: async (beneath) => ({ reshId: await world.department('Ward', beneath) }),
    altered: (input) => ({ ...input, effectiveOn: nextYear }),
    named: ({ reshId }) => reshId,
  });

  it('leaves a register in which every rule holds', async () => {
    expect(await world.violations()).toEqual([]);
  });
});
