import type { RegisterContractSpecialistInput } from '../domain/plan/change-input.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/unit/code-sets.ts';
import { covers } from '../domain/time/period.ts';
import { called } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { change, type OperationContext } from './engine/run-change.ts';
import { planOpening } from './engine/plan-new-unit.ts';

/** Registers a contract specialist (avtalespesialist): an organization under the region that it has its agreement with. */
export const registerContractSpecialist = (context: OperationContext, input: RegisterContractSpecialistInput) =>
  change(context, 'registerContractSpecialist', input, async (work) => {
    const { day, revision } = work;
    const { regionReshId, organizationNumber, codes, treatmentSite, designation } = input;
    const { draft } = work.workspace;
    await work.workspace.load([regionReshId]);
    if (typeof designation === 'string' && designation !== CONTRACT_SPECIALIST_DESIGNATION)
      draft.errors.push(
        userError(
          'NOT_ALLOWED',
          'designation',
          `A contract specialist has designation ${CONTRACT_SPECIALIST_DESIGNATION}; leave «designation» out.`,
        ),
      );
    const region = draft.unit(regionReshId)?.versions;
    if (region?.some((row) => covers(row, day) && row.parentReshId !== null))
      draft.errors.push(
        userError(
          'WRONG_PARENT_TYPE',
          'regionReshId',
          `Unit ${called(regionReshId, region)} is no region: it stands beneath another unit. Name the top of the tree.`,
        ),
      );
    const reshId = await planOpening(work, {
      type: 'ORGANIZATION',
      facts: { ...input, designation: CONTRACT_SPECIALIST_DESIGNATION },
      parent: { reshId: regionReshId, field: 'regionReshId' },
      organizationNumber,
      codes,
      treatmentSite,
      period: { from: day, to: null },
    });
    return { shown: { unit: { reshId, day, revision } } };
  });
