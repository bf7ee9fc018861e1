import type { FactsInput, UnitCodeInput } from '../../domain/plan/change-input.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { TextReader } from '../../domain/plan/input-text.ts';
import type { Period } from '../../domain/time/period.ts';
import { applyFacts, readFacts } from '../../domain/plan/facts.ts';
import { placeErrors } from '../../domain/plan/parent-rules.ts';
import {
  designationErrors,
  givenCodeErrors,
  keysOf,
  numberErrors,
  serviceWarnings,
  siteErrors,
  withCode,
} from '../../domain/plan/references.ts';
import { readKnownCodes, readSitePeriods } from '../../store/change/references.ts';
import type { Work } from './run-change.ts';

/** A unit that is to be opened. */
export interface UnitToOpen {
  readonly type: 'ORGANIZATION' | 'DEPARTMENT';
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
export const planOpening = async ({ tx, workspace }: Work, unit: UnitToOpen): Promise<number> => {
  const { draft } = workspace;
  const { type, parent, period } = unit;
  const { from: day } = period;
  const codes = unit.codes ?? [];
  await workspace.load([parent.reshId]);
  const reshId = await workspace.nextReshId();
  const texts = new TextReader();
  const facts = readFacts(unit.facts, texts, true);
  const errors = [...texts.errors];
  errors.push(
    ...placeErrors(
      { reshId, type, versions: [] },
      parent.reshId === null ? null : { reshId: parent.reshId, versions: draft.unit(parent.reshId)?.versions },
      period,
      parent.field,
    ),
  );
  const designation = facts.designationCode;
  const known = await readKnownCodes(tx, [
    ...(designation ? [{ codeSet: DESIGNATION_CODE_SET, code: designation }] : []),
    ...keysOf(codes),
  ]);
  if (designation) errors.push(...designationErrors(known, designation, day));
  errors.push(...givenCodeErrors(known, codes, [], day, 'codes'));
  if (typeof unit.organizationNumber === 'string') {
    const holders = await workspace.numberHolders(unit.organizationNumber);
    errors.push(...numberErrors(unit.organizationNumber, holders, reshId, period));
  }
  if (typeof unit.treatmentSite === 'string')
    errors.push(
      ...siteErrors(unit.treatmentSite, await readSitePeriods(tx, [unit.treatmentSite]), period, 'treatmentSite'),
    );
  draft.errors.push(...errors);
  if (errors.length > 0) return reshId;

  draft.open(reshId);
  draft.set(reshId, {
    versions: [
      {
        ...period,
        parentReshId: parent.reshId,
        type,
        name: facts.name ?? '',
        shortName: null,
        designationCode: null,
        designationText: null,
        organizationNumber: unit.organizationNumber ?? null,
        treatmentSiteNumber: unit.treatmentSite ?? null,
        responsiblePerson: null,
        path: [],
      },
    ],
  });
  applyFacts(draft, reshId, day, facts);
  for (const code of codes)
    draft.set(reshId, { codes: withCode(draft.unit(reshId)?.codes ?? [], code, day, period.to) });
  const opened = draft.unit(reshId);
  if (opened) {
    const path = opened.versions[0]?.path ?? [];
    const enterpriseNumber =
      type === 'ORGANIZATION'
        ? (unit.organizationNumber ?? null)
        : await workspace.enterpriseNumber(path.slice(0, -1), day);
    draft.warnings.push(
      ...serviceWarnings(reshId, opened.versions, opened.codes, day, enterpriseNumber, {
        codes: 'codes',
        site: 'treatmentSite',
      }),
    );
  }
  return reshId;
};
