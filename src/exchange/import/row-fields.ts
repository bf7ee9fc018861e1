import { unguardFormula } from '../../domain/text/formula-guard.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { findLineFault, LINE_LIMIT, normalizeLine, type TextFault } from '../../domain/text/text-rule.ts';
import { isNorwegianPostalCode, restorePostalCode } from '../../domain/text/postal-code.ts';
import { REPLACEMENT_CHARACTER } from '../../domain/text/text-problem.ts';
import { isOrganizationNumber } from '../../domain/text/organization-number.ts';
import { addDays, type Day } from '../../domain/time/day.ts';
import { findDayFormat, parseFileDay, standardDays, type DayFormat, type FarDays } from './file-days.ts';

// A field with a quote that is not doubled may contain the next row: a line break followed by a delimiter.
const swallowedRowPattern = /[\r\n][^\r\n]*[,;]/;

/** A problem of a value in a row. */
export interface FieldProblem {
  readonly column: string;
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
}

const listSeparator = /[\s|;,]+/;
const maxListLength = 2_000;

/** Problem and remedy of each fault of a text. */
const faultProblems: Readonly<Record<TextFault, readonly [problem: string, remedy: string]>> = {
  EMPTY: ['has no visible character', 'give a text that can be seen, or leave the field empty'],
  TOO_LONG: [`is longer than ${LINE_LIMIT} characters`, 'shorten it, or close a quote before it'],
  CONTROL_CHARACTER: ['contains a control character', 'remove it'],
  DIRECTION_MARK: ['contains an invisible character that changes the writing direction', 'remove it'],
};

/** The fields of one row by column name; reading a field adds its problem to the list. */
export class RowFields {
  readonly problems: FieldProblem[] = [];
  /** Columns with a text that was changed to the form in which the register holds it */
  readonly normalizedColumns: string[] = [];
  /** RESH-ids that were read from the row */
  readonly reshIds: number[] = [];
  /** Indicates whether the first day of the row's period was read as no known beginning */
  hasUnknownBeginning = false;

  constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly hasStrayQuote: boolean,
    private readonly farDays: FarDays,
    private readonly days: DayFormat = standardDays,
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
   * Reads the text of a column as the register holds it, and without the quote mark that extracts put before formulas;
   * null if it is empty or the file does not have the column.
   */
  readText(column: string): string | null {
    const given = this.readGivenText(column);
    if (given === null) return null;
    // A cell of a spreadsheet may have several lines.
    const text = normalizeLine(given.replaceAll(/[\t\r\n]+/g, ' '));
    const fault = findLineFault(text);
    if (fault) return this.addProblem(column, ...faultProblems[fault]);
    if (text !== given) this.normalizedColumns.push(column);
    return text;
  }

  /** Reads a list of codes; null if it is empty or the file does not have the column. */
  readList(column: string): readonly string[] | null {
    const text = this.readGivenText(column);
    if (text === null) return null;
    if (text.length > maxListLength)
      return this.addProblem(column, `is longer than ${maxListLength} characters`, 'shorten it');
    const entries = text
      .split(listSeparator)
      .map(normalizeLine)
      .filter((entry) => entry !== '');
    const fault = entries.map(findLineFault).find((found) => found !== undefined);
    return fault ? this.addProblem(column, ...faultProblems[fault]) : entries;
  }

  private readGivenText(column: string): string | null {
    const text = unguardFormula(this.values.get(column)?.trim() ?? '');
    if (text === '') return null;
    if (text.includes('\u0000')) return this.addProblem(column, 'contains a NUL character', 'remove it');
    if (text.includes(REPLACEMENT_CHARACTER))
      return this.addProblem(column, 'contains bytes that are not UTF-8', 'save the file as UTF-8');
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
    return this.noteReshId(this.readInteger(column, 'a RESH-id', false));
  }

  readRequiredReshId(column: string): number | null {
    return this.noteReshId(this.readInteger(column, 'a RESH-id', true));
  }

  // No id follows the greatest integer, so it needs no reservation, which would leave no id for new units.
  private noteReshId(reshId: number | null): number | null {
    if (reshId !== null && reshId < MAX_INTEGER) this.reshIds.push(reshId);
    return reshId;
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

  /** Reads a Norwegian postal code. */
  readPostalCode(column: string): string | null {
    const text = this.readText(column);
    if (text === null || isNorwegianPostalCode(text)) return text;
    const restored = restorePostalCode(text);
    return this.addProblem(
      column,
      'is not a Norwegian postal code, which has four digits',
      restored ? `write ${restored}: the first zero was dropped, as spreadsheets do` : 'correct it',
    );
  }

  readOneOf<Value extends string>(column: string, values: readonly Value[]): Value | null {
    const valueList = formatAlternatives(values);
    const text = this.readRequiredText(column, `give ${valueList}`);
    if (text === null) return null;
    return values.find((value) => value === text) ?? this.addProblem(column, 'is not known', `give ${valueList}`);
  }

  private readDay(column: string): Day | null {
    return this.parseDay(column, this.readText(column));
  }

  readRequiredDay(column: string, remedy: string): Day | null {
    return this.parseDay(column, this.readRequiredText(column, remedy));
  }

  private parseDay(column: string, text: string | null): Day | null {
    if (text === null) return null;
    const day = parseFileDay(text, this.days.format);
    if (day !== undefined) return day;
    const remedy = `give a day that exists, as ${this.days.format}`;
    const otherFormat = findDayFormat(text);
    return this.addProblem(
      column,
      'is not a day',
      otherFormat ? `${remedy}, or read the file with --date-format ${otherFormat}` : remedy,
    );
  }

  /**
   * Reads the period of a row: `valid_from` (a given day if it is empty) and `valid_to`, the first day after the
   * period.
   */
  readPeriod(validFromIfEmpty: Day | null = null): { valid_from: Day | null; valid_to: Day | null } {
    const problemCountBefore = this.problems.length;
    const firstRead = this.readDay('valid_from');
    const first = this.farDays.dropBeginning(firstRead);
    this.hasUnknownBeginning = firstRead !== null && first === null;
    const from = first ?? (this.problems.length === problemCountBefore ? validFromIfEmpty : null);
    const end = this.farDays.dropEnd(this.readDay('valid_to'));
    const to = end !== null && this.days.endsAreLastDays ? addDays(end, 1) : end;
    if (from !== null && to !== null && to <= from) {
      this.addProblem(
        'valid_to',
        `is not after the first day, ${from}`,
        `give the ${this.days.endsAreLastDays ? 'last day of' : 'first day after'} the period, or leave it empty`,
      );
      return { valid_from: from, valid_to: null };
    }
    return { valid_from: from, valid_to: to };
  }
}

function formatAlternatives(values: readonly string[]): string {
  return [...(values.length > 2 ? [values.slice(0, -2).join(', ')] : []), values.slice(-2).join(' or ')].join(', ');
}
