import type { RevokeAccessInput } from '../domain/plan/change-input.ts';
import { truncateGrants, isValidOnOrAfter, validateRole } from '../domain/plan/grants.ts';
import { unitNotFoundError } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { covers } from '../domain/time/period.ts';
import { readGrantsOfSubject, readGrantsOfRole } from '../store/change/access.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Ends somebody's access from a day on. */
export function revokeAccess(context: OperationContext, input: RevokeAccessInput) {
  return runChange(context, 'revokeAccess', input, async ({ tx, unitOfWork, day, today }) => {
    const { role } = input;
    const reshId = input.reshId ?? null;
    const subject = input.subject.trim();
    const { draft } = unitOfWork;
    const shown = { administrator: { subject, reshId } };
    await unitOfWork.load([reshId]);
    draft.errors.push(...validateRole(role, reshId));
    if (role === 'ADMINISTRATOR' && reshId !== null && !draft.unit(reshId))
      draft.errors.push(unitNotFoundError(reshId, 'reshId'));
    if (draft.errors.length > 0) return { shown };

    const held = (await readGrantsOfSubject(tx, subject)).filter(
      (grant) => grant.role === role && grant.reshId === reshId && isValidOnOrAfter(grant, day),
    );
    if (held.length === 0)
      draft.errors.push(
        userError(
          'NOT_FOUND',
          'subject',
          `«${subject}» does not have the role ${role}${reshId === null ? '' : ` on unit ${reshId}`} on ${day} or later.`,
        ),
      );
    // Somebody must be left from then on; days that are gone need nobody.
    const firstAffectedDay = day > today ? day : today;
    if (
      role === 'OPERATOR' &&
      !(await readGrantsOfRole(tx, role)).some(
        (grant) => grant.subject !== subject && covers(grant, firstAffectedDay) && grant.to === null,
      )
    )
      draft.errors.push(
        userError(
          'LAST_OPERATOR',
          'subject',
          `«${subject}» is the last operator; make another one first, with grantAccess or «resh operator».`,
        ),
      );
    if (draft.errors.length === 0) draft.grants = truncateGrants(held, day);
    return { shown };
  });
}
