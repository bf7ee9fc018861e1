import { overPerson } from '../auth/requirements.ts';
import type { GrantAccessInput } from '../domain/plan/change-input.ts';
import { holdsFrom, planGrant, planPerson, roleErrors } from '../domain/plan/grants.ts';
import { called, notFound } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { readAdministratorRows, readGrantsOf } from '../store/change/access.ts';
import { scopeReader } from '../auth/authorizer.ts';
import { change, type OperationContext } from './engine/run-change.ts';

/** Lets somebody change a unit and what is beneath it, or act in a national role, from a day on. */
export const grantAccess = (context: OperationContext, input: GrantAccessInput) =>
  change(context, 'grantAccess', input, async ({ tx, workspace, day, today }) => {
    const { role, validTo } = input;
    const reshId = input.reshId ?? null;
    const subject = input.subject.trim();
    const { draft } = workspace;
    await workspace.load([reshId]);
    const unit = reshId === null ? undefined : draft.unit(reshId);
    planPerson(draft, input, await readAdministratorRows(tx, subject), day);
    draft.errors.push(...roleErrors(role, reshId));
    if (role === 'ADMINISTRATOR' && reshId !== null) {
      if (!unit) draft.errors.push(notFound(reshId, 'reshId'));
      else if (!unit.versions.some((row) => holdsFrom(row, day)))
        draft.errors.push(
          userError(
            'NOT_VALID_ON_DAY',
            'effectiveOn',
            `Unit ${called(reshId, unit.versions)} is closed on ${day}; access is granted on a unit that is or will be open.`,
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
    const held = await readGrantsOf(tx, subject);
    if (draft.errors.length === 0) {
      // Closing ends the access to a unit: also where it was planned before.
      const closesOn = unit?.versions.at(-1)?.to ?? null;
      const asked = validTo ?? null;
      const to = closesOn !== null && (asked === null || asked > closesOn) ? closesOn : asked;
      planGrant(draft, { subject, role, reshId, from: day, to }, held);
      if (unit && to !== asked)
        draft.notes.push(
          `Access to unit ${called(unit.reshId, unit.versions)} ends on ${to}, on which the unit closes.`,
        );
    }
    const isRenamed = draft.administrators.superseded.length > 0;
    const current = held.filter((grant) => holdsFrom(grant, today));
    return {
      needs: isRenamed ? await overPerson(subject, current, scopeReader(tx, today)) : [],
      shown: { administrator: { subject, reshId } },
    };
  });
