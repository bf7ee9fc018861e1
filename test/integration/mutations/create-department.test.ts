import { describe, expect, it } from 'vitest';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { impactOnUnit } from '../../support/builders/impact.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { nextYear, yesterday } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const { north, northTrust, clinic } = units;
const world = useChangingWorld();

const surgery = specialty('010');

describe('createDepartment', () => {
  it('creates the unit with all its facts from today', async () => {
    const before = await world.readNewestRevision();
    const payload = expectAccepted(
      await world.as('trust').createDepartment({
        name: ' Dagkirurgi ',
        shortName: 'DK',
        designation: '05',
        responsiblePerson: 'Kari Nordmann',
        internationalNames: [{ language: 'en', name: 'Day surgery' }],
        addresses: [{ type: 'VISITING', lines: ['Storgata 1'], postalCode: '7030', city: 'Trondheim', country: 'NO' }],
        contactPoints: [{ type: 'TELEPHONE', value: '72 57 30 00' }],
        codes: [{ ...surgery, attributes: [specialty('020')] }],
        treatmentSite: numbers.site,
        parentReshId: homeClinic,
        reason: 'New building',
      }),
    );
    const reshId = payload.unit?.reshId ?? 0;

    expectUnitChange(payload, before + 1, 'CREATE_DEPARTMENT', {
      reshId,
      name: 'Dagkirurgi',
      parentReshId: homeClinic,
    });
    expect(payload.impact).toEqual(
      impactOnUnit(reshId, ['OPENED'], {
        name: [null, 'Dagkirurgi'],
        shortName: [null, 'DK'],
        parent: [null, String(homeClinic)],
        type: [null, 'DEPARTMENT'],
        designation: [null, '05'],
        treatmentSite: [null, numbers.site],
        responsiblePerson: [null, 'Kari Nordmann'],
        codes: [null, '8451:010 (8451:020)'],
        internationalNames: [null, 'en: Day surgery'],
        addresses: [null, 'VISITING: Storgata 1, 7030 Trondheim, NO'],
        contactPoints: [null, 'TELEPHONE: 72 57 30 00'],
      }),
    );
    expect(await world.readUnit(reshId, worldDay)).toEqual({
      name: 'Dagkirurgi',
      shortName: 'DK',
      type: 'DEPARTMENT',
      designation: '05',
      organizationNumber: null,
      responsiblePerson: 'Kari Nordmann',
      internationalNames: [{ language: 'en', name: 'Day surgery' }],
      addresses: ['VISITING, Storgata 1, 7030, Trondheim, NO'],
      contactPoints: ['TELEPHONE 72 57 30 00'],
      validity: `${worldDay}/`,
      ancestors: [north, northTrust, homeClinic],
      treatmentSite: numbers.site,
      codes: { '8451:010 020': `${worldDay}/` },
      identifiers: {},
    });
    expect(await world.readUnit(reshId, yesterday)).toBeNull();
    expect(await world.readUnit(reshId, worldDay, before)).toBeNull();
  });

  it('accepts a past or future first day, and a last day', async () => {
    const { unit, impact } = expectAccepted(
      await world.as('trust').createDepartment({
        name: 'Project',
        parentReshId: homeClinic,
        effectiveOn: '2015-01-01',
        validTo: nextYear,
        codes: [surgery],
        treatmentSite: numbers.site,
      }),
    );
    const reshId = unit?.reshId ?? 0;

    expect(unit).toMatchObject({ seenOn: '2015-01-01' });
    expect(impact?.units).toMatchObject([{ kinds: ['OPENED'], effectiveOn: '2015-01-01' }]);
    expect(await world.readUnit(reshId, '2015-01-01')).toMatchObject({
      validity: `2015-01-01/${nextYear}`,
      codes: { '8451:010': `2015-01-01/${nextYear}` },
    });
    expect(await world.readUnit(reshId, nextYear)).toBeNull();

    const planned = expectAccepted(
      await world.as('trust').createDepartment({ name: 'Planned', parentReshId: homeClinic, effectiveOn: nextYear }),
    ).unit;
    expect(planned).toMatchObject({ name: 'Planned', seenOn: nextYear });
    expect(await world.readUnit(planned?.reshId ?? 0, '2027-11-22')).toBeNull();
    expect(await world.readUnit(planned?.reshId ?? 0, nextYear)).toMatchObject({ validity: `${nextYear}/` });
  });

  it('accepts null for optional facts', async () => {
    const { unit } = expectAccepted(
      await world.as('trust').createDepartment({
        name: 'Plain',
        parentReshId: homeClinic,
        shortName: null,
        designation: null,
        responsiblePerson: ' ',
        internationalNames: null,
        addresses: null,
        contactPoints: [],
        codes: null,
        treatmentSite: null,
        validTo: null,
      }),
    );
    expect(await world.readUnit(unit?.reshId ?? 0, worldDay)).toMatchObject({
      shortName: null,
      designation: null,
      responsiblePerson: null,
      validity: `${worldDay}/`,
      internationalNames: [],
      addresses: [],
      contactPoints: [],
      codes: {},
      treatmentSite: null,
    });
  });

  it('gets every future path of its parent', async () => {
    const wing = await world.department('Wing', homeClinic);
    expectAccepted(
      await world.as('operator').moveUnit({ reshId: wing, newParentReshId: clinic, effectiveOn: nextYear }),
    );
    const { unit } = expectAccepted(await world.as('trust').createDepartment({ name: 'Ward', parentReshId: wing }));

    expect((await world.readUnit(unit?.reshId ?? 0, worldDay))?.ancestors).toEqual([
      north,
      northTrust,
      homeClinic,
      wing,
    ]);
    expect((await world.readUnit(unit?.reshId ?? 0, nextYear))?.ancestors).toEqual([north, northTrust, clinic, wing]);
  });

  it('warns of service codes without a site and of a site with the number of the enterprise', async () => {
    const department = { name: 'Odd', parentReshId: homeClinic, codes: [surgery] };
    expect(expectAccepted(await world.as('trust').createDepartment({ ...department, dryRun: true })).warnings).toEqual([
      {
        code: 'NO_TREATMENT_SITE',
        field: ['codes'],
        message: expect.stringMatching(
          /^Unit \d+ "Odd" has service codes but no treatment site; connect one with connectTreatmentSite\.$/,
        ) as string,
      },
    ]);
    expect(
      expectAccepted(await world.as('trust').createDepartment({ ...department, treatmentSite: numbers.northTrust }))
        .warnings,
    ).toEqual([
      {
        code: 'SITE_IS_ENTERPRISE_NUMBER',
        field: ['treatmentSite'],
        message:
          `${numbers.northTrust} is the enterprise's own number; ` + 'statistics need the number of an establishment.',
      },
    ]);
  });
});

describe('createDepartment errors', () => {
  const create = (input: object) =>
    world.as('operator').createDepartment({ name: 'Refused', parentReshId: homeClinic, ...input });

  it('refuse a missing parent and a parent not valid on the day', async () => {
    expect(formatUserErrors(await create({ parentReshId: 999_999 }))).toEqual([
      'NOT_FOUND at parentReshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    const coming = await world.department('Coming', homeClinic, { from: nextYear });
    expect(formatUserErrors(await create({ parentReshId: coming }))).toEqual([
      `PARENT_CLOSED at parentReshId: Unit ${coming} "Coming" is not valid on ${worldDay}, and the unit would be ` +
        `under it from ${worldDay} on; name a parent that is valid on all those days, or end the unit before that ` +
        'day.',
    ]);
  });

  it('refuse a department that outlasts the planned end of its parent', async () => {
    const closing = await world.department('Closing', homeClinic, { validTo: nextYear });
    expect(formatUserErrors(await create({ parentReshId: closing }))).toEqual([
      `PARENT_CLOSED at parentReshId: Unit ${closing} "Closing" is not valid on ${nextYear}, and the unit would ` +
        `be under it from ${worldDay} on; name a parent that is valid on all those days, or end the unit before ` +
        'that day.',
    ]);
    expect(formatUserErrors(await create({ parentReshId: closing, validTo: '2027-11-24' }))).toEqual([
      `PARENT_CLOSED at parentReshId: Unit ${closing} "Closing" is not valid on ${nextYear}, and the unit would ` +
        `be under it from ${worldDay} to 2027-11-24 (exclusive); name a parent that is valid on all those days.`,
    ]);

    const { unit } = expectAccepted(await create({ parentReshId: closing, validTo: nextYear }));
    expect((await world.readUnit(unit?.reshId ?? 0, worldDay))?.validity).toBe(`${worldDay}/${nextYear}`);
  });

  it('report all problems at once', async () => {
    const { payload } = await create({
      name: ' ',
      shortName: 'x'.repeat(301),
      designation: '99',
      parentReshId: 999_999,
      validTo: yesterday,
      internationalNames: [
        { language: 'english', name: 'A' },
        { language: 'en', name: 'B' },
        { language: 'en', name: 'C\nD' },
      ],
      addresses: [
        { type: 'POSTAL', lines: ['Box 1'], country: 'Norway' },
        { type: 'POSTAL', lines: [''] },
      ],
      contactPoints: [
        { type: 'WEB', value: 'https://example.org' },
        { type: 'WEB', value: 'https://example.org' },
      ],
      codes: [
        specialty('030'),
        specialty('999'),
        { codeSet: 8451, code: '010', attributes: [specialty('040')] },
        specialty('010'),
      ],
      treatmentSite: nextOrganizationNumber(),
    });
    expect(payload?.userErrors.map(({ code, field }) => [code, field?.join('.')])).toEqual([
      ['BAD_PERIOD', 'validTo'],
      ['TEXT_INVALID', 'name'],
      ['TEXT_INVALID', 'shortName'],
      ['TEXT_INVALID', 'internationalNames.0.language'],
      ['TEXT_INVALID', 'internationalNames.2.name'],
      ['DUPLICATE_VALUE', 'internationalNames.2'],
      ['TEXT_INVALID', 'addresses.0.country'],
      ['TEXT_INVALID', 'addresses.1.lines.0'],
      ['DUPLICATE_VALUE', 'addresses.1'],
      ['DUPLICATE_VALUE', 'contactPoints.1'],
      ['NOT_FOUND', 'parentReshId'],
      ['UNKNOWN_CODE', 'designation'],
      ['RETIRED_CODE', 'codes.0.code'],
      ['UNKNOWN_CODE', 'codes.1.code'],
      ['RETIRED_CODE', 'codes.2.attributes.0.code'],
      ['DUPLICATE_VALUE', 'codes.3'],
      ['NOT_FOUND', 'treatmentSite'],
    ]);
    const messages = payload?.userErrors.map(({ message }) => message);
    expect(messages).toEqual(
      expect.arrayContaining([
        `"validTo" is ${yesterday}, but the department begins on ${worldDay}; ` +
          'give a later day, or leave "validTo" out.',
        '"name" is empty; give a value.',
        '"shortName" has 301 characters, but at most 300 are allowed; shorten it.',
        '"Norway" is not a country code; write two capital letters such as "NO".',
        'Code 99 is not in code set 8624; choose one from codeSet(number: 8624).',
        'Code 8451:030 is retired and cannot be assigned; choose one that is in use.',
        `Code 8451:040 is not valid on ${worldDay} and cannot be assigned; choose one that is in use.`,
        'Code 8451:010 is listed twice in "codes"; keep one.',
      ]),
    );
  });

  it('refuse a site outside its validity', async () => {
    expect(formatUserErrors(await create({ treatmentSite: numbers.laterSite }))).toEqual([
      `SITE_NOT_VALID at treatmentSite: Treatment site ${numbers.laterSite} is not valid on ${worldDay}; ` +
        'choose another site or other days.',
    ]);
    expect(formatUserErrors(await create({ treatmentSite: numbers.invalid }))).toEqual([
      `BAD_CHECK_DIGIT at treatmentSite: The last digit of ${numbers.invalid} is not its check digit; ` +
        'correct the number.',
    ]);
    expectAccepted(await create({ treatmentSite: numbers.laterSite, effectiveOn: '2027-01-01' }));
  });

  it('refuse a reason or key that is too long and text the database cannot store', async () => {
    const readUserErrors = async (input: object) =>
      expectUserErrors(await create(input)).map(({ code, field, message }) => [code, field, message]);
    expect(await readUserErrors({ reason: 'x'.repeat(2_001), idempotencyKey: '' })).toEqual([
      ['TEXT_INVALID', ['reason'], '"reason" has 2001 characters, but at most 2000 are allowed; shorten it.'],
      ['TEXT_INVALID', ['idempotencyKey'], '"idempotencyKey" must have 1 to 255 characters; a UUID works well.'],
    ]);
    for (const name of ['A\u0000B', '\u200b', 'A \u202egnp.exe'])
      expect((await readUserErrors({ name })).map(([code, field]) => [code, field])).toEqual([
        ['TEXT_INVALID', ['name']],
      ]);
    expect((await readUserErrors({ idempotencyKey: '\u0000' })).map(([code, field]) => [code, field])).toEqual([
      ['TEXT_INVALID', ['idempotencyKey']],
    ]);
  });

  it('refuse invalid contact points and addresses that are too long', async () => {
    const { payload } = await create({
      contactPoints: [
        { type: 'EMAIL', value: 'bad' },
        { type: 'WEB', value: 'javascript:alert(1)' },
        { type: 'WEB', value: 'https://example.org/a' },
        { type: 'TELEPHONE', value: '+47 00 00 00 00' },
        { type: 'TELEPHONE', value: '73 82 20' },
        { type: 'EMAIL', value: 'post@blåkors.no' },
        ...['113', '1881', '02800', '116 117', '+46 8 123 456 78'].map((value) => ({
          type: 'TELEPHONE' as const,
          value,
        })),
      ],
      addresses: [{ type: 'POSTAL', lines: Array.from({ length: 11 }, (_, line) => `Line ${line}`) }],
    });
    expect(payload?.userErrors).toEqual([
      {
        code: 'TOO_MANY',
        field: ['addresses', '0', 'lines'],
        message: 'The address has 11 lines, but at most 10 are allowed; give fewer.',
      },
      {
        code: 'TEXT_INVALID',
        field: ['contactPoints', '0', 'value'],
        message: '"bad" is not an e-mail address; correct it.',
      },
      {
        code: 'TEXT_INVALID',
        field: ['contactPoints', '1', 'value'],
        message: '"javascript:alert(1)" is not a web address; give one that begins with https:// or http://.',
      },
      {
        code: 'TEXT_INVALID',
        field: ['contactPoints', '4', 'value'],
        message: '"73 82 20" is not a telephone number; write one such as "73 82 20 00" or "+47 73 82 20 00".',
      },
    ]);
  });

  it('refuse a postal code of Norway that lost its zero, or has other than four digits', async () => {
    const addresses = [
      { type: 'POSTAL' as const, lines: [], postalCode: '424', city: 'Oslo' },
      { type: 'VISITING' as const, lines: [], postalCode: 'N-7030', country: 'NO' },
    ];

    expect(expectUserErrors(await create({ addresses })).map(({ field, message }) => [field, message])).toEqual([
      [
        ['addresses', '0', 'postalCode'],
        '"424" is not a Norwegian postal code, which has four digits; write 0424; the first zero was dropped.',
      ],
      [
        ['addresses', '1', 'postalCode'],
        '"N-7030" is not a Norwegian postal code, which has four digits; ' +
          'correct it, or give the "country" of the address.',
      ],
    ]);
    expectAccepted(await create({ addresses: [{ type: 'POSTAL', lines: [], postalCode: '114 24', country: 'SE' }] }));
  });

  it('refuse a department without a parent', async () => {
    expect(
      formatUserErrors(
        await world.as('operator').mergeUnits({
          sourceReshIds: [await world.department('East', homeClinic), await world.department('West', homeClinic)],
          newTarget: { name: 'Both' },
        }),
      ),
    ).toEqual([
      'WRONG_PARENT_TYPE at newTarget.parentReshId: ' +
        'The new unit is a department, and only an organization can be a root; name a parent.',
    ]);
  });
});

describe('every new department', () => {
  testMutationLaws({
    world,
    name: 'createDepartment',
    createInput: async (parent) => ({ name: 'New', parentReshId: await world.department('Wing', parent) }),
    alterInput: (input) => ({ ...input, name: 'Another' }),
    readReshId: ({ parentReshId }) => parentReshId,
  });
});
