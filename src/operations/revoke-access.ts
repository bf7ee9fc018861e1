import type { RevokeAccessInput } from '../domain/plan/change-input.ts';
import { checkRole, isValidOnOrAfter, truncateGrants } from '../domain/plan/grants.ts';
import { grantNotFound, lastOperator } from '../domain/plan/messages/access.ts';
import { findKnownUnit } from '../domain/plan/valid-unit.ts';
import { covers } from '../domain/time/period.ts';
import { readGrantsOfSubject, readGrantsOfRole } from '../store/change/access.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Ends the access of a person from a day on. */
export function revokeAccess(context: OperationContext, input: RevokeAccessInput) {
  return runChange(context, 'revokeAccess', input, async (planContext) => {
    const subject = input.subject.trim();
    const reshId = input.reshId ?? null;
    await planRevocation(planContext, { ...input, subject, reshId });
    return { shown: { administrator: { subject, reshId } } };
  });
}

async function planRevocation(
  planContext: PlanContext,
  { role, subject, reshId }: RevokeAccessInput & { reshId: number | null },
): Promise<void> {
  const { tx, unitOfWork, issues, day } = planContext;
  const { draft } = unitOfWork;
  await unitOfWork.load([reshId]);
  issues.add('reshId', ...checkRole(role, reshId));
  const unit = role === 'ADMINISTRATOR' && reshId !== null ? findKnownUnit(issues, draft, reshId, 'reshId') : undefined;
  if (issues.hasErrors()) return;

  const held = (await readGrantsOfSubject(tx, subject)).filter(
    (grant) => grant.role === role && grant.reshId === reshId && isValidOnOrAfter(grant, day),
  );
  if (held.length === 0) issues.add('subject', grantNotFound({ subject, role, unit, day }));
  if (role === 'OPERATOR' && !(await hasOtherOperator(planContext, subject)))
    issues.add('subject', lastOperator({ subject }));
  if (!issues.hasErrors()) draft.grants = truncateGrants(held, day);
}

/** Returns whether another operator remains, without end, from the later of the day of the change and today. */
async function hasOtherOperator({ tx, day, today }: PlanContext, subject: string): Promise<boolean> {
  const firstAffectedDay = day > today ? day : today;
  return (await readGrantsOfRole(tx, 'OPERATOR')).some(
    (grant) => grant.subject !== subject && covers(grant, firstAffectedDay) && grant.to === null,
  );
}
