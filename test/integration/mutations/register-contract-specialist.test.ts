import { describe, expect, it } from 'vitest';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { impactOnUnit } from '../../support/builders/impact.ts';
import {
  expectAccepted,
  expectRevision,
  expectUserErrors,
  formatUserErrors,
} from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { useChangingWorld } from '../../support/world/changing-world.ts';
import { nextYear, yesterday } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const { north, northTrust, clinic, south } = units;
const world = useChangingWorld();

const surgery = specialty('010');

function register(input: object) {
  return world.as('registrar').registerContractSpecialist({ name: 'Dr. Berg', regionReshId: north, ...input });
}

describe('registerContractSpecialist', () => {
  it('creates an organization with designation 61 under its region, with site and codes', async () => {
    const organizationNumber = nextOrganizationNumber();
    const before = await world.readNewestRevision();

    const payload = expectAccepted(
      await register({ organizationNumber, treatmentSite: numbers.site, codes: [surgery] }),
    );
    const reshId = payload.unit?.reshId ?? 0;

    expectUnitChange(payload, before + 1, 'REGISTER_CONTRACT_SPECIALIST', {
      reshId,
      name: 'Dr. Berg',
      parentReshId: north,
    });
    expect(payload.impact).toEqual(
      impactOnUnit(reshId, ['OPENED'], {
        name: [null, 'Dr. Berg'],
        parent: [null, String(north)],
        type: [null, 'ORGANIZATION'],
        designation: [null, '61'],
        organizationNumber: [null, organizationNumber],
        treatmentSite: [null, numbers.site],
        codes: [null, '8451:010'],
      }),
    );
    expect(await world.readUnit(reshId, worldDay)).toMatchObject({
      type: 'ORGANIZATION',
      designation: '61',
      organizationNumber,
      ancestors: [north],
      treatmentSite: numbers.site,
      codes: { '8451:010': `${worldDay}/` },
    });
    expect(await world.readUnit(reshId, yesterday)).toBeNull();
    expect(await world.readUnit(reshId, worldDay, before)).toBeNull();
  });

  it('needs no number, site or codes, and accepts null and the default designation', async () => {
    for (const input of [
      {},
      { organizationNumber: null, treatmentSite: null, codes: null, designation: null },
      { designation: '61', effectiveOn: '2015-01-01' },
      { effectiveOn: nextYear },
    ]) {
      const { unit, warnings } = expectAccepted(await register(input));
      expect(warnings).toEqual([]);
      expect(await world.readUnit(unit?.reshId ?? 0, nextYear)).toMatchObject({
        designation: '61',
        organizationNumber: null,
        treatmentSite: null,
        codes: {},
        validity: `${input.effectiveOn ?? worldDay}/`,
      });
    }
  });

  it('warns of codes without a site and of a site with its own number', async () => {
    expect(expectAccepted(await register({ codes: [surgery], dryRun: true })).warnings).toMatchObject([
      { code: 'NO_TREATMENT_SITE', field: ['codes'] },
    ]);
    const organizationNumber = nextOrganizationNumber();
    expectAccepted(await world.as('registrar').registerTreatmentSite({ organizationNumber, name: 'Dr. Berg' }));
    expect(expectAccepted(await register({ organizationNumber, treatmentSite: organizationNumber })).warnings).toEqual([
      {
        code: 'SITE_IS_ENTERPRISE_NUMBER',
        field: ['treatmentSite'],
        message:
          `${organizationNumber} is the enterprise's own number; ` + 'statistics need the number of an establishment.',
      },
    ]);
  });
});

describe('registerContractSpecialist errors', () => {
  it('refuse a parent that is not a region', async () => {
    expect(formatUserErrors(await register({ regionReshId: northTrust }))).toEqual([
      `WRONG_PARENT_TYPE at regionReshId: Unit ${northTrust} "northTrust" is not a region: it has a parent. ` +
        'Name the root of its tree.',
    ]);
    expect(expectUserErrors(await register({ regionReshId: clinic })).map(({ code, field }) => [code, field])).toEqual([
      ['WRONG_PARENT_TYPE', ['regionReshId']],
      ['WRONG_PARENT_TYPE', ['regionReshId']],
    ]);
    expect(formatUserErrors(await register({ effectiveOn: '2009-12-31' }))).toEqual([
      `PARENT_CLOSED at regionReshId: Unit ${north} "north" is not valid on 2009-12-31, and the unit would be ` +
        'under it from 2009-12-31 on; name a parent that is valid on all those days, or end the unit before that ' +
        'day.',
    ]);
  });

  it('report all problems at once', async () => {
    expect(
      formatUserErrors(
        await register({
          name: '',
          regionReshId: 999_999,
          designation: '05',
          organizationNumber: numbers.invalid,
          treatmentSite: numbers.unregistered,
          codes: [specialty('030')],
        }),
      ),
    ).toEqual([
      'NOT_ALLOWED at designation: A contract specialist always has designation 61; leave "designation" out.',
      'TEXT_INVALID at name: "name" is empty; give a value.',
      'NOT_FOUND at regionReshId: Unit 999999 is not in the register; correct the RESH-id.',
      'RETIRED_CODE at codes.0.code: Code 8451:030 is retired and cannot be assigned; choose one that is in use.',
      `BAD_CHECK_DIGIT at organizationNumber: The last digit of ${numbers.invalid} is not its check digit; ` +
        'correct the number.',
      `NOT_FOUND at treatmentSite: Treatment site ${numbers.unregistered} is not in the register; ` +
        'register it with registerTreatmentSite first.',
    ]);
    expect(
      expectUserErrors(
        await register({ organizationNumber: numbers.southTrust, treatmentSite: numbers.laterSite }),
      ).map(({ code, field }) => [code, field]),
    ).toEqual([
      ['SITE_NOT_VALID', ['treatmentSite']],
      ['DUPLICATE_ORGANIZATION_NUMBER', ['organizationNumber']],
    ]);
  });
});

describe('every new contract specialist', () => {
  let regions = 0;
  testMutationLaws({
    world,
    name: 'registerContractSpecialist',
    createInput: async () => ({
      name: 'Dr. Dahl',
      regionReshId: await world.organization(`Region ${(regions += 1)}`, null),
    }),
    alterInput: (input) => ({ ...input, name: 'Another' }),
    readReshId: ({ regionReshId }) => regionReshId,
    isRoot: true,
  });

  it('moves with its region', async () => {
    const region = await world.organization('Region', null);
    const { unit } = expectAccepted(await register({ regionReshId: region }));
    expectRevision(
      await world.as('operator').moveUnit({ reshId: region, newParentReshId: south, effectiveOn: nextYear }),
    );
    expect((await world.readUnit(unit?.reshId ?? 0, nextYear))?.ancestors).toEqual([south, region]);
  });
});
