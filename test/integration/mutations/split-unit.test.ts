import { afterAll, describe, expect, it } from 'vitest';
import type { SplitUnitInput } from '../../../src/domain/plan/change-input.ts';
import { administratorGrant, specialty } from '../../support/builders/mutation-inputs.ts';
import { grantImpact, impactOf, unitImpact } from '../../support/builders/impact.ts';
import {
  expectAccepted,
  expectDenied,
  formatUserErrors,
  kindsByUnit,
} from '../../support/mutations/change-assertions.ts';
import { addReopenedWard, addTwoWards, addUnits } from '../../support/world/add-units.ts';
import { canEdit, expectNoWrites, readAncestors } from '../../support/world/changing-world-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { readUnitSuccessions } from '../../support/world/unit-successions.ts';
import { createClient } from '../../support/http/client.ts';
import { graphql } from '../../support/generated/gql.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const splitChangeQuery = graphql(`
  query ChangeOfSplit($revision: Revision!, $reshId: ReshId!) {
    change(revision: $revision) {
      units {
        totalCount
        nodes {
          ...ChangedUnit
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
const homeAncestors = [north, northTrust, homeClinic];
const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

/** Adds a ward with three rooms, one of them with a bed. */
function addWardWithThreeRooms(under: number = homeClinic) {
  return addUnits(world, {
    ward: { name: 'Ward', under },
    one: { name: 'One', under: 'ward' },
    two: { name: 'Two', under: 'ward' },
    three: { name: 'Three', under: 'ward' },
    bed: { name: 'Bed', under: 'one' },
  });
}

describe('splitUnit', () => {
  it('closes the unit and moves each child to its part', async () => {
    const { ward, one, two, three, bed } = await addWardWithThreeRooms();
    const before = await world.readNewestRevision();

    const payload = expectAccepted(
      await world.as('trust').splitUnit({
        reshId: ward,
        into: [
          { name: 'Day ward', shortName: 'Day', childReshIds: [one] },
          { name: 'Night ward', designation: '05', childReshIds: [two, three] },
        ],
        effectiveOn: nextYear,
      }),
    );

    const [day = 0, nightReshId = 0] = payload.units?.map(({ reshId }) => reshId) ?? [];
    expect(payload.change).toEqual({ revision: before + 1, effectiveOn: nextYear, operation: 'SPLIT_UNIT' });
    expect(payload.units).toEqual([
      { reshId: day, name: 'Day ward', seenOn: nextYear },
      { reshId: nightReshId, name: 'Night ward', seenOn: nextYear },
      { reshId: ward, name: 'Ward', seenOn: '2027-11-22' },
    ]);
    expect([day, nightReshId]).toEqual([bed + 1, bed + 2]);
    expect(payload.warnings).toEqual([]);

    const movedImpact = (reshId: number, to: number) =>
      unitImpact(reshId, ['MOVED'], { parent: [String(ward), String(to)] }, nextYear);
    expect(payload.impact).toEqual(
      impactOf({
        unitCount: 6,
        units: [
          unitImpact(
            ward,
            ['CLOSED', 'SPLIT'],
            {
              name: ['Ward', null],
              parent: [String(homeClinic), null],
              type: ['DEPARTMENT', null],
            },
            nextYear,
          ),
          movedImpact(one, day),
          movedImpact(two, nightReshId),
          movedImpact(three, nightReshId),
          unitImpact(
            day,
            ['OPENED', 'SUCCEEDED'],
            {
              name: [null, 'Day ward'],
              shortName: [null, 'Day'],
              parent: [null, String(homeClinic)],
              type: [null, 'DEPARTMENT'],
            },
            nextYear,
          ),
          unitImpact(
            nightReshId,
            ['OPENED', 'SUCCEEDED'],
            {
              name: [null, 'Night ward'],
              parent: [null, String(homeClinic)],
              type: [null, 'DEPARTMENT'],
              designation: [null, '05'],
            },
            nextYear,
          ),
        ],
        pathCount: 1,
      }),
    );

    expect(await readAncestors(world, one, '2027-11-22')).toEqual([...homeAncestors, ward]);
    expect(await readAncestors(world, one, nextYear)).toEqual([...homeAncestors, day]);
    expect(await readAncestors(world, bed, nextYear)).toEqual([...homeAncestors, day, one]);
    expect(await readAncestors(world, three, nextYear)).toEqual([...homeAncestors, nightReshId]);
    expect(await world.readUnit(ward, nextYear)).toBeNull();
    expect(await world.readUnit(day, '2027-11-22')).toBeNull();
    expect(await readAncestors(world, one, nextYear, before)).toEqual([...homeAncestors, ward]);
    expect(await world.readUnit(day, nextYear, before)).toBeNull();

    const [daySuccession, nightSuccession] = [
      `${ward} > ${day} SPLIT PARTIAL ${nextYear}`,
      `${ward} > ${nightReshId} SPLIT PARTIAL ${nextYear}`,
    ];
    expect(await readUnitSuccessions(world, ward)).toMatchObject({ from: [], to: [daySuccession, nightSuccession] });
    expect(await readUnitSuccessions(world, nightReshId)).toMatchObject({ from: [nightSuccession], to: [] });
    expect(await readUnitSuccessions(world, ward, { revision: before })).toMatchObject({ to: [] });
  });

  it('keeps the unit on request, with the children no part gets', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();

    const payload = expectAccepted(
      await world
        .as('trust')
        .splitUnit({ reshId: ward, into: [{ name: 'Part', childReshIds: [two] }], keepSource: true }),
    );

    const part = payload.units?.[0]?.reshId ?? 0;
    expect(payload.units?.map(({ reshId, seenOn }) => [reshId, seenOn])).toEqual([
      [part, worldDay],
      [ward, worldDay],
    ]);
    expect(kindsByUnit(payload)).toEqual({ [ward]: 'SPLIT', [two]: 'MOVED', [part]: 'OPENED SUCCEEDED' });
    expect(await world.readUnit(ward, worldDay)).toMatchObject({ validity: '2020-01-01/', ancestors: homeAncestors });
    expect(await readAncestors(world, one, worldDay)).toEqual([...homeAncestors, ward]);
    expect(await readAncestors(world, two, yesterday)).toEqual([...homeAncestors, ward]);
    expect(await readAncestors(world, two, worldDay)).toEqual([...homeAncestors, part]);
    expect(await readAncestors(world, three, worldDay)).toEqual([...homeAncestors, ward]);
    expect((await readUnitSuccessions(world, ward)).to).toEqual([`${ward} > ${part} SPLIT PARTIAL ${worldDay}`]);
  });

  it('reports SPLIT when only the succession changes', async () => {
    const { east, west } = await addTwoWards(world);
    const before = await world.readNewestRevision();
    const split = (dryRun: boolean) =>
      world.as('trust').splitUnit({ reshId: east, into: [{ reshId: west }], keepSource: true, dryRun });
    const impacts = [unitImpact(east, ['SPLIT'], {}), unitImpact(west, ['SUCCEEDED'], {})];

    const preview = expectAccepted(await split(true));
    const payload = expectAccepted(await split(false));

    expect([preview.impact?.unitCount, preview.impact?.units]).toEqual([2, impacts]);
    expect([payload.impact?.unitCount, payload.impact?.units]).toEqual([2, impacts]);

    const client = createClient(world.database, { today: worldDay });
    const { change, unit } = await client.query(splitChangeQuery, { revision: before + 1, reshId: east });

    expect(change?.units).toEqual({
      totalCount: 2,
      nodes: impacts.map((impact) => ({ ...impact, unit: { reshId: impact.reshId, seenOn: worldDay } })),
    });
    expect(unit?.changes).toEqual({ totalCount: 2, nodes: [{ revision: before + 1 }, { revision: before }] });

    // The same split again changes nothing, so the unit has no change.
    const again = expectAccepted(await split(false));
    expect(again.warnings.map(({ code }) => code)).toEqual(['NO_CHANGES']);
    expect(
      (await client.query(splitChangeQuery, { revision: before + 2, reshId: east })).change?.units.totalCount,
    ).toBe(0);
  });

  it('gives parts their codes and sites, new and existing parts alike', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();
    const { west } = await addTwoWards(world);

    const payload = expectAccepted(
      await world.as('trust').splitUnit({
        reshId: ward,
        into: [
          {
            name: 'Part',
            childReshIds: [one, two, three],
            codes: [specialty('020')],
            treatmentSite: numbers.site,
          },
          {
            reshId: west,
            codes: [{ codeSet: 8451, code: '010', attributes: [specialty('020')] }],
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
        message: `Unit ${west} "West" has service codes but no treatment site; connect one with connectTreatmentSite.`,
      },
    ]);
    expect(kindsByUnit(payload, '2025-01-01')).toMatchObject({
      [west]: 'RECODED SITE_CHANGED SUCCEEDED',
      [part]: 'OPENED SUCCEEDED',
    });
    expect(await world.readUnit(part, '2025-01-01')).toMatchObject({
      codes: { '8451:020': '2025-01-01/' },
      treatmentSite: numbers.site,
    });
    expect(await world.readUnit(west, '2024-12-31')).toMatchObject({ codes: {}, treatmentSite: null });
    expect(await world.readUnit(west, '2025-01-01')).toMatchObject({
      codes: { '8451:010 020': '2025-01-01/' },
      treatmentSite: numbers.site,
    });
  });

  it('lists the site and codes left without a unit', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();
    const operator = world.as('operator');
    await operator.connectTreatmentSite({ reshId: ward, organizationNumber: numbers.site, effectiveOn: '2021-01-01' });
    await operator.updateUnitCodes({ reshId: ward, add: [specialty('010')], effectiveOn: '2021-01-01' });

    const { impact } = expectAccepted(
      await operator.splitUnit({ reshId: ward, into: [{ name: 'A', childReshIds: [one, two, three] }, { name: 'B' }] }),
    );

    expect(impact?.notes).toEqual([
      `Unit ${ward} "Ward" leaves treatment site ${numbers.site}.`,
      `Codes of unit ${ward} "Ward" end: 8451:010.`,
    ]);
  });

  it('moves planned arrivals from their day and ignores children that moved out earlier', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();
    const { newcomer } = await addUnits(world, { newcomer: { name: 'Newcomer', under: siblingClinic } });
    const operator = world.as('operator');
    expectAccepted(await operator.moveUnit({ reshId: newcomer, newParentReshId: ward, effectiveOn: '2029-01-01' }));
    expectAccepted(
      await operator.moveUnit({ reshId: three, newParentReshId: siblingClinic, effectiveOn: '2027-01-01' }),
    );

    const payload = expectAccepted(
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
    expect(kindsByUnit(payload, nextYear)).toMatchObject({ [one]: 'MOVED', [newcomer]: 'MOVED 2029-01-01' });
    expect(await readAncestors(world, newcomer, '2028-12-31')).toEqual([north, siblingTrust, siblingClinic]);
    expect(await readAncestors(world, newcomer, '2029-01-01')).toEqual([...homeAncestors, a]);
    expect(await readAncestors(world, three, '2026-12-31')).toEqual([...homeAncestors, ward]);
    expect(await readAncestors(world, three, nextYear)).toEqual([north, siblingTrust, siblingClinic]);
  });

  it('accepts a day long past', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();
    const before = await world.readNewestRevision();

    const payload = expectAccepted(
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
    expect(await readAncestors(world, one, '2025-11-22')).toEqual([...homeAncestors, ward]);
    expect(await readAncestors(world, one, lastYear)).toEqual([...homeAncestors, a]);
    expect(await readAncestors(world, two, worldDay)).toEqual([...homeAncestors, b]);
    expect(await readAncestors(world, one, lastYear, before)).toEqual([...homeAncestors, ward]);
  });

  it('accepts its own children and its parent as parts', async () => {
    const { ward, one, two, three, bed } = await addWardWithThreeRooms();

    const payload = expectAccepted(
      await world.as('trust').splitUnit({
        reshId: ward,
        into: [
          // Two moves under One before One moves to the clinic.
          { reshId: one, childReshIds: [two] },
          { reshId: homeClinic, childReshIds: [one, three] },
        ],
      }),
    );

    expect(kindsByUnit(payload)).toEqual({
      [homeClinic]: 'SUCCEEDED',
      [ward]: 'CLOSED SPLIT',
      [one]: 'MOVED SUCCEEDED',
      [two]: 'MOVED',
      [three]: 'MOVED',
    });
    expect(await readAncestors(world, one, worldDay)).toEqual(homeAncestors);
    expect(await readAncestors(world, two, worldDay)).toEqual([...homeAncestors, one]);
    expect(await readAncestors(world, bed, worldDay)).toEqual([...homeAncestors, one]);
    expect(await readAncestors(world, three, worldDay)).toEqual(homeAncestors);
  });

  it('creates organizations from an organization, one with its number, by the operator', async () => {
    const number = nextOrganizationNumber();
    const trust = await world.organization('Trust', north, number);
    const { ward } = await addUnits(world, { ward: { name: 'Ward', under: trust } });
    expectAccepted(
      await world.as('operator').grantAccess({
        subject: 'someone',
        name: 'Someone',
        role: 'ADMINISTRATOR',
        reshId: trust,
        effectiveOn: '2021-01-01',
      }),
    );
    const split = {
      reshId: trust,
      into: [
        { name: 'East trust', organizationNumber: number, childReshIds: [ward] },
        { name: 'West trust', organizationNumber: nextOrganizationNumber() },
      ],
    };

    expect(expectDenied(await world.as('regional').splitUnit(split))).toEqual(['FORBIDDEN']);

    const payload = expectAccepted(await world.as('operator').splitUnit(split));

    const east = payload.units?.[0]?.reshId ?? 0;
    expect(await world.readUnit(east, worldDay)).toMatchObject({
      type: 'ORGANIZATION',
      organizationNumber: number,
      ancestors: [north],
    });
    expect(await readAncestors(world, ward, worldDay)).toEqual([north, east]);
    expect(payload.impact?.grantsLost).toEqual([grantImpact('someone', trust)]);
  });

  it('ends the grants on the unit unless it is kept', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();
    const operator = world.as('operator');
    expectAccepted(await operator.grantAccess(administratorGrant('north-clinic', ward, { effectiveOn: '2021-01-01' })));
    const keptSourceResponse = expectAccepted(
      await operator.splitUnit({ reshId: ward, into: [{ name: 'A', childReshIds: [one] }], keepSource: true }),
    );

    expect(await canEdit(world, 'clinic', ward)).toBe(true);
    expect(await canEdit(world, 'clinic', two)).toBe(true);
    // The rooms of a part have left the ward, so access to the ward no longer covers them.
    expect(await canEdit(world, 'clinic', one)).toBe(false);

    const lostGrants = [grantImpact('north-clinic', ward)];
    expect(keptSourceResponse.impact?.grantsLost).toEqual(lostGrants);

    const closed = expectAccepted(
      await operator.splitUnit({
        reshId: ward,
        into: [
          { name: 'B', childReshIds: [two] },
          { name: 'C', childReshIds: [three] },
        ],
      }),
    );

    expect(closed.impact?.grantsLost).toEqual(lostGrants);
    expect(closed.impact?.grantsGained).toEqual([]);
    expect(await canEdit(world, 'clinic', two)).toBe(false);
  });
});

describe('splitUnit errors', () => {
  const splitErrors = async (reshId: number, into: SplitUnitInput['into']) =>
    formatUserErrors(await world.as('operator').splitUnit({ reshId, into }));

  it('refuse fewer than two parts and more than a hundred', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();
    const split = (into: { name: string; childReshIds?: number[] }[], keepSource = false) =>
      world.as('operator').splitUnit({ reshId: ward, into, keepSource });

    const tooFewPartsError = 'REQUIRED at into: Name at least two parts, or at least one with "keepSource".';
    expect(formatUserErrors(await split([{ name: 'A', childReshIds: [one, two, three] }]))).toEqual([tooFewPartsError]);
    expect(formatUserErrors(await split([], true))).toEqual([tooFewPartsError]);

    const many = Array.from({ length: 101 }, (_, index) => ({ name: index < 100 ? `Part ${index}` : ' ' }));
    expect(formatUserErrors(await split(many, true))).toEqual([
      'TOO_MANY at into: 101 parts are named, but at most 100 are allowed; make several changes.',
    ]);
  });

  it('refuse a child that is unassigned, assigned twice or not a child', async () => {
    const { ward, one, two, three, bed } = await addWardWithThreeRooms();

    expect(
      await splitErrors(ward, [
        { name: 'A', childReshIds: [one, bed] },
        { name: 'B', childReshIds: [one] },
      ]),
    ).toEqual([
      `NOT_FOUND at into.0.childReshIds.1: Unit ${bed} "Bed" is not a child of unit ${ward} "Ward" on ${worldDay} or ` +
        'later; leave it out.',
      `DUPLICATE_VALUE at into.1.childReshIds.0: Unit ${one} "One" is named as a child of two parts; keep one.`,
      `HAS_OPEN_CHILDREN at into: Unit ${ward} "Ward" has 2 children that no part gets: ${two} ` +
        `"Two", ${three} "Three"; ` +
        'name each in a part, or keep the unit with "keepSource".',
    ]);
  });

  it('refuse a child that is listed twice or unknown', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();

    expect(
      await splitErrors(ward, [
        { name: 'A', childReshIds: [one, one, 999_999] },
        { name: 'B', childReshIds: [two, three] },
      ]),
    ).toEqual([
      `DUPLICATE_VALUE at into.0.childReshIds.1: Unit ${one} "One" is listed twice; keep one.`,
      'NOT_FOUND at into.0.childReshIds.2: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
  });

  it('report the errors of all parts, of an unknown unit, too', async () => {
    const { ward } = await addWardWithThreeRooms();
    const into = [{ reshId: 999_997 }, { name: ' ', codes: [specialty('999')] }, { reshId: 999_999 }];
    const partErrors: unknown[] = [
      'NOT_FOUND at into.0.reshId: Unit 999997 is not in the register; correct the RESH-id.',
      'TEXT_INVALID at into.1.name: "name" is empty; give a value.',
      expect.stringMatching(/^UNKNOWN_CODE at into\.1\.codes\.0\.code: /),
      'NOT_FOUND at into.2.reshId: Unit 999999 is not in the register; correct the RESH-id.',
    ];

    expect(await splitErrors(999_998, into)).toEqual([
      'NOT_FOUND at reshId: Unit 999998 is not in the register; correct the RESH-id.',
      ...partErrors,
    ]);
    expect((await splitErrors(ward, into)).slice(1)).toEqual(partErrors);
  });

  it('refuse units that are unknown or not valid on the day', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();
    const { closed } = await addUnits(world, { closed: { name: 'Closed', under: homeClinic, validTo: '2021-01-01' } });
    const operator = world.as('operator');
    const notValidMessage =
      `Unit ${closed} "Closed" is not valid on ${worldDay}; ` +
      'it is valid from 2020-01-01 to 2021-01-01 (exclusive). Choose one of those days.';

    expect(
      formatUserErrors(await operator.splitUnit({ reshId: 999_999, into: [{ name: 'A' }, { name: 'B' }] })),
    ).toEqual(['NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.']);
    expect(
      formatUserErrors(await operator.splitUnit({ reshId: closed, into: [{ name: 'A' }, { name: 'B' }] })),
    ).toEqual([`NOT_VALID_ON_DAY at effectiveOn: ${notValidMessage}`]);
    expect(await splitErrors(ward, [{ reshId: 888_888, childReshIds: [one, two, three] }, { reshId: closed }])).toEqual(
      [
        'NOT_FOUND at into.0.reshId: Unit 888888 is not in the register; correct the RESH-id.',
        `NOT_VALID_ON_DAY at effectiveOn: ${notValidMessage}`,
      ],
    );
    expect(
      formatUserErrors(
        await operator.splitUnit({
          reshId: ward,
          into: [{ name: 'A', childReshIds: [one, two, three] }, { name: 'B' }],
          effectiveOn: '2020-01-01',
        }),
      ),
    ).toEqual([
      `BAD_PERIOD at effectiveOn: Unit ${ward} "Ward" begins on 2020-01-01 and must stay valid for at least one ` +
        'day; choose a later day. If it was registered by mistake, use withdrawUnit.',
    ]);
  });

  it('refuse a unit that begins or reopens on the day', async () => {
    const { ward, other: part } = await addReopenedWard(world);
    const operator = world.as('operator');
    const splitOffPart = (effectiveOn: string) =>
      operator.splitUnit({ reshId: ward, keepSource: true, into: [{ reshId: part }], effectiveOn });

    expect(formatUserErrors(await splitOffPart('2020-01-01'))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${ward} "Ward" is not valid on 2019-12-31, so it cannot become ` +
        'another unit on 2020-01-01; choose another day.',
    ]);
    expect(formatUserErrors(await splitOffPart(worldDay))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${ward} "Ward" is not valid on ${yesterday}, so it cannot become ` +
        `another unit on ${worldDay}; choose another day.`,
    ]);

    expectAccepted(await splitOffPart('2020-01-02'));
  });

  it('refuse a part that is the unit itself, listed twice, or existing but described as new', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();

    expect(
      await splitErrors(ward, [
        { reshId: ward, childReshIds: [one] },
        { reshId: homeClinic, name: 'Home', organizationNumber: numbers.unregistered, childReshIds: [two] },
        { reshId: homeClinic, childReshIds: [three] },
      ]),
    ).toEqual([
      `NOT_ALLOWED at into.0.reshId: Unit ${ward} "Ward" cannot be a part of itself; ` +
        'leave it out, and pass "keepSource" to keep it with the children that no part gets.',
      `NOT_ALLOWED at into.1.name: Unit ${homeClinic} "secondClinic" already exists, and "name" is ` +
        `for new units only; ` +
        'leave it out, and use updateUnit instead.',
      'NOT_ALLOWED at into.1.organizationNumber: ' +
        `Unit ${homeClinic} "secondClinic" already exists, and "organizationNumber" is for new units only; ` +
        'leave it out, and use updateUnit instead.',
      `DUPLICATE_VALUE at into.2.reshId: Unit ${homeClinic} "secondClinic" is named as two parts; ` +
        `combine them into one.`,
    ]);
  });

  it('refuse a part under a child that it gets, directly or through another part', async () => {
    const { ward, one, two, three, bed } = await addWardWithThreeRooms();
    const { bunk } = await addUnits(world, { bunk: { name: 'Bunk', under: two } });

    expect(
      await splitErrors(ward, [
        { reshId: bed, childReshIds: [one] },
        { name: 'B', childReshIds: [two, three] },
      ]),
    ).toEqual([
      `CYCLE at into.0.childReshIds.0: Unit ${bed} "Bed" is under unit ${one} "One" on ${worldDay}; ` +
        'name a unit outside it.',
    ]);
    // Two moves under One, and Bunk with it; then One cannot move under Bunk.
    expect(
      await splitErrors(ward, [
        { reshId: one, childReshIds: [two, three] },
        { reshId: bunk, childReshIds: [one] },
      ]),
    ).toEqual([
      `CYCLE at into.1.childReshIds.0: Unit ${bunk} "Bunk" is under unit ${one} "One" on ${worldDay}; ` +
        'name a unit outside it.',
    ]);
  });

  it('refuse invalid facts, codes and sites of parts', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();

    expect(
      await splitErrors(ward, [
        { childReshIds: [one, two, three] },
        { name: 'B', codes: [specialty('999')], treatmentSite: numbers.invalid },
        { name: 'C', organizationNumber: numbers.northTrust, type: 'ORGANIZATION' },
        { reshId: homeClinic, codes: [specialty('030')], treatmentSite: numbers.laterSite },
      ]),
    ).toEqual([
      'REQUIRED at into.0.name: A unit must have a name; give one.',
      'UNKNOWN_CODE at into.1.codes.0.code: Code 999 is not in code set 8451; choose one from codeSet(number: 8451).',
      `BAD_CHECK_DIGIT at into.1.treatmentSite: The last digit of ${numbers.invalid} is not its check digit; ` +
        'correct the number.',
      `WRONG_PARENT_TYPE at into.2.reshId: Unit ${homeClinic} "secondClinic" is a department, and the parent of ` +
        'an organization must be an organization; name one.',
      'DUPLICATE_ORGANIZATION_NUMBER at into.2.organizationNumber: ' +
        `Unit ${northTrust} "northTrust" has ${numbers.northTrust} from 2010-01-01 on; ` +
        'only one unit can have a number on a day. Correct the number, or remove it from that unit first.',
      'RETIRED_CODE at into.3.codes.0.code: Code 8451:030 is retired and cannot be assigned; ' +
        'choose one that is in use.',
      `SITE_NOT_VALID at into.3.treatmentSite: Treatment site ${numbers.laterSite} is not valid on ${worldDay}; ` +
        'choose another site or other days.',
    ]);
  });

  it('refuse a part that becomes the unit on the same day', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const operator = world.as('operator');
    expectAccepted(await operator.splitUnit({ reshId: west, into: [{ reshId: east }], keepSource: true }));

    expect(
      formatUserErrors(
        await operator.splitUnit({ reshId: east, into: [{ reshId: west, childReshIds: [eastRoom] }, { name: 'B' }] }),
      ),
    ).toEqual([
      `CYCLE at into.0: Unit ${west} "West" cannot succeed unit ${east} "East": ` +
        'it is that unit, or becomes it on the same day; name another.',
    ]);
  });
});

describe('splitUnit access', () => {
  it('requires scope over the parent and over each existing part', async () => {
    const { ward, one, two, three } = await addWardWithThreeRooms();
    const split = (subject: 'clinic' | 'trust' | 'regional' | 'south', reshId: number, part: number | undefined) =>
      world.as(subject).splitUnit({
        reshId,
        into: [part === undefined ? { name: 'A', childReshIds: [one] } : { reshId: part, childReshIds: [one] }],
        keepSource: true,
        dryRun: true,
      });

    await expectNoWrites(world, async () => {
      expectAccepted(await split('trust', ward, undefined));
      expectAccepted(await split('trust', ward, homeClinic));
      expect(expectDenied(await split('trust', ward, siblingClinic))).toEqual(['FORBIDDEN']);
      expectAccepted(await split('regional', ward, siblingClinic));
      expect(expectDenied(await split('regional', ward, southClinic))).toEqual(['FORBIDDEN']);
      expect(expectDenied(await split('clinic', ward, undefined))).toEqual(['FORBIDDEN']);
      // The administrator of a unit cannot split it.
      expect(expectDenied(await split('clinic', units.clinic, undefined))).toEqual(['FORBIDDEN']);
      expect(expectDenied(await split('trust', northTrust, undefined))).toEqual(['FORBIDDEN']);
    });

    const splitIntoOrganization = (subject: 'regional' | 'operator') =>
      world.as(subject).splitUnit({
        reshId: siblingTrust,
        into: [{ name: 'A', type: 'ORGANIZATION' }],
        keepSource: true,
        dryRun: true,
      });
    expect(expectDenied(await splitIntoOrganization('regional'))).toEqual(['FORBIDDEN']);

    expectAccepted(await splitIntoOrganization('operator'));
    expect([two, three]).toHaveLength(2);
  });

  it('that the registrar of contract specialists does not have, though it may close one', async () => {
    const { specialist } = units;
    const split = {
      reshId: specialist,
      into: [{ name: 'A', type: 'DEPARTMENT' }],
      keepSource: true,
      dryRun: true,
    } as const;

    expect(expectDenied(await world.as('registrar').splitUnit(split))).toEqual(['FORBIDDEN']);

    expectAccepted(await world.as('regional').splitUnit(split));
    expectAccepted(await world.as('registrar').closeUnit({ reshId: specialist, dryRun: true }));
  });
});

describe('every split', () => {
  testMutationLaws({
    world,
    name: 'splitUnit',
    createInput: async (parent) => {
      const { ward, one, two, three } = await addWardWithThreeRooms(parent);
      return {
        reshId: ward,
        into: [
          { name: 'A', type: 'DEPARTMENT', childReshIds: [one] },
          { name: 'B', childReshIds: [two, three] },
        ],
      };
    },
    alterInput: (input) => ({ ...input, keepSource: true }),
    readReshId: ({ reshId }) => reshId,
  });
});
