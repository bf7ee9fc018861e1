import { describe, expect, it } from 'vitest';
import { impactOnUnit } from '../../support/builders/impact.ts';
import { expectAccepted, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { nextYear, yesterday } from '../../support/world/days.ts';
import { worldDay } from '../../support/world/world.ts';

const herId = 'urn:oid:2.16.578.1.12.4.1.2';
const localSystem = 'https://example.org/local';

const world = useChangingWorld();

/** Creates a ward that has identifiers in two systems from 2021 on. */
async function createIdentifiedWard(under: number = homeClinic): Promise<number> {
  const reshId = await world.department('Ward', under);
  for (const [system, value] of [
    [herId, '17'],
    [localSystem, 'A'],
  ] as const)
    expectAccepted(await world.as('operator').setIdentifier({ reshId, system, value, effectiveOn: '2021-01-01' }));
  return reshId;
}

async function readIdentifiers(reshId: number, day: string, revision?: number) {
  return (await world.readUnit(reshId, day, revision))?.identifiers;
}

describe('removeIdentifier', () => {
  it('removes the identifier from today and leaves other systems and the past unchanged', async () => {
    const reshId = await createIdentifiedWard();
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await world.as('trust').removeIdentifier({ reshId, system: ` ${herId} ` }));

    expectUnitChange(payload, before + 1, 'REMOVE_IDENTIFIER', { reshId, name: 'Ward', parentReshId: homeClinic });
    expect(payload.impact).toEqual(
      impactOnUnit(reshId, ['CHANGED'], { identifiers: [`${localSystem} A; ${herId} 17`, `${localSystem} A`] }),
    );
    expect(await readIdentifiers(reshId, worldDay)).toEqual({ [localSystem]: 'A' });
    expect(await readIdentifiers(reshId, yesterday)).toEqual({ [herId]: '17', [localSystem]: 'A' });
    expect(await readIdentifiers(reshId, worldDay, before)).toEqual({ [herId]: '17', [localSystem]: 'A' });
  });

  it('lasts until the next planned value', async () => {
    const reshId = await createIdentifiedWard();
    expectAccepted(
      await world.as('trust').setIdentifier({ reshId, system: herId, value: '19', effectiveOn: nextYear }),
    );

    expectAccepted(await world.as('trust').removeIdentifier({ reshId, system: herId }));

    expect(await readIdentifiers(reshId, worldDay)).toEqual({ [localSystem]: 'A' });
    expect(await readIdentifiers(reshId, nextYear)).toEqual({ [herId]: '19', [localSystem]: 'A' });
    expect(expectAccepted(await world.as('trust').removeIdentifier({ reshId, system: herId })).warnings).toMatchObject([
      { code: 'NO_CHANGES' },
    ]);
  });
});

describe('removeIdentifier errors', () => {
  it('refuse a system that the register manages itself', async () => {
    const reshId = await createIdentifiedWard();

    expect(
      formatUserErrors(await world.as('trust').removeIdentifier({ reshId, system: 'urn:oid:2.16.578.1.12.4.1.4.101' })),
    ).toEqual([expect.stringMatching(/^RESERVED_SYSTEM at system: /) as string]);
  });

  it('report all problems at once', async () => {
    expect(formatUserErrors(await world.as('operator').removeIdentifier({ reshId: 999_999, system: '' }))).toEqual([
      'TEXT_INVALID at system: "system" is empty; give a value.',
      'NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);

    const reshId = await world.department('Ward', homeClinic, { validTo: nextYear });
    expect(
      formatUserErrors(await world.as('trust').removeIdentifier({ reshId, system: herId, effectiveOn: nextYear })),
    ).toEqual([expect.stringMatching(/^NOT_VALID_ON_DAY at effectiveOn: /) as string]);
  });
});

describe('every removal of an identifier', () => {
  testMutationLaws({
    world,
    name: 'removeIdentifier',
    createInput: async (parent) => ({ reshId: await createIdentifiedWard(parent), system: herId }),
    alterInput: (input) => ({ ...input, system: localSystem }),
    readReshId: ({ reshId }) => reshId,
  });
});
