import type { RegisterOrganizationInput } from '../domain/plan/change-input.ts';
import { planGrant, planPerson } from '../domain/plan/grants.ts';
import { readAdministratorRows, readGrantsOf } from '../store/change/access.ts';
import { change, type OperationContext } from './engine/run-change.ts';
import { planOpening } from './engine/plan-new-unit.ts';

/** Registers an organization together with its first administrator, in one change. */
export const registerOrganization = (context: OperationContext, input: RegisterOrganizationInput) =>
  change(context, 'registerOrganization', input, async (work) => {
    const { tx, day, revision } = work;
    const { parentReshId, organizationNumber, administrator } = input;
    const { draft } = work.workspace;
    await work.workspace.load([parentReshId]);
    const subject = administrator.subject.trim();
    planPerson(draft, administrator, await readAdministratorRows(tx, subject), day, ['administrator']);
    const reshId = await planOpening(work, {
      type: 'ORGANIZATION',
      facts: input,
      parent: { reshId: parentReshId ?? null, field: 'parentReshId' },
      organizationNumber,
      period: { from: day, to: null },
    });
    planGrant(draft, { subject, role: 'ADMINISTRATOR', reshId, from: day, to: null }, await readGrantsOf(tx, subject));
    return { shown: { unit: { reshId, day, revision }, administrator: { subject, reshId } } };
  });
