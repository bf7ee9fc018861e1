import { afterAll, describe, expect, it } from 'vitest';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { expectAccepted, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { readAncestors } from '../../support/world/changing-world-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { numbers, units } from '../../support/world/world.ts';

const { north, northTrust, clinic } = units;
const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

const period = { effectiveOn: '2022-01-01', effectiveTo: '2023-01-01' };
const days = ['2021-12-31', '2022-01-01', '2022-12-31', '2023-01-01'] as const;

describe('a change until effectiveTo', () => {
  it('corrects the day of a change without a false register in between', async () => {
    const operator = world.as('operator');
    const ward = await world.department('Old name', homeClinic);
    expectAccepted(await operator.updateUnit({ reshId: ward, name: 'New name', effectiveOn: '2022-01-01' }));

    const { impact } = expectAccepted(await operator.updateUnit({ reshId: ward, name: 'Old name', ...period }));

    expect(impact?.unitCount).toBe(1);
    const names = await Promise.all(days.map(async (day) => (await world.readUnit(ward, day))?.name));
    expect(names).toEqual(['Old name', 'Old name', 'Old name', 'New name']);
  });

  it('holds on all days of the period, also after a planned change', async () => {
    const operator = world.as('operator');
    const ward = await world.department('First', homeClinic);
    expectAccepted(await operator.updateUnit({ reshId: ward, name: 'Second', effectiveOn: '2022-06-01' }));
    expectAccepted(await operator.updateUnit({ reshId: ward, name: 'Between', addresses: [], ...period }));
    const names = await Promise.all(days.map(async (day) => (await world.readUnit(ward, day))?.name));
    expect(names).toEqual(['First', 'Between', 'Between', 'Second']);
  });

  it('returns to the parent, site, codes and identifiers of before', async () => {
    const operator = world.as('operator');
    const ward = await world.department('Ward', homeClinic);
    expectAccepted(await operator.moveUnit({ reshId: ward, newParentReshId: clinic, ...period }));
    expectAccepted(await operator.connectTreatmentSite({ reshId: ward, organizationNumber: numbers.site, ...period }));
    expectAccepted(await operator.updateUnitCodes({ reshId: ward, add: [specialty('010')], ...period }));
    expectAccepted(await operator.setIdentifier({ reshId: ward, system: 'urn:x', value: '1', ...period }));

    for (const day of days) {
      const isWithin = day >= period.effectiveOn && day < period.effectiveTo;
      expect(await readAncestors(world, ward, day)).toEqual([north, northTrust, isWithin ? clinic : homeClinic]);
      expect(await world.readUnit(ward, day)).toMatchObject({
        treatmentSite: isWithin ? numbers.site : null,
        codes: isWithin ? { '8451:010': '2022-01-01/2023-01-01' } : {},
        identifiers: isWithin ? { 'urn:x': '1' } : {},
      });
    }
  });

  it('ends a code, an identifier and a site over the period only', async () => {
    const operator = world.as('operator');
    const reshId = await world.department('Ward', homeClinic);
    expectAccepted(await operator.updateUnitCodes({ reshId, add: [specialty('010')], effectiveOn: '2021-01-01' }));
    expectAccepted(
      await operator.connectTreatmentSite({ reshId, organizationNumber: numbers.site, effectiveOn: '2021-01-01' }),
    );
    expectAccepted(await operator.setIdentifier({ reshId, system: 'urn:x', value: '1', effectiveOn: '2021-01-01' }));

    expectAccepted(await operator.updateUnitCodes({ reshId, end: [specialty('010')], ...period }));
    expectAccepted(await operator.disconnectTreatmentSite({ reshId, ...period }));
    expectAccepted(await operator.removeIdentifier({ reshId, system: 'urn:x', ...period }));

    for (const day of days) {
      const isWithin = day >= period.effectiveOn && day < period.effectiveTo;
      const unit = await world.readUnit(reshId, day);
      expect([Object.keys(unit?.codes ?? {}).length, unit?.treatmentSite, unit?.identifiers]).toEqual(
        isWithin ? [0, null, {}] : [1, numbers.site, { 'urn:x': '1' }],
      );
    }
  });

  it('is refused if the period has no day, or the unit is not valid on all of its days', async () => {
    const operator = world.as('operator');
    const reshId = await world.department('Ward', homeClinic, { validTo: '2022-06-01' });
    const inputs = { name: 'X', reshId };
    expect(formatUserErrors(await operator.updateUnit({ ...inputs, ...period }))).toEqual([
      `BAD_PERIOD at effectiveTo: Unit ${reshId} "Ward" is not valid on 2022-06-01, before "effectiveTo" 2023-01-01; ` +
        'give 2022-06-01, or leave "effectiveTo" out.',
    ]);
    const empty = { effectiveOn: '2022-01-01', effectiveTo: '2022-01-01' };
    expect(formatUserErrors(await operator.updateUnit({ ...inputs, ...empty }))).toEqual([
      'BAD_PERIOD at effectiveTo: "effectiveTo" is 2022-01-01, but the change takes effect on 2022-01-01; ' +
        'give a later day, or leave "effectiveTo" out.',
    ]);
    for (const answer of [
      await operator.moveUnit({ reshId, newParentReshId: clinic, ...period }),
      await operator.connectTreatmentSite({ reshId, organizationNumber: numbers.site, ...period }),
      await operator.disconnectTreatmentSite({ reshId, ...period }),
      await operator.updateUnitCodes({ reshId, add: [specialty('010')], ...period }),
      await operator.setIdentifier({ reshId, system: 'urn:x', value: '1', ...period }),
      await operator.removeIdentifier({ reshId, system: 'urn:x', ...period }),
    ])
      expect(answer.payload?.userErrors.map(({ code, field }) => [code, field])).toEqual([
        ['BAD_PERIOD', ['effectiveTo']],
      ]);
  });
});
