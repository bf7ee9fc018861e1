import { afterAll, describe, expect, it } from 'vitest';
import type { ReorganizeStepInput } from '../../../src/domain/plan/change-input.ts';
import {
  expectAccepted,
  expectDenied,
  formatUserErrors,
  kindsByUnit,
} from '../../support/mutations/change-assertions.ts';
import { grantImpact } from '../../support/builders/impact.ts';
import { administratorGrant, specialty } from '../../support/builders/mutation-inputs.ts';
import { addTwoWards, addUnits } from '../../support/world/add-units.ts';
import { canEdit, expectNoWrites, readAncestors } from '../../support/world/changing-world-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { readUnitSuccessions } from '../../support/world/unit-successions.ts';
import { createClient } from '../../support/http/client.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { numbers, subjects, units, worldDay } from '../../support/world/world.ts';

const { north, northTrust, clinic, siblingTrust, siblingClinic, south, southTrust, southClinic, specialist } = units;
const homeAncestors = [north, northTrust, homeClinic];
const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

type SubjectName = 'operator' | 'regional' | 'trust' | 'clinic' | 'south' | 'registrar';

function reorganize(steps: readonly ReorganizeStepInput[], subject: SubjectName = 'trust', options: object = {}) {
  return world.as(subject).reorganize({ steps, ...options });
}

async function reorganizeErrors(steps: readonly ReorganizeStepInput[], subject: SubjectName = 'operator') {
  return formatUserErrors(await reorganize(steps, subject));
}

describe('reorganize', () => {
  it('makes steps of every kind in one change', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);
    const { old, big, small, tall } = await addUnits(world, {
      old: { name: 'Old', under: homeClinic },
      big: { name: 'Big', under: homeClinic },
      small: { name: 'Small', under: 'big' },
      tall: { name: 'Tall', under: 'big' },
    });
    const before = await world.readNewestRevision();

    const payload = expectAccepted(
      await reorganize(
        [
          {
            createDepartment: {
              key: 'new',
              name: 'New',
              parent: { reshId: homeClinic },
              shortName: 'N',
              designation: '05',
            },
          },
          { moveUnit: { unit: { reshId: westRoom }, newParent: { key: 'new' } } },
          { updateUnit: { unit: { key: 'new' }, name: 'Newer' } },
          { updateUnit: { unit: { reshId: eastRoom }, shortName: 'E' } },
          { updateUnitCodes: { unit: { key: 'new' }, add: [specialty('010')] } },
          { closeUnit: { unit: { reshId: old }, successors: [{ key: 'new' }] } },
          {
            mergeUnits: {
              sources: [{ reshId: east }, { reshId: west }],
              newTarget: { key: 'both', name: 'Both', parent: { key: 'new' } },
            },
          },
          {
            splitUnit: {
              unit: { reshId: big },
              into: [
                { key: 'half', name: 'Half', children: [{ reshId: small }] },
                { unit: { key: 'both' }, children: [{ reshId: tall }] },
              ],
            },
          },
          { moveUnit: { unit: { key: 'half' }, newParent: { reshId: northTrust } } },
        ],
        'trust',
        { effectiveOn: nextYear, reason: 'All at once' },
      ),
    );

    expect(payload.change).toEqual({ revision: before + 1, effectiveOn: nextYear, operation: 'REORGANIZE' });
    expect(await world.readNewestRevision()).toBe(before + 1);

    const [createdReshId, mergedReshId, partReshId] = [tall + 1, tall + 2, tall + 3];
    expect(payload.units).toEqual([
      { reshId: createdReshId, name: 'Newer', seenOn: nextYear },
      { reshId: westRoom, name: 'West room', seenOn: nextYear },
      { reshId: eastRoom, name: 'East room', seenOn: nextYear },
      { reshId: old, name: 'Old', seenOn: '2027-11-22' },
      { reshId: mergedReshId, name: 'Both', seenOn: nextYear },
      { reshId: east, name: 'East', seenOn: '2027-11-22' },
      { reshId: west, name: 'West', seenOn: '2027-11-22' },
      { reshId: big, name: 'Big', seenOn: '2027-11-22' },
      { reshId: partReshId, name: 'Half', seenOn: nextYear },
    ]);
    expect(kindsByUnit(payload, nextYear)).toEqual({
      [createdReshId]: 'OPENED SUCCEEDED',
      [westRoom]: 'MOVED',
      [eastRoom]: 'RENAMED MOVED',
      [old]: 'CLOSED',
      [mergedReshId]: 'OPENED SUCCEEDED',
      [east]: 'CLOSED MERGED',
      [west]: 'CLOSED MERGED',
      [big]: 'CLOSED SPLIT',
      [small]: 'MOVED',
      [tall]: 'MOVED',
      [partReshId]: 'OPENED SUCCEEDED',
    });
    expect(payload.impact).toMatchObject({ unitCount: 11, pathCount: 0 });
    expect(payload.warnings.map(({ code, field }) => [code, field])).toEqual([
      ['NO_TREATMENT_SITE', ['steps', '4', 'updateUnitCodes', 'add']],
    ]);
    expect(await world.readUnit(createdReshId, nextYear)).toMatchObject({
      name: 'Newer',
      shortName: 'N',
      designation: '05',
      ancestors: homeAncestors,
      codes: { '8451:010': `${nextYear}/` },
    });
    expect(await readAncestors(world, eastRoom, nextYear)).toEqual([...homeAncestors, createdReshId, mergedReshId]);
    expect(await readAncestors(world, westRoom, nextYear)).toEqual([...homeAncestors, createdReshId]);
    expect(await readAncestors(world, small, nextYear)).toEqual([north, northTrust, partReshId]);
    expect(await readAncestors(world, tall, nextYear)).toEqual([...homeAncestors, createdReshId, mergedReshId]);
    expect(await readAncestors(world, tall, '2027-11-22')).toEqual([...homeAncestors, big]);
    expect(await readAncestors(world, tall, nextYear, before)).toEqual([...homeAncestors, big]);
    expect((await readUnitSuccessions(world, old)).to).toEqual([
      `${old} > ${createdReshId} REPLACEMENT FULL ${nextYear}`,
    ]);
    expect((await readUnitSuccessions(world, big)).to).toEqual([
      `${big} > ${mergedReshId} SPLIT PARTIAL ${nextYear}`,
      `${big} > ${partReshId} SPLIT PARTIAL ${nextYear}`,
    ]);
    expect((await readUnitSuccessions(world, mergedReshId)).from).toHaveLength(3);
  });

  it('merges units moved by an earlier step, with their children', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world, siblingClinic);

    const payload = expectAccepted(
      await reorganize(
        [
          { moveUnit: { unit: { reshId: east }, newParent: { reshId: homeClinic } } },
          { moveUnit: { unit: { reshId: westRoom }, newParent: { reshId: east } } },
          { moveUnit: { unit: { reshId: west }, newParent: { reshId: eastRoom } } },
          { mergeUnits: { sources: [{ reshId: east }], target: { reshId: homeClinic } } },
        ],
        'regional',
        { effectiveOn: lastYear },
      ),
    );

    expect(kindsByUnit(payload, lastYear)).toEqual({
      [homeClinic]: 'SUCCEEDED',
      [east]: 'CLOSED MERGED',
      [west]: 'MOVED',
      [eastRoom]: 'MOVED',
      [westRoom]: 'MOVED',
    });
    expect(await readAncestors(world, eastRoom, '2025-11-22')).toEqual([north, siblingTrust, siblingClinic, east]);
    expect(await readAncestors(world, eastRoom, lastYear)).toEqual(homeAncestors);
    expect(await readAncestors(world, westRoom, lastYear)).toEqual(homeAncestors);
    expect(await readAncestors(world, west, worldDay)).toEqual([...homeAncestors, eastRoom]);
  });

  it('moves a child out before its former parent closes', async () => {
    const { east, eastRoom } = await addTwoWards(world);

    expectAccepted(
      await reorganize([
        { moveUnit: { unit: { reshId: eastRoom }, newParent: { reshId: homeClinic } } },
        { closeUnit: { unit: { reshId: east } } },
      ]),
    );

    expect(await world.readUnit(east, worldDay)).toBeNull();
    expect(await readAncestors(world, eastRoom, worldDay)).toEqual(homeAncestors);
  });

  it('closes units moved under the closing unit by an earlier step', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);

    const payload = expectAccepted(
      await reorganize([
        { moveUnit: { unit: { reshId: west }, newParent: { reshId: eastRoom } } },
        { closeUnit: { unit: { reshId: east }, withDescendants: true } },
      ]),
    );

    expect(kindsByUnit(payload)).toEqual({
      [east]: 'CLOSED',
      [eastRoom]: 'CLOSED',
      [west]: 'CLOSED',
      [westRoom]: 'CLOSED',
    });
    expect(await world.readUnit(westRoom, yesterday)).toMatchObject({ ancestors: [...homeAncestors, west] });
  });

  it('computes final paths whatever the order in which units and their ancestors move', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);
    const { bed } = await addUnits(world, { bed: { name: 'Bed', under: eastRoom } });

    expectAccepted(
      await reorganize(
        [
          { moveUnit: { unit: { reshId: westRoom }, newParent: { reshId: bed } } },
          { moveUnit: { unit: { reshId: east }, newParent: { reshId: siblingClinic } } },
          { moveUnit: { unit: { reshId: eastRoom }, newParent: { reshId: west } } },
          { moveUnit: { unit: { reshId: west }, newParent: { reshId: east } } },
        ],
        'regional',
      ),
    );

    expect(await readAncestors(world, westRoom, worldDay)).toEqual([
      north,
      siblingTrust,
      siblingClinic,
      east,
      west,
      eastRoom,
      bed,
    ]);
  });

  it('transfers an organization number from one unit to another', async () => {
    const numberOwner = await world.organization('Taken', south, numbers.unregistered);
    const otherOrganization = await world.organization('Taker', south);

    expectAccepted(
      await reorganize(
        [
          { updateUnit: { unit: { reshId: numberOwner }, organizationNumber: null } },
          { updateUnit: { unit: { reshId: otherOrganization }, organizationNumber: numbers.unregistered } },
        ],
        'south',
      ),
    );

    expect(await world.readUnit(otherOrganization, worldDay)).toMatchObject({
      organizationNumber: numbers.unregistered,
    });
    expect(await world.readUnit(numberOwner, worldDay)).toMatchObject({ organizationNumber: null });
    expect(await world.readUnit(numberOwner, yesterday)).toMatchObject({ organizationNumber: numbers.unregistered });
  });

  it('ends a grant once when a unit closes twice', async () => {
    const { east, west } = await addTwoWards(world);
    expectAccepted(
      await world.as('operator').grantAccess(administratorGrant('north-clinic', east, { effectiveOn: '2021-01-01' })),
    );

    const { impact } = expectAccepted(
      await reorganize([
        { mergeUnits: { sources: [{ reshId: east }], target: { reshId: west } } },
        { closeUnit: { unit: { reshId: east }, successors: [{ reshId: homeClinic }] } },
      ]),
    );

    expect(impact?.grantsLost).toEqual([grantImpact('north-clinic', east)]);
    // The last statement about its successors on the day applies.
    expect((await readUnitSuccessions(world, east)).to).toEqual([
      `${east} > ${homeClinic} REPLACEMENT FULL ${worldDay}`,
    ]);
  });

  it('refuses a tree with too many levels', async () => {
    const steps = Array.from({ length: 1_000 }, (_, n): ReorganizeStepInput => ({
      createDepartment: {
        key: `level ${n}`,
        name: 'Level',
        parent: n === 0 ? { reshId: homeClinic } : { key: `level ${n - 1}` },
      },
    }));

    const { payload } = await reorganize(steps, 'operator', { dryRun: true });

    expect(payload?.userErrors).toEqual([
      { code: 'TOO_MANY', field: null, message: expect.stringContaining('200 levels') as string },
    ]);
  });

  it('accepts 1,000 steps, the limit', async () => {
    const { east, west } = await addTwoWards(world);
    const steps = Array.from({ length: 500 }, (_, n): ReorganizeStepInput[] => [
      {
        createDepartment: {
          key: `k${n}`,
          name: `Unit ${n}`,
          parent: n % 10 === 0 ? { reshId: east } : { key: `k${n - 1}` },
        },
      },
      { moveUnit: { unit: { key: `k${n}` }, newParent: { reshId: west } } },
    ]).flat();

    const { impact } = expectAccepted(await reorganize(steps));

    expect(impact).toMatchObject({ unitCount: 500 });

    const ids = await world.database.prisma.unitVersion.findMany({
      where: { parentReshId: west, supersededRev: null },
    });
    expect(ids).toHaveLength(501);
  });
});

describe('reorganize errors of a step', () => {
  it('refuse a cycle created by an earlier step, at any depth', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);
    const { bed, bunk } = await addUnits(world, {
      bed: { name: 'Bed', under: eastRoom },
      bunk: { name: 'Bunk', under: homeClinic },
    });

    expect(
      await reorganizeErrors([
        { moveUnit: { unit: { reshId: west }, newParent: { reshId: eastRoom } } },
        { moveUnit: { unit: { reshId: east }, newParent: { reshId: westRoom } } },
      ]),
    ).toEqual([
      'CYCLE at steps.1.moveUnit.newParent: ' +
        `Unit ${westRoom} "West room" is under unit ${east} "East" on ${worldDay}; name a unit outside it.`,
    ]);
    // Bunk moves under the bed, and the ward of the bed moves under West: no step names both.
    expect(
      await reorganizeErrors([
        { moveUnit: { unit: { reshId: bunk }, newParent: { reshId: bed } } },
        { moveUnit: { unit: { reshId: east }, newParent: { reshId: west } } },
        { moveUnit: { unit: { reshId: west }, newParent: { reshId: bunk } } },
      ]),
    ).toEqual([
      `CYCLE at steps.2.moveUnit.newParent: Unit ${bunk} "Bunk" is under unit ${west} "West" on ${worldDay}; ` +
        'name a unit outside it.',
    ]);
    expect(await readAncestors(world, bunk, worldDay)).toEqual(homeAncestors);
  });

  it('name the earlier step that closed, opened or left the unit', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const notValidText = `is not valid on ${worldDay}`;

    expect(
      await reorganizeErrors([
        { mergeUnits: { sources: [{ reshId: east }], target: { reshId: west } } },
        { updateUnit: { unit: { reshId: east }, name: 'Too late' } },
      ]),
    ).toEqual([
      `NOT_VALID_ON_DAY at steps.1.updateUnit: Unit ${east} "East" ${notValidText}; ` +
        `it is valid from 2020-01-01 to ${worldDay} (exclusive). Choose one of those days.`,
    ]);
    expect(
      await reorganizeErrors([
        { mergeUnits: { sources: [{ reshId: east }], target: { reshId: west } } },
        { createDepartment: { name: 'Too late', parent: { reshId: east } } },
      ]),
    ).toEqual([
      'PARENT_CLOSED at steps.1.createDepartment.parent: ' +
        `Unit ${east} "East" ${notValidText}, and the unit would be under it from ${worldDay} on; ` +
        'name a parent that is valid on all those days, or end the unit before that day.',
    ]);

    const [newUnitError = ''] = await reorganizeErrors([
      { createDepartment: { key: 'new', name: 'New', parent: { reshId: homeClinic } } },
      { closeUnit: { unit: { key: 'new' } } },
    ]);
    expect(newUnitError).toMatch(
      /^BAD_PERIOD at steps\.1\.closeUnit: Unit \d+ "New" begins on 2026-11-23 and must stay valid/,
    );
    expect(
      await reorganizeErrors([
        { createDepartment: { key: 'new', name: 'New', parent: { reshId: east } } },
        { closeUnit: { unit: { reshId: west } } },
        { closeUnit: { unit: { reshId: east } } },
      ]),
    ).toEqual([
      expect.stringMatching(
        /^HAS_OPEN_CHILDREN at steps\.1\.closeUnit\.unit: Unit \d+ "West" has 1 open child/,
      ) as string,
      expect.stringMatching(
        /^HAS_OPEN_CHILDREN at steps\.2\.closeUnit\.unit: Unit \d+ "East" has 2 open children/,
      ) as string,
    ]);
    expect(
      await reorganizeErrors([
        { createDepartment: { key: 'new', name: 'New', parent: { reshId: eastRoom } } },
        { closeUnit: { unit: { reshId: east }, withDescendants: true } },
      ]),
    ).toEqual([
      expect.stringMatching(/^BAD_PERIOD at steps\.1\.closeUnit: Unit \d+ "New" begins on 2026-11-23/) as string,
    ]);
  });

  it('refuse a number assigned by an earlier step', async () => {
    const trust = await world.organization('Trust', north);

    expect(
      await reorganizeErrors([
        { updateUnit: { unit: { reshId: siblingTrust }, organizationNumber: numbers.site } },
        { updateUnit: { unit: { reshId: trust }, organizationNumber: numbers.site } },
      ]),
    ).toEqual([
      'DUPLICATE_ORGANIZATION_NUMBER at steps.1.updateUnit.organizationNumber: ' +
        `Unit ${siblingTrust} "siblingTrust" has ${numbers.site} from ${worldDay} on; ` +
        'only one unit can have a number on a day. Correct the number, or remove it from that unit first.',
    ]);
  });

  it('refuse circular successions across an earlier step and the register', async () => {
    const { east, west } = await addTwoWards(world);
    const part = await world.department('Part', homeClinic);
    const splitStep = (reshId: number, into: number): ReorganizeStepInput => ({
      splitUnit: { unit: { reshId }, into: [{ unit: { reshId: into } }], keepSource: true },
    });
    expectAccepted(await reorganize([splitStep(west, part)], 'trust'));

    expect(await reorganizeErrors([splitStep(east, west), splitStep(part, east)])).toEqual([
      `CYCLE at steps.1.splitUnit.into.0: Unit ${east} "East" cannot succeed unit ${part} "Part": ` +
        'it is that unit, or becomes it on the same day; name another.',
    ]);
  });

  it('have the path of the input field at any depth', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);

    expect(
      await reorganizeErrors([
        { createDepartment: { name: ' ', parent: { reshId: homeClinic }, codes: [specialty('030')] } },
      ]),
    ).toEqual([
      'TEXT_INVALID at steps.0.createDepartment.name: "name" is empty; give a value.',
      'RETIRED_CODE at steps.0.createDepartment.codes.0.code: Code 8451:030 is retired and cannot be assigned; ' +
        'choose one that is in use.',
    ]);
    expect(
      await reorganizeErrors([{ moveUnit: { unit: { reshId: 999_999 }, newParent: { reshId: homeClinic } } }]),
    ).toEqual(['NOT_FOUND at steps.0.moveUnit.unit: Unit 999999 is not in the register; correct the RESH-id.']);
    expect(
      await reorganizeErrors([
        { updateUnit: { unit: { reshId: east }, shortName: 'E' } },
        {
          splitUnit: {
            unit: { reshId: east },
            into: [
              { name: 'A', children: [{ reshId: eastRoom }] },
              { unit: { reshId: west }, codes: [{ codeSet: 1, code: '1' }] },
            ],
          },
        },
      ]),
    ).toEqual([
      'UNKNOWN_CODE at steps.1.splitUnit.into.1.codes.0.code: Code 1 is not in code set 1; ' +
        'choose one from codeSet(number: 1).',
    ]);
    expect(
      await reorganizeErrors([
        { mergeUnits: { sources: [{ reshId: east }], newTarget: { name: 'Both', parent: { reshId: 999_999 } } } },
      ]),
    ).toEqual([
      'NOT_FOUND at steps.0.mergeUnits.newTarget.parent: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    const createWithKey = (key: string) => ({ createDepartment: { key, name: 'New', parent: { reshId: homeClinic } } });
    expect(await reorganizeErrors(['', ' ', 'k'.repeat(301)].map(createWithKey))).toEqual([
      'TEXT_INVALID at steps.0.createDepartment.key: "key" is empty; give a value.',
      'TEXT_INVALID at steps.1.createDepartment.key: "key" is empty; give a value.',
      'TEXT_INVALID at steps.2.createDepartment.key: "key" has 301 characters, but at most 300 are ' +
        'allowed; shorten it.',
    ]);
    expect(
      await reorganizeErrors([
        { mergeUnits: { sources: [{ reshId: east }, { reshId: east }], target: { reshId: west } } },
        {
          closeUnit: {
            unit: { reshId: west },
            withDescendants: true,
            successors: [{ reshId: homeClinic }, { reshId: homeClinic }],
          },
        },
      ]),
    ).toEqual([
      `DUPLICATE_VALUE at steps.0.mergeUnits.sources.1: Unit ${east} "East" is listed twice; keep one.`,
      `DUPLICATE_VALUE at steps.1.closeUnit.successors.1: Unit ${homeClinic} "secondClinic" is listed twice; keep one.`,
    ]);
    expect(await reorganizeErrors([{ mergeUnits: { sources: [], target: { reshId: west } } }])).toEqual([
      'REQUIRED at steps.0.mergeUnits.sources: Name at least one unit to merge.',
    ]);
    expect(await reorganizeErrors([{ updateUnitCodes: { unit: { reshId: east }, end: [specialty('010')] } }])).toEqual([
      `NOT_FOUND at steps.0.updateUnitCodes.end.0: Unit ${east} "East" does not have code 8451:010 on ${worldDay}; ` +
        'leave it out.',
    ]);
  });

  it('are reported for all steps, and nothing is written', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);

    const userErrors = await expectNoWrites(world, () =>
      reorganizeErrors([
        { updateUnit: { unit: { reshId: east }, name: 'Made' } },
        { closeUnit: { unit: { reshId: east } } },
        { moveUnit: { unit: { reshId: eastRoom }, newParent: { reshId: west } } },
        { closeUnit: { unit: { reshId: 999_999 } } },
        { createDepartment: { name: '', parent: { reshId: west }, codes: [specialty('030')] } },
        { updateUnitCodes: { unit: { reshId: west }, add: [{ codeSet: 8451, code: 'none' }] } },
      ]),
    );

    expect(userErrors).toEqual([
      `HAS_OPEN_CHILDREN at steps.1.closeUnit.unit: Unit ${east} "Made" has 1 open child on ${worldDay} or later: ` +
        `${eastRoom} "East room"; close or move it first, or pass withDescendants.`,
      'NOT_FOUND at steps.3.closeUnit.unit: Unit 999999 is not in the register; correct the RESH-id.',
      'TEXT_INVALID at steps.4.createDepartment.name: "name" is empty; give a value.',
      'RETIRED_CODE at steps.4.createDepartment.codes.0.code: Code 8451:030 is retired and cannot be assigned; ' +
        'choose one that is in use.',
      'UNKNOWN_CODE at steps.5.updateUnitCodes.add.0.code: Code none is not in code set 8451; ' +
        'choose one from codeSet(number: 8451).',
    ]);
    expect(await world.readUnit(east, worldDay)).toMatchObject({ name: 'East' });
  });

  it('are reported without those that an earlier failed step may have caused', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);
    const unknownUnit = 'Unit 999999 is not in the register; correct the RESH-id.';

    expect(
      await reorganizeErrors([
        { moveUnit: { unit: { reshId: eastRoom }, newParent: { reshId: 999_999 } } },
        { closeUnit: { unit: { reshId: east } } },
      ]),
      'a child that was to move before its parent closes',
    ).toEqual([`NOT_FOUND at steps.0.moveUnit.newParent: ${unknownUnit}`]);

    expect(
      await reorganizeErrors([
        { moveUnit: { unit: { reshId: eastRoom }, newParent: { reshId: 999_999 } } },
        {
          splitUnit: {
            unit: { reshId: west },
            into: [{ name: 'A', children: [{ reshId: eastRoom }] }],
            keepSource: true,
          },
        },
        { moveUnit: { unit: { reshId: east }, newParent: { reshId: eastRoom } } },
      ]),
      'a step that names the unit of the failed step',
    ).toEqual([`NOT_FOUND at steps.0.moveUnit.newParent: ${unknownUnit}`]);

    expect(
      await reorganizeErrors([
        { createDepartment: { key: 'new', name: ' ', parent: { reshId: homeClinic } } },
        { moveUnit: { unit: { reshId: westRoom }, newParent: { key: 'new' } } },
        { closeUnit: { unit: { reshId: west }, successors: [{ key: 'new' }] } },
        { closeUnit: { unit: { key: 'new' } } },
      ]),
      'steps that name the key of the unit that was not created',
    ).toEqual(['TEXT_INVALID at steps.0.createDepartment.name: "name" is empty; give a value.']);

    const number = nextOrganizationNumber();
    const trust = await world.organization('Numbered', north, number);
    expect(
      await reorganizeErrors([
        { updateUnit: { unit: { reshId: trust }, organizationNumber: null, name: '' } },
        { updateUnit: { unit: { reshId: siblingTrust }, organizationNumber: number } },
      ]),
      'a number that was to be free',
    ).toEqual(['TEXT_INVALID at steps.0.updateUnit.name: "name" is empty; give a value.']);

    expect(
      await reorganizeErrors([
        {
          mergeUnits: {
            sources: [{ reshId: east }],
            newTarget: { name: '', parent: { reshId: homeClinic }, key: 'm' },
          },
        },
        { closeUnit: { unit: { key: 'm' } } },
        { updateUnitCodes: { unit: { reshId: east }, end: [specialty('010')] } },
        { moveUnit: { unit: { reshId: eastRoom }, newParent: { reshId: west } } },
      ]),
      'units of a merge that failed after it closed its sources',
    ).toEqual(['TEXT_INVALID at steps.0.mergeUnits.newTarget.name: "name" is empty; give a value.']);
  });

  it('are reported for the rest of a step that depends on a failed one', async () => {
    const { east } = await addTwoWards(world);

    expect(
      await reorganizeErrors([
        { createDepartment: { key: 'new', name: ' ', parent: { reshId: homeClinic } } },
        { updateUnit: { unit: { key: 'new' }, name: '' } },
        { moveUnit: { unit: { reshId: 999_999 }, newParent: { key: 'new' } } },
        { createDepartment: { name: 'Under it', parent: { key: 'new' }, codes: [specialty('030')] } },
        { updateUnit: { unit: { reshId: east }, organizationNumber: '123456789' } },
      ]),
    ).toEqual([
      'TEXT_INVALID at steps.0.createDepartment.name: "name" is empty; give a value.',
      'TEXT_INVALID at steps.1.updateUnit.name: "name" is empty; give a value.',
      'NOT_FOUND at steps.2.moveUnit.unit: Unit 999999 is not in the register; correct the RESH-id.',
      'RETIRED_CODE at steps.3.createDepartment.codes.0.code: Code 8451:030 is retired and cannot be assigned; ' +
        'choose one that is in use.',
      expect.stringMatching(/^BAD_CHECK_DIGIT at steps\.4\.updateUnit\.organizationNumber: /) as string,
    ]);
  });

  it('of a wrong text do not hide those of another step about the unit', async () => {
    const { east, eastRoom } = await addTwoWards(world);

    expect(
      await reorganizeErrors([
        { updateUnit: { unit: { reshId: east }, name: '' } },
        { moveUnit: { unit: { reshId: east }, newParent: { reshId: eastRoom } } },
      ]),
    ).toEqual([
      'TEXT_INVALID at steps.0.updateUnit.name: "name" is empty; give a value.',
      expect.stringMatching(/^CYCLE at steps\.1\.moveUnit\.newParent: /) as string,
    ]);
  });
});

describe('reorganize keys', () => {
  it('must be defined once by an earlier step', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const notFoundError = (path: string, key: string) =>
      `NOT_FOUND at ${path}: No earlier step gives a unit the key "${key}"; ` +
      'add the key to the step that creates the unit, or name a RESH-id.';
    const createStep = (key: string): ReorganizeStepInput => ({
      createDepartment: { key, name: 'New', parent: { reshId: homeClinic } },
    });
    const duplicateKeyError = (path: string) =>
      `DUPLICATE_VALUE at ${path}: Key "k" already names another unit; choose another key.`;

    expect(await reorganizeErrors([{ moveUnit: { unit: { key: 'x' }, newParent: { key: 'y' } } }])).toEqual([
      notFoundError('steps.0.moveUnit.unit', 'x'),
      notFoundError('steps.0.moveUnit.newParent', 'y'),
    ]);
    expect(
      await reorganizeErrors([{ moveUnit: { unit: { reshId: east }, newParent: { key: 'k' } } }, createStep('k')]),
    ).toEqual([notFoundError('steps.0.moveUnit.newParent', 'k')]);
    expect(await reorganizeErrors([{ createDepartment: { name: 'New', parent: { key: 'x' } } }])).toEqual([
      notFoundError('steps.0.createDepartment.parent', 'x'),
    ]);
    expect(await reorganizeErrors([{ closeUnit: { unit: { reshId: west }, successors: [{ key: 'x' }] } }])).toContain(
      notFoundError('steps.0.closeUnit.successors.0', 'x'),
    );
    expect(
      await reorganizeErrors([{ mergeUnits: { sources: [{ reshId: east }, { key: 'x' }], target: { key: 'y' } } }]),
    ).toEqual([notFoundError('steps.0.mergeUnits.sources.1', 'x'), notFoundError('steps.0.mergeUnits.target', 'y')]);
    expect(
      await reorganizeErrors([
        { mergeUnits: { sources: [{ reshId: east }], newTarget: { name: 'Both', parent: { key: 'x' } } } },
      ]),
    ).toEqual([notFoundError('steps.0.mergeUnits.newTarget.parent', 'x')]);
    expect(
      await reorganizeErrors([
        {
          splitUnit: {
            unit: { reshId: east },
            into: [
              { name: 'A', children: [{ key: 'x' }] },
              { unit: { key: 'y' }, children: [{ reshId: eastRoom }] },
            ],
          },
        },
      ]),
    ).toEqual([
      notFoundError('steps.0.splitUnit.into.0.children.0', 'x'),
      notFoundError('steps.0.splitUnit.into.1.unit', 'y'),
    ]);

    expect(await reorganizeErrors([createStep('k'), createStep('k')])).toEqual([
      duplicateKeyError('steps.1.createDepartment.key'),
    ]);
    expect(
      await reorganizeErrors([
        createStep('k'),
        {
          mergeUnits: {
            sources: [{ reshId: east }],
            newTarget: { key: 'k', name: 'Both', parent: { reshId: homeClinic } },
          },
        },
      ]),
    ).toEqual([duplicateKeyError('steps.1.mergeUnits.newTarget.key')]);
    expect(
      await reorganizeErrors([
        {
          splitUnit: {
            unit: { reshId: east },
            into: [
              { key: 'k', name: 'A', children: [{ reshId: eastRoom }] },
              { key: 'k', name: 'B' },
            ],
          },
        },
      ]),
    ).toEqual([duplicateKeyError('steps.0.splitUnit.into.1.key')]);
  });

  it('name new units only, so that they never give access to existing ones', async () => {
    const { east } = await addTwoWards(world);

    expect(
      await reorganizeErrors([
        { splitUnit: { unit: { reshId: east }, into: [{ key: 'k', unit: { reshId: homeClinic } }], keepSource: true } },
      ]),
    ).toEqual([
      'NOT_ALLOWED at steps.0.splitUnit.into.0.key: Only a new unit can be given a key; ' +
        'leave "key" out for an existing unit.',
    ]);
  });

  it('are declared once, by the first step that does so', async () => {
    expect(
      await reorganizeErrors([
        { createDepartment: { key: 'k', name: '', parent: { reshId: homeClinic } } },
        { createDepartment: { key: 'k', name: 'New', parent: { reshId: homeClinic } } },
      ]),
    ).toEqual([
      'TEXT_INVALID at steps.0.createDepartment.name: "name" is empty; give a value.',
      'DUPLICATE_VALUE at steps.1.createDepartment.key: Key "k" already names another unit; choose another key.',
    ]);
  });
});

describe('reorganize targets', () => {
  it('of a merge are an existing unit or a new one', async () => {
    const { east, west } = await addTwoWards(world);
    const newTarget = { name: 'Both', parent: { reshId: homeClinic } };

    expect(await reorganizeErrors([{ mergeUnits: { sources: [{ reshId: east }] } }])).toEqual([
      'REQUIRED at steps.0.mergeUnits.target: Name what the units become: an existing unit in "target", ' +
        'or a new one in "newTarget".',
    ]);
    expect(
      await reorganizeErrors([{ mergeUnits: { sources: [{ reshId: east }], newTarget, target: { reshId: west } } }]),
    ).toEqual([
      'NOT_ALLOWED at steps.0.mergeUnits.newTarget: "target" and "newTarget" exclude each other; give only one.',
    ]);
  });

  it('of a move must be given: null makes a root', async () => {
    const { east } = await addTwoWards(world);

    expect(await reorganizeErrors([{ moveUnit: { unit: { reshId: east } } }])).toEqual([
      'REQUIRED at steps.0.moveUnit.newParent: "newParent" is missing: name the new parent, ' +
        'or pass null to make an organization a root.',
    ]);
    expect(await reorganizeErrors([{ moveUnit: { unit: { reshId: east }, newParent: null } }])).toEqual([
      expect.stringMatching(/^WRONG_PARENT_TYPE at steps\.0\.moveUnit\.newParent: /) as string,
    ]);
  });
});

describe('reorganize steps', () => {
  it('number between 1 and 1,000', async () => {
    const { east } = await addTwoWards(world);
    const steps = Array.from({ length: 1_001 }, (): ReorganizeStepInput => ({
      updateUnit: { unit: { reshId: east }, name: 'East' },
    }));

    expect(await reorganizeErrors([])).toEqual(['REQUIRED at steps: Give at least one step.']);
    expect(await reorganizeErrors(steps)).toEqual([
      'TOO_MANY at steps: 1001 steps are given, but one change may have at most 1000; make several changes.',
    ]);
    expect(expectAccepted(await reorganize(steps.slice(1))).warnings.map(({ code }) => code)).toEqual(['NO_CHANGES']);
  });

  it('have exactly one field each, and so do references to units', async () => {
    const client = createClient(world.database, { today: worldDay, as: subjects.operator });
    const sendStep = async (step: object) =>
      (
        await client.send({
          query: 'mutation Odd($input: ReorganizeInput!) { reorganize(input: $input) { change { revision } } }',
          variables: { input: { steps: [step] } },
        })
      ).errors?.map(({ message }) => message);

    const referenceError = expect.stringContaining(
      'Exactly one key must be specified for OneOf type "UnitRefInput"',
    ) as string;
    const oneOfError = expect.stringContaining(
      'Exactly one key must be specified for OneOf type "ReorganizeStepInput"',
    ) as string;
    const nonNullError = expect.stringContaining('Field "closeUnit" must be non-null.') as string;

    expect(await sendStep({})).toEqual([oneOfError]);
    expect(await sendStep({ closeUnit: { unit: { reshId: 1 } }, updateUnit: { unit: { reshId: 1 } } })).toEqual([
      oneOfError,
    ]);
    expect(await sendStep({ closeUnit: { unit: { reshId: 1 } }, updateUnit: null })).toEqual([oneOfError]);
    expect(await sendStep({ closeUnit: null })).toEqual([nonNullError]);
    expect(await sendStep({ closeUnit: { unit: {} } })).toEqual([referenceError]);
    expect(await sendStep({ closeUnit: { unit: { reshId: 1, key: 'k' } } })).toEqual([referenceError]);
  });
});

describe('reorganize access', () => {
  it('requires scope for every step', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const ownStep: ReorganizeStepInput = { updateUnit: { unit: { reshId: east }, shortName: 'E' } };
    const foreignSteps: Record<string, ReorganizeStepInput> = {
      move: { moveUnit: { unit: { reshId: east }, newParent: { reshId: siblingClinic } } },
      update: { updateUnit: { unit: { reshId: siblingClinic }, shortName: 'S' } },
      number: { updateUnit: { unit: { reshId: northTrust }, organizationNumber: null } },
      create: { createDepartment: { name: 'New', parent: { reshId: siblingClinic } } },
      close: { closeUnit: { unit: { reshId: siblingClinic } } },
      trust: { closeUnit: { unit: { reshId: northTrust }, withDescendants: true } },
      merge: { mergeUnits: { sources: [{ reshId: east }], target: { reshId: siblingClinic } } },
      merging: { mergeUnits: { sources: [{ reshId: siblingClinic }], target: { reshId: east } } },
      target: {
        mergeUnits: { sources: [{ reshId: east }], newTarget: { name: 'New', parent: { reshId: siblingClinic } } },
      },
      split: { splitUnit: { unit: { reshId: siblingClinic }, into: [{ name: 'A' }], keepSource: true } },
      part: {
        splitUnit: {
          unit: { reshId: east },
          into: [{ unit: { reshId: siblingClinic }, children: [{ reshId: eastRoom }] }],
          keepSource: true,
        },
      },
      organization: {
        splitUnit: { unit: { reshId: east }, into: [{ name: 'A', type: 'ORGANIZATION' }], keepSource: true },
      },
      codes: { updateUnitCodes: { unit: { reshId: siblingClinic }, add: [specialty('010')] } },
    };

    await expectNoWrites(world, async () => {
      for (const [name, step] of Object.entries(foreignSteps)) {
        expect([name, expectDenied(await reorganize([ownStep, step]))]).toEqual([name, ['FORBIDDEN']]);
        expect([name, expectDenied(await reorganize([step, ownStep]))]).toEqual([name, ['FORBIDDEN']]);
      }
    });

    expectAccepted(
      await reorganize([ownStep, { mergeUnits: { sources: [{ reshId: west }], target: { reshId: east } } }]),
    );
  });

  it('requires scope for a step that refers by key to a new unit', async () => {
    const { east } = await addTwoWards(world);
    const createStep: ReorganizeStepInput = {
      createDepartment: { key: 'k', name: 'New', parent: { reshId: homeClinic } },
    };
    const outOfScopeSteps: ReorganizeStepInput[] = [
      { moveUnit: { unit: { key: 'k' }, newParent: { reshId: siblingClinic } } },
      { moveUnit: { unit: { reshId: siblingClinic }, newParent: { key: 'k' } } },
      { splitUnit: { unit: { key: 'k' }, into: [{ unit: { reshId: siblingClinic } }], keepSource: true } },
      { splitUnit: { unit: { key: 'k' }, into: [{ name: 'A', type: 'ORGANIZATION' }], keepSource: true } },
      { mergeUnits: { sources: [{ reshId: siblingClinic }], target: { key: 'k' } } },
      { mergeUnits: { sources: [{ key: 'k' }], target: { reshId: siblingClinic } } },
      { updateUnit: { unit: { key: 'k' }, designation: '61' } },
    ];
    for (const step of outOfScopeSteps)
      expect(expectDenied(await reorganize([createStep, step]))).toEqual(['FORBIDDEN']);

    expectAccepted(
      await reorganize([
        createStep,
        { moveUnit: { unit: { key: 'k' }, newParent: { reshId: clinic } } },
        { moveUnit: { unit: { reshId: east }, newParent: { key: 'k' } } },
        { updateUnitCodes: { unit: { key: 'k' }, add: [specialty('010')] } },
      ]),
    );
    expect(await canEdit(world, 'clinic', east)).toBe(true);
  });

  it('requires scope over descendants that an earlier step moved there', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);
    const { visitor } = await addUnits(world, { visitor: { name: 'Visitor', under: siblingClinic } });
    expectAccepted(
      await world.as('operator').moveUnit({ reshId: visitor, newParentReshId: east, effectiveOn: nextYear }),
    );
    const steps: ReorganizeStepInput[] = [
      { moveUnit: { unit: { reshId: east }, newParent: { reshId: west } } },
      { closeUnit: { unit: { reshId: west }, withDescendants: true } },
    ];

    // The visitor is in another trust today, so this trust could not close it either.
    const { payload, errors } = await reorganize(steps, 'trust', { effectiveOn: nextYear });
    expect([payload, errors.map(({ message }) => message)]).toEqual([
      null,
      [
        `You may not reorganize these units: for unit ${visitor} "Visitor", you need access to unit ` +
          `${siblingClinic} "siblingClinic" or a unit above it. ` +
          'Ask Name of north-region (north-region@example.org).',
      ],
    ]);

    const closedPayload = expectAccepted(await reorganize(steps, 'regional', { effectiveOn: nextYear, dryRun: true }));
    expect(Object.keys(kindsByUnit(closedPayload)).map(Number)).toEqual([east, west, eastRoom, westRoom, visitor]);
  });

  it('lets the registrar of contract specialists change only them', async () => {
    const codes: ReorganizeStepInput = { updateUnitCodes: { unit: { reshId: specialist }, add: [specialty('010')] } };

    expectAccepted(
      await reorganize([{ updateUnit: { unit: { reshId: specialist }, shortName: 'Dr' } }, codes], 'registrar'),
    );
    expect(
      expectDenied(
        await reorganize([codes, { updateUnit: { unit: { reshId: homeClinic }, shortName: 'H' } }], 'registrar'),
      ),
    ).toEqual(['FORBIDDEN']);
  });

  it('follows the tree: the new region can edit and the old one cannot', async () => {
    const trust = await world.organization('Traveller', north);
    const { ward } = await addUnits(world, { ward: { name: 'Ward', under: trust } });

    expect([await canEdit(world, 'regional', ward), await canEdit(world, 'south', ward)]).toEqual([true, false]);

    const { impact } = expectAccepted(
      await reorganize([{ moveUnit: { unit: { reshId: trust }, newParent: { reshId: south } } }], 'operator', {
        effectiveOn: yesterday,
      }),
    );

    expect(impact).toMatchObject({
      grantsGained: [{ administrator: { subject: 'south-region' }, unit: { reshId: south } }],
      grantsLost: [{ administrator: { subject: 'north-region' }, unit: { reshId: north } }],
    });
    expect([await canEdit(world, 'regional', ward), await canEdit(world, 'south', ward)]).toEqual([false, true]);
    expect(expectDenied(await world.as('regional').updateUnit({ reshId: ward, shortName: 'W' }))).toEqual([
      'FORBIDDEN',
    ]);

    expectAccepted(await world.as('south').updateUnit({ reshId: ward, shortName: 'W' }));
    expectAccepted(
      await reorganize([{ moveUnit: { unit: { reshId: ward }, newParent: { reshId: southClinic } } }], 'south'),
    );

    expect(await readAncestors(world, ward, worldDay)).toEqual([south, southTrust, southClinic]);
  });
});

describe('every reorganization', () => {
  testMutationLaws({
    world,
    name: 'reorganize',
    createInput: async (parent) => {
      const { east, west, westRoom } = await addTwoWards(world, parent);
      return {
        steps: [
          { createDepartment: { key: 'new', name: 'New', parent: { reshId: west } } },
          { moveUnit: { unit: { reshId: westRoom }, newParent: { key: 'new' } } },
          { mergeUnits: { sources: [{ reshId: west }], target: { reshId: east } } },
        ],
      };
    },
    alterInput: ({ steps }) => ({ steps: steps.slice(1) }),
    readReshId: ({ steps }) => steps[1]?.moveUnit?.unit.reshId ?? 0,
  });
});
