import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/time/day.ts';
import { covers, findFirstUncoveredDay, touches } from '../../src/domain/time/period.ts';
import {
  valueKey,
  truncateAt,
  findFactEnd,
  setFact,
  setList,
  removePeriod,
  insertRow,
  type Row,
} from '../../src/domain/time/timeline.ts';
import { arbitraryDay, arbitraryPeriod, arbitraryTimeline } from '../support/model/timelines.ts';

interface Fact extends Row {
  readonly name: string;
  readonly parent: number;
}

/** Days around all periods of the random timelines. */
const days: readonly Day[] = Array.from({ length: 70 }, (_, index) => addDays('2020-02-10', index));

const facts = arbitraryTimeline(fc.record({ name: fc.constantFrom('A', 'B'), parent: fc.constantFrom(1, 2) })).map(
  (rows): Fact[] => rows.map((row, index) => ({ ...row, id: String(index) })),
);

function findFact(rows: readonly Fact[], day: Day): Pick<Fact, 'name' | 'parent'> | undefined {
  const row = rows.find((each) => covers(each, day));
  return row && { name: row.name, parent: row.parent };
}

function listContents(rows: readonly Row[], day: Day): string[] {
  return rows
    .filter((row) => covers(row, day))
    .map(valueKey)
    .sort();
}

/** Returns the first day, from a day on, on which a condition holds; undefined if there is none. */
function findFirstDay(from: Day, holds: (day: Day) => boolean): Day | undefined {
  return days.find((day) => day >= from && holds(day));
}

function expectOrdered(rows: readonly Row[]): void {
  for (const [index, row] of rows.entries()) {
    expect(row.to === null || row.from < row.to).toBe(true);
    const next = rows[index + 1];
    if (next) expect(row.to !== null && row.to <= next.from).toBe(true);
  }
}

/** Expects no adjacent equal rows, except those recorded separately. */
function expectCoalesced(rows: readonly Row[]): void {
  for (const one of rows)
    for (const other of rows)
      if (touches(one, other) && valueKey(one) === valueKey(other)) expect(one.id ?? other.id).toBeDefined();
}

function buildRow(from: Day, to: Day | null, name = 'A', parent = 1, id?: string): Fact {
  return {
    from,
    to,
    name,
    parent,
    ...(id !== undefined && { id }),
  };
}

function formatRows(rows: readonly Fact[]) {
  return rows.map(({ from, to, name, parent }) => `${from}/${to ?? ''} ${name} ${parent}`);
}

function nameKey({ name }: Fact): string {
  return name;
}

describe('patchTimeline of a fact', () => {
  it('splits the row that covers the day', () => {
    expect(formatRows(setFact([buildRow('2020-01-01', null)], '2021-01-01', nameKey, { name: 'B' }))).toEqual([
      '2020-01-01/2021-01-01 A 1',
      '2021-01-01/ B 1',
    ]);
  });

  it('continues across borders of other facts until the next change of this one', () => {
    const rows = [
      buildRow('2020-01-01', '2022-01-01'),
      buildRow('2022-01-01', '2023-01-01', 'A', 2),
      buildRow('2023-01-01', null, 'C', 2),
    ];
    expect(formatRows(setFact(rows, '2021-01-01', nameKey, { name: 'B' }))).toEqual([
      '2020-01-01/2021-01-01 A 1',
      '2021-01-01/2022-01-01 B 1',
      '2022-01-01/2023-01-01 B 2',
      '2023-01-01/ C 2',
    ]);
  });

  it('ends with the unbroken validity', () => {
    const rows = [buildRow('2020-01-01', '2021-01-01'), buildRow('2022-01-01', null)];
    expect(formatRows(setFact(rows, '2020-06-01', nameKey, { name: 'B' }))).toEqual([
      '2020-01-01/2020-06-01 A 1',
      '2020-06-01/2021-01-01 B 1',
      '2022-01-01/ A 1',
    ]);
    expect(findFactEnd(rows, '2021-06-01', nameKey)).toBeUndefined();
  });

  it('cancels a plan on the same day and coalesces equal rows', () => {
    const rows = [buildRow('2020-01-01', '2021-01-01', 'A', 1, '1'), buildRow('2021-01-01', null, 'B', 1, '2')];
    expect(formatRows(setFact(rows, '2021-01-01', nameKey, { name: 'A' }))).toEqual(['2020-01-01/ A 1']);
  });

  it('equals a model with one entry a day', () => {
    fc.assert(
      fc.property(facts, arbitraryDay, (rows, day) => {
        const after = setFact(rows, day, nameKey, { name: 'C' });
        const before = findFact(rows, day);
        const end = before && findFirstDay(day, (each) => findFact(rows, each)?.name !== before.name);
        for (const each of days) {
          const factBefore = findFact(rows, each);
          const isSet = before && each >= day && (end === undefined || each < end);
          expect(findFact(after, each)).toEqual(isSet && factBefore ? { ...factBefore, name: 'C' } : factBefore);
        }
        expect(findFactEnd(rows, day, nameKey)).toEqual(before && { to: end ?? null });
        expectOrdered(after);
        expectCoalesced(after);
      }),
    );
  });

  it('keeps unaffected rows', () => {
    fc.assert(
      fc.property(facts, arbitraryDay, (rows, day) => {
        const after = setFact(rows, day, nameKey, { name: 'C' });
        for (const keptContents of after.filter(({ id }) => id !== undefined)) expect(rows).toContain(keptContents);
        // A row next to the split row may merge with what is left of it.
        const splitRow = rows.find((each) => covers(each, day));
        for (const factBefore of rows.filter(({ to }) => to !== null && to < (splitRow?.from ?? day)))
          expect(after).toContain(factBefore);
      }),
    );
  });
});

describe('patch of a list', () => {
  const content = fc.constantFrom('one', 'two', 'three');
  const lists = fc
    .array(arbitraryTimeline(fc.record({ name: content, parent: fc.constant(1) })), { minLength: 1, maxLength: 3 })
    .map((timelinesOfKinds) =>
      timelinesOfKinds
        .flatMap((rows, kind) => rows.map((each, index): Fact => ({ ...each, parent: kind, id: `${kind}${index}` })))
        .sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0)),
    );
  const contents = fc.uniqueArray(content).map((names) => names.map((name) => ({ name, parent: 0 })));

  it('replaces the whole list until its next planned change', () => {
    const rows = [
      buildRow('2020-01-01', null, 'one'),
      buildRow('2020-01-01', null, 'two'),
      buildRow('2022-01-01', null, 'three'),
    ];
    expect(formatRows(setList(rows, '2021-01-01', null, [{ name: 'two', parent: 1 }])).sort()).toEqual([
      '2020-01-01/ two 1',
      '2020-01-01/2021-01-01 one 1',
      '2022-01-01/ one 1',
      '2022-01-01/ three 1',
    ]);
  });

  it('lasts until the validity ends and can be empty', () => {
    expect(formatRows(setList<Fact>([], '2021-01-01', '2022-01-01', [{ name: 'one', parent: 1 }]))).toEqual([
      '2021-01-01/2022-01-01 one 1',
    ]);
    expect(formatRows(setList([buildRow('2020-01-01', '2022-01-01')], '2021-01-01', '2022-01-01', []))).toEqual([
      '2020-01-01/2021-01-01 A 1',
    ]);
  });

  it('equals a model with one entry a day', () => {
    fc.assert(
      fc.property(
        ...([lists, arbitraryDay, fc.option(fc.integer({ min: 1, max: 30 })), contents] as const),
        (rows, day, length, wantedContents) => {
          const validTo = length === null ? null : addDays(day, length);
          const after = setList(rows, day, validTo, wantedContents);
          const before = listContents(rows, day).join();
          const changes = findFirstDay(day, (each) => listContents(rows, each).join() !== before);
          const isBefore = (each: Day, end: Day | null | undefined) => end === null || end === undefined || each < end;
          for (const each of days)
            expect(listContents(after, each)).toEqual(
              each >= day && isBefore(each, changes) && isBefore(each, validTo)
                ? wantedContents.map((item) => valueKey({ ...item, from: day, to: null })).sort()
                : listContents(rows, each),
            );
          expectCoalesced(after);
        },
      ),
    );
  });
});

describe('timeline rows', () => {
  it('keep earlier days and lose later ones when ended', () => {
    expect(
      formatRows(truncateAt([buildRow('2020-01-01', null), buildRow('2022-01-01', null, 'B')], '2021-01-01')),
    ).toEqual(['2020-01-01/2021-01-01 A 1']);
    fc.assert(
      fc.property(facts, arbitraryDay, (rows, day) => {
        const after = truncateAt(rows, day);
        for (const each of days) expect(findFact(after, each)).toEqual(each < day ? findFact(rows, each) : undefined);
        expectOrdered(after);
        for (const factBefore of rows.filter(({ to }) => to !== null && to <= day)) expect(after).toContain(factBefore);
      }),
    );
  });

  it('keep their facts and gain those of an inserted row', () => {
    expect(
      formatRows(
        insertRow(
          [buildRow('2020-01-01', '2021-01-01'), buildRow('2022-01-01', null)],
          buildRow('2021-01-01', '2022-01-01'),
        ),
      ),
    ).toEqual(['2020-01-01/ A 1']);
    fc.assert(
      fc.property(facts, fc.nat(5), (rows, index) => {
        const one = rows[index];
        fc.pre(one !== undefined);
        const after = insertRow(
          rows.filter((other) => other !== one),
          { ...one, id: undefined },
        );
        for (const each of days) expect(findFact(after, each)).toEqual(findFact(rows, each));
        expectOrdered(after);
        expectCoalesced(after);
      }),
    );
  });

  it('lose a removed period and keep the rest', () => {
    fc.assert(
      fc.property(facts, arbitraryPeriod, (rows, takenPeriods) => {
        const after = removePeriod(rows, takenPeriods);
        for (const each of days)
          expect(findFact(after, each)).toEqual(covers(takenPeriods, each) ? undefined : findFact(rows, each));
        expectOrdered(after);
      }),
    );
  });

  it('report the first uncovered day of a period, if any', () => {
    const rows = [
      buildRow('2020-01-01', '2021-01-01'),
      buildRow('2021-01-01', '2022-01-01'),
      buildRow('2023-01-01', null),
    ];
    expect(findFirstUncoveredDay(rows, { from: '2019-01-01', to: null })).toBe('2019-01-01');
    expect(findFirstUncoveredDay(rows, { from: '2020-01-01', to: '2022-01-01' })).toBeUndefined();
    expect(findFirstUncoveredDay(rows, { from: '2020-01-01', to: '2022-01-02' })).toBe('2022-01-01');
    expect(findFirstUncoveredDay(rows, { from: '2023-06-01', to: null })).toBeUndefined();
    expect(findFirstUncoveredDay([], { from: '2023-06-01', to: null })).toBe('2023-06-01');

    fc.assert(
      fc.property(facts, arbitraryPeriod, (timeline, neededPeriods) => {
        expect(findFirstUncoveredDay(timeline, neededPeriods)).toBe(
          findFirstDay(
            neededPeriods.from,
            (each) => covers(neededPeriods, each) && findFact(timeline, each) === undefined,
          ),
        );
      }),
    );
  });
});
