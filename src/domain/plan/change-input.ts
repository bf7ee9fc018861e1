import type { Day } from '../time/day.ts';
import type { factFields, LineFact } from '../unit/facts.ts';
import type { CodeKey } from '../unit/filter.ts';
import type { UnitType } from '../unit/unit-type.ts';
import type { NewSiteInput, PlainAddressInput, SiteInput, SiteKey } from './treatment-sites/site-input.ts';

// The inputs of mutations. An absent field leaves the value as it is; null clears it.

/** Fields that every input may have. */
export interface CommonInput {
  /** Day the change takes effect; today if absent */
  readonly effectiveOn?: Day | null | undefined;
  readonly reason?: string | null | undefined;
  readonly expectedRevision?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
  readonly dryRun?: boolean | null | undefined;
}

export interface LocalizedNameInput {
  readonly language: string;
  readonly name: string;
}

export interface AddressInput extends PlainAddressInput {
  readonly type: 'VISITING' | 'POSTAL';
}

export interface ContactPointInput {
  readonly type: 'TELEPHONE' | 'EMAIL' | 'WEB';
  readonly value: string;
}

type LineFactsInput = {
  readonly [Fact in LineFact as (typeof factFields)[Fact]['field']]?: string | null | undefined;
};

/** Facts of a unit in an input. */
export interface FactsInput extends LineFactsInput {
  readonly name?: string | null | undefined;
  readonly internationalNames?: readonly LocalizedNameInput[] | null | undefined;
  readonly addresses?: readonly AddressInput[] | null | undefined;
  readonly contactPoints?: readonly ContactPointInput[] | null | undefined;
}

export interface UnitCodeInput extends CodeKey {
  readonly attributes?: readonly CodeKey[] | null | undefined;
}

export interface AdministratorInput {
  readonly subject: string;
  readonly name: string;
  readonly email?: string | null | undefined;
}

export interface RegisterOrganizationInput extends CommonInput, FactsInput {
  readonly name: string;
  readonly organizationNumber: string;
  readonly parentReshId?: number | null | undefined;
  readonly administrator: AdministratorInput;
}

export interface RegisterContractSpecialistInput extends CommonInput, FactsInput {
  readonly name: string;
  readonly organizationNumber?: string | null | undefined;
  readonly regionReshId: number;
  readonly treatmentSite?: string | null | undefined;
  readonly codes?: readonly UnitCodeInput[] | null | undefined;
}

export type RegisterTreatmentSiteInput = CommonInput & NewSiteInput;
export type UpdateTreatmentSiteInput = CommonInput & SiteInput;
export type CloseTreatmentSiteInput = CommonInput & SiteKey;
export type ReopenTreatmentSiteInput = CommonInput & SiteKey;

export interface CreateDepartmentInput extends CommonInput, FactsInput {
  readonly name: string;
  readonly parentReshId: number;
  readonly codes?: readonly UnitCodeInput[] | null | undefined;
  readonly treatmentSite?: string | null | undefined;
  readonly validTo?: Day | null | undefined;
}

export interface UpdateUnitInput extends CommonInput, FactsInput {
  readonly reshId: number;
  readonly organizationNumber?: string | null | undefined;
}

export interface MoveUnitInput extends CommonInput {
  readonly reshId: number;
  readonly newParentReshId?: number | null | undefined;
}

export interface CloseUnitInput extends CommonInput {
  readonly reshId: number;
  readonly withDescendants?: boolean | null | undefined;
  /** Units that replace it; an empty list takes away those of a unit that closed on the day */
  readonly successorReshIds?: readonly number[] | null | undefined;
}

/** A unit that a merger creates. */
export interface MergeTargetInput extends FactsInput {
  /** Type of the first source if absent */
  readonly type?: UnitType | null | undefined;
  readonly name: string;
  readonly organizationNumber?: string | null | undefined;
  readonly parentReshId?: number | null | undefined;
}

export interface MergeUnitsInput extends CommonInput {
  readonly sourceReshIds: readonly number[];
  readonly targetReshId?: number | null | undefined;
  readonly newTarget?: MergeTargetInput | null | undefined;
}

/** A part of a split unit: an existing unit or a new one. */
export interface SplitPartInput extends FactsInput {
  readonly reshId?: number | null | undefined;
  readonly type?: UnitType | null | undefined;
  readonly organizationNumber?: string | null | undefined;
  readonly childReshIds?: readonly number[] | null | undefined;
  readonly codes?: readonly UnitCodeInput[] | null | undefined;
  readonly treatmentSite?: string | null | undefined;
}

export interface SplitUnitInput extends CommonInput {
  readonly reshId: number;
  readonly into: readonly SplitPartInput[];
  readonly keepSource?: boolean | null | undefined;
}

export interface WithdrawUnitInput extends CommonInput {
  readonly reshId: number;
}

/** A unit that a step names: by its RESH-id, or by the key that an earlier step gave it; exactly one of the two. */
export type UnitRefInput =
  | { readonly reshId: number; readonly key?: null | undefined }
  | { readonly key: string; readonly reshId?: null | undefined };

// The input of a step is that of the mutation of the same name, with references in place of RESH-ids and without the
// common fields, which belong to the reorganization.

export interface CreateDepartmentStepInput extends Omit<CreateDepartmentInput, 'parentReshId' | keyof CommonInput> {
  readonly key?: string | null | undefined;
  readonly parent: UnitRefInput;
}

export interface UpdateUnitStepInput extends Omit<UpdateUnitInput, 'reshId' | keyof CommonInput> {
  readonly unit: UnitRefInput;
}

export interface MoveUnitStepInput {
  readonly unit: UnitRefInput;
  readonly newParent?: UnitRefInput | null | undefined;
}

export interface CloseUnitStepInput extends Pick<CloseUnitInput, 'withDescendants'> {
  readonly unit: UnitRefInput;
  readonly successors?: readonly UnitRefInput[] | null | undefined;
}

export interface MergeTargetStepInput extends Omit<MergeTargetInput, 'parentReshId'> {
  readonly key?: string | null | undefined;
  readonly parent?: UnitRefInput | null | undefined;
}

export interface MergeUnitsStepInput {
  readonly sources: readonly UnitRefInput[];
  readonly target?: UnitRefInput | null | undefined;
  readonly newTarget?: MergeTargetStepInput | null | undefined;
}

export interface SplitPartStepInput extends Omit<SplitPartInput, 'reshId' | 'childReshIds'> {
  readonly key?: string | null | undefined;
  readonly unit?: UnitRefInput | null | undefined;
  readonly children?: readonly UnitRefInput[] | null | undefined;
}

export interface SplitUnitStepInput extends Pick<SplitUnitInput, 'keepSource'> {
  readonly unit: UnitRefInput;
  readonly into: readonly SplitPartStepInput[];
}

export interface UpdateUnitCodesStepInput extends Pick<UpdateUnitCodesInput, 'add' | 'end'> {
  readonly unit: UnitRefInput;
}

/** One step of a reorganization: exactly one of these, each named as its mutation. */
export interface ReorganizeStepInput {
  readonly createDepartment?: CreateDepartmentStepInput | null | undefined;
  readonly updateUnit?: UpdateUnitStepInput | null | undefined;
  readonly moveUnit?: MoveUnitStepInput | null | undefined;
  readonly closeUnit?: CloseUnitStepInput | null | undefined;
  readonly mergeUnits?: MergeUnitsStepInput | null | undefined;
  readonly splitUnit?: SplitUnitStepInput | null | undefined;
  readonly updateUnitCodes?: UpdateUnitCodesStepInput | null | undefined;
}

export interface ReorganizeInput extends CommonInput {
  readonly steps: readonly ReorganizeStepInput[];
}

export interface ReopenUnitInput extends CommonInput {
  readonly reshId: number;
  readonly newParentReshId?: number | null | undefined;
  readonly withDescendants?: boolean | null | undefined;
  /** Units that it comes out of, which stay */
  readonly predecessorReshIds?: readonly number[] | null | undefined;
}

export interface UpdateUnitCodesInput extends CommonInput {
  readonly reshId: number;
  readonly add?: readonly UnitCodeInput[] | null | undefined;
  readonly end?: readonly CodeKey[] | null | undefined;
}

export interface ConnectTreatmentSiteInput extends CommonInput {
  readonly reshId: number;
  readonly organizationNumber: string;
}

export type DisconnectTreatmentSiteInput = CommonInput & { readonly reshId: number };

export interface SetIdentifierInput extends CommonInput {
  readonly reshId: number;
  readonly system: string;
  readonly value: string;
}

export type RemoveIdentifierInput = Omit<SetIdentifierInput, 'value'>;

/** A node in the tree of another system. */
export interface MappingNodeKey {
  readonly systemId: string;
  readonly nodeId: string;
}

export interface SetMappingNodeInput extends CommonInput, MappingNodeKey {
  readonly name?: string | null | undefined;
  readonly parentNodeId?: string | null | undefined;
  readonly reshId?: number | null | undefined;
}

export interface RemoveMappingNodeInput extends CommonInput, MappingNodeKey {}

export type Role = 'OPERATOR' | 'SPECIALIST_REGISTRAR' | 'ADMINISTRATOR';

export interface GrantAccessInput extends CommonInput {
  readonly subject: string;
  readonly role: Role;
  readonly reshId?: number | null | undefined;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly validTo?: Day | null | undefined;
}

export interface RevokeAccessInput extends CommonInput {
  readonly subject: string;
  readonly role: Role;
  readonly reshId?: number | null | undefined;
}

export type UndoChangeInput = CommonInput & { readonly revision: number };

/** The input of each mutation, by its name. */
export interface ChangeInputs {
  readonly registerOrganization: RegisterOrganizationInput;
  readonly registerContractSpecialist: RegisterContractSpecialistInput;
  readonly registerTreatmentSite: RegisterTreatmentSiteInput;
  readonly updateTreatmentSite: UpdateTreatmentSiteInput;
  readonly closeTreatmentSite: CloseTreatmentSiteInput;
  readonly reopenTreatmentSite: ReopenTreatmentSiteInput;
  readonly createDepartment: CreateDepartmentInput;
  readonly updateUnit: UpdateUnitInput;
  readonly moveUnit: MoveUnitInput;
  readonly closeUnit: CloseUnitInput;
  readonly reopenUnit: ReopenUnitInput;
  readonly mergeUnits: MergeUnitsInput;
  readonly splitUnit: SplitUnitInput;
  readonly withdrawUnit: WithdrawUnitInput;
  readonly reorganize: ReorganizeInput;
  readonly updateUnitCodes: UpdateUnitCodesInput;
  readonly connectTreatmentSite: ConnectTreatmentSiteInput;
  readonly disconnectTreatmentSite: DisconnectTreatmentSiteInput;
  readonly setIdentifier: SetIdentifierInput;
  readonly removeIdentifier: RemoveIdentifierInput;
  readonly setMappingNode: SetMappingNodeInput;
  readonly removeMappingNode: RemoveMappingNodeInput;
  readonly grantAccess: GrantAccessInput;
  readonly revokeAccess: RevokeAccessInput;
  readonly undoChange: UndoChangeInput;
}

export type MutationName = keyof ChangeInputs;
