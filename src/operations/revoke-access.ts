import type { RevokeAccessInput } from '../domain/plan/change-input.ts';
import { covers } from '../domain/time/period.ts';
import { endedGrants, holdsFrom, roleErrors } from '../domain/plan/grants.ts';
import { notFound } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { readGrantsOf, readGrantsOfRole } from '../store/change/access.ts';
import { change, type OperationContext } from './engine/run-change.ts';

/** Ends somebody's access from a day on. */
export const revokeAccess = (context: OperationContext, input: RevokeAccessInput) =>
  change(context, 'revokeAccess', input, async ({ tx, workspace, day, today }) => {
    const { role } = input;
    const reshId = input.reshId ?? null;
    const subject = input.subject.trim();
    const { draft } = workspace;
    const shown = { administrator: { subject, reshId } };
    await workspace.load([reshId]);
    draft.errors.push(...roleErrors(role, reshId));
    if (role === 'ADMINISTRATOR' && reshId !== null && !draft.unit(reshId))
      draft.errors.push(notFound(reshId, 'reshId'));
    if (draft.errors.length > 0) return { shown };

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
    // Somebody must be left from then on; days that are gone need nobody.
    const left = day > today ? day : today;
    if (
      role === 'OPERATOR' &&
      !(await readGrantsOfRole(tx, role)).some(
        (grant) => grant.subject !== subject && covers(grant, left) && grant.to === null,
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
