import { describe, expect, it } from 'vitest';
import { grantImpact, unitImpact } from '../../support/builders/impact.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { createClient } from '../../support/http/client.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { mutationsAs, numbers, units, worldDay } from '../../support/world/world.ts';

const { north, northTrust } = units;
const world = useChangingWorld();

const administrator = { subject: 'anne', name: 'Anne Berg', email: 'anne@example.org' };

function register(input: object) {
  return world
    .as('operator')
    .registerOrganization({ name: 'Hospital', organizationNumber: nextOrganizationNumber(), administrator, ...input });
}

describe('registerOrganization', () => {
  it('creates the organization today with its first administrator in one change', async () => {
    const organizationNumber = nextOrganizationNumber();
    const before = await world.readNewestRevision();

    const answer = expectAccepted(
      await register({
        parentReshId: north,
        organizationNumber,
        shortName: 'H',
        designation: '01',
        internationalNames: [{ language: 'en', name: 'Hospital' }],
      }),
    );
    const reshId = answer.unit?.reshId ?? 0;

    expectUnitChange(answer, before + 1, 'REGISTER_ORGANIZATION', { reshId, name: 'Hospital', parentReshId: north });
    expect(answer.administrator).toEqual({ subject: 'anne', name: 'Anne Berg' });
    expect(answer.impact).toEqual({
      unitCount: 1,
      units: [
        unitImpact(reshId, ['OPENED'], {
          name: [null, 'Hospital'],
          shortName: [null, 'H'],
          parent: [null, String(north)],
          type: [null, 'ORGANIZATION'],
          designation: [null, '01'],
          organizationNumber: [null, organizationNumber],
          internationalNames: [null, 'en: Hospital'],
        }),
      ],
      pathCount: 0,
      notes: [],
      grantsGained: [grantImpact('anne', reshId)],
      grantsLost: [],
    });
    expect(await world.readUnit(reshId, worldDay)).toMatchObject({
      type: 'ORGANIZATION',
      organizationNumber,
      ancestors: [north],
      validity: `${worldDay}/`,
    });
    expect(await world.readUnit(reshId, yesterday)).toBeNull();
    expect(await world.readUnit(reshId, worldDay, before)).toBeNull();
  });

  it('grants its administrator access from its first day', async () => {
    const today = expectAccepted(
      await register({ parentReshId: north, effectiveOn: lastYear, administrator: { subject: 'bo', name: 'Bo' } }),
    ).unit;
    expectAccepted(
      await mutationsAs(world.database, 'bo').createDepartment({ name: 'First', parentReshId: today?.reshId ?? 0 }),
    );

    const planned = expectAccepted(
      await register({ parentReshId: north, effectiveOn: nextYear, administrator: { subject: 'eva', name: 'Eva' } }),
    ).unit;
    const first = { name: 'First', parentReshId: planned?.reshId ?? 0, effectiveOn: nextYear };

    expect((await mutationsAs(world.database, 'eva').createDepartment(first)).payload).toBeNull();

    expectAccepted(await mutationsAs(world.database, 'eva', nextYear).createDepartment(first));
  });

  it('creates a root without a parent, or with null', async () => {
    const absent = expectAccepted(await register({ name: 'West' })).unit;
    const cleared = expectAccepted(
      await register({ name: 'East', parentReshId: null, shortName: null, addresses: null }),
    ).unit;
    for (const unit of [absent, cleared]) {
      expect(unit?.parent).toBeNull();
      expect((await world.readUnit(unit?.reshId ?? 0, worldDay))?.ancestors).toEqual([]);
    }
    const { data } = await createClient(world.database, { today: worldDay }).send({ query: '{ roots { name } }' });

    expect(data).toEqual({ roots: [{ name: 'East' }, { name: 'north' }, { name: 'south' }, { name: 'West' }] });
  });

  it('keeps the name of a known administrator when the same is given', async () => {
    expectAccepted(await register({ parentReshId: north, administrator: { subject: 'carl', name: 'Carl' } }));
    const again = expectAccepted(
      await register({ parentReshId: north, administrator: { subject: 'carl', name: 'Carl Dahl' } }),
    );
    expect(again.administrator).toEqual({ subject: 'carl', name: 'Carl Dahl' });
  });

  it('accepts a number on days on which no other unit has it', async () => {
    const number = nextOrganizationNumber();
    const closed = await world.organization('Closed', north, number);
    expectAccepted(await world.as('operator').closeUnit({ reshId: closed, effectiveOn: lastYear }));
    const { unit } = expectAccepted(
      await register({ parentReshId: north, organizationNumber: number, effectiveOn: lastYear }),
    );

    expect((await world.readUnit(unit?.reshId ?? 0, lastYear))?.organizationNumber).toBe(number);
    expect((await world.readUnit(closed, '2025-11-22'))?.organizationNumber).toBe(number);
  });
});

describe('registerOrganization errors', () => {
  it('refuse a number in use and an invalid number', async () => {
    expect(formatUserErrors(await register({ parentReshId: north, organizationNumber: numbers.northTrust }))).toEqual([
      'DUPLICATE_ORGANIZATION_NUMBER at organizationNumber: ' +
        `Unit ${northTrust} "northTrust" has ${numbers.northTrust} from 2010-01-01 on; ` +
        'only one unit can have a number on a day. Correct the number, or remove it from that unit first.',
    ]);
    expect(formatUserErrors(await register({ parentReshId: north, organizationNumber: numbers.invalid }))).toEqual([
      `BAD_CHECK_DIGIT at organizationNumber: The last digit of ${numbers.invalid} is not its check digit; ` +
        'correct the number.',
    ]);
  });

  it('refuse a parent that is a department, closes later or is unknown', async () => {
    expect(formatUserErrors(await register({ parentReshId: homeClinic }))).toEqual([
      `WRONG_PARENT_TYPE at parentReshId: Unit ${homeClinic} "secondClinic" is a department, and the parent of ` +
        'an organization must be an organization; name one.',
    ]);

    const closing = await world.organization('Closing', north);
    expectAccepted(await world.as('operator').closeUnit({ reshId: closing, effectiveOn: nextYear }));

    expect(formatUserErrors(await register({ parentReshId: closing }))).toEqual([
      `PARENT_CLOSED at parentReshId: Unit ${closing} "Closing" is not valid on ${nextYear}, and the unit would ` +
        `be under it from ${worldDay} on; name a parent that is valid on all those days, or end the unit before ` +
        'that day.',
    ]);
    expect(expectUserErrors(await register({ parentReshId: 999_999 })).map(({ code }) => code)).toEqual(['NOT_FOUND']);
  });

  it('report all problems at once, of the administrator too', async () => {
    expect(
      formatUserErrors(
        await register({
          name: '',
          organizationNumber: numbers.invalid,
          parentReshId: 999_999,
          designation: '99',
          administrator: { subject: ' ', name: '', email: 'nowhere' },
        }),
      ),
    ).toEqual([
      'TEXT_INVALID at administrator.subject: "subject" is empty; give a value.',
      'TEXT_INVALID at administrator.name: "name" is empty; give a value.',
      'TEXT_INVALID at administrator.email: "nowhere" is not an e-mail address; correct it.',
      'TEXT_INVALID at name: "name" is empty; give a value.',
      'NOT_FOUND at parentReshId: Unit 999999 is not in the register; correct the RESH-id.',
      'UNKNOWN_CODE at designation: Code 99 is not in code set 8624; choose one from codeSet(number: 8624).',
      `BAD_CHECK_DIGIT at organizationNumber: The last digit of ${numbers.invalid} is not its check digit; ` +
        'correct the number.',
    ]);
  });
});

describe('every new organization', () => {
  testMutationLaws({
    world,
    name: 'registerOrganization',
    createInput: async (parent) => ({
      name: 'New',
      organizationNumber: nextOrganizationNumber(),
      administrator,
      parentReshId: await world.organization('Trust', parent),
    }),
    alterInput: (input) => ({ ...input, organizationNumber: nextOrganizationNumber() }),
    readReshId: ({ parentReshId }) => parentReshId ?? 0,
  });
});
