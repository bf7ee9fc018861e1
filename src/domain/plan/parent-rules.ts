import type { Day } from '../time/day.ts';
import { coalescePeriods, covers, findFirstUncoveredDay, overlap, type Period } from '../time/period.ts';
import type { VersionRow } from '../unit/state.ts';
import { userError, type UserError } from './user-error.ts';

/** The version of a unit on a day, or an error that says on which days there is one. */
export function findVersionOn(
  reshId: number,
  versions: readonly VersionRow[],
  day: Day,
): { row: VersionRow } | { error: UserError } {
  const row = versions.find((version) => covers(version, day));
  if (row) return { row };
  return {
    error: userError(
      'NOT_VALID_ON_DAY',
      'effectiveOn',
      `Unit ${unitLabel(reshId, versions)} is not valid on ${day}, but ${formatPeriods(versions)}; choose a day on which it is.`,
    ),
  };
}

/** How a unit is named to a person. */
export function unitLabel(reshId: number, versions: readonly { readonly name: string }[] | undefined): string {
  return `${reshId} «${versions?.at(-1)?.name ?? 'unknown'}»`;
}

/** The days of a timeline, in words: `from 2020-01-01 on`. */
export function formatPeriods(versions: readonly Period[]): string {
  const unbroken = coalescePeriods(
    versions.map(({ from, to }) => ({ from, to })),
    () => true,
  );
  const formatted = unbroken.map(({ from, to }) => `from ${from}${to === null ? ' on' : ` to ${to} (exclusive)`}`);
  return formatted.length > 0 ? formatted.join(' and ') : 'on no day';
}

/**
 * What stands in the way of a unit standing beneath a parent over a period (rules 2, 3 and 4 of the tree).
 *
 * @param parent RESH-id and versions of the parent; null for a root
 * @param field of the input that names the parent
 */
export function validateParent(
  unit: { readonly reshId: number; readonly type: VersionRow['type']; readonly versions: readonly VersionRow[] },
  parent: { readonly reshId: number; readonly versions: readonly VersionRow[] | undefined } | null,
  period: Period,
  field: string,
): UserError[] {
  if (!parent)
    return unit.type === 'ORGANIZATION'
      ? []
      : [
          userError(
            'WRONG_PARENT_TYPE',
            field,
            `${unit.versions.length > 0 ? `Unit ${unitLabel(unit.reshId, unit.versions)} is a department` : 'The new unit is a department'}, and only an organization can stand at the top; name the unit above it.`,
          ),
        ];
  if (!parent.versions || parent.versions.length === 0) return [unitNotFoundError(parent.reshId, field)];
  const parentLabel = unitLabel(parent.reshId, parent.versions);
  const overlapping = parent.versions.filter((row) => overlap(row, period));
  const cycleVersion = overlapping.find((row) => row.path.includes(unit.reshId));
  const errors: UserError[] = [];
  if (cycleVersion)
    errors.push(
      userError(
        'CYCLE',
        field,
        parent.reshId === unit.reshId
          ? `Unit ${parentLabel} cannot stand beneath itself; name another unit.`
          : `Unit ${parentLabel} stands beneath ${unitLabel(unit.reshId, unit.versions)} ${cycleVersion.from > period.from ? `from ${cycleVersion.from} on` : `on ${period.from}`}; name a unit outside of it.`,
      ),
    );
  const gap = findFirstUncoveredDay(parent.versions, period);
  if (gap !== undefined)
    errors.push(
      userError(
        'PARENT_CLOSED',
        field,
        `Unit ${parentLabel} is not valid on ${gap}, and the unit would stand beneath it ${period.to === null ? `from ${period.from} on` : `from ${period.from} until ${period.to}`}; name a unit that is valid throughout${period.to === null ? ', or end the unit before that day' : ''}.`,
      ),
    );
  if (unit.type === 'ORGANIZATION' && overlapping.some((row) => row.type === 'DEPARTMENT'))
    errors.push(
      userError(
        'WRONG_PARENT_TYPE',
        field,
        `Unit ${parentLabel} is a department, and an organization stands beneath organizations only; name one.`,
      ),
    );
  return errors;
}

export function unitNotFoundError(reshId: number, field: string): UserError {
  return userError('NOT_FOUND', field, `Unit ${reshId} is not in the register; correct the RESH-id.`);
}
