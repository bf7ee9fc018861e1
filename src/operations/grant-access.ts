import { createScopeReader } from '../auth/authorizer.ts';
import { requireScopeOverPerson } from '../auth/requirements.ts';
import type { GrantAccessInput } from '../domain/plan/change-input.ts';
import { isValidOnOrAfter, planGrant, planPerson, validateRole } from '../domain/plan/grants.ts';
import { unitLabel, unitNotFoundError } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { readAdministratorRows, readGrantsOfSubject } from '../store/change/access.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Lets somebody change a unit and what is beneath it, or act in a national role, from a day on. */
export function grantAccess(context: OperationContext, input: GrantAccessInput) {
  return runChange(context, 'grantAccess', input, async ({ tx, unitOfWork, day, today }) => {
    const { role, validTo } = input;
    const reshId = input.reshId ?? null;
    const subject = input.subject.trim();
    const { draft } = unitOfWork;
    await unitOfWork.load([reshId]);
    const unit = reshId === null ? undefined : draft.unit(reshId);
    planPerson(draft, input, await readAdministratorRows(tx, subject), day);
    draft.errors.push(...validateRole(role, reshId));
    if (role === 'ADMINISTRATOR' && reshId !== null) {
      if (!unit) draft.errors.push(unitNotFoundError(reshId, 'reshId'));
      else if (!unit.versions.some((row) => isValidOnOrAfter(row, day)))
        draft.errors.push(
          userError(
            'NOT_VALID_ON_DAY',
            'effectiveOn',
            `Unit ${unitLabel(reshId, unit.versions)} is closed on ${day}; access is granted on a unit that is or will be open.`,
          ),
        );
    }
    if (typeof validTo === 'string' && validTo <= day)
      draft.errors.push(
        userError(
          'BAD_PERIOD',
          'validTo',
          `«validTo» is ${validTo}, and the access begins on ${day}; give a later day, or none.`,
        ),
      );
    const held = await readGrantsOfSubject(tx, subject);
    if (draft.errors.length === 0) {
      // Closing ends the access to a unit: also where it was planned before.
      const closesOn = unit?.versions.at(-1)?.to ?? null;
      const requestedEnd = validTo ?? null;
      const to = closesOn !== null && (requestedEnd === null || requestedEnd > closesOn) ? closesOn : requestedEnd;
      planGrant(draft, { subject, role, reshId, from: day, to }, held);
      if (unit && to !== requestedEnd)
        draft.notes.push(
          `Access to unit ${unitLabel(unit.reshId, unit.versions)} ends on ${to}, on which the unit closes.`,
        );
    }
    const isRenamed = draft.administrators.superseded.length > 0;
    const current = held.filter((grant) => isValidOnOrAfter(grant, today));
    return {
      requirements: isRenamed ? await requireScopeOverPerson(subject, current, createScopeReader(tx, today)) : [],
      shown: { administrator: { subject, reshId } },
    };
  });
}
