import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addYears, dayBefore, isDay, toOsloDay } from '../../src/domain/time/day.ts';

const anyDay = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9998-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const dayCount = fc.integer({ min: -300, max: 300 });
const laterDay = anyDay.filter((day) => day > '0002');

describe('Day', () => {
  it('is a date in the calendar', () => {
    for (const day of ['2026-11-23', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])
      expect(isDay(day)).toBe(true);
    for (const text of [
      '2023-02-29',
      '1900-02-29',
      '2026-11-31',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '0000-01-01',
      '2026-1-1',
      '20261123',
      '2026-11-23T00:00:00Z',
      ' 2026-11-23',
      '2026-11-23\n',
      '+02026-11-23',
      '',
    ])
      expect(isDay(text), JSON.stringify(text)).toBe(false);
  });

  it('is the same day some years later, or 1 March if there is no 29 February', () => {
    expect(addYears('2026-11-23', 10)).toBe('2036-11-23');
    expect(addYears('2024-02-29', 4)).toBe('2028-02-29');
    expect(addYears('2024-02-29', 10)).toBe('2034-03-01');
  });

  it('stays a date after adding any number of days', () => {
    fc.assert(
      fc.property(laterDay, dayCount, (day, days) => {
        expect(isDay(addDays(day, days))).toBe(true);
        expect(addDays(addDays(day, days), -days)).toBe(day);
      }),
    );
  });

  it('sorts as text in calendar order', () => {
    fc.assert(
      fc.property(laterDay, dayCount, (day, days) => {
        expect(Math.sign(days)).toBe(addDays(day, days) > day ? 1 : addDays(day, days) < day ? -1 : 0);
      }),
    );
  });

  it('follows the previous day', () => {
    expect(dayBefore('2024-03-01')).toBe('2024-02-29');
    expect(dayBefore('2023-03-01')).toBe('2023-02-28');
    expect(dayBefore('2026-01-01')).toBe('2025-12-31');
    fc.assert(
      fc.property(laterDay, (day) => {
        expect(addDays(dayBefore(day), 1)).toBe(day);
      }),
    );
  });

  it('starts at midnight in Oslo in summer and winter', () => {
    expect(toOsloDay(new Date('2026-01-31T22:59:59Z'))).toBe('2026-01-31');
    expect(toOsloDay(new Date('2026-01-31T23:00:00Z'))).toBe('2026-02-01');
    expect(toOsloDay(new Date('2026-06-30T21:59:59Z'))).toBe('2026-06-30');
    expect(toOsloDay(new Date('2026-06-30T22:00:00Z'))).toBe('2026-07-01');
  });
});
