import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  freshNumber,
  home,
  lastYear,
  made,
  nextYear,
  openChangingWorld,
  yesterday,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { createClient } from '../support/client.ts';
import { graphql } from '../support/generated/gql.ts';
import { keepsTheLawsOfChanges } from '../support/laws-of-changes.ts';
import {
  addUnits,
  became,
  complaints,
  kindsOf,
  mayEdit,
  refusedAs,
  twoWards,
  writesNothing,
} from '../support/reorganizing.ts';
import { numbers, units, worldDay } from '../support/world.ts';

const toldOf = graphql(`
  query ToldOfSplit($revision: Revision!, $reshId: ReshId!) {
    change(revision: $revision) {
      units {
        totalCount
        nodes {
          reshId
          kinds
          effectiveOn
          fields {
            field
          }
          unit {
            reshId
            seenOn
          }
        }
      }
    }
    unit(reshId: $reshId) {
      changes {
        totalCount
        nodes {
          revision
        }
      }
    }
  }
`);

const { north, northTrust, siblingTrust, siblingClinic, southClinic } = units;
const aboveHome = [north, northTrust, home];
let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(async () => {
  expect(await world.violations()).toEqual([]);
  await world.close();
});

const above = async (reshId: number, day: string, revision?: number) =>
  (await world.seen(reshId, day, revision))?.above;

/** A ward with three rooms, one of them with a bed. */
const wardOfThree = (under: number = home) =>
  addUnits(world, {
    ward: { name: 'Ward', under },
    one: { name: 'One', under: 'ward' },
    two: { name: 'Two', under: 'ward' },
    three: { name: 'Three', under: 'ward' },
    bed: { name: 'Bed', under: 'one' },
  });

describe('splitting a unit', () => {
  it('closes it from the day on, and gives each child to the part that is said', async () => {
    const { ward, one, two, three, bed } = await wardOfThree();
    const before = await world.newest();

    const {
      change,
      impact,
      units: shown,
      warnings,
    } = made(
      await world.as('trust').splitUnit({
        reshId: ward,
        into: [
          { name: 'Day ward', shortName: 'Day', childReshIds: [one] },
          { name: 'Night ward', designation: '05', childReshIds: [two, three] },
        ],
        effectiveOn: nextYear,
      }),
    );

    const [day = 0, night = 0] = shown?.map(({ reshId }) => reshId) ?? [];
    expect(change).toEqual({ revision: before + 1, effectiveOn: nextYear, operation: 'SPLIT_UNIT' });
    expect(shown).toEqual([
      { reshId: day, name: 'Day ward', seenOn: nextYear },
      { reshId: night, name: 'Night ward', seenOn: nextYear },
      { reshId: ward, name: 'Ward', seenOn: '2027-11-22' },
    ]);
    expect([day, night]).toEqual([bed + 1, bed + 2]);
    expect(warnings).toEqual([]);
    const moved = (reshId: number, to: number) => ({
      ...{ reshId, kinds: ['MOVED'], effectiveOn: nextYear },
      fields: [{ field: 'parent', old: String(ward), new: String(to) }],
    });
    const opened = (reshId: number, name: string, more: object[]) => ({
      ...{ reshId, kinds: ['OPENED'], effectiveOn: nextYear },
      fields: [
        { field: 'name', old: null, new: name },
        ...more.slice(0, 1),
        { field: 'parent', old: null, new: String(home) },
        { field: 'type', old: null, new: 'DEPARTMENT' },
        ...more.slice(1),
      ],
    });
    expect(impact).toEqual({
      unitCount: 6,
      units: [
        {
          ...{ reshId: ward, kinds: ['CLOSED', 'SPLIT'], effectiveOn: nextYear },
          fields: [
            { field: 'name', old: 'Ward', new: null },
            { field: 'parent', old: String(home), new: null },
            { field: 'type', old: 'DEPARTMENT', new: null },
          ],
        },
        moved(one, day),
        moved(two, night),
        moved(three, night),
        opened(day, 'Day ward', [{ field: 'shortName', old: null, new: 'Day' }]),
        {
          ...{ reshId: night, kinds: ['OPENED'], effectiveOn: nextYear },
          fields: [
            { field: 'name', old: null, new: 'Night ward' },
            { field: 'parent', old: null, new: String(home) },
            { field: 'type', old: null, new: 'DEPARTMENT' },
            { field: 'designation', old: null, new: '05' },
          ],
        },
      ],
      pathCount: 1,
      notes: [],
      grantsGained: [],
      grantsLost: [],
    });

    expect(await above(one, '2027-11-22')).toEqual([...aboveHome, ward]);
    expect(await above(one, nextYear)).toEqual([...aboveHome, day]);
    expect(await above(bed, nextYear)).toEqual([...aboveHome, day, one]);
    expect(await above(three, nextYear)).toEqual([...aboveHome, night]);
    expect(await world.seen(ward, nextYear)).toBeNull();
    expect(await world.seen(day, '2027-11-22')).toBeNull();
    expect(await above(one, nextYear, before)).toEqual([...aboveHome, ward]);
    expect(await world.seen(day, nextYear, before)).toBeNull();

    const [toDay, toNight] = [
      `${ward} > ${day} SPLIT PARTIAL ${nextYear}`,
      `${ward} > ${night} SPLIT PARTIAL ${nextYear}`,
    ];
    expect(await became(world, ward)).toMatchObject({ from: [], to: [toDay, toNight] });
    expect(await became(world, night)).toMatchObject({ from: [toNight], to: [] });
    expect(await became(world, ward, { revision: before })).toMatchObject({ to: [] });
  });

  it('keeps it where that is asked for, with the children that no part gets', async () => {
    const { ward, one, two, three } = await wardOfThree();

    const payload = made(
      await world
        .as('trust')
        .splitUnit({ reshId: ward, into: [{ name: 'Part', childReshIds: [two] }], keepSource: true }),
    );

    const part = payload.units?.[0]?.reshId ?? 0;
    expect(payload.units?.map(({ reshId, seenOn }) => [reshId, seenOn])).toEqual([
      [part, worldDay],
      [ward, worldDay],
    ]);
    expect(kindsOf(payload)).toEqual({ [ward]: 'SPLIT', [two]: 'MOVED', [part]: 'OPENED' });
    expect(await world.seen(ward, worldDay)).toMatchObject({ validity: '2020-01-01/', above: aboveHome });
    expect(await above(one, worldDay)).toEqual([...aboveHome, ward]);
    expect(await above(two, yesterday)).toEqual([...aboveHome, ward]);
    expect(await above(two, worldDay)).toEqual([...aboveHome, part]);
    expect(await above(three, worldDay)).toEqual([...aboveHome, ward]);
    expect((await became(world, ward)).to).toEqual([`${ward} > ${part} SPLIT PARTIAL ${worldDay}`]);
  });

  it('tells that it was split, though all that changes is what it becomes', async () => {
    const { east, west } = await twoWards(world);
    const before = await world.newest();
    const split = (dryRun: boolean) =>
      world.as('trust').splitUnit({ reshId: east, into: [{ reshId: west }], keepSource: true, dryRun });
    const told = { reshId: east, kinds: ['SPLIT'], effectiveOn: worldDay, fields: [] };

    const tried = made(await split(true));
    const payload = made(await split(false));

    expect([tried.impact?.unitCount, tried.impact?.units]).toEqual([1, [told]]);
    expect([payload.impact?.unitCount, payload.impact?.units]).toEqual([1, [told]]);
    const client = createClient(world.database, { today: worldDay });
    const { change, unit } = await client.ask(toldOf, { revision: before + 1, reshId: east });
    expect(change?.units).toEqual({
      totalCount: 1,
      nodes: [{ ...told, unit: { reshId: east, seenOn: worldDay } }],
    });
    expect(unit?.changes).toEqual({ totalCount: 2, nodes: [{ revision: before + 1 }, { revision: before }] });

    // The same again changes nothing, and so is no change of the unit.
    const again = made(await split(false));
    expect(again.warnings.map(({ code }) => code)).toEqual(['NOTHING_CHANGES']);
    expect((await client.ask(toldOf, { revision: before + 2, reshId: east })).change?.units.totalCount).toBe(0);
  });

  it('gives parts their codes and sites, new ones and ones that are there', async () => {
    const { ward, one, two, three } = await wardOfThree();
    const { west } = await twoWards(world);

    const payload = made(
      await world.as('trust').splitUnit({
        reshId: ward,
        into: [
          {
            name: 'Part',
            childReshIds: [one, two, three],
            codes: [{ codeSet: 8451, code: '020' }],
            treatmentSite: numbers.site,
          },
          {
            reshId: west,
            codes: [{ codeSet: 8451, code: '010', attributes: [{ codeSet: 8451, code: '020' }] }],
            treatmentSite: numbers.site,
          },
        ],
        effectiveOn: '2025-01-01',
      }),
    );

    const part = payload.units?.[0]?.reshId ?? 0;
    expect(payload.warnings).toEqual([
      {
        code: 'NO_TREATMENT_SITE',
        field: ['into', '1', 'codes'],
        message: `Unit ${west} «West» has service codes and no treatment site; connect one with connectTreatmentSite.`,
      },
    ]);
    expect(kindsOf(payload, '2025-01-01')).toMatchObject({ [west]: 'RECODED SITE_CHANGED', [part]: 'OPENED' });
    expect(await world.seen(part, '2025-01-01')).toMatchObject({
      codes: { '8451:020': '2025-01-01/' },
      treatmentSite: numbers.site,
    });
    expect(await world.seen(west, '2024-12-31')).toMatchObject({ codes: {}, treatmentSite: null });
    expect(await world.seen(west, '2025-01-01')).toMatchObject({
      codes: { '8451:010 020': '2025-01-01/' },
      treatmentSite: numbers.site,
    });
  });

  it('says which site and codes are left without a unit', async () => {
    const { ward, one, two, three } = await wardOfThree();
    const operator = world.as('operator');
    await operator.connectTreatmentSite({ reshId: ward, organizationNumber: numbers.site, effectiveOn: '2021-01-01' });
    await operator.setUnitCodes({ reshId: ward, add: [{ codeSet: 8451, code: '010' }], effectiveOn: '2021-01-01' });

    const { impact } = made(
      await operator.splitUnit({ reshId: ward, into: [{ name: 'A', childReshIds: [one, two, three] }, { name: 'B' }] }),
    );

    expect(impact?.notes).toEqual([
      `Unit ${ward} «Ward» leaves treatment site ${numbers.site}.`,
      `Codes of unit ${ward} «Ward» end: 8451:010.`,
    ]);
  });

  it('hands over from its day a child that is planned to come, and leaves alone one that moved out before', async () => {
    const { ward, one, two, three } = await wardOfThree();
    const { newcomer } = await addUnits(world, { newcomer: { name: 'Newcomer', under: siblingClinic } });
    const operator = world.as('operator');
    made(await operator.moveUnit({ reshId: newcomer, newParentReshId: ward, effectiveOn: '2029-01-01' }));
    made(await operator.moveUnit({ reshId: three, newParentReshId: siblingClinic, effectiveOn: '2027-01-01' }));

    const payload = made(
      await operator.splitUnit({
        reshId: ward,
        into: [
          { name: 'A', childReshIds: [one, newcomer] },
          { name: 'B', childReshIds: [two] },
        ],
        effectiveOn: nextYear,
      }),
    );

    const [a = 0] = payload.units?.map(({ reshId }) => reshId) ?? [];
    expect(kindsOf(payload, nextYear)).toMatchObject({ [one]: 'MOVED', [newcomer]: 'MOVED 2029-01-01' });
    expect(await above(newcomer, '2028-12-31')).toEqual([north, siblingTrust, siblingClinic]);
    expect(await above(newcomer, '2029-01-01')).toEqual([...aboveHome, a]);
    expect(await above(three, '2026-12-31')).toEqual([...aboveHome, ward]);
    expect(await above(three, nextYear)).toEqual([north, siblingTrust, siblingClinic]);
  });

  it('can be told long after it took place', async () => {
    const { ward, one, two, three } = await wardOfThree();
    const before = await world.newest();

    const payload = made(
      await world.as('trust').splitUnit({
        reshId: ward,
        into: [
          { name: 'A', childReshIds: [one] },
          { name: 'B', childReshIds: [two, three] },
        ],
        effectiveOn: lastYear,
      }),
    );

    const [a = 0, b = 0] = payload.units?.map(({ reshId }) => reshId) ?? [];
    expect(await above(one, '2025-11-22')).toEqual([...aboveHome, ward]);
    expect(await above(one, lastYear)).toEqual([...aboveHome, a]);
    expect(await above(two, worldDay)).toEqual([...aboveHome, b]);
    expect(await above(one, lastYear, before)).toEqual([...aboveHome, ward]);
  });

  it('may make parts of its own children, and of the unit above it', async () => {
    const { ward, one, two, three, bed } = await wardOfThree();

    const payload = made(
      await world.as('trust').splitUnit({
        reshId: ward,
        into: [
          // Two goes beneath one before one goes to the clinic.
          { reshId: one, childReshIds: [two] },
          { reshId: home, childReshIds: [one, three] },
        ],
      }),
    );

    expect(kindsOf(payload)).toEqual({ [ward]: 'CLOSED SPLIT', [one]: 'MOVED', [two]: 'MOVED', [three]: 'MOVED' });
    expect(await above(one, worldDay)).toEqual(aboveHome);
    expect(await above(two, worldDay)).toEqual([...aboveHome, one]);
    expect(await above(bed, worldDay)).toEqual([...aboveHome, one]);
    expect(await above(three, worldDay)).toEqual(aboveHome);
  });

  it('makes organizations of an organization, one of them with its number, by the operator', async () => {
    const number = freshNumber();
    const trust = await world.organization('Trust', north, number);
    const { ward } = await addUnits(world, { ward: { name: 'Ward', under: trust } });
    made(
      await world.as('operator').grantAccess({
        ...{ subject: 'someone', name: 'Someone', role: 'ADMINISTRATOR', reshId: trust, effectiveOn: '2021-01-01' },
      }),
    );
    const split = {
      reshId: trust,
      into: [
        { name: 'East trust', organizationNumber: number, childReshIds: [ward] },
        { name: 'West trust', organizationNumber: freshNumber() },
      ],
    };
    expect(refusedAs(await world.as('regional').splitUnit(split))).toEqual(['FORBIDDEN']);

    const payload = made(await world.as('operator').splitUnit(split));

    const east = payload.units?.[0]?.reshId ?? 0;
    expect(await world.seen(east, worldDay)).toMatchObject({
      type: 'ORGANIZATION',
      organizationNumber: number,
      above: [north],
    });
    expect(await above(ward, worldDay)).toEqual([north, east]);
    expect(payload.impact?.grantsLost).toEqual([
      { role: 'ADMINISTRATOR', administrator: { subject: 'someone' }, unit: { reshId: trust } },
    ]);
  });

  it('ends the grants on it, unless it is kept', async () => {
    const { ward, one, two, three } = await wardOfThree();
    const operator = world.as('operator');
    made(
      await operator.grantAccess({
        subject: 'north-clinic',
        role: 'ADMINISTRATOR',
        reshId: ward,
        effectiveOn: '2021-01-01',
      }),
    );
    const kept = made(
      await operator.splitUnit({ reshId: ward, into: [{ name: 'A', childReshIds: [one] }], keepSource: true }),
    );
    expect(await mayEdit(world, 'clinic', ward)).toBe(true);
    expect(await mayEdit(world, 'clinic', two)).toBe(true);
    // What a part got has left the ward, and access over the ward with it.
    expect(await mayEdit(world, 'clinic', one)).toBe(false);
    const lost = [{ role: 'ADMINISTRATOR', administrator: { subject: 'north-clinic' }, unit: { reshId: ward } }];
    expect(kept.impact?.grantsLost).toEqual(lost);

    const closed = made(
      await operator.splitUnit({
        reshId: ward,
        into: [
          { name: 'B', childReshIds: [two] },
          { name: 'C', childReshIds: [three] },
        ],
      }),
    );

    expect(closed.impact?.grantsLost).toEqual(lost);
    expect(closed.impact?.grantsGained).toEqual([]);
    expect(await mayEdit(world, 'clinic', two)).toBe(false);
  });
});

describe('splitting is refused', () => {
  it('into less than two parts, or into more than a hundred', async () => {
    const { ward, one, two, three } = await wardOfThree();
    const split = (into: { name: string; childReshIds?: number[] }[], keepSource = false) =>
      world.as('operator').splitUnit({ reshId: ward, into, keepSource });

    const tooFew =
      'REQUIRED at into: A unit is split into two parts at least, or into one beside itself with keepSource; name them.';
    expect(complaints(await split([{ name: 'A', childReshIds: [one, two, three] }]))).toEqual([tooFew]);
    expect(complaints(await split([], true))).toEqual([tooFew]);
    const many = Array.from({ length: 101 }, (_, place) => ({ name: `Part ${place}` }));
    expect(complaints(await split(many, true))).toEqual([
      'TOO_MANY at into: 101 parts are named, and 100 are allowed.',
    ]);
  });

  it('where a child is given to nobody, twice, or is none', async () => {
    const { ward, one, two, three, bed } = await wardOfThree();

    expect(
      complaints(
        await world.as('operator').splitUnit({
          reshId: ward,
          into: [
            { name: 'A', childReshIds: [one, bed] },
            { name: 'B', childReshIds: [one] },
          ],
        }),
      ),
    ).toEqual([
      `NOT_FOUND at into.0.childReshIds.1: Unit ${bed} does not stand beneath unit ${ward} «Ward» on ${worldDay} or later; leave it out.`,
      `GIVEN_TWICE at into.1.childReshIds.0: Unit ${one} is given to two parts; keep one.`,
      `HAS_OPEN_CHILDREN at into: Unit ${ward} «Ward» has 2 children that no part gets: ${two}, ${three}; give each to a part, or keep the source with keepSource.`,
    ]);
  });

  it('where what is named is unknown or not valid on the day', async () => {
    const { ward, one, two, three } = await wardOfThree();
    const { closed } = await addUnits(world, { closed: { name: 'Closed', under: home, validTo: '2021-01-01' } });
    const operator = world.as('operator');
    const notThen = `Unit ${closed} «Closed» is not valid on ${worldDay}, but from 2020-01-01 to 2021-01-01 (exclusive); choose a day on which it is.`;

    expect(complaints(await operator.splitUnit({ reshId: 999_999, into: [{ name: 'A' }, { name: 'B' }] }))).toEqual([
      'NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    expect(complaints(await operator.splitUnit({ reshId: closed, into: [{ name: 'A' }, { name: 'B' }] }))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: ${notThen}`,
    ]);
    expect(
      complaints(
        await operator.splitUnit({
          reshId: ward,
          into: [{ reshId: 888_888, childReshIds: [one, two, three] }, { reshId: closed }],
        }),
      ),
    ).toEqual([
      'NOT_FOUND at into.0.reshId: Unit 888888 is not in the register; correct the RESH-id.',
      `NOT_VALID_ON_DAY at effectiveOn: ${notThen}`,
    ]);
    expect(
      complaints(
        await operator.splitUnit({
          reshId: ward,
          into: [{ name: 'A', childReshIds: [one, two, three] }, { name: 'B' }],
          effectiveOn: '2020-01-01',
        }),
      ),
    ).toEqual([
      `BAD_PERIOD at effectiveOn: Unit ${ward} «Ward» begins on 2020-01-01, and closing leaves it at least a day; choose a later day. Whatever was registered in error is withdrawn.`,
    ]);
  });

  it('where it begins or reopens on the day, and so has nothing yet to give away', async () => {
    const { ward, part } = await addUnits(world, {
      ward: { name: 'Ward', under: home },
      part: { name: 'Part', under: home },
    });
    const operator = world.as('operator');
    made(await operator.closeUnit({ reshId: ward, effectiveOn: lastYear }));
    made(await operator.reopenUnit({ reshId: ward }));
    const giveAway = (effectiveOn: string) =>
      operator.splitUnit({ reshId: ward, keepSource: true, into: [{ reshId: part }], effectiveOn });

    expect(complaints(await giveAway('2020-01-01'))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${ward} «Ward» is not there on 2019-12-31, the day before, and so becomes no other on 2020-01-01; choose another day.`,
    ]);
    expect(complaints(await giveAway(worldDay))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${ward} «Ward» is not there on ${yesterday}, the day before, and so becomes no other on ${worldDay}; choose another day.`,
    ]);
    made(await giveAway('2020-01-02'));
  });

  it('where a part is the unit itself, stands twice, or is there and told to be new', async () => {
    const { ward, one, two, three } = await wardOfThree();

    expect(
      complaints(
        await world.as('operator').splitUnit({
          reshId: ward,
          into: [
            { reshId: ward, childReshIds: [one] },
            { reshId: home, name: 'Home', organizationNumber: numbers.free, childReshIds: [two] },
            { reshId: home, childReshIds: [three] },
          ],
        }),
      ),
    ).toEqual([
      `NOT_ALLOWED at into.0.reshId: Unit ${ward} is no part of itself; with keepSource it stays, with the children that no part gets.`,
      `NOT_ALLOWED at into.1.name: Unit ${home} is there already, and «name» is for a new one; leave it out, and update the unit instead.`,
      `NOT_ALLOWED at into.1.organizationNumber: Unit ${home} is there already, and «organizationNumber» is for a new one; leave it out, and update the unit instead.`,
      `GIVEN_TWICE at into.2.reshId: Unit ${home} is two of the parts; make them one.`,
    ]);
  });

  it('where a part stands beneath a child that it gets, at once or by what another part got', async () => {
    const { ward, one, two, three, bed } = await wardOfThree();
    const { bunk } = await addUnits(world, { bunk: { name: 'Bunk', under: two } });
    const operator = world.as('operator');

    expect(
      complaints(
        await operator.splitUnit({
          reshId: ward,
          into: [
            { reshId: bed, childReshIds: [one] },
            { name: 'B', childReshIds: [two, three] },
          ],
        }),
      ),
    ).toEqual([
      `CYCLE at into.0.childReshIds.0: Unit ${bed} «Bed» stands beneath ${one} «One» on ${worldDay}; name a unit outside of it.`,
    ]);
    // Two goes beneath one, and so bunk does; one cannot go beneath bunk then.
    expect(
      complaints(
        await operator.splitUnit({
          reshId: ward,
          into: [
            { reshId: one, childReshIds: [two, three] },
            { reshId: bunk, childReshIds: [one] },
          ],
        }),
      ),
    ).toEqual([
      `CYCLE at into.1.childReshIds.0: Unit ${bunk} «Bunk» stands beneath ${one} «One» on ${worldDay}; name a unit outside of it.`,
    ]);
  });

  it('where the facts, codes and sites of parts are not in order', async () => {
    const { ward, one, two, three } = await wardOfThree();

    expect(
      complaints(
        await world.as('operator').splitUnit({
          reshId: ward,
          into: [
            { childReshIds: [one, two, three] },
            { name: 'B', codes: [{ codeSet: 8451, code: '999' }], treatmentSite: numbers.wrong },
            { name: 'C', organizationNumber: numbers.northTrust, type: 'ORGANIZATION' },
            { reshId: home, codes: [{ codeSet: 8451, code: '030' }], treatmentSite: numbers.laterSite },
          ],
        }),
      ),
    ).toEqual([
      'REQUIRED at into.0.name: A unit must have a name; give one.',
      'UNKNOWN_CODE at into.1.codes.0.code: Code 999 is not in code set 8451; see codeSet(number: 8451).',
      `BAD_CHECK_DIGIT at into.1.treatmentSite: The last digit of ${numbers.wrong} is not its check digit; correct the number.`,
      `WRONG_PARENT_TYPE at into.2.reshId: Unit ${home} «secondClinic» is a department, and an organization stands beneath organizations only; name one.`,
      `DUPLICATE_ORGANIZATION_NUMBER at into.2.organizationNumber: Unit ${northTrust} «northTrust» has ${numbers.northTrust} from 2010-01-01 on; a number belongs to one unit a day. Correct it, or free it first.`,
      'RETIRED_CODE at into.3.codes.0.code: Code 8451:030 is retired, and such a code is not given anew; choose one that is in use.',
      `SITE_NOT_VALID at into.3.treatmentSite: Treatment site ${numbers.laterSite} is not valid on ${worldDay}; choose a site that is, or other days.`,
    ]);
  });

  it('where a part became the unit once', async () => {
    const { east, west, eastRoom } = await twoWards(world);
    const operator = world.as('operator');
    made(
      await operator.splitUnit({ reshId: west, into: [{ reshId: east }], keepSource: true, effectiveOn: '2022-01-01' }),
    );

    expect(
      complaints(
        await operator.splitUnit({ reshId: east, into: [{ reshId: west, childReshIds: [eastRoom] }, { name: 'B' }] }),
      ),
    ).toEqual([
      `CYCLE at into: Unit ${west} «West» cannot succeed ${east} «East»: it is that unit, or became it; name another.`,
    ]);
  });
});

describe('splitting needs scope', () => {
  it('over the parent and over each part that is there', async () => {
    const { ward, one, two, three } = await wardOfThree();
    const split = (who: 'clinic' | 'trust' | 'regional' | 'south', reshId: number, part: number | undefined) =>
      world.as(who).splitUnit({
        reshId,
        into: [part === undefined ? { name: 'A', childReshIds: [one] } : { reshId: part, childReshIds: [one] }],
        ...{ keepSource: true, dryRun: true },
      });

    await writesNothing(world, async () => {
      made(await split('trust', ward, undefined));
      made(await split('trust', ward, home));
      expect(refusedAs(await split('trust', ward, siblingClinic))).toEqual(['FORBIDDEN']);
      made(await split('regional', ward, siblingClinic));
      expect(refusedAs(await split('regional', ward, southClinic))).toEqual(['FORBIDDEN']);
      expect(refusedAs(await split('clinic', ward, undefined))).toEqual(['FORBIDDEN']);
      // Its own administrator cannot split it.
      expect(refusedAs(await split('clinic', units.clinic, undefined))).toEqual(['FORBIDDEN']);
      expect(refusedAs(await split('trust', northTrust, undefined))).toEqual(['FORBIDDEN']);
    });
    const toOrganization = (who: 'regional' | 'operator') =>
      world.as(who).splitUnit({
        reshId: siblingTrust,
        into: [{ name: 'A', type: 'ORGANIZATION' }],
        ...{ keepSource: true, dryRun: true },
      });
    expect(refusedAs(await toOrganization('regional'))).toEqual(['FORBIDDEN']);
    made(await toOrganization('operator'));
    expect([two, three]).toHaveLength(2);
  });
});

describe('a split', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'splitUnit',
    fresh: async (beneath) => {
      const { ward, one, two, three } = await wardOfThree(beneath);
      return {
        reshId: ward,
        into: [
          { name: 'A', type: 'DEPARTMENT', childReshIds: [one] },
          { name: 'B', childReshIds: [two, three] },
        ],
      };
    },
    altered: (input) => ({ ...input, keepSource: true }),
    named: ({ reshId }) => reshId,
  });
});
