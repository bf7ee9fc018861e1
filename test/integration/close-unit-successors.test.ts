import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  home,
  lastYear,
  made,
  nextYear,
  openChangingWorld,
  yesterday,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { addUnits, became, complaints, kindsOf, refusedAs, writesNothing } from '../support/reorganizing.ts';
import { units, worldDay } from '../support/world.ts';

let world: ChangingWorld;
beforeAll(async () => {
  world = await openChangingWorld();
});
afterAll(async () => {
  expect(await world.violations()).toEqual([]);
  await world.close();
});

const four = () =>
  addUnits(world, {
    a: { name: 'A', under: home },
    b: { name: 'B', under: home },
    c: { name: 'C', under: home },
    d: { name: 'D', under: home },
  });

describe('closing a unit with successors', () => {
  it('says what took its place, from its last day and from the first of the other', async () => {
    const { a, b } = await four();
    const before = await world.newest();

    const payload = made(
      await world.as('trust').closeUnit({ reshId: a, successorReshIds: [b], effectiveOn: nextYear }),
    );

    expect(kindsOf(payload, nextYear)).toEqual({ [a]: 'CLOSED' });
    expect(payload.unit).toMatchObject({ reshId: a, seenOn: '2027-11-22' });
    const edge = `${a} > ${b} REPLACEMENT FULL ${nextYear}`;
    expect(await became(world, a)).toMatchObject({ from: [], to: [edge] });
    expect(await became(world, b)).toMatchObject({ from: [edge], to: [] });
    expect((await became(world, a, { revision: before })).to).toEqual([]);
    expect(await world.seen(b, nextYear)).toMatchObject({ validity: '2020-01-01/' });
  });

  it('says of several that each took a part, each once', async () => {
    const { a, b, c } = await four();

    made(await world.as('trust').closeUnit({ reshId: a, successorReshIds: [c, b, c], effectiveOn: lastYear }));

    expect((await became(world, a)).to).toEqual([
      `${a} > ${b} REPLACEMENT PARTIAL ${lastYear}`,
      `${a} > ${c} REPLACEMENT PARTIAL ${lastYear}`,
    ]);
  });

  it('can be said after it was closed, on the same day, and is not said twice', async () => {
    const { a, b } = await four();
    made(await world.as('trust').closeUnit({ reshId: a }));
    const close = () => world.as('trust').closeUnit({ reshId: a, successorReshIds: [b] });

    expect(made(await close()).warnings).toEqual([]);
    expect(made(await close()).warnings.map(({ code }) => code)).toEqual(['NOTHING_CHANGES']);

    expect((await became(world, a)).to).toEqual([`${a} > ${b} REPLACEMENT FULL ${worldDay}`]);
    expect(await world.seen(a, yesterday)).toMatchObject({ validity: `2020-01-01/${worldDay}` });
  });

  it('leads along a chain and through a diamond to its end', async () => {
    const { a, b, c, d } = await four();
    const trust = world.as('trust');
    made(await trust.closeUnit({ reshId: a, successorReshIds: [b, c], effectiveOn: '2021-01-01' }));
    made(await trust.closeUnit({ reshId: b, successorReshIds: [d], effectiveOn: '2022-01-01' }));
    made(await trust.closeUnit({ reshId: c, successorReshIds: [d], effectiveOn: '2023-01-01' }));

    const edges = [
      `${a} > ${b} REPLACEMENT PARTIAL 2021-01-01`,
      `${a} > ${c} REPLACEMENT PARTIAL 2021-01-01`,
      `${b} > ${d} REPLACEMENT FULL 2022-01-01`,
      `${c} > ${d} REPLACEMENT FULL 2023-01-01`,
    ];
    expect((await became(world, a, { transitive: true })).to).toEqual(edges);
    expect((await became(world, d, { transitive: true })).from).toEqual(edges);
    expect((await became(world, a)).to).toEqual(edges.slice(0, 2));
  });

  it('goes with what stands beneath it', async () => {
    const { a, b } = await four();
    const { room } = await addUnits(world, { room: { name: 'Room', under: a } });

    const payload = made(
      await world.as('trust').closeUnit({ reshId: a, successorReshIds: [b], withDescendants: true }),
    );

    expect(kindsOf(payload)).toEqual({ [a]: 'CLOSED', [room]: 'CLOSED' });
    expect((await became(world, room)).to).toEqual([]);
  });
});

describe('what a unit was to become', () => {
  it('falls away where it closes before that day, and the impact says so', async () => {
    const { a, b, c } = await four();
    const trust = world.as('trust');
    made(await trust.closeUnit({ reshId: a, successorReshIds: [b], effectiveOn: '2029-01-01' }));
    const planned = await world.newest();

    const { impact } = made(await trust.closeUnit({ reshId: a, successorReshIds: [c], effectiveOn: nextYear }));

    expect(impact?.notes).toEqual([
      `That unit ${a} «A» becomes unit ${b} on 2029-01-01 falls away.`,
      `Unit ${a} «A» was going to close on 2029-01-01; it closes on ${nextYear} instead.`,
    ]);
    expect((await became(world, a)).to).toEqual([`${a} > ${c} REPLACEMENT FULL ${nextYear}`]);
    expect((await became(world, b)).from).toEqual([]);
    expect((await became(world, a, { revision: planned })).to).toEqual([`${a} > ${b} REPLACEMENT FULL 2029-01-01`]);
  });

  it('falls away where a merge or a split comes before it', async () => {
    const { a, b, c } = await four();
    const { a: split } = await four();
    const trust = world.as('trust');
    made(await trust.mergeUnits({ sourceReshIds: [a], targetReshId: b, effectiveOn: '2029-01-01' }));
    made(await trust.mergeUnits({ sourceReshIds: [split], targetReshId: b, effectiveOn: '2029-01-01' }));

    made(await trust.mergeUnits({ sourceReshIds: [a], targetReshId: c, effectiveOn: nextYear }));
    made(await trust.splitUnit({ reshId: split, into: [{ reshId: b }, { reshId: c }], effectiveOn: nextYear }));

    expect((await became(world, a)).to).toEqual([`${a} > ${c} MERGE FULL ${nextYear}`]);
    expect((await became(world, split)).to).toEqual([
      `${split} > ${b} SPLIT PARTIAL ${nextYear}`,
      `${split} > ${c} SPLIT PARTIAL ${nextYear}`,
    ]);
  });

  it('stays where the unit closes on a later day: it then became that before, and was a part of it', async () => {
    const { a, b, c } = await four();
    const trust = world.as('trust');
    made(await trust.splitUnit({ reshId: a, into: [{ reshId: b }], keepSource: true, effectiveOn: lastYear }));

    made(await trust.closeUnit({ reshId: a, successorReshIds: [c] }));

    expect((await became(world, a)).to).toEqual([
      `${a} > ${b} SPLIT PARTIAL ${lastYear}`,
      `${a} > ${c} REPLACEMENT FULL ${worldDay}`,
    ]);
  });

  it('is replaced where something else is said of the same day, whichever way, and stays where nothing is', async () => {
    const { a, b, c, d } = await four();
    const trust = world.as('trust');
    made(await trust.mergeUnits({ sourceReshIds: [a, d], targetReshId: b, effectiveOn: nextYear }));
    const first = await world.newest();
    const away = (to: number) => `That unit ${a} «A» becomes unit ${to} on ${nextYear} falls away.`;

    const merged = made(await trust.mergeUnits({ sourceReshIds: [a], targetReshId: c, effectiveOn: nextYear }));
    expect(merged.impact?.notes).toEqual([away(b)]);
    expect(kindsOf(merged, nextYear)).toEqual({ [a]: 'MERGED' });
    expect((await became(world, a)).to).toEqual([`${a} > ${c} MERGE FULL ${nextYear}`]);
    expect((await became(world, a, { revision: first })).to).toEqual([`${a} > ${b} MERGE FULL ${nextYear}`]);
    expect((await became(world, d)).to).toEqual([`${d} > ${b} MERGE FULL ${nextYear}`]);

    const into = [{ reshId: b }, { reshId: c }];
    const split = made(await trust.splitUnit({ reshId: a, into, effectiveOn: nextYear }));
    expect(split.impact?.notes).toEqual([away(c)]);
    expect((await became(world, a)).to).toEqual([
      `${a} > ${b} SPLIT PARTIAL ${nextYear}`,
      `${a} > ${c} SPLIT PARTIAL ${nextYear}`,
    ]);

    const closed = made(await trust.closeUnit({ reshId: a, successorReshIds: [b], effectiveOn: nextYear }));
    expect(closed.impact?.notes).toEqual([away(b), away(c)]);
    made(await trust.closeUnit({ reshId: a, successorReshIds: [b, c], effectiveOn: nextYear }));
    const both = [`${a} > ${b} REPLACEMENT PARTIAL ${nextYear}`, `${a} > ${c} REPLACEMENT PARTIAL ${nextYear}`];
    expect((await became(world, a)).to).toEqual(both);

    for (const successorReshIds of [[], [c, b]]) {
      const again = made(await trust.closeUnit({ reshId: a, successorReshIds, effectiveOn: nextYear }));
      expect([again.warnings.map(({ code }) => code), again.impact?.notes]).toEqual([['NOTHING_CHANGES'], []]);
    }
    expect((await became(world, a)).to).toEqual(both);
  });

  it('is replaced by a later step of the same change', async () => {
    const { a, b, c } = await four();
    const merge = (targetReshId: number) => ({ merge: { sourceReshIds: [a], targetReshId } });

    const { impact } = made(await world.as('trust').reorganize({ steps: [merge(b), merge(c)] }));

    expect(impact?.notes).toEqual([`That unit ${a} «A» becomes unit ${b} on ${worldDay} falls away.`]);
    expect((await became(world, a)).to).toEqual([`${a} > ${c} MERGE FULL ${worldDay}`]);
  });

  it('stays where a part was given away on the day, and the rest closes on it', async () => {
    const { a, b, c } = await four();
    const trust = world.as('trust');
    made(await trust.splitUnit({ reshId: a, into: [{ reshId: b }], keepSource: true }));

    made(await trust.mergeUnits({ sourceReshIds: [a], targetReshId: c }));

    expect((await became(world, a)).to).toEqual([
      `${a} > ${b} SPLIT PARTIAL ${worldDay}`,
      `${a} > ${c} MERGE FULL ${worldDay}`,
    ]);
  });

  it('is taken back where the closing is, and stays where the unit reopens after a gap', async () => {
    const { a, b, c, d } = await four();
    const trust = world.as('trust');
    made(await trust.closeUnit({ reshId: a, successorReshIds: [b], effectiveOn: lastYear }));
    made(await trust.mergeUnits({ sourceReshIds: [c], targetReshId: d, effectiveOn: lastYear }));

    const back = made(await trust.reopenUnit({ reshId: a, effectiveOn: lastYear }));
    made(await trust.reopenUnit({ reshId: c }));

    expect(back.impact?.notes).toEqual([`That unit ${a} «A» becomes unit ${b} on ${lastYear} falls away.`]);
    expect((await became(world, a)).to).toEqual([]);
    expect((await became(world, c)).to).toEqual([`${c} > ${d} MERGE FULL ${lastYear}`]);
    // Nothing ties it to another any longer.
    made(await trust.withdrawUnit({ reshId: a }));
    // And the way is free the other way round.
    made(await trust.closeUnit({ reshId: b, successorReshIds: [d] }));
  });
});

describe('successors are refused', () => {
  it('where they are unknown, not valid on the day, or close too', async () => {
    const { a } = await four();
    const { room, closed } = await addUnits(world, {
      room: { name: 'Room', under: a },
      closed: { name: 'Closed', under: home, validTo: '2021-01-01' },
    });

    expect(
      complaints(
        await world.as('trust').closeUnit({
          reshId: a,
          successorReshIds: [999_999, closed, room],
          withDescendants: true,
        }),
      ),
    ).toEqual([
      'NOT_FOUND at successorReshIds: Unit 999999 is not in the register; correct the RESH-id.',
      `NOT_VALID_ON_DAY at successorReshIds: Unit ${closed} «Closed» is not valid on ${worldDay}, but from 2020-01-01 to 2021-01-01 (exclusive); choose a day on which it is.`,
      `NOT_VALID_ON_DAY at successorReshIds: Unit ${room} «Room» closes too; name a unit that is there on ${worldDay}.`,
    ]);
    expect(await world.seen(a, worldDay)).toMatchObject({ validity: '2020-01-01/' });
  });

  it('where the unit reopens on the day, unless it is said to become nothing', async () => {
    const { ward, heir } = await addUnits(world, {
      ward: { name: 'Ward', under: home },
      heir: { name: 'Heir', under: home },
    });
    const operator = world.as('operator');
    made(await operator.closeUnit({ reshId: ward, effectiveOn: lastYear }));
    made(await operator.reopenUnit({ reshId: ward }));
    const told = `NOT_VALID_ON_DAY at effectiveOn: Unit ${ward} «Ward» is not there on ${yesterday}, the day before, and so becomes no other on ${worldDay}; choose another day.`;

    expect(complaints(await operator.closeUnit({ reshId: ward, successorReshIds: [heir] }))).toEqual([told]);
    expect(complaints(await operator.mergeUnits({ sourceReshIds: [ward], targetReshId: heir }))).toEqual([told]);
    made(await operator.closeUnit({ reshId: ward }));
  });

  it('where they lead back: the unit itself, one that it came from, and further back', async () => {
    const { a, b, c } = await four();
    const operator = world.as('operator');
    const refused = (successor: string, unit: string) =>
      `CYCLE at successorReshIds: Unit ${successor} cannot succeed ${unit}: it is that unit, or became it; name another.`;

    expect(complaints(await operator.closeUnit({ reshId: a, successorReshIds: [a] }))).toEqual([
      refused(`${a} «A»`, `${a} «A»`),
    ]);
    // A gives a part to B and B one to C; both stay.
    made(await operator.splitUnit({ reshId: a, into: [{ reshId: b }], keepSource: true, effectiveOn: '2021-01-01' }));
    made(await operator.splitUnit({ reshId: b, into: [{ reshId: c }], keepSource: true, effectiveOn: '2022-01-01' }));
    expect(complaints(await operator.closeUnit({ reshId: b, successorReshIds: [a] }))).toEqual([
      refused(`${a} «A»`, `${b} «B»`),
    ]);
    expect(complaints(await operator.closeUnit({ reshId: c, successorReshIds: [a] }))).toEqual([
      refused(`${a} «A»`, `${c} «C»`),
    ]);
    expect(await world.seen(c, worldDay)).toMatchObject({ validity: '2020-01-01/' });
  });
});

describe('naming successors', () => {
  it('needs no scope over them, but over the parent of what closes', async () => {
    const { a } = await four();
    const close = (who: 'trust' | 'south') =>
      world.as(who).closeUnit({ reshId: a, successorReshIds: [units.southClinic], dryRun: true });

    await writesNothing(world, async () => {
      made(await close('trust'));
      expect(refusedAs(await close('south'))).toEqual(['FORBIDDEN']);
    });
  });

  it('is a conflict where one of them was changed since the revision that was expected', async () => {
    const { a, b } = await four();
    const read = await world.newest();
    made(await world.as('trust').updateUnit({ reshId: b, name: 'Renamed' }));

    expect(
      complaints(await world.as('trust').closeUnit({ reshId: a, successorReshIds: [b], expectedRevision: read })),
    ).toEqual([
      `CONFLICT at expectedRevision: Unit ${b} was changed in revision ${read + 1}, after the expected ${read}; the newest revision is ${read + 1}. Read it again, and decide anew.`,
    ]);
  });
});
