import { clipForMessage } from '../../domain/text/clip-for-message.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { isDay, type Day } from '../../domain/time/day.ts';
import { parseInstant } from '../../domain/time/instant.ts';
import { ExtractError, type ExtractProblem } from './extract-error.ts';

/** Parameters of extracts, by their names in URLs. */
export const parameterNames = ['validAt', 'knownAt', 'revision', 'within', 'columns', 'delimiter', 'bom'] as const;
export type ParameterName = (typeof parameterNames)[number];

/** The parsed parameters of an extract; absent if not given. */
export interface ExtractParameters {
  readonly validAt?: Day;
  readonly knownAt?: Date;
  readonly revision?: number;
  readonly within?: number;
  readonly columns?: readonly string[];
  readonly delimiter?: ',' | ';';
  readonly bom?: boolean;
}

/** The parameters that an extract accepts. */
export interface ParameterRules {
  readonly extract: string;
  readonly parameters: readonly ParameterName[];
  /** Columns to choose from, in default order */
  readonly columns: readonly string[];
}

/** What remedies add about URLs, which the command line replaces with its own hints. */
export const urlHints = { plus: ' (write + as %2B in a URL)', semicolon: ' (%3B in a URL)' } as const;

/** A parsed value, or the remedy if the text is invalid. */
type ParseResult<Value> = { readonly value: Value } | { readonly remedy: string };

/**
 * Parses the parameters of an extract.
 *
 * @param entries names and values in the request
 * @throws ExtractError with every parameter that is unknown, duplicate or invalid
 */
export function parseParameters(
  entries: Iterable<readonly [string, string]>,
  rules: ParameterRules,
): ExtractParameters {
  const problems: ExtractProblem[] = [];
  const addProblem = (parameter: string, message: string) => problems.push({ code: 'BAD_INPUT', parameter, message });
  const values: Record<string, unknown> = {};
  const parsers = createParsers(rules);
  for (const [name, text] of entries) {
    const parameterName = rules.parameters.find((parameter) => parameter === name);
    if (parameterName === undefined)
      addProblem(
        name,
        `${clipForMessage(name)} is not a parameter of ${rules.extract}. ` +
          `Its parameters are ${rules.parameters.map(clipForMessage).join(', ')}.`,
      );
    else if (name in values)
      addProblem(name, `\`${name}\` is given twice, also as ${clipForMessage(text)}; give it once.`);
    else {
      const result = parsers[parameterName](text);
      if ('value' in result) values[name] = result.value;
      else addProblem(name, `\`${name}\` is ${clipForMessage(text)}: ${result.remedy}.`);
    }
  }
  if ('knownAt' in values && 'revision' in values)
    addProblem('knownAt', '`knownAt` and `revision` exclude each other: give one of them.');
  if (problems.length > 0) throw new ExtractError(problems);
  return values;
}

function createParsers(rules: ParameterRules): Record<ParameterName, (text: string) => ParseResult<unknown>> {
  return {
    validAt: (text) =>
      isDay(text) ? { value: text } : { remedy: 'give a day that exists as YYYY-MM-DD, such as 2026-11-23' },
    knownAt: (text) => {
      const value = parseInstant(text);
      return value
        ? { value }
        : { remedy: `give an instant with its offset, such as 2026-11-23T12:00:00Z${urlHints.plus}` };
    },
    revision: (text) => parseInteger(text, 0),
    within: (text) => parseInteger(text, 1),
    columns: (text) => parseColumns(text, rules.columns),
    delimiter: (text) =>
      text === ',' || text === ';' ? { value: text } : { remedy: `give a comma or a semicolon${urlHints.semicolon}` },
    bom: (text) =>
      text === 'true' || text === 'false' ? { value: text === 'true' } : { remedy: 'give true or false' },
  };
}

function parseInteger(text: string, minimum: number): ParseResult<number> {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return number >= minimum && number <= MAX_INTEGER
    ? { value: number }
    : { remedy: `give a whole number from ${minimum} to ${MAX_INTEGER}, digits only` };
}

function parseColumns(text: string, allowedColumns: readonly string[]): ParseResult<readonly string[]> {
  const columns = text.split(',').map((column) => column.trim());
  const unknown = columns.find((column) => !allowedColumns.includes(column));
  if (unknown !== undefined)
    return {
      remedy: `${clipForMessage(unknown)} is not a column; choose from ${allowedColumns.join(', ')}`,
    };
  const duplicate = columns.find((column, index) => columns.indexOf(column) !== index);
  return duplicate === undefined
    ? { value: columns }
    : { remedy: `${clipForMessage(duplicate)} is given twice; give a column once` };
}
