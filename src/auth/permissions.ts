import type { ChangeInputs, MutationName } from '../domain/plan/change-input.ts';
import { ALL_DAYS } from '../domain/time/period.ts';
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
  grantingRole,
  registeringOrganizations,
  registeringSitesWithoutLegalEntity,
  registeringSpecialists,
} from './messages.ts';
import {
  requireScopeOverParentsFrom,
  requireSpecialistDesignation,
  requireOperator,
  requireScopeOverParents,
  requireScopeOverUnit,
  requireScopeOverUnitOrSpecialist,
  requireRegistrar,
} from './requirements.ts';
import { collectSiteRequirements } from './site-requirements.ts';
import type { ScopeReader, TimelineReader } from './scope-reader.ts';
import type { Requirement } from './scope.ts';
import { collectStepRequirements } from './step-requirements.ts';

type Permission<Name extends MutationName> = (input: ChangeInputs[Name], reader: ScopeReader) => Promise<Requirement[]>;

/** The requirements of each mutation. A mutation without a line here is denied to everyone. */
export const permissions: { readonly [Name in MutationName]: Permission<Name> } = {
  registerOrganization: async () => [requireOperator(registeringOrganizations())],
  registerContractSpecialist: async () => [requireRegistrar(registeringSpecialists())],
  registerTreatmentSite: async ({ legalEntityReshId }, reader) =>
    typeof legalEntityReshId === 'number'
      ? requireScopeOverUnitOrSpecialist(legalEntityReshId, reader)
      : [requireRegistrar(registeringSitesWithoutLegalEntity())],
  updateTreatmentSite: collectSiteRequirements,
  closeTreatmentSite: collectSiteRequirements,
  reopenTreatmentSite: collectSiteRequirements,
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
  updateUnitCodes: ({ reshId }, reader) => requireScopeOverUnitOrSpecialist(reshId, reader),
  connectTreatmentSite: ({ reshId }, reader) => requireScopeOverUnitOrSpecialist(reshId, reader),
  disconnectTreatmentSite: ({ reshId }, reader) => requireScopeOverUnitOrSpecialist(reshId, reader),
  setIdentifier: ({ reshId }, reader) => requireScopeOverUnitOrSpecialist(reshId, reader),
  removeIdentifier: ({ reshId }, reader) => requireScopeOverUnitOrSpecialist(reshId, reader),
  setMappingNode: collectSetMappingNodeRequirements,
  removeMappingNode: collectRemoveMappingNodeRequirements,
  // The plan reports an administrator without a unit.
  grantAccess: async ({ role, reshId }, reader) => {
    if (role !== 'ADMINISTRATOR') return [requireOperator(grantingRole({ role }))];
    return typeof reshId === 'number' ? requireScopeOverUnit(reshId, reader) : [];
  },
  revokeAccess: collectRevokeRequirements,
  // What the change altered is read under the lock, and the plan returns what undoing it requires.
  undoChange: async () => [],
};

/** The requirements of the rights that a unit reports to the viewer; those of a move leave out the new parent. */
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
