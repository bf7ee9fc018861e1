import { afterAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectDenied,
  formatUserErrors,
  kindsByUnit,
} from '../../support/mutations/change-assertions.ts';
import { addReopenedWard, addUnits } from '../../support/world/add-units.ts';
import { expectNoWrites } from '../../support/world/changing-world-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { readUnitSuccessions } from '../../support/world/unit-successions.ts';
import { units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

function addFourUnits() {
  return addUnits(world, {
    a: { name: 'A', under: homeClinic },
    b: { name: 'B', under: homeClinic },
    c: { name: 'C', under: homeClinic },
    d: { name: 'D', under: homeClinic },
  });
}

describe('closeUnit with successors', () => {
  it('records the successor from the closing day on, on both units', async () => {
    const { a, b } = await addFourUnits();
    const before = await world.readNewestRevision();

    const payload = expectAccepted(
      await world.as('trust').closeUnit({ reshId: a, successorReshIds: [b], effectiveOn: nextYear }),
    );

    expect(kindsByUnit(payload, nextYear)).toEqual({ [a]: 'CLOSED', [b]: 'SUCCEEDED' });
    expect(payload.unit).toMatchObject({ reshId: a, seenOn: '2027-11-22' });

    const edge = `${a} > ${b} REPLACEMENT FULL ${nextYear}`;
    expect(await readUnitSuccessions(world, a)).toMatchObject({ from: [], to: [edge] });
    expect(await readUnitSuccessions(world, b)).toMatchObject({ from: [edge], to: [] });
    expect((await readUnitSuccessions(world, a, { revision: before })).to).toEqual([]);
    expect(await world.readUnit(b, nextYear)).toMatchObject({ validity: '2020-01-01/' });
  });

  it('records several successors', async () => {
    const { a, b, c } = await addFourUnits();

    expectAccepted(await world.as('trust').closeUnit({ reshId: a, successorReshIds: [c, b], effectiveOn: lastYear }));

    expect((await readUnitSuccessions(world, a)).to).toEqual([
      `${a} > ${b} REPLACEMENT PARTIAL ${lastYear}`,
      `${a} > ${c} REPLACEMENT PARTIAL ${lastYear}`,
    ]);
  });

  it('adds successors to a closed unit on the same day, each once', async () => {
    const { a, b } = await addFourUnits();
    expectAccepted(await world.as('trust').closeUnit({ reshId: a }));
    const close = () => world.as('trust').closeUnit({ reshId: a, successorReshIds: [b] });

    expect(expectAccepted(await close()).warnings).toEqual([]);
    expect(expectAccepted(await close()).warnings.map(({ code }) => code)).toEqual(['NO_CHANGES']);

    expect((await readUnitSuccessions(world, a)).to).toEqual([`${a} > ${b} REPLACEMENT FULL ${worldDay}`]);
    expect(await world.readUnit(a, yesterday)).toMatchObject({ validity: `2020-01-01/${worldDay}` });
  });

  it('follows a chain and a diamond to the final successor', async () => {
    const { a, b, c, d } = await addFourUnits();
    const trust = world.as('trust');
    expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds: [b, c], effectiveOn: '2021-01-01' }));
    expectAccepted(await trust.closeUnit({ reshId: b, successorReshIds: [d], effectiveOn: '2022-01-01' }));
    expectAccepted(await trust.closeUnit({ reshId: c, successorReshIds: [d], effectiveOn: '2023-01-01' }));

    const edges = [
      `${a} > ${b} REPLACEMENT PARTIAL 2021-01-01`,
      `${a} > ${c} REPLACEMENT PARTIAL 2021-01-01`,
      `${b} > ${d} REPLACEMENT FULL 2022-01-01`,
      `${c} > ${d} REPLACEMENT FULL 2023-01-01`,
    ];
    expect((await readUnitSuccessions(world, a, { transitive: true })).to).toEqual(edges);
    expect((await readUnitSuccessions(world, d, { transitive: true })).from).toEqual(edges);
    expect((await readUnitSuccessions(world, a)).to).toEqual(edges.slice(0, 2));
  });

  it('closes descendants as well', async () => {
    const { a, b } = await addFourUnits();
    const { room } = await addUnits(world, { room: { name: 'Room', under: a } });

    const payload = expectAccepted(
      await world.as('trust').closeUnit({ reshId: a, successorReshIds: [b], withDescendants: true }),
    );

    expect(kindsByUnit(payload)).toEqual({ [a]: 'CLOSED', [b]: 'SUCCEEDED', [room]: 'CLOSED' });
    expect((await readUnitSuccessions(world, room)).to).toEqual([]);
  });
});

describe('planned succession', () => {
  it('is dropped by an earlier closing, as the impact shows', async () => {
    const { a, b, c } = await addFourUnits();
    const trust = world.as('trust');
    expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds: [b], effectiveOn: '2029-01-01' }));
    const planned = await world.readNewestRevision();

    const { impact } = expectAccepted(
      await trust.closeUnit({ reshId: a, successorReshIds: [c], effectiveOn: nextYear }),
    );

    expect(impact?.notes).toEqual([
      `Unit ${a} "A" no longer becomes unit ${b} "B" on 2029-01-01.`,
      `Unit ${a} "A" was planned to close on 2029-01-01; it closes on ${nextYear} instead.`,
    ]);
    expect((await readUnitSuccessions(world, a)).to).toEqual([`${a} > ${c} REPLACEMENT FULL ${nextYear}`]);
    expect((await readUnitSuccessions(world, b)).from).toEqual([]);
    expect((await readUnitSuccessions(world, a, { revision: planned })).to).toEqual([
      `${a} > ${b} REPLACEMENT FULL 2029-01-01`,
    ]);
  });

  it('is dropped by an earlier merge or split', async () => {
    const { a, b, c } = await addFourUnits();
    const { a: split } = await addFourUnits();
    const trust = world.as('trust');
    expectAccepted(await trust.mergeUnits({ sourceReshIds: [a], targetReshId: b, effectiveOn: '2029-01-01' }));
    expectAccepted(await trust.mergeUnits({ sourceReshIds: [split], targetReshId: b, effectiveOn: '2029-01-01' }));

    expectAccepted(await trust.mergeUnits({ sourceReshIds: [a], targetReshId: c, effectiveOn: nextYear }));
    expectAccepted(
      await trust.splitUnit({ reshId: split, into: [{ reshId: b }, { reshId: c }], effectiveOn: nextYear }),
    );

    expect((await readUnitSuccessions(world, a)).to).toEqual([`${a} > ${c} MERGE FULL ${nextYear}`]);
    expect((await readUnitSuccessions(world, split)).to).toEqual([
      `${split} > ${b} SPLIT PARTIAL ${nextYear}`,
      `${split} > ${c} SPLIT PARTIAL ${nextYear}`,
    ]);
  });

  it('is kept by a later closing, as the transfer of a part', async () => {
    const { a, b, c } = await addFourUnits();
    const trust = world.as('trust');
    expectAccepted(
      await trust.splitUnit({ reshId: a, into: [{ reshId: b }], keepSource: true, effectiveOn: lastYear }),
    );

    expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds: [c] }));

    expect((await readUnitSuccessions(world, a)).to).toEqual([
      `${a} > ${b} SPLIT PARTIAL ${lastYear}`,
      `${a} > ${c} REPLACEMENT FULL ${worldDay}`,
    ]);
  });

  it('is replaced by another succession on the same day and kept without one', async () => {
    const { a, b, c, d } = await addFourUnits();
    const trust = world.as('trust');
    expectAccepted(await trust.mergeUnits({ sourceReshIds: [a, d], targetReshId: b, effectiveOn: nextYear }));
    const first = await world.readNewestRevision();
    const droppedSuccessionNote = (to: number) =>
      `Unit ${a} "A" no longer becomes unit ${to} "${to === b ? 'B' : 'C'}" on ${nextYear}.`;

    const merged = expectAccepted(
      await trust.mergeUnits({ sourceReshIds: [a], targetReshId: c, effectiveOn: nextYear }),
    );
    expect(merged.impact?.notes).toEqual([droppedSuccessionNote(b)]);
    expect(kindsByUnit(merged, nextYear)).toEqual({ [a]: 'MERGED', [b]: 'CHANGED', [c]: 'SUCCEEDED' });
    expect((await readUnitSuccessions(world, a)).to).toEqual([`${a} > ${c} MERGE FULL ${nextYear}`]);
    expect((await readUnitSuccessions(world, a, { revision: first })).to).toEqual([
      `${a} > ${b} MERGE FULL ${nextYear}`,
    ]);
    expect((await readUnitSuccessions(world, d)).to).toEqual([`${d} > ${b} MERGE FULL ${nextYear}`]);

    const into = [{ reshId: b }, { reshId: c }];
    const split = expectAccepted(await trust.splitUnit({ reshId: a, into, effectiveOn: nextYear }));

    expect(split.impact?.notes).toEqual([droppedSuccessionNote(c)]);
    expect((await readUnitSuccessions(world, a)).to).toEqual([
      `${a} > ${b} SPLIT PARTIAL ${nextYear}`,
      `${a} > ${c} SPLIT PARTIAL ${nextYear}`,
    ]);

    const closed = expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds: [b], effectiveOn: nextYear }));
    expect(closed.impact?.notes).toEqual([droppedSuccessionNote(b), droppedSuccessionNote(c)]);

    expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds: [b, c], effectiveOn: nextYear }));
    const partialSuccessions = [
      `${a} > ${b} REPLACEMENT PARTIAL ${nextYear}`,
      `${a} > ${c} REPLACEMENT PARTIAL ${nextYear}`,
    ];

    expect((await readUnitSuccessions(world, a)).to).toEqual(partialSuccessions);

    for (const successorReshIds of [undefined, [c, b]]) {
      const again = expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds, effectiveOn: nextYear }));
      expect([again.warnings.map(({ code }) => code), again.impact?.notes]).toEqual([['NO_CHANGES'], []]);
    }
    expect((await readUnitSuccessions(world, a)).to).toEqual(partialSuccessions);
  });

  it('is taken away by an empty list of successors, once the unit has closed', async () => {
    const { a, b, c } = await addFourUnits();
    const trust = world.as('trust');
    expectAccepted(
      await trust.splitUnit({ reshId: a, into: [{ reshId: c }], keepSource: true, effectiveOn: lastYear }),
    );
    expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds: [b] }));

    const { impact } = expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds: [] }));

    expect(impact?.notes).toEqual([`Unit ${a} "A" no longer becomes unit ${b} "B" on ${worldDay}.`]);
    expect((await readUnitSuccessions(world, a)).to).toEqual([`${a} > ${c} SPLIT PARTIAL ${lastYear}`]);
    expect((await readUnitSuccessions(world, b)).from).toEqual([]);

    const step = { closeUnit: { unit: { reshId: a } } };
    expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds: [b] }));
    expectAccepted(await trust.reorganize({ steps: [step] }));
    expect((await readUnitSuccessions(world, b)).from).toEqual([`${a} > ${b} REPLACEMENT FULL ${worldDay}`]);
    expectAccepted(await trust.reorganize({ steps: [{ closeUnit: { ...step.closeUnit, successors: [] } }] }));
    expect((await readUnitSuccessions(world, b)).from).toEqual([]);
  });

  it('is replaced by a later step of the same change', async () => {
    const { a, b, c } = await addFourUnits();
    const merge = (targetReshId: number) => ({
      mergeUnits: { sources: [{ reshId: a }], target: { reshId: targetReshId } },
    });

    const { impact } = expectAccepted(await world.as('trust').reorganize({ steps: [merge(b), merge(c)] }));

    expect(impact?.notes).toEqual([`Unit ${a} "A" no longer becomes unit ${b} "B" on ${worldDay}.`]);
    expect((await readUnitSuccessions(world, a)).to).toEqual([`${a} > ${c} MERGE FULL ${worldDay}`]);
  });

  it('is kept when a part was transferred on the closing day', async () => {
    const { a, b, c } = await addFourUnits();
    const trust = world.as('trust');
    expectAccepted(await trust.splitUnit({ reshId: a, into: [{ reshId: b }], keepSource: true }));

    expectAccepted(await trust.mergeUnits({ sourceReshIds: [a], targetReshId: c }));

    expect((await readUnitSuccessions(world, a)).to).toEqual([
      `${a} > ${b} SPLIT PARTIAL ${worldDay}`,
      `${a} > ${c} MERGE FULL ${worldDay}`,
    ]);
  });

  it('is removed with its closing and kept when the unit reopens after a gap', async () => {
    const { a, b, c, d } = await addFourUnits();
    const trust = world.as('trust');
    expectAccepted(await trust.closeUnit({ reshId: a, successorReshIds: [b], effectiveOn: lastYear }));
    expectAccepted(await trust.mergeUnits({ sourceReshIds: [c], targetReshId: d, effectiveOn: lastYear }));

    const back = expectAccepted(await trust.reopenUnit({ reshId: a, effectiveOn: lastYear }));
    expectAccepted(await trust.reopenUnit({ reshId: c }));

    expect(back.impact?.notes).toEqual([`Unit ${a} "A" no longer becomes unit ${b} "B" on ${lastYear}.`]);
    expect((await readUnitSuccessions(world, a)).to).toEqual([]);
    expect((await readUnitSuccessions(world, c)).to).toEqual([`${c} > ${d} MERGE FULL ${lastYear}`]);

    // No succession refers to it any longer.
    expectAccepted(await trust.withdrawUnit({ reshId: a }));
    // And a succession in the opposite direction is allowed.
    expectAccepted(await trust.closeUnit({ reshId: b, successorReshIds: [d] }));
  });
});

describe('closeUnit errors for successors', () => {
  it('refuse units that are unknown, not valid on the day or closing as well', async () => {
    const { a } = await addFourUnits();
    const { room, closed } = await addUnits(world, {
      room: { name: 'Room', under: a },
      closed: { name: 'Closed', under: homeClinic, validTo: '2021-01-01' },
    });

    expect(
      formatUserErrors(
        await world.as('trust').closeUnit({
          reshId: a,
          successorReshIds: [999_999, closed, room],
          withDescendants: true,
        }),
      ),
    ).toEqual([
      'NOT_FOUND at successorReshIds.0: Unit 999999 is not in the register; correct the RESH-id.',
      `NOT_VALID_ON_DAY at successorReshIds.1: Unit ${closed} "Closed" is not valid on ${worldDay}; ` +
        'it is valid from 2020-01-01 to 2021-01-01 (exclusive). Choose one of those days.',
      `NOT_VALID_ON_DAY at successorReshIds.2: Unit ${room} "Room" closes in the same change; ` +
        `name a unit that is valid on ${worldDay}.`,
    ]);
    expect(await world.readUnit(a, worldDay)).toMatchObject({ validity: '2020-01-01/' });
  });

  it('refuse a successor that is listed twice', async () => {
    const { a, b, c } = await addFourUnits();

    expect(formatUserErrors(await world.as('trust').closeUnit({ reshId: a, successorReshIds: [c, b, c] }))).toEqual([
      `DUPLICATE_VALUE at successorReshIds.2: Unit ${c} "C" is listed twice; keep one.`,
    ]);
  });

  it('report unknown successors of an unknown unit, too', async () => {
    expect(
      formatUserErrors(await world.as('operator').closeUnit({ reshId: 999_998, successorReshIds: [999_999, 999_999] })),
    ).toEqual([
      'NOT_FOUND at reshId: Unit 999998 is not in the register; correct the RESH-id.',
      'NOT_FOUND at successorReshIds.0: Unit 999999 is not in the register; correct the RESH-id.',
      'NOT_FOUND at successorReshIds.1: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
  });

  it('refuse a unit that reopens on the day, unless the successors are explicitly empty', async () => {
    const { ward, other: heir } = await addReopenedWard(world);
    const operator = world.as('operator');
    const notValidError =
      `NOT_VALID_ON_DAY at effectiveOn: Unit ${ward} "Ward" is not valid on ${yesterday}, ` +
      `so it cannot become another unit on ${worldDay}; choose another day.`;

    expect(formatUserErrors(await operator.closeUnit({ reshId: ward, successorReshIds: [heir] }))).toEqual([
      notValidError,
    ]);
    expect(formatUserErrors(await operator.mergeUnits({ sourceReshIds: [ward], targetReshId: heir }))).toEqual([
      notValidError,
    ]);

    expectAccepted(await operator.closeUnit({ reshId: ward }));
  });

  it('refuse the unit itself and units that become it on the same day, but not on an earlier one', async () => {
    const { a, b, c } = await addFourUnits();
    const operator = world.as('operator');
    const cycleError = (successor: string, unit: string) =>
      `CYCLE at successorReshIds.0: Unit ${successor} cannot succeed unit ${unit}: it is that unit, or becomes it ` +
      'on the same day; name another.';

    expect(formatUserErrors(await operator.closeUnit({ reshId: a, successorReshIds: [a] }))).toEqual([
      cycleError(`${a} "A"`, `${a} "A"`),
    ]);

    // A gives a part to B, and B gives one to C; both stay open.
    expectAccepted(await operator.splitUnit({ reshId: a, into: [{ reshId: b }], keepSource: true }));
    expectAccepted(await operator.splitUnit({ reshId: b, into: [{ reshId: c }], keepSource: true }));

    expect(formatUserErrors(await operator.closeUnit({ reshId: b, successorReshIds: [a] }))).toEqual([
      cycleError(`${a} "A"`, `${b} "B"`),
    ]);
    expect(formatUserErrors(await operator.closeUnit({ reshId: c, successorReshIds: [a] }))).toEqual([
      cycleError(`${a} "A"`, `${c} "C"`),
    ]);
    expect(await world.readUnit(c, worldDay)).toMatchObject({ validity: '2020-01-01/' });
    expectAccepted(await operator.closeUnit({ reshId: c, successorReshIds: [a], effectiveOn: nextYear }));
    expect((await readUnitSuccessions(world, c)).to).toEqual([`${c} > ${a} REPLACEMENT FULL ${nextYear}`]);
  });
});

describe('access to successors', () => {
  it('requires scope over the parent of the closing unit only', async () => {
    const { a } = await addFourUnits();
    const close = (subject: 'trust' | 'south') =>
      world.as(subject).closeUnit({ reshId: a, successorReshIds: [units.southClinic], dryRun: true });

    await expectNoWrites(world, async () => {
      expectAccepted(await close('trust'));
      expect(expectDenied(await close('south'))).toEqual(['FORBIDDEN']);
    });
  });

  it('reports a conflict when a successor changed after the expected revision', async () => {
    const { a, b } = await addFourUnits();
    const readRevision = await world.readNewestRevision();
    expectAccepted(await world.as('trust').updateUnit({ reshId: b, name: 'Renamed' }));

    expect(
      formatUserErrors(
        await world.as('trust').closeUnit({ reshId: a, successorReshIds: [b], expectedRevision: readRevision }),
      ),
    ).toEqual([
      `CONFLICT at expectedRevision: Unit ${b} "Renamed" was changed in revision ` +
        `${readRevision + 1}, after the expected ` +
        `${readRevision}; the newest revision is ${readRevision + 1}. Read it again before you decide.`,
    ]);
  });
});
