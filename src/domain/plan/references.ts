import { isOrganizationNumber } from '../text/organization-number.ts';
import type { Day } from '../time/day.ts';
import { compareByFirstDay, covers, findFirstUncoveredDay, overlap, type Period } from '../time/period.ts';
import { valueKey, setFact, removePeriod, insertRow } from '../time/timeline.ts';
import { DESIGNATION_CODE_SET, SERVICE_CODE_SETS } from '../unit/code-sets.ts';
import type { CodeKey } from '../unit/filter.ts';
import type { UnitCodeRow, VersionRow } from '../unit/state.ts';
import type { UnitCodeInput } from './change-input.ts';
import { unitLabel } from './parent-rules.ts';
import { userError, type UserError } from './user-error.ts';

/** What the register says of a code over a period; null on either side is without a bound. */
export interface CodePeriod extends CodeKey {
  readonly retired: boolean;
  readonly from: Day | null;
  readonly to: Day | null;
}

/** What the register says of a treatment site over a period; null on either side is without a bound. */
export interface SitePeriod {
  readonly from: Day | null;
  readonly to: Day | null;
}

const FIRST_DAY: Day = '0001-01-01';

/**
 * Whether a unit that has a code over a period keeps it over another that touches it, or has it anew.
 *
 * What goes on without a gap is not given anew, retired or not; earlier days must be days of the code.
 */
export function canExtendCode(known: readonly CodePeriod[], held: CodeKey & Period, { from, to }: Period): boolean {
  if (held.to === from) return true;
  if (held.from === to) return known.some((period) => isSameCode(period, held) && covers(toPeriod(period), from));
  return validateCode(known, held, from, []).length === 0;
}

function isSameCode(one: CodeKey, other: CodeKey): boolean {
  return one.codeSet === other.codeSet && one.code === other.code;
}

function toPeriod({ from, to }: SitePeriod): Period {
  return { from: from ?? FIRST_DAY, to };
}

/** Whether a code can be given on a day (rule 7): what is wrong where it cannot. */
export function validateCode(
  known: readonly CodePeriod[],
  key: CodeKey,
  day: Day,
  field: readonly string[],
): UserError[] {
  const periods = known.filter((period) => isSameCode(period, key));
  if (periods.length === 0)
    return [
      userError(
        'UNKNOWN_CODE',
        field,
        `Code ${key.code} is not in code set ${key.codeSet}; see codeSet(number: ${key.codeSet}).`,
      ),
    ];
  const periodOnDay = periods.find((period) => covers(toPeriod(period), day));
  if (!periodOnDay || periodOnDay.retired)
    return [
      userError(
        'RETIRED_CODE',
        field,
        `Code ${formatCodeKey(key)} is ${periodOnDay ? 'retired' : `not valid on ${day}`}, and such a code is not given anew; choose one that is in use.`,
      ),
    ];
  return [];
}

function formatCodeKey({ codeSet, code }: CodeKey): string {
  return `${codeSet}:${code}`;
}

/** Whether a unit can be given a designation on a day. */
export function validateDesignation(known: readonly CodePeriod[], code: string, day: Day): UserError[] {
  return validateCode(known, { codeSet: DESIGNATION_CODE_SET, code }, day, ['designation']);
}

/** Whether an organization number can be given to a unit over a period (rule 5). */
export function validateOrganizationNumber(
  organizationNumber: string,
  holders: readonly { readonly reshId: number; readonly name: string; readonly from: Day; readonly to: Day | null }[],
  reshId: number,
  period: Period,
  field = 'organizationNumber',
): UserError[] {
  if (!isOrganizationNumber(organizationNumber))
    return [
      userError(
        'BAD_CHECK_DIGIT',
        field,
        `The last digit of ${organizationNumber} is not its check digit; correct the number.`,
      ),
    ];
  const other = holders.find((holder) => holder.reshId !== reshId && overlap(holder, period));
  return other
    ? [
        userError(
          'DUPLICATE_ORGANIZATION_NUMBER',
          field,
          `Unit ${unitLabel(other.reshId, [other])} has ${organizationNumber} from ${other.from}${other.to === null ? ' on' : ` to ${other.to} (exclusive)`}; a number belongs to one unit a day. Correct it, or free it first.`,
        ),
      ]
    : [];
}

/** Whether a treatment site can be used over a period (rule 7). */
export function validateTreatmentSite(
  number: string,
  periods: readonly SitePeriod[],
  usagePeriod: Period,
  field: string,
): UserError[] {
  if (!isOrganizationNumber(number))
    return [
      userError('BAD_CHECK_DIGIT', field, `The last digit of ${number} is not its check digit; correct the number.`),
    ];
  if (periods.length === 0)
    return [
      userError(
        'NOT_FOUND',
        field,
        `Treatment site ${number} is not in the register; register it with registerTreatmentSite first.`,
      ),
    ];
  const uncovered = findFirstUncoveredDay(periods.map(toPeriod).sort(compareByFirstDay), usagePeriod);
  return uncovered === undefined
    ? []
    : [
        userError(
          'SITE_NOT_VALID',
          field,
          `Treatment site ${number} is not valid on ${uncovered}; choose a site that is, or other days.`,
        ),
      ];
}

/** What is odd about the site and the codes of a unit from a day on. */
export function findServiceWarnings(
  reshId: number,
  versions: readonly VersionRow[],
  codes: readonly UnitCodeRow[],
  day: Day,
  enterpriseNumber: string | null,
  fields: { readonly codes?: string; readonly site?: string },
): UserError[] {
  const row = versions.find((version) => covers(version, day));
  const hasService = codes.some((code) => covers(code, day) && SERVICE_CODE_SETS.includes(code.codeSet));
  const warnings: UserError[] = [];
  if (fields.codes && row && hasService && row.treatmentSiteNumber === null)
    warnings.push(
      userError(
        'NO_TREATMENT_SITE',
        fields.codes,
        `Unit ${unitLabel(reshId, versions)} has service codes and no treatment site; connect one with connectTreatmentSite.`,
      ),
    );
  if (fields.site && row?.treatmentSiteNumber && row.treatmentSiteNumber === enterpriseNumber)
    warnings.push(
      userError(
        'SITE_IS_ENTERPRISE_NUMBER',
        fields.site,
        `${row.treatmentSiteNumber} is the enterprise's own number; statistics need an establishment's.`,
      ),
    );
  return warnings;
}

/** Gives a unit a code from a day on, until it was already going to have it, or its validity ends; or other attributes. */
export function assignCode(
  codes: readonly UnitCodeRow[],
  input: UnitCodeInput,
  day: Day,
  validTo: Day | null,
): UnitCodeRow[] {
  const attributes = formatAttributes(input);
  const own = codes.filter((row) => isSameCode(row, input));
  const others = codes.filter((row) => !isSameCode(row, input));
  if (own.some((row) => covers(row, day)))
    return [...others, ...setFact(own, day, (row) => valueKey({ ...row, id: undefined }), { attributes })];
  const next = own
    .map(({ from }) => from)
    .filter((from) => from > day)
    .sort()[0];
  const to = next !== undefined && (validTo === null || next < validTo) ? next : validTo;
  return [...others, ...insertRow(own, { codeSet: input.codeSet, code: input.code, attributes, from: day, to })];
}

/** The attributes of a code as they are stored. */
export function formatAttributes({ attributes }: UnitCodeInput): string[] {
  return (attributes ?? []).map(formatCodeKey).sort();
}

/** Ends a code of a unit on a day, until it was already going to have it anew. */
export function endCode(codes: readonly UnitCodeRow[], key: CodeKey, day: Day): UnitCodeRow[] {
  const own = codes.filter((row) => isSameCode(row, key));
  let to: Day | null | undefined;
  for (const row of own) if (covers(row, day) || row.from === to) to = row.to;
  if (to === undefined) return [...codes];
  return [...codes.filter((row) => !isSameCode(row, key)), ...removePeriod(own, { from: day, to })];
}

/** All codes that a list names, attributes included. */
export function collectCodeKeys(codes: readonly UnitCodeInput[]): CodeKey[] {
  return codes.flatMap((code) => [{ codeSet: code.codeSet, code: code.code }, ...(code.attributes ?? [])]);
}

export const CODE_LIMIT = 500;

/** Whether a unit can be given these codes on a day; what it has already stays, retired or not. */
export function validateAssignedCodes(
  known: readonly CodePeriod[],
  assigned: readonly UnitCodeInput[],
  currentCodes: readonly UnitCodeRow[],
  day: Day,
  field: string,
): UserError[] {
  return validateCodeList(assigned, [field], (input, path, isDuplicate) => {
    const currentCode = currentCodes.find((row) => isSameCode(row, input) && covers(row, day));
    return [
      ...(isDuplicate
        ? [userError('GIVEN_TWICE', path, `Code ${formatCodeKey(input)} stands twice in «${field}»; keep one.`)]
        : []),
      ...(currentCode ? [] : validateCode(known, input, day, [...path, 'code'])),
      ...validateCodeList(
        input.attributes ?? [],
        [...path, 'attributes'],
        (attribute, attributePath, isDuplicateAttribute) => {
          if (isDuplicateAttribute)
            return [
              userError('GIVEN_TWICE', attributePath, `Attribute ${formatCodeKey(attribute)} stands twice; keep one.`),
            ];
          return currentCode?.attributes.includes(formatCodeKey(attribute))
            ? []
            : validateCode(known, attribute, day, [...attributePath, 'code']);
        },
      ),
    ];
  });
}

/** An error where a list has more codes than one change may; else one for each code that is not in order. */
export function validateCodeList<Key extends CodeKey>(
  codes: readonly Key[],
  path: readonly string[],
  validate: (code: Key, path: readonly string[], isDuplicate: boolean) => readonly UserError[],
): UserError[] {
  return codes.length > CODE_LIMIT
    ? [
        userError(
          'TOO_MANY',
          path,
          `«${path.join('.')}» has ${codes.length} codes, and ${CODE_LIMIT} are allowed in one change.`,
        ),
      ]
    : codes.flatMap((code, index) =>
        validate(
          code,
          [...path, String(index)],
          codes.slice(0, index).some((other) => isSameCode(other, code)),
        ),
      );
}
