import type { RevokeAccessInput } from '../domain/change-input.ts';
import { covers } from '../domain/period.ts';
import { endedGrants, holdsFrom } from '../domain/plan-grants.ts';
import { userError } from '../domain/user-error.ts';
import { readGrantsOf, readGrantsOfRole } from '../store/change-reader.ts';
import { change, type OperationContext } from './change.ts';

/** Ends somebody's access from a day on. */
export const revokeAccess = (context: OperationContext, input: RevokeAccessInput) =>
  change(context, 'revokeAccess', input, async (work) => {
    const { tx, day } = work;
    const { role } = input;
    const reshId = input.reshId ?? null;
    const subject = input.subject.trim();
    const { draft } = work.workspace;
    const shown = { administrator: { subject, reshId } };
    if (role !== 'ADMINISTRATOR' && reshId !== null) {
      draft.errors.push(
        userError('NOT_ALLOWED', 'reshId', `The role ${role} is national and tied to no unit; leave «reshId» out.`),
      );
      return { shown };
    }
    const held = (await readGrantsOf(tx, subject)).filter(
      (grant) => grant.role === role && grant.reshId === reshId && holdsFrom(grant, day),
    );
    if (held.length === 0)
      draft.errors.push(
        userError(
          'NOT_FOUND',
          'subject',
          `«${subject}» does not have the role ${role}${reshId === null ? '' : ` on unit ${reshId}`} on ${day} or later.`,
        ),
      );
    if (
      role === 'OPERATOR' &&
      !(await readGrantsOfRole(tx, role)).some(
        (grant) => grant.subject !== subject && covers(grant, day) && grant.to === null,
      )
    )
      draft.errors.push(
        userError(
          'LAST_OPERATOR',
          'subject',
          `«${subject}» is the last operator; make another one first, with grantAccess or «resh operator».`,
        ),
      );
    if (draft.errors.length === 0) draft.grants = endedGrants(held, day);
    return { shown };
  });
