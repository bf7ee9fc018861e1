import type { FactsInput, UnitCodeInput } from '../../domain/plan/change-input.ts';
import { applyFacts, readFacts } from '../../domain/plan/facts.ts';
import { TextReader } from '../../domain/plan/input-text.ts';
import { validateParent } from '../../domain/plan/parent-rules.ts';
import {
  validateDesignation,
  validateAssignedCodes,
  collectCodeKeys,
  validateOrganizationNumber,
  findServiceWarnings,
  validateTreatmentSite,
  assignCode,
} from '../../domain/plan/references.ts';
import type { Period } from '../../domain/time/period.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { emptyFacts, type UnitType } from '../../domain/unit/facts.ts';
import { readCodePeriods, readSitePeriods } from '../../store/change/references.ts';
import type { PlanContext } from './plan-context.ts';

/** A unit that is to be opened. */
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
 * @returns the RESH-id that it gets
 */
export async function planNewUnit({ tx, unitOfWork }: PlanContext, unit: NewUnit): Promise<number> {
  const { draft } = unitOfWork;
  const { type, parent, period } = unit;
  const { from: day } = period;
  const codes = unit.codes ?? [];
  await unitOfWork.load([parent.reshId]);
  const reshId = await unitOfWork.nextReshId();
  const texts = new TextReader();
  const facts = readFacts(unit.facts, texts, true);
  const errors = [...texts.errors];
  errors.push(
    ...validateParent(
      { reshId, type, versions: [] },
      parent.reshId === null ? null : { reshId: parent.reshId, versions: draft.unit(parent.reshId)?.versions },
      period,
      parent.field,
    ),
  );
  const designation = facts.designationCode;
  const known = await readCodePeriods(tx, [
    ...(designation ? [{ codeSet: DESIGNATION_CODE_SET, code: designation }] : []),
    ...collectCodeKeys(codes),
  ]);
  if (designation) errors.push(...validateDesignation(known, designation, day));
  errors.push(...validateAssignedCodes(known, codes, [], day, 'codes'));
  if (typeof unit.organizationNumber === 'string') {
    const holders = await unitOfWork.findNumberHolders(unit.organizationNumber);
    errors.push(...validateOrganizationNumber(unit.organizationNumber, holders, reshId, period));
  }
  if (typeof unit.treatmentSite === 'string')
    errors.push(
      ...validateTreatmentSite(
        unit.treatmentSite,
        await readSitePeriods(tx, [unit.treatmentSite]),
        period,
        'treatmentSite',
      ),
    );
  draft.errors.push(...errors);
  if (errors.length > 0) return reshId;

  draft.addUnit(reshId);
  draft.set(reshId, {
    versions: [
      {
        ...emptyFacts,
        ...period,
        parentReshId: parent.reshId,
        type,
        name: facts.name ?? '',
        organizationNumber: unit.organizationNumber ?? null,
        treatmentSiteNumber: unit.treatmentSite ?? null,
        path: [],
      },
    ],
  });
  applyFacts(draft, reshId, day, facts);
  for (const code of codes)
    draft.set(reshId, { codes: assignCode(draft.unit(reshId)?.codes ?? [], code, day, period.to) });
  const plannedUnit = draft.unit(reshId);
  if (plannedUnit) {
    const path = plannedUnit.versions[0]?.path ?? [];
    const enterpriseNumber =
      type === 'ORGANIZATION'
        ? (unit.organizationNumber ?? null)
        : await unitOfWork.findEnterpriseNumber(path.slice(0, -1), day);
    draft.warnings.push(
      ...findServiceWarnings(reshId, plannedUnit.versions, plannedUnit.codes, day, enterpriseNumber, {
        codes: 'codes',
        site: 'treatmentSite',
      }),
    );
  }
  return reshId;
}
