import { describe, expect, it } from 'vitest';
import { impactOnUnit } from '../../support/builders/impact.ts';
import { expectAccepted, expectUserErrors, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { worldDay } from '../../support/world/world.ts';

const herId = 'urn:oid:2.16.578.1.12.4.1.2';
const localSystem = 'https://example.org/local';

const world = useChangingWorld();

function setIdentifier(input: { reshId: number; system?: string; value: string; effectiveOn?: string }) {
  return world.as('trust').setIdentifier({ system: herId, ...input });
}

async function readIdentifiers(reshId: number, day: string, revision?: number) {
  return (await world.readUnit(reshId, day, revision))?.identifiers;
}

describe('setIdentifier', () => {
  it('sets the identifier from today next to those of other systems and leaves the past unchanged', async () => {
    const reshId = await world.department('Ward', homeClinic);
    expectAccepted(await setIdentifier({ reshId, system: localSystem, value: 'A', effectiveOn: '2021-01-01' }));
    expectAccepted(await setIdentifier({ reshId, value: '17', effectiveOn: '2021-01-01' }));
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await setIdentifier({ reshId, value: ' 18 ' }));

    expectUnitChange(payload, before + 1, 'SET_IDENTIFIER', { reshId, name: 'Ward', parentReshId: homeClinic });
    expect(payload.impact).toEqual(
      impactOnUnit(reshId, ['CHANGED'], {
        identifiers: [`${localSystem} A; ${herId} 17`, `${localSystem} A; ${herId} 18`],
      }),
    );
    expect(await readIdentifiers(reshId, worldDay)).toEqual({ [herId]: '18', [localSystem]: 'A' });
    expect(await readIdentifiers(reshId, yesterday)).toEqual({ [herId]: '17', [localSystem]: 'A' });
    expect(await readIdentifiers(reshId, worldDay, before)).toEqual({ [herId]: '17', [localSystem]: 'A' });
    expect(await readIdentifiers(reshId, '2020-12-31')).toEqual({});
  });

  it('lasts until the next planned value or the closing', async () => {
    const reshId = await world.department('Ward', homeClinic, { validTo: '2030-01-01' });
    expectAccepted(await setIdentifier({ reshId, value: '19', effectiveOn: nextYear }));
    expectAccepted(await setIdentifier({ reshId, value: '18', effectiveOn: lastYear }));

    expect(await readIdentifiers(reshId, lastYear)).toEqual({ [herId]: '18' });
    expect(await readIdentifiers(reshId, '2027-11-22')).toEqual({ [herId]: '18' });
    expect(await readIdentifiers(reshId, nextYear)).toEqual({ [herId]: '19' });
    expect(await readIdentifiers(reshId, '2029-12-31')).toEqual({ [herId]: '19' });
    expect(expectAccepted(await setIdentifier({ reshId, value: '18' })).warnings).toContainEqual(
      expect.objectContaining({ code: 'NO_CHANGES' }),
    );
    expect(
      await world.database.prisma.unitIdentifier.count({
        where: { reshId, supersededRev: null, OR: [{ validTo: null }, { validTo: { gt: new Date('2030-01-01') } }] },
      }),
    ).toBe(0);
  });

  it('warns when another unit has the same identifier on some of those days', async () => {
    const [one, other] = [await world.department('One', homeClinic), await world.department('Other', homeClinic)];
    expectAccepted(await setIdentifier({ reshId: one, value: '77', effectiveOn: nextYear }));

    expect(expectAccepted(await setIdentifier({ reshId: other, value: '77' })).warnings).toEqual([
      {
        code: 'DUPLICATE_IDENTIFIER',
        field: ['value'],
        message: `Unit ${one} "One" also has 77 in ${herId}; check which of the two units it belongs to.`,
      },
    ]);
    expect(expectAccepted(await setIdentifier({ reshId: other, system: localSystem, value: '77' })).warnings).toEqual(
      [],
    );

    // A unit that has another identifier by then does not conflict.
    const third = await world.department('Third', homeClinic);
    expectAccepted(await setIdentifier({ reshId: third, value: '78', effectiveOn: nextYear }));
    expectAccepted(await world.as('trust').removeIdentifier({ reshId: other, system: herId }));

    expect(expectAccepted(await setIdentifier({ reshId: third, value: '77' })).warnings).toEqual([]);
  });
});

describe('setIdentifier errors', () => {
  it('refuse a system that the register manages itself', async () => {
    const reshId = await world.department('Ward', homeClinic);
    const organizationNumber = 'urn:oid:2.16.578.1.12.4.1.4.101';
    for (const system of [organizationNumber, 'urn:oid:2.16.578.1.12.4.1.4.102', organizationNumber.toUpperCase()])
      expect(formatUserErrors(await setIdentifier({ reshId, system, value: '1' }))).toEqual([
        `RESERVED_SYSTEM at system: The register itself assigns identifiers in ${system}; ` +
          'a RESH-id never changes, and updateUnit sets the organization number.',
      ]);
  });

  it('report all problems at once', async () => {
    expect(
      expectUserErrors(await setIdentifier({ reshId: 999_999, system: '', value: 'x'.repeat(301) })).map(
        ({ code, field, message }) => [code, field, message],
      ),
    ).toEqual([
      ['TEXT_INVALID', ['system'], '"system" is empty; give a value.'],
      ['TEXT_INVALID', ['value'], '"value" has 301 characters, but at most 300 are allowed; shorten it.'],
      ['NOT_FOUND', ['reshId'], 'Unit 999999 is not in the register; correct the RESH-id.'],
    ]);
    const reshId = await world.department('Ward', homeClinic, { validTo: nextYear });
    expect(
      expectUserErrors(await setIdentifier({ reshId, value: '', effectiveOn: nextYear })).map(({ code }) => code),
    ).toEqual(['TEXT_INVALID', 'NOT_VALID_ON_DAY']);
  });
});

describe('every setting of an identifier', () => {
  let valueCount = 0;
  testMutationLaws({
    world,
    name: 'setIdentifier',
    createInput: async (parent) => ({
      reshId: await world.department('Ward', parent),
      system: localSystem,
      value: `law ${(valueCount += 1)}`,
    }),
    alterInput: (input) => ({ ...input, value: 'another' }),
    readReshId: ({ reshId }) => reshId,
  });
});
