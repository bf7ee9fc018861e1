import { unguardFormula } from '../../domain/text/formula-guard.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { isOrganizationNumber } from '../../domain/text/organization-number.ts';
import { isDay, type Day } from '../../domain/time/day.ts';

// A field with a quote that is not doubled may contain the next row: a line break followed by a delimiter.
const swallowedRowPattern = /[\r\n][^\r\n]*[,;]/;

/** A problem of a value in a row. */
export interface FieldProblem {
  readonly column: string;
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
}

const maxTextLength = 2_000;

/** The fields of one row by column name; reading a field adds its problem to the list. */
export class RowFields {
  readonly problems: FieldProblem[] = [];

  constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly hasStrayQuote: boolean,
  ) {}

  /** Adds a problem; returns null as the value of the field. */
  addProblem(column: string, problem: string, remedy: string): null {
    this.problems.push({ column, value: this.values.get(column) ?? null, problem, remedy });
    return null;
  }

  /** Returns whether the file has a column. */
  hasColumn(column: string): boolean {
    return this.values.has(column);
  }

  /**
   * Reads the text of a column, trimmed and without the quote mark that extracts put before formulas; null if it is
   * empty or the file does not have the column.
   */
  readText(column: string): string | null {
    const text = unguardFormula(this.values.get(column)?.trim() ?? '');
    if (text === '') return null;
    if (text.includes('\u0000')) return this.addProblem(column, 'contains a NUL character', 'remove it');
    if (text.includes('\uFFFD'))
      return this.addProblem(column, 'contains bytes that are not UTF-8', 'save the file as UTF-8');
    if (text.length > maxTextLength)
      return this.addProblem(
        column,
        `is longer than ${maxTextLength} characters`,
        'shorten it, or close a quote before it',
      );
    if (this.hasStrayQuote && text.includes('"') && swallowedRowPattern.test(text))
      return this.addProblem(
        column,
        'contains a line break and a quote',
        'close the quote, or double the quotes within the field',
      );
    return text;
  }

  /** Reads the text of a column that must not be empty. */
  readRequiredText(column: string, remedy: string): string | null {
    const problemCountBefore = this.problems.length;
    const text = this.readText(column);
    if (text === null && this.problems.length === problemCountBefore) this.addProblem(column, 'is empty', remedy);
    return text;
  }

  private readInteger(column: string, description: string, required: boolean): number | null {
    const text = required ? this.readRequiredText(column, `give ${description}`) : this.readText(column);
    if (text === null) return null;
    const number = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
    return number <= MAX_INTEGER
      ? number
      : this.addProblem(column, `is not ${description}`, `give a whole number from 1 to ${MAX_INTEGER}, digits only`);
  }

  readReshId(column: string): number | null {
    return this.readInteger(column, 'a RESH-id', false);
  }

  readRequiredReshId(column: string): number | null {
    return this.readInteger(column, 'a RESH-id', true);
  }

  readCodeSet(column: string): number | null {
    return this.readInteger(column, 'the number of a code set', true);
  }

  readOrganizationNumber(column: string, required = false): string | null {
    const text = required ? this.readRequiredText(column, 'give the organization number') : this.readText(column);
    if (text === null || isOrganizationNumber(text)) return text;
    return /^\d{9}$/.test(text)
      ? this.addProblem(column, 'has a wrong check digit', 'correct the number')
      : this.addProblem(column, 'is not an organization number', 'give nine digits');
  }

  readOneOf<Value extends string>(column: string, values: readonly Value[]): Value | null {
    const valueList = values.join(' or ');
    const text = this.readRequiredText(column, `give ${valueList}`);
    if (text === null) return null;
    return values.find((value) => value === text) ?? this.addProblem(column, 'is not known', `give ${valueList}`);
  }

  private readDay(column: string): Day | null {
    const text = this.readText(column);
    if (text === null || isDay(text)) return text;
    return this.addProblem(column, 'is not a day', 'give a day that exists, as YYYY-MM-DD');
  }

  /**
   * Reads the period of a row: `valid_from` (a given day if it is empty) and `valid_to`, the first day after the
   * period.
   */
  readPeriod(validFromIfEmpty: Day | null = null): { valid_from: Day | null; valid_to: Day | null } {
    const problemCountBefore = this.problems.length;
    const from = this.readDay('valid_from') ?? (this.problems.length === problemCountBefore ? validFromIfEmpty : null);
    const to = this.readDay('valid_to');
    if (from !== null && to !== null && to <= from) {
      this.addProblem(
        'valid_to',
        `is not after the first day, ${from}`,
        'give the first day after the period, or leave it empty',
      );
      return { valid_from: from, valid_to: null };
    }
    return { valid_from: from, valid_to: to };
  }
}
