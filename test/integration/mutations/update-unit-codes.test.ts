import { describe, expect, it } from 'vitest';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { impactOnUnit } from '../../support/builders/impact.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { homeClinic, useChangingWorld, type ChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

function setCodes(input: Parameters<ReturnType<ChangingWorld['as']>['updateUnitCodes']>[0]) {
  return world.as('trust').updateUnitCodes(input);
}

async function readCodes(reshId: number, day: string, revision?: number) {
  return (await world.readUnit(reshId, day, revision))?.codes;
}

describe('updateUnitCodes', () => {
  it('adds and removes codes from today and leaves the past unchanged', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expectAccepted(await setCodes({ reshId, add: [specialty('010')], effectiveOn: '2021-01-01' }));
    expectAccepted(await world.as('trust').connectTreatmentSite({ reshId, organizationNumber: numbers.site }));
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await setCodes({ reshId, add: [specialty('020')], end: [specialty('010')] }));

    expectUnitChange(payload, before + 1, 'UPDATE_UNIT_CODES', { reshId, name: 'Ward', parentReshId: homeClinic });
    expect(payload.impact).toEqual(impactOnUnit(reshId, ['RECODED'], { codes: ['8451:010', '8451:020'] }));
    expect(await readCodes(reshId, worldDay)).toEqual({ '8451:020': `${worldDay}/` });
    expect(await readCodes(reshId, yesterday)).toEqual({ '8451:010': `2021-01-01/${worldDay}` });
    expect(await readCodes(reshId, worldDay, before)).toEqual({ '8451:010': '2021-01-01/' });
  });

  it('keeps its first name in the ledger, where the hash of an entry includes the name', async () => {
    const reshId = await world.department('Ward', homeClinic);
    const payload = expectAccepted(await setCodes({ reshId, add: [specialty('010')] }));

    expect(payload.change?.operation).toBe('UPDATE_UNIT_CODES');
    expect(
      await world.database.prisma.change.findUnique({ where: { revision: payload.change?.revision ?? 0 } }),
    ).toMatchObject({ operation: 'SET_UNIT_CODES' });
  });

  it('lasts until the unit was going to have the code, or closes', async () => {
    const reshId = await world.department('Ward', homeClinic, { validTo: '2030-01-01' });
    expectAccepted(
      await setCodes({
        reshId,
        add: [{ ...specialty('010'), attributes: [specialty('020')] }],
        effectiveOn: nextYear,
      }),
    );
    expectAccepted(await setCodes({ reshId, add: [specialty('010'), specialty('020')], effectiveOn: lastYear }));

    expect(await readCodes(reshId, lastYear)).toEqual({
      '8451:010': `${lastYear}/${nextYear}`,
      '8451:020': `${lastYear}/2030-01-01`,
    });
    expect(await readCodes(reshId, nextYear)).toEqual({
      '8451:010 020': `${nextYear}/2030-01-01`,
      '8451:020': `${lastYear}/2030-01-01`,
    });

    // Setting the same code without attributes on that day joins the two periods.
    expectAccepted(await setCodes({ reshId, add: [specialty('010')], effectiveOn: nextYear }));
    expect((await readCodes(reshId, nextYear))?.['8451:010']).toBe(`${lastYear}/2030-01-01`);
  });

  it('ends a code until the unit was going to have it again', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expectAccepted(await setCodes({ reshId, add: [specialty('010')], effectiveOn: '2021-01-01' }));
    expectAccepted(await setCodes({ reshId, end: [specialty('010')], effectiveOn: nextYear }));
    expectAccepted(await setCodes({ reshId, add: [specialty('010')], effectiveOn: '2028-06-01' }));
    expectAccepted(await setCodes({ reshId, end: [specialty('010')] }));

    expect(await readCodes(reshId, yesterday)).toEqual({ '8451:010': `2021-01-01/${worldDay}` });
    expect(await readCodes(reshId, worldDay)).toEqual({});
    expect(await readCodes(reshId, '2028-06-01')).toEqual({ '8451:010': '2028-06-01/' });
  });

  it('replaces the attributes of a code, in any order, and clears omitted ones', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expectAccepted(
      await setCodes({ reshId, add: [{ ...specialty('010'), attributes: [specialty('020'), specialty('010')] }] }),
    );

    expect(
      expectAccepted(
        await setCodes({ reshId, add: [{ ...specialty('010'), attributes: [specialty('010'), specialty('020')] }] }),
      ).warnings.map((warning) => warning.code),
    ).toEqual(['NO_TREATMENT_SITE', 'NO_CHANGES']);

    const { impact } = expectAccepted(await setCodes({ reshId, add: [specialty('010')], effectiveOn: nextYear }));
    expect(impact?.units[0]?.fields).toEqual([
      { field: 'codes', old: '8451:010 (8451:010, 8451:020)', new: '8451:010' },
    ]);
    expect(await readCodes(reshId, worldDay)).toEqual({ '8451:010 010 020': `${worldDay}/${nextYear}` });
    expect(await readCodes(reshId, nextYear)).toEqual({ '8451:010': `${nextYear}/` });
  });

  it('keeps a retired code on a unit that has it', async () => {
    const reshId = await world.department('Ward', homeClinic);
    await world.insertCode(reshId, specialty('030'), '2020-01-01');
    expectAccepted(
      await setCodes({ reshId, add: [specialty('010'), { ...specialty('030'), attributes: [specialty('020')] }] }),
    );

    expect(await readCodes(reshId, worldDay)).toEqual({
      '8451:010': `${worldDay}/`,
      '8451:030 020': `${worldDay}/`,
    });

    expectAccepted(await setCodes({ reshId, end: [specialty('030')], effectiveOn: nextYear }));
    expect(
      expectUserErrors(await setCodes({ reshId, add: [specialty('030')], effectiveOn: '2028-01-01' })).map(
        (error) => error.code,
      ),
    ).toEqual(['RETIRED_CODE']);
  });

  it('accepts a retired code on past days within its validity', async () => {
    const reshId = await world.department('Ward', homeClinic, { from: '2015-01-01' });
    expectAccepted(await setCodes({ reshId, add: [specialty('040')], effectiveOn: '2019-12-31' }));
    expect(await readCodes(reshId, worldDay)).toEqual({ '8451:040': '2019-12-31/' });
  });

  it('warns of service codes without a treatment site, and does nothing for an empty input', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expect(expectAccepted(await setCodes({ reshId, add: [specialty('010')] })).warnings).toEqual([
      {
        code: 'NO_TREATMENT_SITE',
        field: ['add'],
        message:
          `Unit ${reshId} "Ward" has service codes but no treatment site; ` + 'connect one with connectTreatmentSite.',
      },
    ]);
    for (const input of [{}, { add: null, end: null }, { add: [], end: [] }])
      expect(expectAccepted(await setCodes({ reshId, ...input, dryRun: true })).warnings).toMatchObject([
        { code: 'NO_CHANGES' },
      ]);
  });

  it('lets the registrar set codes of a contract specialist', async () => {
    const { impact } = expectAccepted(
      await world.as('registrar').updateUnitCodes({ reshId: units.specialist, add: [specialty('010')] }),
    );
    expect(impact).toMatchObject({ unitCount: 1 });
  });
});

describe('updateUnitCodes errors', () => {
  it('refuse a unit that is unknown or not valid on the day', async () => {
    expect(formatUserErrors(await setCodes({ reshId: 999_999, add: [specialty('010')] }))).toEqual([
      'NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    const reshId = await world.department('Ward', homeClinic, { validTo: nextYear });
    expect(formatUserErrors(await setCodes({ reshId, add: [specialty('010')], effectiveOn: nextYear }))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${reshId} "Ward" is not valid on ${nextYear}; ` +
        `it is valid from 2020-01-01 to ${nextYear} (exclusive). Choose one of those days.`,
    ]);
  });

  it('refuse codes that are unknown, retired, absent or duplicate, each with its path', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expect(
      formatUserErrors(
        await setCodes({
          reshId,
          add: [
            specialty('999'),
            specialty('030'),
            { codeSet: 1, code: '010' },
            { ...specialty('010'), attributes: [specialty('040'), specialty('020'), specialty('020')] },
            specialty('010'),
          ],
          end: [specialty('010'), specialty('020'), specialty('020')],
          effectiveOn: '2020-01-01',
        }),
      ),
    ).toEqual([
      'UNKNOWN_CODE at add.0.code: Code 999 is not in code set 8451; choose one from codeSet(number: 8451).',
      'RETIRED_CODE at add.1.code: Code 8451:030 is retired and cannot be assigned; choose one that is in use.',
      'UNKNOWN_CODE at add.2.code: Code 010 is not in code set 1; choose one from codeSet(number: 1).',
      'RETIRED_CODE at add.3.attributes.0.code: Code 8451:040 is not valid on 2020-01-01 and cannot be assigned; ' +
        'choose one that is in use.',
      'DUPLICATE_VALUE at add.3.attributes.2: Attribute 8451:020 is listed twice; keep one.',
      'DUPLICATE_VALUE at add.4: Code 8451:010 is listed twice in "add"; keep one.',
      `NOT_FOUND at end.0: Unit ${reshId} "Ward" does not have code 8451:010 on 2020-01-01; leave it out.`,
      'DUPLICATE_VALUE at end.0: Code 8451:010 is also listed in "add"; keep one of the two.',
      `NOT_FOUND at end.1: Unit ${reshId} "Ward" does not have code 8451:020 on 2020-01-01; leave it out.`,
      `NOT_FOUND at end.2: Unit ${reshId} "Ward" does not have code 8451:020 on 2020-01-01; leave it out.`,
      'DUPLICATE_VALUE at end.2: Code 8451:020 is listed twice in "end"; keep one.',
    ]);
  });

  it('refuse too many codes without listing each', async () => {
    const manyCodes = Array.from({ length: 501 }, (_, index) => specialty(String(index)));
    expect(formatUserErrors(await setCodes({ reshId: homeClinic, add: manyCodes, end: manyCodes }))).toEqual([
      'TOO_MANY at add: "add" has 501 codes, but one change may have at most 500; give fewer.',
      'TOO_MANY at end: "end" has 501 codes, but one change may have at most 500; give fewer.',
    ]);
    expect(
      formatUserErrors(await setCodes({ reshId: homeClinic, add: [{ ...specialty('010'), attributes: manyCodes }] })),
    ).toEqual([
      'TOO_MANY at add.0.attributes: "add.0.attributes" has 501 codes, but one change may have at most 500; ' +
        'give fewer.',
    ]);
    expect(
      formatUserErrors(
        await world.as('operator').createDepartment({ parentReshId: homeClinic, name: 'Ward', codes: manyCodes }),
      ),
    ).toEqual(['TOO_MANY at codes: "codes" has 501 codes, but one change may have at most 500; give fewer.']);
  });
});

describe('every setting of codes', () => {
  testMutationLaws({
    world,
    name: 'updateUnitCodes',
    createInput: async (parent) => ({ reshId: await world.department('Ward', parent), add: [specialty('010')] }),
    alterInput: (input) => ({ ...input, add: [specialty('020')] }),
    readReshId: ({ reshId }) => reshId,
  });
});
