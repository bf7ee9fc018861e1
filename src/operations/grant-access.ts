import { createScopeReader } from '../auth/authorizer.ts';
import { requireScopeOverPerson } from '../auth/requirements.ts';
import type { GrantAccessInput } from '../domain/plan/change-input.ts';
import { checkRole, isValidOnOrAfter, planGrant, planPerson } from '../domain/plan/grants.ts';
import type { Issues } from '../domain/plan/issues.ts';
import { grantOnClosedUnit } from '../domain/plan/messages/access.ts';
import { accessEndsWithUnit } from '../domain/plan/messages/notes.ts';
import { periodEndsBeforeItBegins } from '../domain/plan/messages/units.ts';
import { findKnownUnit } from '../domain/plan/valid-unit.ts';
import type { GrantRow } from '../domain/plan/write-set.ts';
import type { Day } from '../domain/time/day.ts';
import type { UnitState } from '../domain/unit/state.ts';
import { readAdministratorRows, readGrantsOfSubject } from '../store/change/access.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Grants a person access to a unit and its descendants, or a national role, from a day on. */
export function grantAccess(context: OperationContext, input: GrantAccessInput) {
  return runChange(context, 'grantAccess', input, async (planContext) => {
    const { tx, unitOfWork, issues, day, today } = planContext;
    const reshId = input.reshId ?? null;
    const subject = input.subject.trim();
    await unitOfWork.load([reshId]);
    const held = await readGrantsOfSubject(tx, subject);

    planPerson(unitOfWork.draft, issues, input, await readAdministratorRows(tx, subject), day);
    const unit = checkGrant(planContext, input);
    if (!issues.hasErrors()) planAccess(planContext, input, unit, held);

    const isRenamed = unitOfWork.draft.administrators.superseded.length > 0;
    const current = held.filter((grant) => isValidOnOrAfter(grant, today));
    return {
      requirements: isRenamed ? await requireScopeOverPerson(subject, current, createScopeReader(tx, today)) : [],
      shown: { administrator: { subject, reshId } },
    };
  });
}

/** Checks the role, the unit and the days of a grant; returns the unit. */
function checkGrant({ unitOfWork, issues, day }: PlanContext, input: GrantAccessInput): UnitState | undefined {
  const { role, validTo } = input;
  const reshId = input.reshId ?? null;
  issues.add('reshId', ...checkRole(role, reshId));
  if (role === 'ADMINISTRATOR' && reshId !== null) {
    const unit = findKnownUnit(issues, unitOfWork.draft, reshId, 'reshId');
    if (unit) checkOpen(issues, unit, day);
  }
  if (typeof validTo === 'string' && validTo <= day)
    issues.add('validTo', periodEndsBeforeItBegins({ what: 'access', validFrom: day, validTo }));
  return reshId === null ? undefined : unitOfWork.draft.unit(reshId);
}

function checkOpen(issues: Issues, unit: UnitState, day: Day): void {
  if (!unit.versions.some((row) => isValidOnOrAfter(row, day)))
    issues.add('effectiveOn', grantOnClosedUnit({ unit, day }));
}

function planAccess(
  { unitOfWork: { draft }, day }: PlanContext,
  { role, subject, validTo }: GrantAccessInput,
  unit: UnitState | undefined,
  held: readonly GrantRow[],
): void {
  // Access to a unit ends when the unit closes, even if the closing was planned before the grant.
  const closesOn = unit?.versions.at(-1)?.to ?? null;
  const requestedEnd = validTo ?? null;
  const endsWithUnit = closesOn !== null && (requestedEnd === null || requestedEnd > closesOn);
  const to = endsWithUnit ? closesOn : requestedEnd;
  planGrant(draft, { subject: subject.trim(), role, reshId: unit?.reshId ?? null, from: day, to }, held);
  if (unit && endsWithUnit) draft.addNotes(accessEndsWithUnit({ unit, day: closesOn }));
}
