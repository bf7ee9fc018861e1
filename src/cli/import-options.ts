import { InvalidArgumentError, Option, type Command } from 'commander';
import { MAX_INTEGER } from '../domain/text/max-integer.ts';
import { normalizeLine } from '../domain/text/text-rule.ts';
import { isDay, type Day } from '../domain/time/day.ts';
import { ORGANIZATION_NUMBER_SYSTEM, RESH_ID_SYSTEM } from '../domain/unit/identifier-systems.ts';
import type { UnitType } from '../domain/unit/unit-type.ts';
import type { ImportFileOptions } from '../exchange/import/stage-files.ts';
import { isUnitType, unitColumns } from '../exchange/import/units-format.ts';
import { dateFormats, type DateFormat } from '../exchange/import/file-days.ts';
import { formatFlag } from './format-flag.ts';

/** Options of the import command. */
export interface ImportCommandOptions {
  readonly validFrom?: Day;
  readonly skipInvalid?: boolean;
  readonly rejects?: string;
  readonly sync?: boolean;
  readonly effectiveOn?: Day;
  readonly within?: number;
  readonly dryRun?: boolean;
  readonly report?: string;
  readonly allowMassClose?: boolean;
  readonly idSystem?: string;
  readonly idColumn?: string;
  readonly parentColumn?: string;
  readonly map?: ReadonlyMap<string, string>;
  readonly typeMap?: ReadonlyMap<string, UnitType>;
  readonly columns?: readonly string[];
  readonly dateFormat?: DateFormat;
  readonly endsAreLastDays?: boolean;
}

/** Adds the options of an import to a command. */
export function addImportOptions(command: Command): Command {
  return command
    .option('--valid-from <date>', 'first day of units without one in the file', parseDay)
    .option('--skip-invalid', 'leave rows with problems out, and import the others')
    .option('--rejects <file>', 'write the rejected rows and their problems to a CSV file')
    .option('--sync', 'make the register equal to the files, which describe all units on a day')
    .option('--effective-on <date>', 'with --sync: the day', parseDay)
    .option('--within <resh-id>', 'with --sync: the files describe all units under this unit', parseReshId)
    .option('--dry-run', 'with --sync: print what would change, and write nothing')
    .option('--report <file>', 'with --sync: write the changes to a CSV file')
    .option('--allow-mass-close', 'with --sync: let more than a tenth of the units close')
    .option('--id-system <uri>', 'units have ids of another register: URI of their system', parseSystem)
    .option('--id-column <name>', 'column with the id of a unit in the other register', parseColumn)
    .option('--parent-column <name>', 'column with the id of its parent there', parseColumn)
    .option('--map <ours=theirs,...>', 'columns with other names in the units file', parseColumnMap)
    .option(
      '--type-map <theirs=ours,...>',
      'types of the other register, each with ORGANIZATION or DEPARTMENT',
      parseTypeMap,
    )
    .option('--columns <name,...>', 'names of the columns of a units file without a header', parseColumns)
    .addOption(
      new Option('--date-format <format>', 'how the files write days').choices(dateFormats).default('YYYY-MM-DD'),
    )
    .option('--ends-are-last-days', 'valid_to is the last day of a period instead of the first day after it');
}

export function parseDay(text: string): Day {
  if (!isDay(text)) throw new InvalidArgumentError('It is not a day; write a day that exists as YYYY-MM-DD.');
  return text;
}

function parseReshId(text: string): number {
  const reshId = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(reshId <= MAX_INTEGER)) throw new InvalidArgumentError('It is not a RESH-id; write digits only.');
  return reshId;
}

function parseSystem(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(text))
    throw new InvalidArgumentError(
      'It is not a URI; write one such as urn:oid:2.16.578.1.12.4.1.2 or https://codes.example.',
    );
  if (text === RESH_ID_SYSTEM || text === ORGANIZATION_NUMBER_SYSTEM)
    throw new InvalidArgumentError('That is a system of the register itself; name the system of the other register.');
  return text;
}

function parseColumn(text: string): string {
  const column = text.trim();
  if (column === '') throw new InvalidArgumentError('It is empty; name a column of the file.');
  return column;
}

function parseColumns(text: string): readonly string[] {
  const columns = text.split(',').map(normalizeLine);
  const duplicate = columns.find((column, index) => column !== '' && columns.indexOf(column) < index);
  if (duplicate !== undefined)
    throw new InvalidArgumentError(`"${duplicate}" is there twice; leave the name of an unused column empty.`);
  return columns;
}

function parseColumnMap(text: string, previous?: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const map = new Map(previous);
  for (const [ours, theirs] of parsePairs(text)) {
    if (!unitColumns.includes(ours.toLowerCase()))
      throw new InvalidArgumentError(`"${ours}" is not one of the columns ${unitColumns.join(', ')}.`);
    map.set(ours.toLowerCase(), theirs);
  }
  return map;
}

/** Parses `ours=theirs,...`. */
function parsePairs(text: string): [string, string][] {
  return text.split(',').map((pair) => {
    const separatorIndex = pair.indexOf('=');
    const left = normalizeLine(pair.slice(0, separatorIndex));
    const right = normalizeLine(pair.slice(separatorIndex + 1));
    if (separatorIndex < 1 || left === '' || right === '')
      throw new InvalidArgumentError(`"${pair}" is not a pair; write pairs as one=other, with commas between them.`);
    return [left, right];
  });
}

function parseTypeMap(text: string, previous?: ReadonlyMap<string, UnitType>): ReadonlyMap<string, UnitType> {
  const map = new Map(previous);
  for (const [theirs, ours] of parsePairs(text)) {
    if (!isUnitType(ours))
      throw new InvalidArgumentError(`"${ours}" is not a type; map to ORGANIZATION or DEPARTMENT.`);
    map.set(theirs, ours);
  }
  return map;
}

const syncOnlyOptions = ['effectiveOn', 'within', 'dryRun', 'report', 'allowMassClose'] as const;

/** Returns the problem of options that do not go together, or undefined. */
export function findOptionsError(options: ImportCommandOptions): string | undefined {
  const selectGiven = (names: readonly (keyof ImportCommandOptions)[]) =>
    names.filter((name) => options[name] !== undefined);
  if (!options.sync) {
    const [unexpectedOption] = selectGiven(syncOnlyOptions);
    if (unexpectedOption) return `${formatFlag(unexpectedOption)} needs --sync; add --sync, or omit it.`;
  } else {
    if (options.effectiveOn === undefined) return '--sync needs --effective-on DATE, the day that the files describe.';
    if (options.validFrom !== undefined)
      return '--valid-from does not go with --sync: new units begin on the day of --effective-on; leave it out.';
  }
  const foreignOptions = selectGiven(['idSystem', 'idColumn', 'parentColumn']);
  if (foreignOptions.length > 0 && foreignOptions.length < 3)
    return (
      `${foreignOptions.map(formatFlag).join(' and ')} ${foreignOptions.length === 1 ? 'is' : 'are'} given: ` +
      '--id-system, --id-column and --parent-column go together; give all three.'
    );
  if (options.idColumn !== undefined && options.idColumn.toLowerCase() === options.parentColumn?.toLowerCase())
    return `--id-column and --parent-column are both "${options.idColumn}"; name two columns.`;
  if (foreignOptions.length > 0 && (options.map?.has('resh_id') || options.map?.has('parent_resh_id')))
    return (
      '--map names a column of RESH-ids, but --id-column and --parent-column name the columns of ids; ' +
      'give one of them.'
    );
  return undefined;
}

/** Returns how the files differ from our own format. */
export function buildFileOptions({
  idSystem,
  idColumn,
  parentColumn,
  map,
  typeMap,
  columns,
  dateFormat = 'YYYY-MM-DD',
  endsAreLastDays = false,
}: ImportCommandOptions): Omit<ImportFileOptions, 'desiredStateDay'> {
  return {
    foreign:
      idSystem !== undefined && idColumn !== undefined && parentColumn !== undefined
        ? { system: idSystem, idColumn, parentColumn }
        : null,
    typeMap: typeMap ?? null,
    columnNames: map ?? new Map(),
    columns,
    days: { format: dateFormat, endsAreLastDays },
  };
}
