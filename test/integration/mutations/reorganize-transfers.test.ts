import { afterAll, describe, expect, it } from 'vitest';
import type { ReorganizeStepInput } from '../../../src/domain/plan/change-input.ts';
import {
  expectAccepted,
  expectDenied,
  formatUserErrors,
  kindsByUnit,
} from '../../support/mutations/change-assertions.ts';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { addTwoWards, addUnits } from '../../support/world/add-units.ts';
import { readAncestors } from '../../support/world/changing-world-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear } from '../../support/world/days.ts';
import { readUnitSuccessions } from '../../support/world/unit-successions.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const { north, northTrust } = units;
const homeAncestors = [north, northTrust, homeClinic];
const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

function reorganize(steps: readonly ReorganizeStepInput[], options: object = {}, subject: 'trust' | 'south' = 'trust') {
  return world.as(subject).reorganize({ steps, ...options });
}

async function reorganizeErrors(steps: readonly ReorganizeStepInput[], options: object = {}) {
  return formatUserErrors(await reorganize(steps, options));
}

describe('reorganize', () => {
  it('undoes a merger in one change, as previewed', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);
    const merged = expectAccepted(
      await world.as('trust').mergeUnits({
        sourceReshIds: [east, west],
        newTarget: { name: 'Both', parentReshId: homeClinic },
        effectiveOn: lastYear,
      }),
    ).units?.[0];
    const target = { reshId: merged?.reshId ?? 0 };
    const steps: ReorganizeStepInput[] = [
      { reopenUnit: { unit: { reshId: east } } },
      { reopenUnit: { unit: { reshId: west } } },
      { moveUnit: { unit: { reshId: eastRoom }, newParent: { reshId: east } } },
      { moveUnit: { unit: { reshId: westRoom }, newParent: { reshId: west } } },
      { withdrawUnit: { unit: target } },
    ];

    const preview = expectAccepted(await reorganize(steps, { effectiveOn: lastYear, dryRun: true }));
    const payload = expectAccepted(await reorganize(steps, { effectiveOn: lastYear }));

    expect(payload.impact).toEqual(preview.impact);
    expect(kindsByUnit(payload)).toEqual({
      [east]: 'REOPENED',
      [west]: 'REOPENED',
      [eastRoom]: 'MOVED',
      [westRoom]: 'MOVED',
      [target.reshId]: 'WITHDRAWN',
    });
    expect(await readAncestors(world, eastRoom, worldDay)).toEqual([...homeAncestors, east]);
    expect(await readAncestors(world, westRoom, lastYear)).toEqual([...homeAncestors, west]);
    expect((await world.readUnit(east, worldDay))?.validity).toBe('2020-01-01/');
    expect((await readUnitSuccessions(world, east)).to).toEqual([]);
    expect(await world.readUnit(target.reshId, worldDay)).toBeNull();
  });

  it('transfers sites, identifiers and contact points, each step after the earlier ones', async () => {
    const { old, fresh } = await addUnits(world, {
      old: { name: 'Old', under: homeClinic },
      fresh: { name: 'New', under: homeClinic },
    });
    const operator = world.as('operator');
    await operator.connectTreatmentSite({ reshId: old, organizationNumber: numbers.site });
    await operator.setIdentifier({ reshId: old, system: 'urn:x:her', value: '4711' });

    const { warnings } = expectAccepted(
      await reorganize([
        { removeIdentifier: { unit: { reshId: old }, system: 'urn:x:her' } },
        { disconnectTreatmentSite: { unit: { reshId: old } } },
        { setIdentifier: { unit: { reshId: fresh }, system: ' urn:x:her', value: '4711' } },
        { connectTreatmentSite: { unit: { reshId: fresh }, organizationNumber: numbers.site } },
        { updateUnitCodes: { unit: { reshId: fresh }, add: [specialty('010')] } },
        { updateUnit: { unit: { reshId: fresh }, contactPoints: [{ type: 'EMAIL', value: 'new@example.org' }] } },
      ]),
    );

    expect(warnings).toEqual([]);
    expect(await world.readUnit(old, worldDay)).toMatchObject({ treatmentSite: null, identifiers: {} });
    expect(await world.readUnit(fresh, worldDay)).toMatchObject({
      treatmentSite: numbers.site,
      identifiers: { 'urn:x:her': '4711' },
      contactPoints: ['EMAIL new@example.org'],
    });
  });

  it('warns about an identifier that an earlier step has given to another unit', async () => {
    const { one, other } = await addUnits(world, {
      one: { name: 'One', under: homeClinic },
      other: { name: 'Other', under: homeClinic },
    });
    const identifier = { system: 'urn:x:twice', value: '1' };
    const { warnings } = expectAccepted(
      await reorganize([
        { setIdentifier: { unit: { reshId: one }, ...identifier } },
        { setIdentifier: { unit: { reshId: other }, ...identifier } },
      ]),
    );
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([
      ['DUPLICATE_IDENTIFIER', ['steps', '1', 'setIdentifier', 'value']],
    ]);
  });

  it('reopens the units that the same step has closed, and no others', async () => {
    const { wing, ward, bed, apart } = await addUnits(world, {
      wing: { name: 'Wing', under: homeClinic },
      ward: { name: 'Ward', under: 'wing' },
      bed: { name: 'Bed', under: 'ward' },
      apart: { name: 'Apart', under: 'wing' },
    });

    expectAccepted(
      await reorganize(
        [
          { closeUnit: { unit: { reshId: apart } } },
          { closeUnit: { unit: { reshId: wing }, withDescendants: true } },
          { reopenUnit: { unit: { reshId: wing }, withDescendants: true } },
        ],
        { effectiveOn: nextYear },
      ),
    );

    for (const reshId of [wing, ward, bed]) expect((await world.readUnit(reshId, nextYear))?.name).toBeDefined();
    expect(await world.readUnit(apart, nextYear)).toBeNull();
  });

  it('names what reopening and withdrawing cannot do, at the step', async () => {
    const { wing, ward } = await addUnits(world, {
      wing: { name: 'Wing', under: homeClinic },
      ward: { name: 'Ward', under: 'wing' },
    });
    expect(await reorganizeErrors([{ reopenUnit: { unit: { reshId: ward } } }])).toEqual([
      `ALREADY_VALID at steps.0.reopenUnit: Unit ${ward} "Ward" is already valid on 2026-11-23; ` +
        'there is nothing to reopen.',
    ]);
    expect(await reorganizeErrors([{ withdrawUnit: { unit: { reshId: wing } } }])).toEqual([
      `HAS_OPEN_CHILDREN at steps.0.withdrawUnit.unit: Unit ${wing} "Wing" has or had 1 unit under it: ` +
        `${ward} "Ward"; first withdraw it, or move it on all of its days.`,
    ]);
    expect(
      await reorganizeErrors([
        { createDepartment: { key: 'new', name: 'New', parent: { reshId: wing } } },
        { withdrawUnit: { unit: { reshId: ward } } },
        { withdrawUnit: { unit: { key: 'new' } } },
        { updateUnit: { unit: { reshId: ward }, name: 'X' } },
        { updateUnit: { unit: { key: 'new' }, name: 'X' } },
      ]),
    ).toEqual([
      `NOT_FOUND at steps.3.updateUnit.unit: An earlier step withdraws unit ${ward}; ` +
        'name another unit, or leave that step out.',
      'NOT_FOUND at steps.4.updateUnit.unit: An earlier step withdraws the unit with the key "new"; ' +
        'name another unit, or leave that step out.',
    ]);
  });

  it('withdraws a unit after its children, as two withdrawals would', async () => {
    const { wing, ward } = await addUnits(world, {
      wing: { name: 'Wing', under: homeClinic },
      ward: { name: 'Ward', under: 'wing' },
    });
    expectAccepted(
      await reorganize([{ withdrawUnit: { unit: { reshId: ward } } }, { withdrawUnit: { unit: { reshId: wing } } }]),
    );
    expect(await world.readUnit(wing, worldDay)).toBeNull();
  });

  it('requires the scope that each mutation requires', async () => {
    const { ward } = await addUnits(world, { ward: { name: 'Ward', under: homeClinic } });
    const unit = { reshId: ward };
    const steps: ReorganizeStepInput[] = [
      { withdrawUnit: { unit } },
      { reopenUnit: { unit } },
      { connectTreatmentSite: { unit, organizationNumber: numbers.site } },
      { disconnectTreatmentSite: { unit } },
      { setIdentifier: { unit, system: 'urn:x', value: '1' } },
      { removeIdentifier: { unit, system: 'urn:x' } },
    ];
    for (const step of steps) expect(expectDenied(await reorganize([step], {}, 'south'))).toEqual(['FORBIDDEN']);
  });
});
