import { normalizeLine } from '../../domain/text/text-rule.ts';
import type { ReorganizeStepInput } from '../../domain/plan/change-input.ts';
import { collectCodeKeys } from '../../domain/plan/codes.ts';
import { hasUnstorableText } from '../../domain/plan/input-text.ts';
import { findOpening } from '../../domain/plan/reopening.ts';
import { FIRST_DAY, type Day } from '../../domain/time/day.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import type { CodeKey } from '../../domain/unit/filter.ts';
import { collectReshIds } from '../../store/change/change-start.ts';
import type { IdentifierKey } from '../../store/change/references.ts';
import type { PlanContext } from './plan-context.ts';
import type { StoredRegister } from './stored-register.ts';

type Steps = readonly ReorganizeStepInput[];

/** Reads what the plans of all steps of a reorganization need, in a number of statements that steps do not add to. */
export async function prefetchSteps({ unitOfWork, day }: PlanContext, steps: Steps): Promise<void> {
  const { stored } = unitOfWork;
  const closed = collectReshIds(steps.map(({ closeUnit }) => closeUnit?.unit));
  const divided = collectReshIds(steps.map(({ mergeUnits, splitUnit }) => [mergeUnits?.sources, splitUnit?.unit]));
  const ending = [...closed, ...divided];
  const replacing = collectReshIds(
    steps.map(({ closeUnit, mergeUnits, splitUnit }) => [closeUnit?.successors, mergeUnits?.target, splitUnit?.into]),
  );
  await stored.findChildrenFrom(ending, day);
  const moving = (await stored.findChildrenFrom(divided, day)).map(({ reshId }) => reshId);
  const descendants = await findDescendants(stored, steps, day);
  await stored.prefetchWithAncestors([...collectReshIds(steps), ...moving, ...descendants]);
  if (ending.length > 0) {
    await stored.findGrantsOnUnits([...ending, ...descendants]);
    const known = await stored.findSuccessions([...ending, ...descendants, ...replacing]);
    await stored.prefetchWithAncestors(known.map(({ to }) => to));
  }
  await stored.findSitesOfLegalEntities(collectReshIds(steps.map(({ mergeUnits }) => mergeUnits?.sources)));
  await prefetchReopened(stored, steps, day);
  await prefetchWithdrawn(stored, collectReshIds(steps.map(({ withdrawUnit }) => withdrawUnit?.unit)));
  await stored.findIdentifierHolders(listIdentifiers(steps));
  await stored.findCodePeriods(listCodeKeys(steps));
  const connected = steps.flatMap(({ connectTreatmentSite }) => connectTreatmentSite?.organizationNumber ?? []);
  await stored.findSitePeriods([...listTexts(steps, 'treatmentSite'), ...connected]);
  await stored.findNumberHolders(listTexts(steps, 'organizationNumber'));
}

/** Returns the units under the units that close with their descendants, level by level. */
async function findDescendants(stored: StoredRegister, steps: Steps, day: Day): Promise<number[]> {
  const found = new Set<number>();
  let level = collectReshIds(steps.map(({ closeUnit }) => (closeUnit?.withDescendants ? closeUnit.unit : null)));
  while (level.length > 0) {
    const children = await stored.findChildrenFrom(level, day);
    level = [...new Set(children.map(({ reshId }) => reshId))].filter((reshId) => !found.has(reshId));
    for (const reshId of level) found.add(reshId);
  }
  return [...found];
}

/** Reads the units that closed with those that reopen, their references and what they all became. */
async function prefetchReopened(stored: StoredRegister, steps: Steps, day: Day): Promise<void> {
  const reopened = steps.flatMap(({ reopenUnit }) => reopenUnit ?? []);
  if (reopened.length === 0) return;
  const units = await stored.findUnits(collectReshIds(reopened));
  const withDescendants = new Set(collectReshIds(reopened.map((step) => (step.withDescendants ? step.unit : null))));
  const together = await Promise.all(
    units.map(async (unit) => {
      const template = findOpening(unit, day)?.template;
      if (!template?.to || template.to > day || !withDescendants.has(unit.reshId)) return [];
      return stored.findClosedTogether({ path: template.path, closedOn: template.to, until: day });
    }),
  );
  const reshIds = [...units.map(({ reshId }) => reshId), ...together.flat()];
  await stored.prefetchWithAncestors(reshIds);
  const known = await stored.findSuccessions(reshIds);
  await stored.prefetchWithAncestors(known.map(({ to }) => to));
  const templates = await stored.findUnits(reshIds);
  await stored.findStatesBeforeClosing(
    templates.flatMap((unit) => {
      const closedOn = findOpening(unit, day)?.template.to;
      return closedOn && closedOn <= day ? [{ reshId: unit.reshId, closedOn }] : [];
    }),
  );
  const collect = (column: 'organizationNumber' | 'treatmentSiteNumber'): string[] =>
    templates.flatMap(({ versions }) => versions.flatMap((row) => row[column] ?? []));
  await stored.findCodePeriods(templates.flatMap(({ codes }) => codes));
  await stored.findSitePeriods(collect('treatmentSiteNumber'));
  await stored.findNumberHolders(collect('organizationNumber'));
}

async function prefetchWithdrawn(stored: StoredRegister, reshIds: readonly number[]): Promise<void> {
  if (reshIds.length === 0) return;
  const children = await stored.findChildrenFrom(reshIds, FIRST_DAY);
  await stored.prefetchWithAncestors(children.map(({ reshId }) => reshId));
  await stored.findSuccessionIds(reshIds);
  await stored.findGrantsOnUnits(reshIds);
}

function listIdentifiers(steps: Steps): IdentifierKey[] {
  return steps.flatMap(({ setIdentifier }) =>
    setIdentifier && !hasUnstorableText(setIdentifier)
      ? [{ system: normalizeLine(setIdentifier.system), value: normalizeLine(setIdentifier.value) }]
      : [],
  );
}

function listCodeKeys(steps: Steps): CodeKey[] {
  const codes = steps.flatMap(({ createDepartment, reopenUnit, splitUnit, updateUnitCodes }) => [
    ...(createDepartment?.codes ?? []),
    ...(reopenUnit?.codes ?? []),
    ...(splitUnit?.into ?? []).flatMap((part) => part.codes ?? []),
    ...(updateUnitCodes?.add ?? []),
  ]);
  const designations = listTexts(steps, 'designation');
  return [
    ...collectCodeKeys(codes),
    ...designations.map((code) => ({ codeSet: DESIGNATION_CODE_SET, code: normalizeLine(code) })),
  ];
}

/** Returns the texts of a field of units, in all steps. */
function listTexts(steps: Steps, field: 'treatmentSite' | 'organizationNumber' | 'designation'): string[] {
  return steps.flatMap(({ createDepartment, updateUnit, reopenUnit, mergeUnits, splitUnit }) =>
    [createDepartment, updateUnit, reopenUnit, mergeUnits?.newTarget, ...(splitUnit?.into ?? [])].flatMap((facts) => {
      const text: unknown = facts && Object.entries(facts).find(([name]) => name === field)?.[1];
      return typeof text === 'string' ? [text] : [];
    }),
  );
}
