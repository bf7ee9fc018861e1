import type { ChangeInputs, MutationName } from '../domain/plan/change-input.ts';
import type { Period } from '../domain/time/period.ts';
import { endOfFact } from '../domain/time/timeline.ts';
import {
  closeNeeds,
  mergeNeeds,
  moveNeeds,
  removeMappingNodeNeeds,
  reopenNeeds,
  revokeNeeds,
  setMappingNodeNeeds,
  splitNeeds,
  updateNeeds,
} from './change-requirements.ts';
import {
  fromDayOn,
  givesSpecialist,
  operator,
  overParents,
  overUnit,
  overUnitOrSpecialist,
  registrar,
} from './requirements.ts';
import type { ScopeReader, TimelineReader } from './scope-reader.ts';
import type { Need } from './scope.ts';
import { stepNeeds } from './step-requirements.ts';

type Permission<Name extends MutationName> = (input: ChangeInputs[Name], reader: ScopeReader) => Promise<Need[]>;

const ALL_DAYS: Period = { from: '0001-01-01', to: null };

/** Who may make which change: what each needs of whoever makes it. A mutation that has no line here is denied to all. */
export const permissions: { readonly [Name in MutationName]: Permission<Name> } = {
  registerOrganization: async () => [operator('registering organizations')],
  registerContractSpecialist: async () => [registrar('registering contract specialists')],
  registerTreatmentSite: async ({ legalEntityReshId }, reader) =>
    typeof legalEntityReshId === 'number'
      ? overUnitOrSpecialist(legalEntityReshId, reader)
      : [registrar('registering treatment sites without a legal entity')],
  createDepartment: async ({ parentReshId, designation }, reader) => [
    ...(await overUnit(parentReshId, reader)),
    ...givesSpecialist(designation),
  ],
  updateUnit: updateNeeds,
  moveUnit: moveNeeds,
  closeUnit: closeNeeds,
  reopenUnit: reopenNeeds,
  mergeUnits: (input, reader) => mergeNeeds(input, input.effectiveOn ?? reader.today, reader),
  splitUnit: (input, reader) => splitNeeds(input, input.effectiveOn ?? reader.today, reader),
  withdrawUnit: ({ reshId }, reader) => overParents(reshId, reader, ALL_DAYS),
  reorganize: ({ steps, effectiveOn }, reader) => stepNeeds(steps, effectiveOn, reader),
  setUnitCodes: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  connectTreatmentSite: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  disconnectTreatmentSite: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  setIdentifier: ({ reshId }, reader) => overUnitOrSpecialist(reshId, reader),
  setMappingNode: setMappingNodeNeeds,
  removeMappingNode: removeMappingNodeNeeds,
  // An administrator of no unit is a slip that the plan tells of.
  grantAccess: async ({ role, reshId }, reader) => {
    if (role !== 'ADMINISTRATOR') return [operator(`granting the role ${role}`)];
    return typeof reshId === 'number' ? overUnit(reshId, reader) : [];
  },
  revokeAccess: revokeNeeds,
};

/** What a person may ask to do with a unit, and what each needs; for a move, of the parents it leaves. */
export const unitRights = {
  edit: overUnitOrSpecialist,
  move: async (reshId: number, reader: TimelineReader): Promise<Need[]> => {
    const end = endOfFact(await reader.timeline(reshId), reader.today, (row) => row.parentReshId);
    return overParents(reshId, reader, end && { from: reader.today, to: end.to });
  },
  close: (reshId: number, reader: TimelineReader): Promise<Need[]> => fromDayOn(reshId, reader.today, reader),
  addChild: (reshId: number, reader: TimelineReader): Promise<Need[]> => overUnit(reshId, reader),
  grantAccess: (reshId: number, reader: TimelineReader): Promise<Need[]> => overUnit(reshId, reader),
} as const;

export type UnitRight = keyof typeof unitRights;
