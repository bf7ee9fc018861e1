import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReorganizeStepInput } from '../../src/domain/plan/change-input.ts';
import {
  home,
  lastYear,
  made,
  nextYear,
  openChangingWorld,
  yesterday,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { createClient } from '../support/client.ts';
import { keepsTheLawsOfChanges } from '../support/laws-of-changes.ts';
import {
  addUnits,
  became,
  complaints,
  kindsOf,
  mayEdit,
  refusedAs,
  twoWards,
  writesNothing,
} from '../support/reorganizing.ts';
import { numbers, subjects, units, worldDay } from '../support/world.ts';

const { north, northTrust, clinic, siblingTrust, siblingClinic, south, southTrust, southClinic, specialist } = units;
const aboveHome = [north, northTrust, home];
let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(async () => {
  expect(await world.violations()).toEqual([]);
  await world.close();
});

const above = async (reshId: number, day: string, revision?: number) =>
  (await world.seen(reshId, day, revision))?.above;
const wards = (under?: number) => twoWards(world, under);
type Who = 'operator' | 'regional' | 'trust' | 'clinic' | 'south' | 'registrar';
const reorganize = (steps: readonly ReorganizeStepInput[], who: Who = 'trust', more: object = {}) =>
  world.as(who).reorganize({ steps, ...more });
const refused = async (steps: readonly ReorganizeStepInput[], who: Who = 'operator') =>
  complaints(await reorganize(steps, who));

describe('reorganizing', () => {
  it('makes steps of every kind as one change', async () => {
    const { east, west, eastRoom, westRoom } = await wards();
    const { old, big, small, tall } = await addUnits(world, {
      old: { name: 'Old', under: home },
      big: { name: 'Big', under: home },
      small: { name: 'Small', under: 'big' },
      tall: { name: 'Tall', under: 'big' },
    });
    const before = await world.newest();

    const payload = made(
      await reorganize(
        [
          { create: { key: 'new', name: 'New', parentReshId: home, shortName: 'N', designation: '05' } },
          { move: { reshId: westRoom, newParentKey: 'new' } },
          { update: { reshKey: 'new', name: 'Newer' } },
          { update: { reshId: eastRoom, shortName: 'E' } },
          { setCodes: { reshKey: 'new', add: [{ codeSet: 8451, code: '010' }] } },
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
    expect(await world.newest()).toBe(before + 1);
    const [neu, both, half] = [tall + 1, tall + 2, tall + 3];
    expect(payload.units).toEqual([
      { reshId: neu, name: 'Newer', seenOn: nextYear },
      { reshId: westRoom, name: 'West room', seenOn: nextYear },
      { reshId: eastRoom, name: 'East room', seenOn: nextYear },
      { reshId: old, name: 'Old', seenOn: '2027-11-22' },
      { reshId: both, name: 'Both', seenOn: nextYear },
      { reshId: east, name: 'East', seenOn: '2027-11-22' },
      { reshId: west, name: 'West', seenOn: '2027-11-22' },
      { reshId: big, name: 'Big', seenOn: '2027-11-22' },
      { reshId: half, name: 'Half', seenOn: nextYear },
    ]);
    expect(kindsOf(payload, nextYear)).toEqual({
      [neu]: 'OPENED',
      [westRoom]: 'MOVED',
      [eastRoom]: 'RENAMED MOVED',
      [old]: 'CLOSED',
      [both]: 'OPENED',
      [east]: 'CLOSED MERGED',
      [west]: 'CLOSED MERGED',
      [big]: 'CLOSED SPLIT',
      [small]: 'MOVED',
      [tall]: 'MOVED',
      [half]: 'OPENED',
    });
    expect(payload.impact).toMatchObject({ unitCount: 11, pathCount: 0 });
    expect(payload.warnings.map(({ code, field }) => [code, field])).toEqual([
      ['NO_TREATMENT_SITE', ['steps', '4', 'setCodes', 'add']],
    ]);
    expect(await world.seen(neu, nextYear)).toMatchObject({
      ...{ name: 'Newer', shortName: 'N', designation: '05', above: aboveHome },
      codes: { '8451:010': `${nextYear}/` },
    });
    expect(await above(eastRoom, nextYear)).toEqual([...aboveHome, neu, both]);
    expect(await above(westRoom, nextYear)).toEqual([...aboveHome, neu]);
    expect(await above(small, nextYear)).toEqual([north, northTrust, half]);
    expect(await above(tall, nextYear)).toEqual([...aboveHome, neu, both]);
    expect(await above(tall, '2027-11-22')).toEqual([...aboveHome, big]);
    expect(await above(tall, nextYear, before)).toEqual([...aboveHome, big]);
    expect((await became(world, old)).to).toEqual([`${old} > ${neu} REPLACEMENT FULL ${nextYear}`]);
    expect((await became(world, big)).to).toEqual([
      `${big} > ${both} SPLIT PARTIAL ${nextYear}`,
      `${big} > ${half} SPLIT PARTIAL ${nextYear}`,
    ]);
    expect((await became(world, both)).from).toHaveLength(3);
  });

  it('merges units that an earlier step moved, with what it moved', async () => {
    const { east, west, eastRoom, westRoom } = await wards(siblingClinic);

    const payload = made(
      await reorganize(
        [
          { move: { reshId: east, newParentReshId: home } },
          { move: { reshId: westRoom, newParentReshId: east } },
          { move: { reshId: west, newParentReshId: eastRoom } },
          { merge: { sourceReshIds: [east], targetReshId: home } },
        ],
        'regional',
        { effectiveOn: lastYear },
      ),
    );

    expect(kindsOf(payload, lastYear)).toEqual({
      [east]: 'CLOSED MERGED',
      [west]: 'MOVED',
      [eastRoom]: 'MOVED',
      [westRoom]: 'MOVED',
    });
    expect(await above(eastRoom, '2025-11-22')).toEqual([north, siblingTrust, siblingClinic, east]);
    expect(await above(eastRoom, lastYear)).toEqual(aboveHome);
    expect(await above(westRoom, lastYear)).toEqual(aboveHome);
    expect(await above(west, worldDay)).toEqual([...aboveHome, eastRoom]);
  });

  it('takes apart and puts together: what one step moved out is no child of what the next closes', async () => {
    const { east, eastRoom } = await wards();

    made(await reorganize([{ move: { reshId: eastRoom, newParentReshId: home } }, { close: { reshId: east } }]));

    expect(await world.seen(east, worldDay)).toBeNull();
    expect(await above(eastRoom, worldDay)).toEqual(aboveHome);
  });

  it('closes with a unit what an earlier step put beneath it', async () => {
    const { east, west, eastRoom, westRoom } = await wards();

    const payload = made(
      await reorganize([
        { move: { reshId: west, newParentReshId: eastRoom } },
        { close: { reshId: east, withDescendants: true } },
      ]),
    );

    expect(kindsOf(payload)).toEqual({
      [east]: 'CLOSED',
      [eastRoom]: 'CLOSED',
      [west]: 'CLOSED',
      [westRoom]: 'CLOSED',
    });
    expect(await world.seen(westRoom, yesterday)).toMatchObject({ above: [...aboveHome, west] });
  });

  it('gives the paths that hold in the end, in whatever order units and what stands above them move', async () => {
    const { east, west, eastRoom, westRoom } = await wards();
    const { bed } = await addUnits(world, { bed: { name: 'Bed', under: eastRoom } });

    made(
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

    expect(await above(westRoom, worldDay)).toEqual([north, siblingTrust, siblingClinic, east, west, eastRoom, bed]);
  });

  it('lets a number go from one unit to another', async () => {
    const taken = await world.organization('Taken', south, numbers.free);
    const taker = await world.organization('Taker', south);

    made(
      await reorganize(
        [
          { update: { reshId: taken, organizationNumber: null } },
          { update: { reshId: taker, organizationNumber: numbers.free } },
        ],
        'south',
      ),
    );

    expect(await world.seen(taker, worldDay)).toMatchObject({ organizationNumber: numbers.free });
    expect(await world.seen(taken, worldDay)).toMatchObject({ organizationNumber: null });
    expect(await world.seen(taken, yesterday)).toMatchObject({ organizationNumber: numbers.free });
  });

  it('ends a grant once where a unit closes twice', async () => {
    const { east, west } = await wards();
    made(
      await world
        .as('operator')
        .grantAccess({ subject: 'north-clinic', role: 'ADMINISTRATOR', reshId: east, effectiveOn: '2021-01-01' }),
    );

    const { impact } = made(
      await reorganize([
        { merge: { sourceReshIds: [east], targetReshId: west } },
        { close: { reshId: east, successorReshIds: [home] } },
      ]),
    );

    expect(impact?.grantsLost).toEqual([
      { role: 'ADMINISTRATOR', administrator: { subject: 'north-clinic' }, unit: { reshId: east } },
    ]);
    // What is said last of what it becomes on the day holds.
    expect((await became(world, east)).to).toEqual([`${east} > ${home} REPLACEMENT FULL ${worldDay}`]);
  });

  it('takes 200 steps, as many as there may be', async () => {
    const { east, west } = await wards();
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

    const { impact } = made(await reorganize(steps));

    expect(impact).toMatchObject({ unitCount: 100 });
    const ids = await world.database.prisma.unitVersion.findMany({
      where: { parentReshId: west, supersededRev: null },
    });
    expect(ids).toHaveLength(101);
  });
});

describe('a step is refused', () => {
  it('for a cycle that only an earlier step makes, however far above', async () => {
    const { east, west, eastRoom, westRoom } = await wards();
    const { bed, bunk } = await addUnits(world, {
      bed: { name: 'Bed', under: eastRoom },
      bunk: { name: 'Bunk', under: home },
    });

    expect(
      await refused([
        { move: { reshId: west, newParentReshId: eastRoom } },
        { move: { reshId: east, newParentReshId: westRoom } },
      ]),
    ).toEqual([
      `CYCLE at steps.1.move.newParentReshId: Unit ${westRoom} «West room» stands beneath ${east} «East» on ${worldDay}; name a unit outside of it.`,
    ]);
    // Bunk goes beneath the bed, whose ward then goes beneath west: nothing between the two was named.
    expect(
      await refused([
        { move: { reshId: bunk, newParentReshId: bed } },
        { move: { reshId: east, newParentReshId: west } },
        { move: { reshId: west, newParentReshId: bunk } },
      ]),
    ).toEqual([
      `CYCLE at steps.2.move.newParentReshId: Unit ${bunk} «Bunk» stands beneath ${west} «West» on ${worldDay}; name a unit outside of it.`,
    ]);
    expect(await above(bunk, worldDay)).toEqual(aboveHome);
  });

  it('for what an earlier step closed, opened or left, and says which', async () => {
    const { east, west, eastRoom } = await wards();
    const closed = `is not valid on ${worldDay}`;

    expect(
      await refused([
        { merge: { sourceReshIds: [east], targetReshId: west } },
        { update: { reshId: east, name: 'Too late' } },
      ]),
    ).toEqual([
      `NOT_VALID_ON_DAY at steps.1.update: Unit ${east} «East» ${closed}, but from 2020-01-01 to ${worldDay} (exclusive); choose a day on which it is.`,
    ]);
    expect(
      await refused([
        { merge: { sourceReshIds: [east], targetReshId: west } },
        { create: { name: 'Too late', parentReshId: east } },
      ]),
    ).toEqual([
      `PARENT_CLOSED at steps.1.create.parentReshId: Unit ${east} «East» ${closed}, and the unit would stand beneath it from ${worldDay} on; name a unit that is valid throughout, or end the unit before that day.`,
    ]);
    const [fresh = ''] = await refused([
      { create: { key: 'new', name: 'New', parentReshId: home } },
      { close: { reshKey: 'new' } },
    ]);
    expect(fresh).toMatch(/^BAD_PERIOD at steps\.1\.close: Unit \d+ «New» begins on 2026-11-23, and closing leaves/);
    expect(
      await refused([
        { create: { key: 'new', name: 'New', parentReshId: east } },
        { close: { reshId: west } },
        { close: { reshId: east } },
      ]),
    ).toEqual([expect.stringMatching(/^HAS_OPEN_CHILDREN at steps\.1\.close\.reshId: /) as string]);
    expect(
      await refused([
        { create: { key: 'new', name: 'New', parentReshId: eastRoom } },
        { close: { reshId: east, withDescendants: true } },
      ]),
    ).toEqual([expect.stringMatching(/^BAD_PERIOD at steps\.1\.close: Unit \d+ «New» begins on 2026-11-23/) as string]);
  });

  it('for a number that an earlier step gave to another', async () => {
    const trust = await world.organization('Trust', north);

    expect(
      await refused([
        { update: { reshId: siblingTrust, organizationNumber: numbers.site } },
        { update: { reshId: trust, organizationNumber: numbers.site } },
      ]),
    ).toEqual([
      `DUPLICATE_ORGANIZATION_NUMBER at steps.1.update.organizationNumber: Unit ${siblingTrust} «siblingTrust» has ${numbers.site} from ${worldDay} on; a number belongs to one unit a day. Correct it, or free it first.`,
    ]);
  });

  it('for successions that lead back over an earlier step and the register', async () => {
    const { east, west } = await wards();
    const part = await world.department('Part', home);
    const keep = (reshId: number, into: number): ReorganizeStepInput => ({
      split: { reshId, into: [{ reshId: into }], keepSource: true },
    });
    made(await reorganize([keep(west, part)], 'trust', { effectiveOn: '2022-01-01' }));

    expect(await refused([keep(east, west), keep(part, east)])).toEqual([
      `CYCLE at steps.1.split.into: Unit ${east} «East» cannot succeed ${part} «Part»: it is that unit, or became it; name another.`,
    ]);
  });

  it('at the path of its own field, however deep', async () => {
    const { east, west, eastRoom } = await wards();

    expect(
      await refused([{ create: { name: ' ', parentReshId: home, codes: [{ codeSet: 8451, code: '030' }] } }]),
    ).toEqual([
      'TEXT_INVALID at steps.0.create.name: «name» is empty; give a text.',
      'RETIRED_CODE at steps.0.create.codes.0.code: Code 8451:030 is retired, and such a code is not given anew; choose one that is in use.',
    ]);
    expect(await refused([{ move: { reshId: 999_999, newParentReshId: home } }])).toEqual([
      'NOT_FOUND at steps.0.move.reshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    expect(
      await refused([
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
      'UNKNOWN_CODE at steps.1.split.into.1.codes.0.code: Code 1 is not in code set 1; see codeSet(number: 1).',
    ]);
    expect(
      await refused([{ merge: { sourceReshIds: [east], target: { name: 'Both', parentReshId: 999_999 } } }]),
    ).toEqual([
      'NOT_FOUND at steps.0.merge.target.parentReshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    expect(await refused([{ merge: { targetReshId: west } }])).toEqual([
      'REQUIRED at steps.0.merge.sourceReshIds: Name the units to merge.',
    ]);
    expect(await refused([{ setCodes: { reshId: east, end: [{ codeSet: 8451, code: '010' }] } }])).toEqual([
      `NOT_FOUND at steps.0.setCodes.end.0: Unit ${east} «East» does not have code 8451:010 on ${worldDay}.`,
    ]);
  });

  it('and nothing of any step is made then, nor a later step judged', async () => {
    const { east, eastRoom } = await wards();

    const told = await writesNothing(world, () =>
      refused([
        { update: { reshId: east, name: 'Made' } },
        { close: { reshId: east } },
        { close: { reshId: 999_999 } },
      ]),
    );

    expect(told).toEqual([
      `HAS_OPEN_CHILDREN at steps.1.close.reshId: Unit ${east} «Made» has 1 open child on ${worldDay} or later: ${eastRoom} «East room»; close or move them first, or pass withDescendants.`,
    ]);
    expect(await world.seen(east, worldDay)).toMatchObject({ name: 'East' });
  });
});

describe('keys', () => {
  it('must be given by an earlier step, and once', async () => {
    const { east, west, eastRoom } = await wards();
    const unknown = (path: string, key: string) =>
      `NOT_FOUND at ${path}: No earlier step gave the key «${key}» to a unit; give it there, or name a RESH-id.`;
    const create = (key: string): ReorganizeStepInput => ({ create: { key, name: 'New', parentReshId: home } });
    const twice = (path: string) => `GIVEN_TWICE at ${path}: The key «k» was given to another unit; choose another.`;

    expect(await refused([{ move: { reshKey: 'x', newParentKey: 'y' } }])).toEqual([
      unknown('steps.0.move.reshKey', 'x'),
      unknown('steps.0.move.newParentKey', 'y'),
    ]);
    expect(await refused([{ move: { reshId: east, newParentKey: 'k' } }, create('k')])).toEqual([
      unknown('steps.0.move.newParentKey', 'k'),
    ]);
    expect(await refused([{ create: { name: 'New', parentKey: 'x' } }])).toEqual([
      unknown('steps.0.create.parentKey', 'x'),
    ]);
    expect(await refused([{ close: { reshId: west, successorKeys: ['x'] } }])).toContain(
      unknown('steps.0.close.successorKeys.0', 'x'),
    );
    expect(await refused([{ merge: { sourceReshIds: [east], sourceKeys: ['x'], targetKey: 'y' } }])).toEqual([
      unknown('steps.0.merge.sourceKeys.0', 'x'),
      unknown('steps.0.merge.targetKey', 'y'),
    ]);
    expect(await refused([{ merge: { sourceReshIds: [east], target: { name: 'Both', parentKey: 'x' } } }])).toEqual([
      unknown('steps.0.merge.target.parentKey', 'x'),
    ]);
    expect(
      await refused([
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
    ).toEqual([unknown('steps.0.split.into.0.childKeys.0', 'x'), unknown('steps.0.split.into.1.reshKey', 'y')]);

    expect(await refused([create('k'), create('k')])).toEqual([twice('steps.1.create.key')]);
    expect(
      await refused([
        create('k'),
        { merge: { sourceReshIds: [east], target: { key: 'k', name: 'Both', parentReshId: home } } },
      ]),
    ).toEqual([twice('steps.1.merge.target.key')]);
    expect(
      await refused([
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
    ).toEqual([twice('steps.0.split.into.1.key')]);
  });

  it('are for new units only, so that nobody comes by a key to what is there', async () => {
    const { east } = await wards();

    expect(await refused([{ split: { reshId: east, into: [{ key: 'k', reshId: home }], keepSource: true } }])).toEqual([
      'NOT_ALLOWED at steps.0.split.into.0.key: A key is for a new unit; this one is there, and has its own.',
    ]);
  });

  it('stand in place of RESH-ids: one of the two, not both, nor neither', async () => {
    const { east, west } = await wards();
    const create: ReorganizeStepInput = { create: { key: 'k', name: 'New', parentReshId: home } };
    const both = (path: string, reshId: string, key: string) =>
      `NOT_ALLOWED at ${path}: «${reshId}» and «${key}» exclude each other; give one.`;
    const neither = (path: string, reshId: string, key: string) =>
      `REQUIRED at ${path}: Name the unit in «${reshId}», or by «${key}».`;

    expect(
      await refused([create, { move: { reshId: east, reshKey: 'k', newParentReshId: west, newParentKey: 'k' } }]),
    ).toEqual([
      both('steps.1.move.reshKey', 'reshId', 'reshKey'),
      both('steps.1.move.newParentKey', 'newParentReshId', 'newParentKey'),
    ]);
    expect(await refused([{ move: {} }])).toEqual([
      neither('steps.0.move.reshId', 'reshId', 'reshKey'),
      neither('steps.0.move.newParentReshId', 'newParentReshId', 'newParentKey'),
    ]);
    for (const step of ['update', 'close', 'setCodes'] as const) {
      expect(await refused([{ [step]: {} }])).toEqual([neither(`steps.0.${step}.reshId`, 'reshId', 'reshKey')]);
      expect(await refused([create, { [step]: { reshId: east, reshKey: 'k' } }])).toEqual([
        both(`steps.1.${step}.reshKey`, 'reshId', 'reshKey'),
      ]);
    }
    expect(await refused([{ create: { name: 'New' } }])).toEqual([
      neither('steps.0.create.parentReshId', 'parentReshId', 'parentKey'),
    ]);
    expect(await refused([create, { create: { name: 'New', parentReshId: home, parentKey: 'k' } }])).toEqual([
      both('steps.1.create.parentKey', 'parentReshId', 'parentKey'),
    ]);
    expect(await refused([{ split: { into: [{ name: 'A' }, { name: 'B' }] } }])).toEqual([
      neither('steps.0.split.reshId', 'reshId', 'reshKey'),
    ]);
    expect(
      await refused([create, { split: { reshId: east, into: [{ reshId: west, reshKey: 'k' }], keepSource: true } }]),
    ).toEqual([both('steps.1.split.into.0.reshKey', 'reshId', 'reshKey')]);
    expect(await refused([{ merge: { sourceReshIds: [east] } }])).toEqual([
      neither('steps.0.merge.targetReshId', 'targetReshId', 'targetKey'),
    ]);
    const target = { name: 'Both', parentReshId: home };
    expect(await refused([create, { merge: { sourceReshIds: [east], targetReshId: west, targetKey: 'k' } }])).toEqual([
      both('steps.1.merge.targetKey', 'targetReshId', 'targetKey'),
    ]);
    expect(await refused([create, { merge: { sourceReshIds: [east], target, targetKey: 'k' } }])).toEqual([
      both('steps.1.merge.target', 'targetKey', 'target'),
    ]);
    expect(await refused([{ merge: { sourceReshIds: [east], target, targetReshId: west } }])).toEqual([
      both('steps.0.merge.target', 'targetReshId', 'target'),
    ]);
    expect(
      await refused([create, { merge: { sourceReshIds: [east], target: { ...target, parentKey: 'k' } } }]),
    ).toEqual([both('steps.1.merge.target.parentKey', 'parentReshId', 'parentKey')]);
  });
});

describe('steps', () => {
  it('are one at least and 200 at most', async () => {
    const { east } = await wards();
    const steps = Array.from({ length: 201 }, (): ReorganizeStepInput => ({ update: { reshId: east, name: 'East' } }));

    expect(await refused([])).toEqual(['REQUIRED at steps: Give at least one step.']);
    expect(await refused(steps)).toEqual([
      'TOO_MANY at steps: 201 steps are given, and 200 are allowed in one change.',
    ]);
    expect(made(await reorganize(steps.slice(1))).warnings.map(({ code }) => code)).toEqual(['NOTHING_CHANGES']);
  });

  it('have exactly one field each', async () => {
    const client = createClient(world.database, { today: worldDay, as: subjects.operator });
    const send = async (step: object) =>
      (
        await client.send({
          query: 'mutation Odd($input: ReorganizeInput!) { reorganize(input: $input) { change { revision } } }',
          variables: { input: { steps: [step] } },
        })
      ).errors?.map(({ message }) => message);

    const one = expect.stringContaining(
      'Exactly one key must be specified for OneOf type "ReorganizeStepInput"',
    ) as string;
    const missing = expect.stringContaining('Field "close" must be non-null.') as string;
    expect(await send({})).toEqual([one]);
    expect(await send({ close: { reshId: 1 }, update: { reshId: 1 } })).toEqual([one]);
    expect(await send({ close: { reshId: 1 }, update: null })).toEqual([one]);
    expect(await send({ close: null })).toEqual([missing]);
  });
});

describe('reorganizing needs scope', () => {
  it('for every step', async () => {
    const { east, west, eastRoom } = await wards();
    const mine: ReorganizeStepInput = { update: { reshId: east, shortName: 'E' } };
    const others: Record<string, ReorganizeStepInput> = {
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
      codes: { setCodes: { reshId: siblingClinic, add: [{ codeSet: 8451, code: '010' }] } },
    };

    await writesNothing(world, async () => {
      for (const [name, step] of Object.entries(others)) {
        expect([name, refusedAs(await reorganize([mine, step]))]).toEqual([name, ['FORBIDDEN']]);
        expect([name, refusedAs(await reorganize([step, mine]))]).toEqual([name, ['FORBIDDEN']]);
      }
    });
    made(await reorganize([mine, { merge: { sourceReshIds: [west], targetReshId: east } }]));
  });

  it('also where a step names by its key what an earlier one opened', async () => {
    const { east } = await wards();
    const create: ReorganizeStepInput = { create: { key: 'k', name: 'New', parentReshId: home } };
    const beyond: ReorganizeStepInput[] = [
      { move: { reshKey: 'k', newParentReshId: siblingClinic } },
      { move: { reshId: siblingClinic, newParentKey: 'k' } },
      { split: { reshKey: 'k', into: [{ reshId: siblingClinic }], keepSource: true } },
      { split: { reshKey: 'k', into: [{ name: 'A', type: 'ORGANIZATION' }], keepSource: true } },
      { merge: { sourceReshIds: [siblingClinic], targetKey: 'k' } },
      { merge: { sourceKeys: ['k'], targetReshId: siblingClinic } },
      { update: { reshKey: 'k', designation: '61' } },
    ];
    for (const step of beyond) expect(refusedAs(await reorganize([create, step]))).toEqual(['FORBIDDEN']);

    made(
      await reorganize([
        create,
        { move: { reshKey: 'k', newParentReshId: clinic } },
        { move: { reshId: east, newParentKey: 'k' } },
        { setCodes: { reshKey: 'k', add: [{ codeSet: 8451, code: '010' }] } },
      ]),
    );
    expect(await mayEdit(world, 'clinic', east)).toBe(true);
  });

  it('over whatever a step closes beneath another, though an earlier step put it there', async () => {
    const { east, west, eastRoom, westRoom } = await wards();
    const { visitor } = await addUnits(world, { visitor: { name: 'Visitor', under: siblingClinic } });
    made(await world.as('operator').moveUnit({ reshId: visitor, newParentReshId: east, effectiveOn: nextYear }));
    const steps: ReorganizeStepInput[] = [
      { move: { reshId: east, newParentReshId: west } },
      { close: { reshId: west, withDescendants: true } },
    ];

    // The visitor stands in another trust today: by itself this trust could not close it either.
    const { payload, errors } = await reorganize(steps, 'trust', { effectiveOn: nextYear });
    expect([payload, errors.map(({ message }) => message)]).toEqual([
      null,
      [
        `You may not reorganize these units: for unit ${visitor} «Visitor» it needs access to unit ${siblingClinic} «siblingClinic» or a unit above it. Ask Name of north-region (north-region@example.org).`,
      ],
    ]);
    const closed = made(await reorganize(steps, 'regional', { effectiveOn: nextYear, dryRun: true }));
    expect(Object.keys(kindsOf(closed)).map(Number)).toEqual([east, west, eastRoom, westRoom, visitor]);
  });

  it('lets the registrar of contract specialists change them, and nothing else', async () => {
    const codes: ReorganizeStepInput = { setCodes: { reshId: specialist, add: [{ codeSet: 8451, code: '010' }] } };

    made(await reorganize([{ update: { reshId: specialist, shortName: 'Dr' } }, codes], 'registrar'));
    expect(refusedAs(await reorganize([codes, { update: { reshId: home, shortName: 'H' } }], 'registrar'))).toEqual([
      'FORBIDDEN',
    ]);
  });

  it('and rights follow the tree: the new region may edit, the old one may not', async () => {
    const trust = await world.organization('Traveller', north);
    const { ward } = await addUnits(world, { ward: { name: 'Ward', under: trust } });
    expect([await mayEdit(world, 'regional', ward), await mayEdit(world, 'south', ward)]).toEqual([true, false]);

    const { impact } = made(
      await reorganize([{ move: { reshId: trust, newParentReshId: south } }], 'operator', { effectiveOn: yesterday }),
    );

    expect(impact).toMatchObject({
      grantsGained: [{ administrator: { subject: 'south-region' }, unit: { reshId: south } }],
      grantsLost: [{ administrator: { subject: 'north-region' }, unit: { reshId: north } }],
    });
    expect([await mayEdit(world, 'regional', ward), await mayEdit(world, 'south', ward)]).toEqual([false, true]);
    expect(refusedAs(await world.as('regional').updateUnit({ reshId: ward, shortName: 'W' }))).toEqual(['FORBIDDEN']);
    made(await world.as('south').updateUnit({ reshId: ward, shortName: 'W' }));
    made(await reorganize([{ move: { reshId: ward, newParentReshId: southClinic } }], 'south'));
    expect(await above(ward, worldDay)).toEqual([south, southTrust, southClinic]);
  });
});

describe('a reorganization', () => {
  keepsTheLawsOfChanges({
    world: () => world,
    name: 'reorganize',
    fresh: async (beneath) => {
      const { east, west, westRoom } = await wards(beneath);
      return {
        steps: [
          { create: { key: 'new', name: 'New', parentReshId: west } },
          { move: { reshId: westRoom, newParentKey: 'new' } },
          { merge: { sourceReshIds: [west], targetReshId: east } },
        ],
      };
    },
    altered: ({ steps }) => ({ steps: steps.slice(1) }),
    named: ({ steps }) => steps[1]?.move?.reshId ?? 0,
  });
});
