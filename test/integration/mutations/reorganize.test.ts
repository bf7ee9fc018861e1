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
          { create: { key: 'new', name: 'New', parentReshId: homeClinic, shortName: 'N', designation: '05' } },
          { move: { reshId: westRoom, newParentKey: 'new' } },
          { update: { reshKey: 'new', name: 'Newer' } },
          { update: { reshId: eastRoom, shortName: 'E' } },
          { setCodes: { reshKey: 'new', add: [specialty('010')] } },
          { close: { reshId: old, successorKeys: ['new'] } },
          { merge: { sourceReshIds: [east, west], target: { key: 'both', name: 'Both', parentKey: 'new' } } },
          {
            split: {
              reshId: big,
              into: [
                { key: 'half', name: 'Half', childReshIds: [small] },
                { reshKey: 'both', childReshIds: [tall] },
              ],
            },
          },
          { move: { reshKey: 'half', newParentReshId: northTrust } },
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
      [createdReshId]: 'OPENED',
      [westRoom]: 'MOVED',
      [eastRoom]: 'RENAMED MOVED',
      [old]: 'CLOSED',
      [mergedReshId]: 'OPENED',
      [east]: 'CLOSED MERGED',
      [west]: 'CLOSED MERGED',
      [big]: 'CLOSED SPLIT',
      [small]: 'MOVED',
      [tall]: 'MOVED',
      [partReshId]: 'OPENED',
    });
    expect(payload.impact).toMatchObject({ unitCount: 11, pathCount: 0 });
    expect(payload.warnings.map(({ code, field }) => [code, field])).toEqual([
      ['NO_TREATMENT_SITE', ['steps', '4', 'setCodes', 'add']],
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
          { move: { reshId: east, newParentReshId: homeClinic } },
          { move: { reshId: westRoom, newParentReshId: east } },
          { move: { reshId: west, newParentReshId: eastRoom } },
          { merge: { sourceReshIds: [east], targetReshId: homeClinic } },
        ],
        'regional',
        { effectiveOn: lastYear },
      ),
    );

    expect(kindsByUnit(payload, lastYear)).toEqual({
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
      await reorganize([{ move: { reshId: eastRoom, newParentReshId: homeClinic } }, { close: { reshId: east } }]),
    );

    expect(await world.readUnit(east, worldDay)).toBeNull();
    expect(await readAncestors(world, eastRoom, worldDay)).toEqual(homeAncestors);
  });

  it('closes units moved under the closing unit by an earlier step', async () => {
    const { east, west, eastRoom, westRoom } = await addTwoWards(world);

    const payload = expectAccepted(
      await reorganize([
        { move: { reshId: west, newParentReshId: eastRoom } },
        { close: { reshId: east, withDescendants: true } },
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
          { move: { reshId: westRoom, newParentReshId: bed } },
          { move: { reshId: east, newParentReshId: siblingClinic } },
          { move: { reshId: eastRoom, newParentReshId: west } },
          { move: { reshId: west, newParentReshId: east } },
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
          { update: { reshId: numberOwner, organizationNumber: null } },
          { update: { reshId: otherOrganization, organizationNumber: numbers.unregistered } },
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
        { merge: { sourceReshIds: [east], targetReshId: west } },
        { close: { reshId: east, successorReshIds: [homeClinic] } },
      ]),
    );

    expect(impact?.grantsLost).toEqual([grantImpact('north-clinic', east)]);
    // The last statement about its successors on the day applies.
    expect((await readUnitSuccessions(world, east)).to).toEqual([
      `${east} > ${homeClinic} REPLACEMENT FULL ${worldDay}`,
    ]);
  });

  it('accepts 200 steps, the limit', async () => {
    const { east, west } = await addTwoWards(world);
    const steps = Array.from({ length: 100 }, (_, n): ReorganizeStepInput[] => [
      {
        create: {
          key: `k${n}`,
          name: `Unit ${n}`,
          ...(n % 10 === 0 ? { parentReshId: east } : { parentKey: `k${n - 1}` }),
        },
      },
      { move: { reshKey: `k${n}`, newParentReshId: west } },
    ]).flat();

    const { impact } = expectAccepted(await reorganize(steps));

    expect(impact).toMatchObject({ unitCount: 100 });

    const ids = await world.database.prisma.unitVersion.findMany({
      where: { parentReshId: west, supersededRev: null },
    });
    expect(ids).toHaveLength(101);
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
        { move: { reshId: west, newParentReshId: eastRoom } },
        { move: { reshId: east, newParentReshId: westRoom } },
      ]),
    ).toEqual([
      'CYCLE at steps.1.move.newParentReshId: ' +
        `Unit ${westRoom} "West room" is under unit ${east} "East" on ${worldDay}; name a unit outside it.`,
    ]);
    // Bunk moves under the bed, and the ward of the bed moves under West: no step names both.
    expect(
      await reorganizeErrors([
        { move: { reshId: bunk, newParentReshId: bed } },
        { move: { reshId: east, newParentReshId: west } },
        { move: { reshId: west, newParentReshId: bunk } },
      ]),
    ).toEqual([
      `CYCLE at steps.2.move.newParentReshId: Unit ${bunk} "Bunk" is under unit ${west} "West" on ${worldDay}; ` +
        'name a unit outside it.',
    ]);
    expect(await readAncestors(world, bunk, worldDay)).toEqual(homeAncestors);
  });

  it('name the earlier step that closed, opened or left the unit', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const notValidText = `is not valid on ${worldDay}`;

    expect(
      await reorganizeErrors([
        { merge: { sourceReshIds: [east], targetReshId: west } },
        { update: { reshId: east, name: 'Too late' } },
      ]),
    ).toEqual([
      `NOT_VALID_ON_DAY at steps.1.update: Unit ${east} "East" ${notValidText}; ` +
        `it is valid from 2020-01-01 to ${worldDay} (exclusive). Choose one of those days.`,
    ]);
    expect(
      await reorganizeErrors([
        { merge: { sourceReshIds: [east], targetReshId: west } },
        { create: { name: 'Too late', parentReshId: east } },
      ]),
    ).toEqual([
      'PARENT_CLOSED at steps.1.create.parentReshId: ' +
        `Unit ${east} "East" ${notValidText}, and the unit would be under it from ${worldDay} on; ` +
        'name a parent that is valid on all those days, or end the unit before that day.',
    ]);

    const [newUnitError = ''] = await reorganizeErrors([
      { create: { key: 'new', name: 'New', parentReshId: homeClinic } },
      { close: { reshKey: 'new' } },
    ]);
    expect(newUnitError).toMatch(
      /^BAD_PERIOD at steps\.1\.close: Unit \d+ "New" begins on 2026-11-23 and must stay valid/,
    );
    expect(
      await reorganizeErrors([
        { create: { key: 'new', name: 'New', parentReshId: east } },
        { close: { reshId: west } },
        { close: { reshId: east } },
      ]),
    ).toEqual([expect.stringMatching(/^HAS_OPEN_CHILDREN at steps\.1\.close\.reshId: /) as string]);
    expect(
      await reorganizeErrors([
        { create: { key: 'new', name: 'New', parentReshId: eastRoom } },
        { close: { reshId: east, withDescendants: true } },
      ]),
    ).toEqual([expect.stringMatching(/^BAD_PERIOD at steps\.1\.close: Unit \d+ "New" begins on 2026-11-23/) as string]);
  });

  it('refuse a number assigned by an earlier step', async () => {
    const trust = await world.organization('Trust', north);

    expect(
      await reorganizeErrors([
        { update: { reshId: siblingTrust, organizationNumber: numbers.site } },
        { update: { reshId: trust, organizationNumber: numbers.site } },
      ]),
    ).toEqual([
      'DUPLICATE_ORGANIZATION_NUMBER at steps.1.update.organizationNumber: ' +
        `Unit ${siblingTrust} "siblingTrust" has ${numbers.site} from ${worldDay} on; ` +
        'only one unit can have a number on a day. Correct the number, or remove it from that unit first.',
    ]);
  });

  it('refuse circular successions across an earlier step and the register', async () => {
    const { east, west } = await addTwoWards(world);
    const part = await world.department('Part', homeClinic);
    const splitStep = (reshId: number, into: number): ReorganizeStepInput => ({
      split: { reshId, into: [{ reshId: into }], keepSource: true },
    });
    expectAccepted(await reorganize([splitStep(west, part)], 'trust', { effectiveOn: '2022-01-01' }));

    expect(await reorganizeErrors([splitStep(east, west), splitStep(part, east)])).toEqual([
      `CYCLE at steps.1.split.into: Unit ${east} "East" cannot succeed unit ${part} "Part": ` +
        'it is that unit, or became it; name another.',
    ]);
  });

  it('have the path of the input field at any depth', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);

    expect(
      await reorganizeErrors([{ create: { name: ' ', parentReshId: homeClinic, codes: [specialty('030')] } }]),
    ).toEqual([
      'TEXT_INVALID at steps.0.create.name: "name" is empty; give a value.',
      'RETIRED_CODE at steps.0.create.codes.0.code: Code 8451:030 is retired and cannot be assigned; ' +
        'choose one that is in use.',
    ]);
    expect(await reorganizeErrors([{ move: { reshId: 999_999, newParentReshId: homeClinic } }])).toEqual([
      'NOT_FOUND at steps.0.move.reshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    expect(
      await reorganizeErrors([
        { update: { reshId: east, shortName: 'E' } },
        {
          split: {
            reshId: east,
            into: [
              { name: 'A', childReshIds: [eastRoom] },
              { reshId: west, codes: [{ codeSet: 1, code: '1' }] },
            ],
          },
        },
      ]),
    ).toEqual([
      'UNKNOWN_CODE at steps.1.split.into.1.codes.0.code: Code 1 is not in code set 1; ' +
        'choose one from codeSet(number: 1).',
    ]);
    expect(
      await reorganizeErrors([{ merge: { sourceReshIds: [east], target: { name: 'Both', parentReshId: 999_999 } } }]),
    ).toEqual([
      'NOT_FOUND at steps.0.merge.target.parentReshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    expect(await reorganizeErrors([{ merge: { targetReshId: west } }])).toEqual([
      'REQUIRED at steps.0.merge.sourceReshIds: Name at least one unit to merge.',
    ]);
    expect(await reorganizeErrors([{ setCodes: { reshId: east, end: [specialty('010')] } }])).toEqual([
      `NOT_FOUND at steps.0.setCodes.end.0: Unit ${east} "East" does not have code 8451:010 on ${worldDay}; ` +
        'leave it out.',
    ]);
  });

  it('abort all steps and skip the validation of later ones', async () => {
    const { east, eastRoom } = await addTwoWards(world);

    const userErrors = await expectNoWrites(world, () =>
      reorganizeErrors([
        { update: { reshId: east, name: 'Made' } },
        { close: { reshId: east } },
        { close: { reshId: 999_999 } },
      ]),
    );

    expect(userErrors).toEqual([
      `HAS_OPEN_CHILDREN at steps.1.close.reshId: Unit ${east} "Made" has 1 open child on ${worldDay} or later: ` +
        `${eastRoom} "East room"; close or move them first, or pass withDescendants.`,
    ]);
    expect(await world.readUnit(east, worldDay)).toMatchObject({ name: 'East' });
  });
});

describe('reorganize keys', () => {
  it('must be defined once by an earlier step', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const notFoundError = (path: string, key: string) =>
      `NOT_FOUND at ${path}: No earlier step gives a unit the key "${key}"; ` +
      'add the key to the step that creates the unit, or name a RESH-id.';
    const createStep = (key: string): ReorganizeStepInput => ({
      create: { key, name: 'New', parentReshId: homeClinic },
    });
    const duplicateKeyError = (path: string) =>
      `GIVEN_TWICE at ${path}: Key "k" already names another unit; choose another key.`;

    expect(await reorganizeErrors([{ move: { reshKey: 'x', newParentKey: 'y' } }])).toEqual([
      notFoundError('steps.0.move.reshKey', 'x'),
      notFoundError('steps.0.move.newParentKey', 'y'),
    ]);
    expect(await reorganizeErrors([{ move: { reshId: east, newParentKey: 'k' } }, createStep('k')])).toEqual([
      notFoundError('steps.0.move.newParentKey', 'k'),
    ]);
    expect(await reorganizeErrors([{ create: { name: 'New', parentKey: 'x' } }])).toEqual([
      notFoundError('steps.0.create.parentKey', 'x'),
    ]);
    expect(await reorganizeErrors([{ close: { reshId: west, successorKeys: ['x'] } }])).toContain(
      notFoundError('steps.0.close.successorKeys.0', 'x'),
    );
    expect(await reorganizeErrors([{ merge: { sourceReshIds: [east], sourceKeys: ['x'], targetKey: 'y' } }])).toEqual([
      notFoundError('steps.0.merge.sourceKeys.0', 'x'),
      notFoundError('steps.0.merge.targetKey', 'y'),
    ]);
    expect(
      await reorganizeErrors([{ merge: { sourceReshIds: [east], target: { name: 'Both', parentKey: 'x' } } }]),
    ).toEqual([notFoundError('steps.0.merge.target.parentKey', 'x')]);
    expect(
      await reorganizeErrors([
        {
          split: {
            reshId: east,
            into: [
              { name: 'A', childKeys: ['x'] },
              { reshKey: 'y', childReshIds: [eastRoom] },
            ],
          },
        },
      ]),
    ).toEqual([
      notFoundError('steps.0.split.into.0.childKeys.0', 'x'),
      notFoundError('steps.0.split.into.1.reshKey', 'y'),
    ]);

    expect(await reorganizeErrors([createStep('k'), createStep('k')])).toEqual([
      duplicateKeyError('steps.1.create.key'),
    ]);
    expect(
      await reorganizeErrors([
        createStep('k'),
        { merge: { sourceReshIds: [east], target: { key: 'k', name: 'Both', parentReshId: homeClinic } } },
      ]),
    ).toEqual([duplicateKeyError('steps.1.merge.target.key')]);
    expect(
      await reorganizeErrors([
        {
          split: {
            reshId: east,
            into: [
              { key: 'k', name: 'A', childReshIds: [eastRoom] },
              { key: 'k', name: 'B' },
            ],
          },
        },
      ]),
    ).toEqual([duplicateKeyError('steps.0.split.into.1.key')]);
  });

  it('name new units only, so that they never give access to existing ones', async () => {
    const { east } = await addTwoWards(world);

    expect(
      await reorganizeErrors([{ split: { reshId: east, into: [{ key: 'k', reshId: homeClinic }], keepSource: true } }]),
    ).toEqual([
      'NOT_ALLOWED at steps.0.split.into.0.key: Only a new unit can be given a key; ' +
        'leave "key" out for an existing unit.',
    ]);
  });

  it('replace RESH-ids: exactly one of the two is required', async () => {
    const { east, west } = await addTwoWards(world);
    const createStep: ReorganizeStepInput = { create: { key: 'k', name: 'New', parentReshId: homeClinic } };
    const ambiguousReferenceError = (path: string, reshId: string, key: string) =>
      `NOT_ALLOWED at ${path}: "${reshId}" and "${key}" exclude each other; give only one.`;
    const requiredError = (path: string, reshId: string, key: string) =>
      `REQUIRED at ${path}: Name the unit in "${reshId}" or "${key}".`;

    expect(
      await reorganizeErrors([
        createStep,
        { move: { reshId: east, reshKey: 'k', newParentReshId: west, newParentKey: 'k' } },
      ]),
    ).toEqual([
      ambiguousReferenceError('steps.1.move.reshKey', 'reshId', 'reshKey'),
      ambiguousReferenceError('steps.1.move.newParentKey', 'newParentReshId', 'newParentKey'),
    ]);
    expect(await reorganizeErrors([{ move: {} }])).toEqual([
      requiredError('steps.0.move.reshId', 'reshId', 'reshKey'),
      requiredError('steps.0.move.newParentReshId', 'newParentReshId', 'newParentKey'),
    ]);

    for (const step of ['update', 'close', 'setCodes'] as const) {
      expect(await reorganizeErrors([{ [step]: {} }])).toEqual([
        requiredError(`steps.0.${step}.reshId`, 'reshId', 'reshKey'),
      ]);
      expect(await reorganizeErrors([createStep, { [step]: { reshId: east, reshKey: 'k' } }])).toEqual([
        ambiguousReferenceError(`steps.1.${step}.reshKey`, 'reshId', 'reshKey'),
      ]);
    }
    expect(await reorganizeErrors([{ create: { name: 'New' } }])).toEqual([
      requiredError('steps.0.create.parentReshId', 'parentReshId', 'parentKey'),
    ]);
    expect(
      await reorganizeErrors([createStep, { create: { name: 'New', parentReshId: homeClinic, parentKey: 'k' } }]),
    ).toEqual([ambiguousReferenceError('steps.1.create.parentKey', 'parentReshId', 'parentKey')]);
    expect(await reorganizeErrors([{ split: { into: [{ name: 'A' }, { name: 'B' }] } }])).toEqual([
      requiredError('steps.0.split.reshId', 'reshId', 'reshKey'),
    ]);
    expect(
      await reorganizeErrors([
        createStep,
        { split: { reshId: east, into: [{ reshId: west, reshKey: 'k' }], keepSource: true } },
      ]),
    ).toEqual([ambiguousReferenceError('steps.1.split.into.0.reshKey', 'reshId', 'reshKey')]);
    expect(await reorganizeErrors([{ merge: { sourceReshIds: [east] } }])).toEqual([
      requiredError('steps.0.merge.targetReshId', 'targetReshId', 'targetKey'),
    ]);

    const target = { name: 'Both', parentReshId: homeClinic };
    expect(
      await reorganizeErrors([createStep, { merge: { sourceReshIds: [east], targetReshId: west, targetKey: 'k' } }]),
    ).toEqual([ambiguousReferenceError('steps.1.merge.targetKey', 'targetReshId', 'targetKey')]);
    expect(await reorganizeErrors([createStep, { merge: { sourceReshIds: [east], target, targetKey: 'k' } }])).toEqual([
      ambiguousReferenceError('steps.1.merge.target', 'targetKey', 'target'),
    ]);
    expect(await reorganizeErrors([{ merge: { sourceReshIds: [east], target, targetReshId: west } }])).toEqual([
      ambiguousReferenceError('steps.0.merge.target', 'targetReshId', 'target'),
    ]);
    expect(
      await reorganizeErrors([createStep, { merge: { sourceReshIds: [east], target: { ...target, parentKey: 'k' } } }]),
    ).toEqual([ambiguousReferenceError('steps.1.merge.target.parentKey', 'parentReshId', 'parentKey')]);
  });
});

describe('reorganize steps', () => {
  it('number between 1 and 200', async () => {
    const { east } = await addTwoWards(world);
    const steps = Array.from({ length: 201 }, (): ReorganizeStepInput => ({ update: { reshId: east, name: 'East' } }));

    expect(await reorganizeErrors([])).toEqual(['REQUIRED at steps: Give at least one step.']);
    expect(await reorganizeErrors(steps)).toEqual([
      'TOO_MANY at steps: 201 steps are given, but one change may have at most 200; make several changes.',
    ]);
    expect(expectAccepted(await reorganize(steps.slice(1))).warnings.map(({ code }) => code)).toEqual([
      'NOTHING_CHANGES',
    ]);
  });

  it('have exactly one field each', async () => {
    const client = createClient(world.database, { today: worldDay, as: subjects.operator });
    const sendStep = async (step: object) =>
      (
        await client.send({
          query: 'mutation Odd($input: ReorganizeInput!) { reorganize(input: $input) { change { revision } } }',
          variables: { input: { steps: [step] } },
        })
      ).errors?.map(({ message }) => message);

    const oneOfError = expect.stringContaining(
      'Exactly one key must be specified for OneOf type "ReorganizeStepInput"',
    ) as string;
    const nonNullError = expect.stringContaining('Field "close" must be non-null.') as string;

    expect(await sendStep({})).toEqual([oneOfError]);
    expect(await sendStep({ close: { reshId: 1 }, update: { reshId: 1 } })).toEqual([oneOfError]);
    expect(await sendStep({ close: { reshId: 1 }, update: null })).toEqual([oneOfError]);
    expect(await sendStep({ close: null })).toEqual([nonNullError]);
  });
});

describe('reorganize access', () => {
  it('requires scope for every step', async () => {
    const { east, west, eastRoom } = await addTwoWards(world);
    const ownStep: ReorganizeStepInput = { update: { reshId: east, shortName: 'E' } };
    const foreignSteps: Record<string, ReorganizeStepInput> = {
      move: { move: { reshId: east, newParentReshId: siblingClinic } },
      update: { update: { reshId: siblingClinic, shortName: 'S' } },
      number: { update: { reshId: northTrust, organizationNumber: null } },
      create: { create: { name: 'New', parentReshId: siblingClinic } },
      close: { close: { reshId: siblingClinic } },
      trust: { close: { reshId: northTrust, withDescendants: true } },
      merge: { merge: { sourceReshIds: [east], targetReshId: siblingClinic } },
      merging: { merge: { sourceReshIds: [siblingClinic], targetReshId: east } },
      target: { merge: { sourceReshIds: [east], target: { name: 'New', parentReshId: siblingClinic } } },
      split: { split: { reshId: siblingClinic, into: [{ name: 'A' }], keepSource: true } },
      part: { split: { reshId: east, into: [{ reshId: siblingClinic, childReshIds: [eastRoom] }], keepSource: true } },
      organization: { split: { reshId: east, into: [{ name: 'A', type: 'ORGANIZATION' }], keepSource: true } },
      codes: { setCodes: { reshId: siblingClinic, add: [specialty('010')] } },
    };

    await expectNoWrites(world, async () => {
      for (const [name, step] of Object.entries(foreignSteps)) {
        expect([name, expectDenied(await reorganize([ownStep, step]))]).toEqual([name, ['FORBIDDEN']]);
        expect([name, expectDenied(await reorganize([step, ownStep]))]).toEqual([name, ['FORBIDDEN']]);
      }
    });

    expectAccepted(await reorganize([ownStep, { merge: { sourceReshIds: [west], targetReshId: east } }]));
  });

  it('requires scope for a step that refers by key to a new unit', async () => {
    const { east } = await addTwoWards(world);
    const createStep: ReorganizeStepInput = { create: { key: 'k', name: 'New', parentReshId: homeClinic } };
    const outOfScopeSteps: ReorganizeStepInput[] = [
      { move: { reshKey: 'k', newParentReshId: siblingClinic } },
      { move: { reshId: siblingClinic, newParentKey: 'k' } },
      { split: { reshKey: 'k', into: [{ reshId: siblingClinic }], keepSource: true } },
      { split: { reshKey: 'k', into: [{ name: 'A', type: 'ORGANIZATION' }], keepSource: true } },
      { merge: { sourceReshIds: [siblingClinic], targetKey: 'k' } },
      { merge: { sourceKeys: ['k'], targetReshId: siblingClinic } },
      { update: { reshKey: 'k', designation: '61' } },
    ];
    for (const step of outOfScopeSteps)
      expect(expectDenied(await reorganize([createStep, step]))).toEqual(['FORBIDDEN']);

    expectAccepted(
      await reorganize([
        createStep,
        { move: { reshKey: 'k', newParentReshId: clinic } },
        { move: { reshId: east, newParentKey: 'k' } },
        { setCodes: { reshKey: 'k', add: [specialty('010')] } },
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
      { move: { reshId: east, newParentReshId: west } },
      { close: { reshId: west, withDescendants: true } },
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
    const codes: ReorganizeStepInput = { setCodes: { reshId: specialist, add: [specialty('010')] } };

    expectAccepted(await reorganize([{ update: { reshId: specialist, shortName: 'Dr' } }, codes], 'registrar'));
    expect(
      expectDenied(await reorganize([codes, { update: { reshId: homeClinic, shortName: 'H' } }], 'registrar')),
    ).toEqual(['FORBIDDEN']);
  });

  it('follows the tree: the new region can edit and the old one cannot', async () => {
    const trust = await world.organization('Traveller', north);
    const { ward } = await addUnits(world, { ward: { name: 'Ward', under: trust } });

    expect([await canEdit(world, 'regional', ward), await canEdit(world, 'south', ward)]).toEqual([true, false]);

    const { impact } = expectAccepted(
      await reorganize([{ move: { reshId: trust, newParentReshId: south } }], 'operator', { effectiveOn: yesterday }),
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
    expectAccepted(await reorganize([{ move: { reshId: ward, newParentReshId: southClinic } }], 'south'));

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
          { create: { key: 'new', name: 'New', parentReshId: west } },
          { move: { reshId: westRoom, newParentKey: 'new' } },
          { merge: { sourceReshIds: [west], targetReshId: east } },
        ],
      };
    },
    alterInput: ({ steps }) => ({ steps: steps.slice(1) }),
    readReshId: ({ steps }) => steps[1]?.move?.reshId ?? 0,
  });
});
