import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/time/day.ts';
import { covers, touches, unbrokenPeriod, type Period } from '../../src/domain/time/period.ts';
import {
  contentOf,
  endedOn,
  endOfFact,
  firstUncovered,
  overlap,
  setFact,
  setList,
  validityAround,
  withoutPeriod,
  withRow,
  type Row,
} from '../../src/domain/time/timeline.ts';
import { someDay, timelines } from '../support/model/timelines.ts';

interface Fact extends Row {
  readonly name: string;
  readonly parent: number;
}

/** Days around all that the random timelines say. */
const days: readonly Day[] = Array.from({ length: 70 }, (_, place) => addDays('2020-02-10', place));

const facts = timelines(fc.record({ name: fc.constantFrom('A', 'B'), parent: fc.constantFrom(1, 2) })).map(
  (rows): Fact[] => rows.map((row, place) => ({ ...row, id: String(place) })),
);
const period: fc.Arbitrary<Period> = fc
  .record({ from: someDay, length: fc.option(fc.integer({ min: 1, max: 20 })) })
  .map(({ from, length }) => ({ from, to: length === null ? null : addDays(from, length) }));

const factOn = (rows: readonly Fact[], day: Day): Pick<Fact, 'name' | 'parent'> | undefined => {
  const row = rows.find((each) => covers(each, day));
  return row && { name: row.name, parent: row.parent };
};
const contentsOn = (rows: readonly Row[], day: Day): string[] =>
  rows
    .filter((row) => covers(row, day))
    .map(contentOf)
    .sort();

/** The first of the days from one on of which something holds; undefined where it holds of none, however late. */
const firstDay = (from: Day, holds: (day: Day) => boolean): Day | undefined =>
  days.find((day) => day >= from && holds(day));

const expectInOrder = (rows: readonly Row[]): void => {
  for (const [place, row] of rows.entries()) {
    expect(row.to === null || row.from < row.to).toBe(true);
    const next = rows[place + 1];
    if (next) expect(row.to !== null && row.to <= next.from).toBe(true);
  }
};

/** No two rows that a plan has made touch and say the same; what was recorded apart may stay so. */
const expectJoined = (rows: readonly Row[]): void => {
  for (const one of rows)
    for (const other of rows)
      if (touches(one, other) && contentOf(one) === contentOf(other)) expect(one.id ?? other.id).toBeDefined();
};

const row = (from: Day, to: Day | null, name = 'A', parent = 1, id?: string): Fact => ({
  ...{ from, to, name, parent },
  ...(id !== undefined && { id }),
});
const told = (rows: readonly Fact[]) =>
  rows.map(({ from, to, name, parent }) => `${from}/${to ?? ''} ${name} ${parent}`);
const named = ({ name }: Fact): string => name;

describe('setting a fact', () => {
  it('parts the row that covers the day', () => {
    expect(told(setFact([row('2020-01-01', null)], '2021-01-01', named, { name: 'B' }))).toEqual([
      '2020-01-01/2021-01-01 A 1',
      '2021-01-01/ B 1',
    ]);
  });

  it('holds across borders that another fact has made, to the next that this one has', () => {
    const rows = [
      row('2020-01-01', '2022-01-01'),
      row('2022-01-01', '2023-01-01', 'A', 2),
      row('2023-01-01', null, 'C', 2),
    ];
    expect(told(setFact(rows, '2021-01-01', named, { name: 'B' }))).toEqual([
      '2020-01-01/2021-01-01 A 1',
      '2021-01-01/2022-01-01 B 1',
      '2022-01-01/2023-01-01 B 2',
      '2023-01-01/ C 2',
    ]);
  });

  it('holds to the end of the unbroken validity only', () => {
    const rows = [row('2020-01-01', '2021-01-01'), row('2022-01-01', null)];
    expect(told(setFact(rows, '2020-06-01', named, { name: 'B' }))).toEqual([
      '2020-01-01/2020-06-01 A 1',
      '2020-06-01/2021-01-01 B 1',
      '2022-01-01/ A 1',
    ]);
    expect(endOfFact(rows, '2021-06-01', named)).toBeUndefined();
  });

  it('cancels what was planned where it is set again on its day, and joins what then says the same', () => {
    const rows = [row('2020-01-01', '2021-01-01', 'A', 1, '1'), row('2021-01-01', null, 'B', 1, '2')];
    expect(told(setFact(rows, '2021-01-01', named, { name: 'A' }))).toEqual(['2020-01-01/ A 1']);
  });

  it('says on every day what a register of single days says', () => {
    fc.assert(
      fc.property(facts, someDay, (rows, day) => {
        const after = setFact(rows, day, named, { name: 'C' });
        const before = factOn(rows, day);
        const end = before && firstDay(day, (each) => factOn(rows, each)?.name !== before.name);
        for (const each of days) {
          const was = factOn(rows, each);
          const isSet = before && each >= day && (end === undefined || each < end);
          expect(factOn(after, each)).toEqual(isSet && was ? { ...was, name: 'C' } : was);
        }
        expect(endOfFact(rows, day, named)).toEqual(before && { to: end ?? null });
        expectInOrder(after);
        expectJoined(after);
      }),
    );
  });

  it('leaves the rows alone that it does not change', () => {
    fc.assert(
      fc.property(facts, someDay, (rows, day) => {
        const after = setFact(rows, day, named, { name: 'C' });
        for (const kept of after.filter(({ id }) => id !== undefined)) expect(rows).toContain(kept);
        // One that touches the row that is parted may become one with what is left of it.
        const parted = rows.find((each) => covers(each, day));
        for (const was of rows.filter(({ to }) => to !== null && to < (parted?.from ?? day)))
          expect(after).toContain(was);
      }),
    );
  });
});

describe('setting a list', () => {
  const content = fc.constantFrom('one', 'two', 'three');
  const lists = fc
    .array(timelines(fc.record({ name: content, parent: fc.constant(1) })), { minLength: 1, maxLength: 3 })
    .map((timelinesOfKinds) =>
      timelinesOfKinds
        .flatMap((rows, kind) => rows.map((each, place): Fact => ({ ...each, parent: kind, id: `${kind}${place}` })))
        .sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0)),
    );
  const contents = fc.uniqueArray(content).map((names) => names.map((name) => ({ name, parent: 0 })));

  it('replaces the whole list, until the day on which the list was going to change', () => {
    const rows = [row('2020-01-01', null, 'one'), row('2020-01-01', null, 'two'), row('2022-01-01', null, 'three')];
    expect(told(setList(rows, '2021-01-01', null, [{ name: 'two', parent: 1 }])).sort()).toEqual([
      '2020-01-01/ two 1',
      '2020-01-01/2021-01-01 one 1',
      '2022-01-01/ one 1',
      '2022-01-01/ three 1',
    ]);
  });

  it('holds until the validity ends, and may be empty', () => {
    expect(told(setList<Fact>([], '2021-01-01', '2022-01-01', [{ name: 'one', parent: 1 }]))).toEqual([
      '2021-01-01/2022-01-01 one 1',
    ]);
    expect(told(setList([row('2020-01-01', '2022-01-01')], '2021-01-01', '2022-01-01', []))).toEqual([
      '2020-01-01/2021-01-01 A 1',
    ]);
  });

  it('says on every day what a register of single days says', () => {
    fc.assert(
      fc.property(
        ...([lists, someDay, fc.option(fc.integer({ min: 1, max: 30 })), contents] as const),
        (rows, day, length, wanted) => {
          const validTo = length === null ? null : addDays(day, length);
          const after = setList(rows, day, validTo, wanted);
          const before = contentsOn(rows, day).join();
          const changes = firstDay(day, (each) => contentsOn(rows, each).join() !== before);
          const isBefore = (each: Day, end: Day | null | undefined) => end === null || end === undefined || each < end;
          for (const each of days)
            expect(contentsOn(after, each)).toEqual(
              each >= day && isBefore(each, changes) && isBefore(each, validTo)
                ? wanted.map((item) => contentOf({ ...item, from: day, to: null })).sort()
                : contentsOn(rows, each),
            );
          expectJoined(after);
        },
      ),
    );
  });
});

describe('rows', () => {
  it('that are ended say nothing from the day on, and before it what they said', () => {
    expect(told(endedOn([row('2020-01-01', null), row('2022-01-01', null, 'B')], '2021-01-01'))).toEqual([
      '2020-01-01/2021-01-01 A 1',
    ]);
    fc.assert(
      fc.property(facts, someDay, (rows, day) => {
        const after = endedOn(rows, day);
        for (const each of days) expect(factOn(after, each)).toEqual(each < day ? factOn(rows, each) : undefined);
        expectInOrder(after);
        for (const was of rows.filter(({ to }) => to !== null && to <= day)) expect(after).toContain(was);
      }),
    );
  });

  it('with one more say what they said and what it says', () => {
    expect(
      told(withRow([row('2020-01-01', '2021-01-01'), row('2022-01-01', null)], row('2021-01-01', '2022-01-01'))),
    ).toEqual(['2020-01-01/ A 1']);
    fc.assert(
      fc.property(facts, fc.nat(5), (rows, place) => {
        const one = rows[place];
        fc.pre(one !== undefined);
        const after = withRow(
          rows.filter((other) => other !== one),
          { ...one, id: undefined },
        );
        for (const each of days) expect(factOn(after, each)).toEqual(factOn(rows, each));
        expectInOrder(after);
        expectJoined(after);
      }),
    );
  });

  it('without a period say nothing in it, and outside of it what they said', () => {
    fc.assert(
      fc.property(facts, period, (rows, taken) => {
        const after = withoutPeriod(rows, taken);
        for (const each of days)
          expect(factOn(after, each)).toEqual(covers(taken, each) ? undefined : factOn(rows, each));
        expectInOrder(after);
      }),
    );
  });

  it('leave a first day of a period uncovered, or none', () => {
    const rows = [row('2020-01-01', '2021-01-01'), row('2021-01-01', '2022-01-01'), row('2023-01-01', null)];
    expect(firstUncovered(rows, { from: '2019-01-01', to: null })).toBe('2019-01-01');
    expect(firstUncovered(rows, { from: '2020-01-01', to: '2022-01-01' })).toBeUndefined();
    expect(firstUncovered(rows, { from: '2020-01-01', to: '2022-01-02' })).toBe('2022-01-01');
    expect(firstUncovered(rows, { from: '2023-06-01', to: null })).toBeUndefined();
    expect(firstUncovered([], { from: '2023-06-01', to: null })).toBe('2023-06-01');
    fc.assert(
      fc.property(facts, period, (timeline, needed) => {
        expect(firstUncovered(timeline, needed)).toBe(
          firstDay(needed.from, (each) => covers(needed, each) && factOn(timeline, each) === undefined),
        );
      }),
    );
  });

  it('are valid around a day as far as no gap is between them', () => {
    fc.assert(
      fc.property(facts, someDay, (rows, day) => {
        expect(validityAround(rows, day)).toEqual(unbrokenPeriod(rows, day));
      }),
    );
  });

  it('overlap where they share a day', () => {
    fc.assert(
      fc.property(period, period, (one, other) => {
        const shared = firstDay(one.from, (day) => covers(one, day) && covers(other, day));
        expect(overlap(one, other)).toBe(shared !== undefined);
      }),
    );
  });
});
