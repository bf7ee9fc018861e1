import { isDay, type Day } from '../../domain/time/day.ts';
import { unguardFormula } from '../../domain/text/formula-guard.ts';
import { isOrganizationNumber } from '../../domain/text/organization-number.ts';

// A quote that is not doubled takes the next row in: a line break, and a delimiter after it.
const swallowedRow = /[\r\n][^\r\n]*[,;]/;

/** What is wrong with one value of a row. */
export interface FieldProblem {
  readonly column: string;
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
}

const greatestInteger = 2_147_483_647;
const longestText = 2_000;

/** The fields of one row by column name: each is read as what it should be, and what is wrong is collected. */
export class RowFields {
  readonly problems: FieldProblem[] = [];

  constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly hasStrayQuote: boolean,
  ) {}

  /** Notes that a value cannot be used. */
  refuse(column: string, problem: string, remedy: string): null {
    this.problems.push({ column, value: this.values.get(column) ?? null, problem, remedy });
    return null;
  }

  /** Whether the file has a column. */
  has(column: string): boolean {
    return this.values.has(column);
  }

  /**
   * The text of a column, trimmed and without the quote mark that an extract puts before what looks like a formula; null where it
   * is empty or the file has no such column.
   */
  text(column: string): string | null {
    const text = unguardFormula(this.values.get(column)?.trim() ?? '');
    if (text === '') return null;
    if (text.includes('\u0000')) return this.refuse(column, 'holds a NUL character', 'remove it');
    if (text.includes('\uFFFD')) return this.refuse(column, 'holds bytes that are not UTF-8', 'save the file as UTF-8');
    if (text.length > longestText)
      return this.refuse(column, `is longer than ${longestText} characters`, 'shorten it, or close a quote before it');
    if (this.hasStrayQuote && text.includes('"') && swallowedRow.test(text))
      return this.refuse(
        column,
        'runs over a line break and holds a quote',
        'close the quote, or double the quotes within',
      );
    return text;
  }

  /** The text of a column that may not be empty. */
  requiredText(column: string, remedy: string): string | null {
    const before = this.problems.length;
    const text = this.text(column);
    if (text === null && this.problems.length === before) this.refuse(column, 'is empty', remedy);
    return text;
  }

  private integer(column: string, what: string, required: boolean): number | null {
    const text = required ? this.requiredText(column, `give ${what}`) : this.text(column);
    if (text === null) return null;
    const number = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
    return number <= greatestInteger
      ? number
      : this.refuse(column, `is not ${what}`, `give a whole number from 1 to ${greatestInteger}, digits only`);
  }

  reshId(column: string): number | null {
    return this.integer(column, 'a RESH-id', false);
  }

  requiredReshId(column: string): number | null {
    return this.integer(column, 'a RESH-id', true);
  }

  codeSet(column: string): number | null {
    return this.integer(column, 'the number of a code set', true);
  }

  organizationNumber(column: string, required = false): string | null {
    const text = required ? this.requiredText(column, 'give the organization number') : this.text(column);
    if (text === null || isOrganizationNumber(text)) return text;
    return /^\d{9}$/.test(text)
      ? this.refuse(column, 'has a check digit that does not fit', 'correct the number')
      : this.refuse(column, 'is not an organization number', 'give nine digits');
  }

  oneOf<Value extends string>(column: string, values: readonly Value[]): Value | null {
    const list = values.join(' or ');
    const text = this.requiredText(column, `give ${list}`);
    if (text === null) return null;
    return values.find((value) => value === text) ?? this.refuse(column, 'is not known', `give ${list}`);
  }

  private day(column: string): Day | null {
    const text = this.text(column);
    if (text === null || isDay(text)) return text;
    return this.refuse(column, 'is not a day', 'give a day that exists, as YYYY-MM-DD');
  }

  /** The period of a row: `valid_from` (a given day where it is empty) and `valid_to`, the first day outside. */
  period(validFromIfEmpty: Day | null = null): { valid_from: Day | null; valid_to: Day | null } {
    const wrote = this.problems.length;
    const from = this.day('valid_from') ?? (this.problems.length === wrote ? validFromIfEmpty : null);
    const to = this.day('valid_to');
    if (from !== null && to !== null && to <= from) {
      this.refuse(
        'valid_to',
        `is not after the first day, ${from}`,
        'give the first day on which it no longer holds, or nothing',
      );
      return { valid_from: from, valid_to: null };
    }
    return { valid_from: from, valid_to: to };
  }
}
