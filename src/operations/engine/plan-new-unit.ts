import type { FactsInput, UnitCodeInput } from '../../domain/plan/change-input.ts';
import { assignCode, checkAssignedCodes, checkDesignation, collectCodeKeys } from '../../domain/plan/codes.ts';
import { readFacts, type FactPatch } from '../../domain/plan/fact-input.ts';
import { applyFacts } from '../../domain/plan/facts.ts';
import { checkParent } from '../../domain/plan/parent-rules.ts';
import {
  checkCheckDigit,
  checkNumberHolders,
  checkTreatmentSite,
  warnAboutServices,
} from '../../domain/plan/references.ts';
import type { Period } from '../../domain/time/period.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { emptyFacts } from '../../domain/unit/facts.ts';
import type { UnitType } from '../../domain/unit/unit-type.ts';
import type { VersionRow } from '../../domain/unit/state.ts';
import type { PlanContext } from './plan-context.ts';

/** A unit to create. */
export interface NewUnit {
  readonly type: UnitType;
  readonly facts: FactsInput;
  readonly parent: { readonly reshId: number | null; readonly field: string };
  readonly organizationNumber?: string | null | undefined;
  readonly codes?: readonly UnitCodeInput[] | null | undefined;
  readonly treatmentSite?: string | null | undefined;
  readonly period: Period;
}

/**
 * Plans a new unit with its facts, codes and treatment site over a period.
 *
 * @returns the RESH-id of the unit
 */
export async function planNewUnit(planContext: PlanContext, unit: NewUnit): Promise<number> {
  const { unitOfWork } = planContext;
  const issues = planContext.issues.at();
  await unitOfWork.load([unit.parent.reshId]);
  const reshId = await unitOfWork.nextReshId();
  const facts = readFacts(issues, unit.facts, true);
  checkPlace({ ...planContext, issues }, unit, reshId);
  await checkReferences({ ...planContext, issues }, unit, facts);
  await checkNumber({ ...planContext, issues }, unit, reshId);
  if (issues.hasErrors()) return reshId;

  addNewUnit(planContext, unit, reshId, facts);
  await warnAboutNewUnit({ ...planContext, issues }, unit, reshId);
  return reshId;
}

/** Checks what does not depend on other units: facts, codes, treatment site, and the check digit of the number. */
export async function checkNewUnitInput(
  planContext: PlanContext,
  unit: Omit<NewUnit, 'parent' | 'type'>,
): Promise<void> {
  const facts = readFacts(planContext.issues, unit.facts, true);
  await checkReferences(planContext, unit, facts);
}

function checkPlace({ unitOfWork, issues }: PlanContext, { type, parent, period }: NewUnit, reshId: number): void {
  const newParent =
    parent.reshId === null ? null : { reshId: parent.reshId, versions: unitOfWork.draft.unit(parent.reshId)?.versions };
  issues.add(parent.field, ...checkParent({ reshId, type, versions: [] }, newParent, period));
}

async function checkReferences(
  { unitOfWork, issues }: PlanContext,
  { period, organizationNumber, treatmentSite, ...unit }: Omit<NewUnit, 'parent' | 'type'>,
  { designationCode }: FactPatch,
): Promise<void> {
  const codes = unit.codes ?? [];
  const codeKeys = collectCodeKeys(codes);
  if (designationCode) codeKeys.push({ codeSet: DESIGNATION_CODE_SET, code: designationCode });
  const known = await unitOfWork.stored.findCodePeriods(codeKeys);
  if (designationCode) issues.add('designation', ...checkDesignation(known, designationCode, period.from));
  checkAssignedCodes(issues, known, codes, [], period.from, 'codes');
  if (typeof organizationNumber === 'string') issues.add('organizationNumber', ...checkCheckDigit(organizationNumber));
  if (typeof treatmentSite === 'string') {
    const sitePeriods = await unitOfWork.stored.findSitePeriods([treatmentSite]);
    issues.add('treatmentSite', ...checkTreatmentSite(treatmentSite, sitePeriods, period));
  }
}

async function checkNumber(
  { unitOfWork, issues }: PlanContext,
  { organizationNumber, period }: NewUnit,
  reshId: number,
): Promise<void> {
  if (typeof organizationNumber !== 'string') return;
  const holders = await unitOfWork.findNumberHolders(organizationNumber);
  issues.add('organizationNumber', ...checkNumberHolders(organizationNumber, holders, reshId, period));
}

function addNewUnit({ unitOfWork }: PlanContext, unit: NewUnit, reshId: number, facts: FactPatch): void {
  const { draft } = unitOfWork;
  const { period } = unit;
  draft.addUnit(reshId);
  draft.set(reshId, { versions: [createFirstVersion(unit, facts)] });
  applyFacts(draft, reshId, { day: period.from }, facts);
  for (const code of unit.codes ?? [])
    draft.set(reshId, { codes: assignCode(draft.unit(reshId)?.codes ?? [], code, { day: period.from }, period.to) });
}

function createFirstVersion(unit: NewUnit, facts: FactPatch): VersionRow {
  return {
    ...emptyFacts,
    ...unit.period,
    parentReshId: unit.parent.reshId,
    type: unit.type,
    name: facts.name ?? '',
    organizationNumber: unit.organizationNumber ?? null,
    treatmentSiteNumber: unit.treatmentSite ?? null,
    path: [],
  };
}

async function warnAboutNewUnit(
  { unitOfWork, issues }: PlanContext,
  { type, organizationNumber, period }: NewUnit,
  reshId: number,
): Promise<void> {
  const unit = unitOfWork.draft.unit(reshId);
  if (!unit) return;
  const ancestors = unit.versions[0]?.path.slice(0, -1) ?? [];
  const enterpriseNumber =
    type === 'ORGANIZATION'
      ? (organizationNumber ?? null)
      : await unitOfWork.findEnterpriseNumber(ancestors, period.from);
  warnAboutServices(issues, unit, period.from, enterpriseNumber, { codes: 'codes', site: 'treatmentSite' });
}
