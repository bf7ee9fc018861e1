import { isDay, type Day } from '../../domain/time/day.ts';

/** Forms of days in files. */
export const dateFormats = ['YYYY-MM-DD', 'YYYYMMDD', 'DD.MM.YYYY'] as const;
export type DateFormat = (typeof dateFormats)[number];

/** How a file writes days. */
export interface DayFormat {
  readonly format: DateFormat;
  /** Indicates whether an end is the last day of its period, instead of the first day after it */
  readonly endsAreLastDays: boolean;
}

/** How the register's own files write days. */
export const standardDays: DayFormat = { format: 'YYYY-MM-DD', endsAreLastDays: false };

const patterns: Readonly<Record<DateFormat, RegExp>> = {
  'YYYY-MM-DD': /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/,
  YYYYMMDD: /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  'DD.MM.YYYY': /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/,
};

/** Parses a day in a format; undefined if it is none. */
export function parseFileDay(text: string, format: DateFormat): Day | undefined {
  const parts = patterns[format].exec(text)?.groups;
  if (!parts) return undefined;
  const { year = '', month = '', day = '' } = parts;
  const parsed = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(parsed) ? parsed : undefined;
}

/** Returns the format in which a text is a day; undefined if it is a day in none. */
export function findDayFormat(text: string): DateFormat | undefined {
  return dateFormats.find((format) => parseFileDay(text, format) !== undefined);
}

// Registers write an end or a beginning that they do not know as a day that no unit has.
const firstFarEnd: Day = '2200-01-01';
const firstBeginning: Day = '1800-01-01';

/** Counts the days of a file that stand for an open end or an unknown beginning. */
export class FarDays {
  private ends = 0;
  private beginnings = 0;

  /** Returns null instead of a day that stands for an unknown beginning. */
  dropBeginning(day: Day | null): Day | null {
    if (day === null || day >= firstBeginning) return day;
    this.beginnings += 1;
    return null;
  }

  /** Returns null instead of a day that stands for an open end. */
  dropEnd(day: Day | null): Day | null {
    if (day === null || day < firstFarEnd) return day;
    this.ends += 1;
    return null;
  }

  /** Returns the warnings about them. */
  describe(file: string): string[] {
    const ends = this.ends === 1 ? '1 end after 2199 is' : `${this.ends} ends after 2199 are`;
    const beginnings =
      this.beginnings === 1 ? '1 first day before 1800 is' : `${this.beginnings} first days before 1800 are`;
    return [
      ...(this.ends > 0 ? [`${file}: ${ends} read as no end.`] : []),
      ...(this.beginnings > 0 ? [`${file}: ${beginnings} read as no first day.`] : []),
    ];
  }
}
