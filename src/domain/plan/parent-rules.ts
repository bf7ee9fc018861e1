import type { Day } from '../time/day.ts';
import { covers, joinPeriods, type Period } from '../time/period.ts';
import { firstUncovered, overlap } from '../time/timeline.ts';
import type { VersionRow } from '../unit/state.ts';
import { userError, type UserError } from './user-error.ts';

/** How a unit is named to a person. */
export const called = (reshId: number, versions: readonly { readonly name: string }[] | undefined): string =>
  `${reshId} «${versions?.at(-1)?.name ?? 'unknown'}»`;

export const notFound = (reshId: number, field: string): UserError =>
  userError('NOT_FOUND', field, `Unit ${reshId} is not in the register; correct the RESH-id.`);

/** The days of a timeline, in words: `from 2020-01-01 on`. */
export const daysOf = (versions: readonly Period[]): string => {
  const unbroken = joinPeriods(
    versions.map(({ from, to }) => ({ from, to })),
    () => true,
  );
  const told = unbroken.map(({ from, to }) => `from ${from}${to === null ? ' on' : ` to ${to} (exclusive)`}`);
  return told.length > 0 ? told.join(' and ') : 'on no day';
};

/** The version of a unit on a day, or an error that says on which days there is one. */
export const versionOn = (
  reshId: number,
  versions: readonly VersionRow[],
  day: Day,
): { row: VersionRow } | { error: UserError } => {
  const row = versions.find((version) => covers(version, day));
  if (row) return { row };
  return {
    error: userError(
      'NOT_VALID_ON_DAY',
      'effectiveOn',
      `Unit ${called(reshId, versions)} is not valid on ${day}, but ${daysOf(versions)}; choose a day on which it is.`,
    ),
  };
};

/**
 * What stands in the way of a unit standing beneath a parent over a period (rules 2, 3 and 4 of the tree).
 *
 * @param parent RESH-id and versions of the parent; null for a root
 * @param field of the input that names the parent
 */
export const placeErrors = (
  unit: { readonly reshId: number; readonly type: VersionRow['type']; readonly versions: readonly VersionRow[] },
  parent: { readonly reshId: number; readonly versions: readonly VersionRow[] | undefined } | null,
  period: Period,
  field: string,
): UserError[] => {
  if (!parent)
    return unit.type === 'ORGANIZATION'
      ? []
      : [
          userError(
            'WRONG_PARENT_TYPE',
            field,
            `${unit.versions.length > 0 ? `Unit ${called(unit.reshId, unit.versions)} is a department` : 'The new unit is a department'}, and only an organization can stand at the top; name the unit above it.`,
          ),
        ];
  if (!parent.versions || parent.versions.length === 0) return [notFound(parent.reshId, field)];
  const name = called(parent.reshId, parent.versions);
  const meanwhile = parent.versions.filter((row) => overlap(row, period));
  const beneath = meanwhile.find((row) => row.path.includes(unit.reshId));
  const errors: UserError[] = [];
  if (beneath)
    errors.push(
      userError(
        'CYCLE',
        field,
        parent.reshId === unit.reshId
          ? `Unit ${name} cannot stand beneath itself; name another unit.`
          : `Unit ${name} stands beneath ${called(unit.reshId, unit.versions)} ${beneath.from > period.from ? `from ${beneath.from} on` : `on ${period.from}`}; name a unit outside of it.`,
      ),
    );
  const gap = firstUncovered(parent.versions, period);
  if (gap !== undefined)
    errors.push(
      userError(
        'PARENT_CLOSED',
        field,
        `Unit ${name} is not valid on ${gap}, and the unit would stand beneath it ${period.to === null ? `from ${period.from} on` : `from ${period.from} until ${period.to}`}; name a unit that is valid throughout${period.to === null ? ', or end the unit before that day' : ''}.`,
      ),
    );
  if (unit.type === 'ORGANIZATION' && meanwhile.some((row) => row.type === 'DEPARTMENT'))
    errors.push(
      userError(
        'WRONG_PARENT_TYPE',
        field,
        `Unit ${name} is a department, and an organization stands beneath organizations only; name one.`,
      ),
    );
  return errors;
};
