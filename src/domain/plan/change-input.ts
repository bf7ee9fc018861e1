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

/** Input of a change that can hold for a bounded period. */
export interface BoundedInput extends CommonInput {
  /** First day after the period; the change holds until the next planned one if absent */
  readonly effectiveTo?: Day | null | undefined;
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

export interface UpdateUnitInput extends BoundedInput, FactsInput {
  readonly reshId: number;
  readonly organizationNumber?: string | null | undefined;
}

export interface MoveUnitInput extends BoundedInput {
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

type UnitRefs = readonly UnitRefInput[] | null | undefined;

/** What a step may name: the unit that it is about, its new parent, and the key of the unit that it creates. */
interface StepUnit {
  readonly unit: UnitRefInput;
}
interface NewParent {
  readonly newParent?: UnitRefInput | null | undefined;
}
interface Keyed {
  readonly key?: string | null | undefined;
}

/** The input of a mutation without the fields that name units, and those that belong to the reorganization. */
type WithoutUnits<Input> = Omit<Input, keyof BoundedInput | 'into' | `${string}eshId` | `${string}ReshIds`>;

/** The input of each kind of step, by the name of its mutation: that of the mutation, with references to units. */
interface StepInputs {
  readonly createDepartment: WithoutUnits<CreateDepartmentInput> & Keyed & { readonly parent: UnitRefInput };
  readonly updateUnit: WithoutUnits<UpdateUnitInput> & StepUnit;
  readonly moveUnit: WithoutUnits<MoveUnitInput> & StepUnit & NewParent;
  readonly closeUnit: WithoutUnits<CloseUnitInput> & StepUnit & { readonly successors?: UnitRefs };
  readonly reopenUnit: WithoutUnits<ReopenUnitInput> & StepUnit & NewParent & { readonly predecessors?: UnitRefs };
  readonly mergeUnits: MergeUnitsStepInput;
  readonly splitUnit: WithoutUnits<SplitUnitInput> & StepUnit & { readonly into: readonly SplitPartStepInput[] };
  readonly withdrawUnit: WithoutUnits<WithdrawUnitInput> & StepUnit;
  readonly updateUnitCodes: WithoutUnits<UpdateUnitCodesInput> & StepUnit;
  readonly connectTreatmentSite: WithoutUnits<ConnectTreatmentSiteInput> & StepUnit;
  readonly disconnectTreatmentSite: WithoutUnits<DisconnectTreatmentSiteInput> & StepUnit;
  readonly setIdentifier: WithoutUnits<SetIdentifierInput> & StepUnit;
  readonly removeIdentifier: WithoutUnits<RemoveIdentifierInput> & StepUnit;
}

type SplitPartStepInput = WithoutUnits<SplitPartInput> &
  Keyed & { readonly unit?: UnitRefInput | null | undefined; readonly children?: UnitRefs };

interface MergeUnitsStepInput {
  readonly sources: readonly UnitRefInput[];
  readonly target?: UnitRefInput | null | undefined;
  readonly newTarget?: MergeTargetStepInput | null | undefined;
}

type MergeTargetStepInput = WithoutUnits<MergeTargetInput> &
  Keyed & { readonly parent?: UnitRefInput | null | undefined };

/** One step of a reorganization: exactly one of these. */
export type ReorganizeStepInput = { readonly [Name in keyof StepInputs]?: StepInputs[Name] | null | undefined };

export interface ReorganizeInput extends CommonInput {
  readonly steps: readonly ReorganizeStepInput[];
}

export interface ReopenUnitInput extends CommonInput {
  readonly reshId: number;
  readonly newParentReshId?: number | null | undefined;
  readonly withDescendants?: boolean | null | undefined;
  /** Its treatment site; the one on its last day if absent, none if null */
  readonly treatmentSite?: string | null | undefined;
  /** Codes that it gets in addition */
  readonly codes?: readonly UnitCodeInput[] | null | undefined;
  /** Units that it comes out of, which stay */
  readonly predecessorReshIds?: readonly number[] | null | undefined;
}

export interface UpdateUnitCodesInput extends BoundedInput {
  readonly reshId: number;
  readonly add?: readonly UnitCodeInput[] | null | undefined;
  readonly end?: readonly CodeKey[] | null | undefined;
}

export interface ConnectTreatmentSiteInput extends BoundedInput {
  readonly reshId: number;
  readonly organizationNumber: string;
}

export type DisconnectTreatmentSiteInput = BoundedInput & { readonly reshId: number };

export interface SetIdentifierInput extends BoundedInput {
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
