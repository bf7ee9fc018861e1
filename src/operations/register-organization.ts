import type { RegisterOrganizationInput } from '../domain/plan/change-input.ts';
import { planGrant, planPerson } from '../domain/plan/grants.ts';
import { readAdministratorRows, readGrantsOfSubject } from '../store/change/access.ts';
import { planNewUnit } from './engine/plan-new-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Registers an organization together with its first administrator, in one change. */
export function registerOrganization(context: OperationContext, input: RegisterOrganizationInput) {
  return runChange(context, 'registerOrganization', input, async (planContext) => {
    const { tx, unitOfWork, issues, day, revision } = planContext;
    const { parentReshId, organizationNumber, administrator } = input;
    const { draft } = unitOfWork;
    const subject = administrator.subject.trim();
    await unitOfWork.load([parentReshId]);
    const known = await readAdministratorRows(tx, subject);
    const held = await readGrantsOfSubject(tx, subject);

    planPerson(draft, issues.at('administrator'), administrator, known, day);
    const reshId = await planNewUnit(planContext, {
      type: 'ORGANIZATION',
      facts: input,
      parent: { reshId: parentReshId ?? null, field: 'parentReshId' },
      organizationNumber,
      period: { from: day, to: null },
    });
    planGrant(draft, { subject, role: 'ADMINISTRATOR', reshId, from: day, to: null }, held);
    return { shown: { unit: { reshId, day, revision }, administrator: { subject, reshId } } };
  });
}
