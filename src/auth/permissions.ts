import type { ChangeInputs, MutationName } from '../domain/plan/change-input.ts';
import type { Period } from '../domain/time/period.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import {
  collectCloseRequirements,
  collectMergeRequirements,
  collectMoveRequirements,
  collectRemoveMappingNodeRequirements,
  collectReopenRequirements,
  collectRevokeRequirements,
  collectSetMappingNodeRequirements,
  collectSplitRequirements,
  collectUpdateRequirements,
} from './change-requirements.ts';
import {
  requireScopeOverParentsFrom,
  requireSpecialistDesignation,
  requireOperator,
  requireScopeOverParents,
  requireScopeOverUnit,
  requireScopeOverUnitOrSpecialist,
  requireRegistrar,
} from './requirements.ts';
import type { ScopeReader, TimelineReader } from './scope-reader.ts';
import type { Requirement } from './scope.ts';
import { collectStepRequirements } from './step-requirements.ts';

type Permission<Name extends MutationName> = (input: ChangeInputs[Name], reader: ScopeReader) => Promise<Requirement[]>;

const ALL_DAYS: Period = { from: '0001-01-01', to: null };

/** Who may make which change: what each needs of whoever makes it. A mutation that has no line here is denied to all. */
export const permissions: { readonly [Name in MutationName]: Permission<Name> } = {
  registerOrganization: async () => [requireOperator('registering organizations')],
  registerContractSpecialist: async () => [requireRegistrar('registering contract specialists')],
  registerTreatmentSite: async ({ legalEntityReshId }, reader) =>
    typeof legalEntityReshId === 'number'
      ? requireScopeOverUnitOrSpecialist(legalEntityReshId, reader)
      : [requireRegistrar('registering treatment sites without a legal entity')],
  createDepartment: async ({ parentReshId, designation }, reader) => [
    ...(await requireScopeOverUnit(parentReshId, reader)),
    ...requireSpecialistDesignation(designation),
  ],
  updateUnit: collectUpdateRequirements,
  moveUnit: collectMoveRequirements,
  closeUnit: collectCloseRequirements,
  reopenUnit: collectReopenRequirements,
  mergeUnits: (input, reader) => collectMergeRequirements(input, input.effectiveOn ?? reader.today, reader),
  splitUnit: (input, reader) => collectSplitRequirements(input, input.effectiveOn ?? reader.today, reader),
  withdrawUnit: ({ reshId }, reader) => requireScopeOverParents(reshId, reader, ALL_DAYS),
  reorganize: ({ steps, effectiveOn }, reader) => collectStepRequirements(steps, effectiveOn, reader),
  setUnitCodes: ({ reshId }, reader) => requireScopeOverUnitOrSpecialist(reshId, reader),
  connectTreatmentSite: ({ reshId }, reader) => requireScopeOverUnitOrSpecialist(reshId, reader),
  disconnectTreatmentSite: ({ reshId }, reader) => requireScopeOverUnitOrSpecialist(reshId, reader),
  setIdentifier: ({ reshId }, reader) => requireScopeOverUnitOrSpecialist(reshId, reader),
  setMappingNode: collectSetMappingNodeRequirements,
  removeMappingNode: collectRemoveMappingNodeRequirements,
  // An administrator of no unit is a slip that the plan tells of.
  grantAccess: async ({ role, reshId }, reader) => {
    if (role !== 'ADMINISTRATOR') return [requireOperator(`granting the role ${role}`)];
    return typeof reshId === 'number' ? requireScopeOverUnit(reshId, reader) : [];
  },
  revokeAccess: collectRevokeRequirements,
};

/** What a person may ask to do with a unit, and what each needs; for a move, of the parents it leaves. */
export const unitRights = {
  edit: requireScopeOverUnitOrSpecialist,
  move: async (reshId: number, reader: TimelineReader): Promise<Requirement[]> => {
    const end = findFactEnd(await reader.readTimeline(reshId), reader.today, (row) => row.parentReshId);
    return requireScopeOverParents(reshId, reader, end && { from: reader.today, to: end.to });
  },
  close: (reshId: number, reader: TimelineReader): Promise<Requirement[]> =>
    requireScopeOverParentsFrom(reshId, reader.today, reader),
  addChild: (reshId: number, reader: TimelineReader): Promise<Requirement[]> => requireScopeOverUnit(reshId, reader),
  grantAccess: (reshId: number, reader: TimelineReader): Promise<Requirement[]> => requireScopeOverUnit(reshId, reader),
} as const;

export type UnitRight = keyof typeof unitRights;
